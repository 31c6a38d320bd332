/** What only HVM, PV or PVH guests have. Source: libxl_types.idl, the union in libxl_domain_build_info. */
import { SDL_INFO, SPICE_INFO, VGA_INTERFACE_INFO, VNC_INFO } from './displays';
import {
  arrayOf,
  bitmap,
  defbool,
  enumOf,
  from,
  int,
  msVmGenid,
  string,
  stringList,
  struct,
  uint64,
  union,
} from './idl';

export const TIMER_MODE = enumOf(
  'unknown',
  'delay_for_missed_ticks',
  'no_delay_for_missed_ticks',
  'no_missed_ticks_pending',
  'one_missed_tick_pending',
);

/** What happens to a device whose reserved memory cannot be reserved. */
export const RDM_RESERVE_POLICY = enumOf('invalid', 'strict', 'relaxed');

const SMBIOS = struct({
  key: enumOf(
    'bios_vendor',
    'bios_version',
    'system_manufacturer',
    'system_product_name',
    'system_version',
    'system_serial_number',
    'baseboard_manufacturer',
    'baseboard_product_name',
    'baseboard_version',
    'baseboard_serial_number',
    'baseboard_asset_tag',
    'baseboard_location_in_chassis',
    'enclosure_manufacturer',
    'enclosure_serial_number',
    'enclosure_asset_tag',
    'battery_manufacturer',
    'battery_device_name',
    'oem',
  ),
  value: string,
});

const HVM = struct({
  firmware: string,
  bios: enumOf('unknown', 'rombios', 'seabios', 'ovmf'),
  pae: defbool,
  apic: defbool,
  acpi: defbool,
  acpi_s3: defbool,
  acpi_s4: defbool,
  acpi_laptop_slate: from(409, defbool),
  nx: defbool,
  viridian: defbool,
  viridian_enable: bitmap,
  viridian_disable: bitmap,
  timeoffset: string,
  hpet: defbool,
  vpt_align: defbool,
  mmio_hole_memkb: uint64,
  timer_mode: TIMER_MODE,
  nested_hvm: defbool,
  altp2m: defbool,
  system_firmware: from(408, string),
  smbios_firmware: string,
  smbios: from(418, arrayOf(SMBIOS)),
  acpi_firmware: string,
  hdtype: enumOf('ide', 'ahci'),
  nographic: defbool,
  vga: VGA_INTERFACE_INFO,
  vnc: VNC_INFO,
  keymap: string,
  sdl: SDL_INFO,
  spice: SPICE_INFO,
  gfx_passthru: defbool,
  gfx_passthru_kind: from(407, enumOf('default', 'igd')),
  serial: string,
  boot: string,
  usb: defbool,
  usbversion: int,
  usbdevice: string,
  vkb_device: from(413, defbool),
  soundhw: string,
  xen_platform_pci: defbool,
  xen_platform_pci_bar_uc: from(421, defbool),
  usbdevice_list: stringList,
  vendor_device: enumOf('none', 'xenserver'),
  ms_vm_genid: msVmGenid,
  serial_list: stringList,
  rdm: struct({ strategy: enumOf('ignore', 'host'), policy: RDM_RESERVE_POLICY }),
  rdm_mem_boundary_memkb: uint64,
  mca_caps: from(410, uint64),
  pirq: from(419, defbool),
});

const PV = struct({
  kernel: string,
  slack_memkb: uint64,
  bootloader: string,
  bootloader_args: stringList,
  cmdline: string,
  ramdisk: string,
  e820_host: defbool,
});

const PVH = struct({
  pvshim: from(411, defbool),
  pvshim_path: from(411, string),
  pvshim_cmdline: from(411, string),
  pvshim_extra: from(411, string),
});

/** Tried in this order, whatever the order in the text. */
export const GUEST_TYPES = union({ hvm: HVM, pv: PV, pvh: from(410, PVH), invalid: struct({}) });
