/** The configuration of a domain as a whole. Source: libxl_types.idl, libxl_domain_config. */
import { BUILD_INFO } from './build-info';
import { CREATE_INFO } from './create-info';
import {
  DEVICE_CHANNEL,
  DEVICE_DISK,
  DEVICE_DTDEV,
  DEVICE_P9,
  DEVICE_PCI,
  DEVICE_PVCALLSIF,
  DEVICE_RDM,
  DEVICE_USBCTRL,
  DEVICE_USBDEV,
  DEVICE_VDISPL,
  DEVICE_VFB,
  DEVICE_VIRTIO,
  DEVICE_VKB,
  DEVICE_VTPM,
} from './devices';
import { arrayOf, before, enumOf, from, struct } from './idl';
import { DEVICE_NIC } from './nic';
import { DEVICE_VSND } from './sound';

const ACTION_ON_SHUTDOWN = enumOf(
  'destroy',
  'restart',
  'restart_rename',
  'preserve',
  'coredump_destroy',
  'coredump_restart',
  { name: 'soft_reset', from: 407 },
);

export const DOMAIN_CONFIG = struct({
  c_info: CREATE_INFO,
  b_info: BUILD_INFO,
  disks: arrayOf(DEVICE_DISK),
  nics: arrayOf(DEVICE_NIC),
  pcidevs: arrayOf(DEVICE_PCI),
  rdms: arrayOf(DEVICE_RDM),
  dtdevs: arrayOf(DEVICE_DTDEV),
  vfbs: arrayOf(DEVICE_VFB),
  vkbs: arrayOf(DEVICE_VKB),
  virtios: from(418, arrayOf(DEVICE_VIRTIO)),
  vtpms: arrayOf(DEVICE_VTPM),
  p9: before(410, from(409, arrayOf(DEVICE_P9))),
  p9s: from(410, arrayOf(DEVICE_P9)),
  pvcallsifs: from(411, arrayOf(DEVICE_PVCALLSIF)),
  vdispls: from(410, arrayOf(DEVICE_VDISPL)),
  vsnds: from(412, arrayOf(DEVICE_VSND)),
  channels: arrayOf(DEVICE_CHANNEL),
  usbctrls: from(407, arrayOf(DEVICE_USBCTRL)),
  usbdevs: from(407, arrayOf(DEVICE_USBDEV)),
  on_poweroff: ACTION_ON_SHUTDOWN,
  on_reboot: ACTION_ON_SHUTDOWN,
  on_watchdog: ACTION_ON_SHUTDOWN,
  on_crash: ACTION_ON_SHUTDOWN,
  on_soft_reset: from(407, ACTION_ON_SHUTDOWN),
});
