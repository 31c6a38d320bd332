/** What QEMU looks at in its saved state. Source: QEMU, migration/savevm.c. */
import { fieldsOf } from '../../format/kit/fields';
import { QEMU_HEADER, QEMU_MAGIC, QEMU_NAME_OFFSET, QEMU_VERSION, SectionType } from '../../format/qemu/layouts';
import { says } from '../kit/log-line';
import { NO_DEVICE_MODEL } from './libxl/no-device-model';
import { type Rule, ADVICE } from '../kit/rule';
import type { EmulatedDevices } from '../kit/domain';

/** A device that the state is of. */
export interface QemuDevice {
  /** Its place on a bus and its kind: `0000:00:02.0/cirrus_vga`. */
  readonly name: string;
  /** Where its section starts. */
  readonly at: number;
}

/** The state, walked section by section. */
export interface QemuState {
  readonly magic: number;
  readonly version: number;
  /** Where the walk stood when it met what it could not read; −1 if it came to the end mark. */
  readonly stuckAt: number;
  /** Type byte that it met there, −1 where the state ends. */
  readonly sectionType: number;
  readonly length: number;
  /** Those whose state it holds, where the walk came to the end mark. */
  readonly devices: readonly QemuDevice[];
}

/** The state, and the devices that libxl has QEMU make by the configuration; undefined where that is not known. */
export interface QemuStart extends QemuState {
  readonly emulated: EmulatedDevices | undefined;
}

const field = fieldsOf(QEMU_HEADER);
const MAGIC_AT = field('magic');
const LOAD = 'QEMU migration/savevm.c: qemu_loadvm_state()';

/** QEMU's name of a device's state, and what the configuration calls the device. */
const VGA: Readonly<Record<string, string>> = { cirrus_vga: 'cirrus', vga: 'std', qxl: 'qxl' };
const NICS: ReadonlySet<string> = new Set(['e1000', 'rtl8139', 'pcnet']);
const SOUND: ReadonlySet<string> = new Set(['ac97', 'es1370', 'intel-hda', 'sb16', 'adlib', 'gus', 'cs4231a']);

/** Why libxl would not have QEMU make this device; undefined where it would, or where that is not known. */
function notMade({ name }: QemuDevice, { vga, nics, uhci, sound }: EmulatedDevices): string | undefined {
  const kind = name.slice(name.lastIndexOf('/') + 1);
  const card = Object.hasOwn(VGA, kind) ? VGA[kind] : undefined;
  if (card !== undefined && vga !== undefined && card !== vga) return `the configuration has vga ${vga}`;
  if (NICS.has(kind) && !nics.includes(kind)) return 'the configuration has no emulated network card of that model';
  if (kind === 'uhci' && !uhci) return 'the configuration has no USB (usb, usbdevice, usbversion)';
  return SOUND.has(kind) && !sound ? 'the configuration has no sound card (soundhw)' : undefined;
}

export const QEMU_RULES: readonly Rule<QemuStart>[] = [
  {
    id: 'QM-01',
    layer: 'qemu',
    severity: 'fatal',
    log: [
      ...NO_DEVICE_MODEL,
      says.qemu('Not a migration stream'),
      says.qemu('load of migration failed: Invalid argument'),
    ],
    title: 'the state of the device model does not start with QEVM',
    explain: 'QEMU refuses to load it and exits; the domain has no device model and is destroyed.',
    advice: ADVICE.copy,
    source: LOAD,
    when: ({ magic, length }) =>
      (length < MAGIC_AT.length || magic !== QEMU_MAGIC) && {
        at: { offset: 0, length: Math.min(MAGIC_AT.length, length) },
      },
  },
  {
    id: 'QM-02',
    layer: 'qemu',
    severity: 'fatal',
    log: [
      ...NO_DEVICE_MODEL,
      says.qemu('Unsupported migration stream version'),
      says.qemu('load of migration failed: Operation not supported'),
    ],
    title: 'an unknown version of the device model’s state',
    explain: 'QEMU reads version 3.',
    advice: ADVICE.copy,
    source: LOAD,
    when: ({ version }) => version !== QEMU_VERSION && { at: field('version') },
  },
  {
    id: 'QM-06',
    layer: 'qemu',
    severity: 'fatal',
    log: [
      ...NO_DEVICE_MODEL,
      says.qemu('Unknown savevm section type %u'),
      says.qemu('load of migration failed: Invalid argument'),
    ],
    title: 'an unknown section in the device model’s state',
    explain:
      'Every section starts with a byte that tells its kind; this kind does not exist. The state is cut or shifted.',
    advice: ADVICE.copy,
    source: LOAD,
    when: ({ stuckAt, sectionType }) =>
      stuckAt >= 0 &&
      sectionType > 0 &&
      sectionType !== SectionType.FULL && { values: [sectionType], at: { offset: stuckAt, length: 1 } },
  },
  {
    id: 'QM-05',
    layer: 'qemu',
    severity: 'fatal',
    log: NO_DEVICE_MODEL,
    title: 'the state of the device model ends inside a section',
    explain: 'The end mark of QEMU’s state is missing: a device gets less than it saved, and QEMU gives up loading.',
    advice: ADVICE.copy,
    source: LOAD,
    when: ({ stuckAt, sectionType, length }) =>
      stuckAt >= 0 &&
      (sectionType <= 0 || sectionType === SectionType.FULL) && { at: { offset: stuckAt, length: length - stuckAt } },
  },
  {
    id: 'QM-03',
    layer: 'qemu',
    severity: 'fatal',
    log: [
      ...NO_DEVICE_MODEL,
      says.qemu(
        "Unknown savevm section or instance '%s' 0. Make sure that your current VM setup matches your saved VM setup, including any hotplugged devices",
      ),
      says.qemu('load of migration failed: Invalid argument'),
    ],
    title: 'state of a device that the configuration does not have',
    explain:
      'libxl starts QEMU with the devices of the configuration. QEMU gives up at the state of a device that it was not told to create.',
    advice:
      'Restore with the configuration that the guest was started with: vga, the model of its network cards, USB and sound.',
    source: `QEMU migration/savevm.c: qemu_loadvm_section_start_full(); tools/libs/light/libxl_dm.c: libxl__build_device_model_args_new()`,
    when: ({ devices, emulated }) => {
      if (!emulated) return false;
      for (const device of devices) {
        const why = notMade(device, emulated);
        if (why !== undefined)
          return {
            values: [device.name],
            message: `state of ${device.name}: ${why}`,
            at: { offset: device.at, length: QEMU_NAME_OFFSET + device.name.length },
          };
      }
      return false;
    },
  },
  {
    id: 'QM-08',
    layer: 'qemu',
    severity: 'note',
    certainty: 'target',
    log: [says.qemu("error while loading state for instance 0x0 of device '%s'")],
    title: 'state of PIIX4 power management, on whose layout versions of QEMU do not agree',
    explain:
      'The xenfv machine of QEMU 4 saves the SMBus with it, that of QEMU 5 and newer is of an older machine version and does not. The state does not tell the version of QEMU that wrote it.',
    advice: 'Restore with the QEMU that saved, or give it that machine version (xenfv-4.2).',
    source: 'QEMU hw/i386/pc_piix.c: xenfv_4_2_machine_options(); hw/acpi/piix4.c: vmstate_acpi',
    when: ({ devices }) => {
      const device = devices.find(({ name }) => name.endsWith('/piix4_pm'));
      return (
        device !== undefined && {
          values: [device.name],
          settled: false,
          message: `${device.name}: versions of QEMU do not agree on the layout of this state, and ${devices.length} devices must be the same`,
        }
      );
    },
  },
];
