/** Devices that are not network cards or sound. Source: libxl_types.idl, libxl_device_disk and its neighbours. */
import { SDL_INFO, VNC_INFO } from './displays';
import { RDM_RESERVE_POLICY } from './guest-types';
import {
  arrayOf,
  before,
  bool,
  defbool,
  enumOf,
  from,
  int,
  string,
  struct,
  uint32,
  uint64,
  uint8,
  union,
  uuid,
} from './idl';

/** Where the other end of a device is. */
export const BACKEND = { backend_domid: uint32, backend_domname: string } as const;

export const DEVICE_DISK = struct({
  ...BACKEND,
  pdev_path: string,
  vdev: string,
  backend: enumOf('unknown', 'phy', 'tap', 'qdisk', { name: 'standalone', from: 417 }),
  format: enumOf('unknown', 'qcow', 'qcow2', 'vhd', 'raw', 'empty', { name: 'qed', from: 409 }),
  script: string,
  removable: int,
  readwrite: int,
  is_cdrom: int,
  direct_io_safe: bool,
  discard_enable: defbool,
  specification: from(417, enumOf('unknown', 'xen', 'virtio')),
  transport: from(417, enumOf('unknown', 'mmio')),
  irq: from(417, uint32),
  base: from(417, uint64),
  colo_enable: from(407, defbool),
  colo_restore_enable: from(407, defbool),
  colo_host: from(407, string),
  colo_port: from(407, int),
  colo_export: from(407, string),
  active_disk: from(407, string),
  hidden_disk: from(407, string),
  trusted: from(417, defbool),
  grant_usage: from(419, defbool),
});

export const DEVICE_PCI = struct({
  func: uint8,
  dev: uint8,
  bus: uint8,
  domain: int,
  vdevfn: uint32,
  vfunc_mask: uint32,
  msitranslate: bool,
  power_mgmt: bool,
  permissive: bool,
  seize: bool,
  rdm_policy: RDM_RESERVE_POLICY,
  name: from(415, string),
});

export const DEVICE_RDM = struct({ start: uint64, size: uint64, policy: RDM_RESERVE_POLICY });

export const DEVICE_DTDEV = struct({ path: string });

export const DEVICE_VFB = struct({ ...BACKEND, devid: int, vnc: VNC_INFO, sdl: SDL_INFO, keymap: string });

export const DEVICE_VKB = struct({
  ...BACKEND,
  devid: int,
  backend_type: from(412, enumOf('unknown', 'qemu', 'linux')),
  unique_id: from(412, string),
  feature_disable_keyboard: from(412, bool),
  feature_disable_pointer: from(412, bool),
  feature_abs_pointer: from(412, bool),
  feature_raw_pointer: from(412, bool),
  feature_multi_touch: from(412, bool),
  width: from(412, uint32),
  height: from(412, uint32),
  multi_touch_width: from(412, uint32),
  multi_touch_height: from(412, uint32),
  multi_touch_num_contacts: from(412, uint32),
});

export const DEVICE_VIRTIO = struct({
  ...BACKEND,
  type: string,
  transport: enumOf('unknown', 'mmio'),
  grant_usage: defbool,
  devid: int,
  irq: uint32,
  base: uint64,
});

export const DEVICE_VTPM = struct({ ...BACKEND, devid: int, uuid });

export const DEVICE_P9 = struct({
  ...BACKEND,
  tag: string,
  path: string,
  security_model: string,
  devid: int,
  type: from(419, enumOf('unknown', 'qemu', 'xen_9pfsd')),
  max_space: from(419, int),
  max_files: from(419, int),
  max_open_files: from(419, int),
  auto_delete: from(419, bool),
});

export const DEVICE_PVCALLSIF = struct({ ...BACKEND, devid: int });

export const DEVICE_VDISPL = struct({
  ...BACKEND,
  devid: int,
  be_alloc: bool,
  connectors: arrayOf(struct({ id: before(412, string), unique_id: from(412, string), width: uint32, height: uint32 })),
});

export const DEVICE_CHANNEL = struct({
  ...BACKEND,
  devid: int,
  name: string,
  connection: union({ unknown: struct({}), pty: struct({}), socket: struct({ path: string }) }),
});

export const DEVICE_USBCTRL = struct({
  type: enumOf('auto', 'pv', 'devicemodel', 'qusb'),
  devid: int,
  version: int,
  ports: int,
  ...BACKEND,
});

export const DEVICE_USBDEV = struct({
  ctrl: int,
  port: int,
  type: union({ hostdev: struct({ hostbus: uint8, hostaddr: uint8 }) }),
});
