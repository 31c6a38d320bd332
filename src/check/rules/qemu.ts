/** What QEMU looks at in its saved state. Source: QEMU, migration/savevm.c. */
import { type Rule, TODO } from '../rule';

/** The state, walked section by section. */
export interface QemuState {
  readonly magic: number;
  readonly version: number;
  /** Where the walk stood when it met what it could not read; −1 if it came to the end mark. */
  readonly stuckAt: number;
  /** Type byte that it met there, −1 where the state ends. */
  readonly sectionType: number;
  readonly length: number;
  /** Names of the devices whose state it holds, where the walk came to the end mark. */
  readonly devices: readonly string[];
}

const SPAWN_FAILED = [
  'domain {N} device model: spawn failed (rc=-3)',
  'Post DM startup configs failed, rc=-3',
  'device model did not start: -3',
] as const;
const LOAD = 'QEMU migration/savevm.c: qemu_loadvm_state()';

export const QEMU_RULES: readonly Rule<QemuState>[] = [
  {
    id: 'QM-01',
    layer: 'qemu',
    severity: 'fatal',
    log: [...SPAWN_FAILED, 'Not a migration stream', 'load of migration failed: Invalid argument'],
    title: 'the state of the device model does not start with QEVM',
    explain: 'QEMU refuses to load it and exits; the domain has no device model and is destroyed.',
    todo: TODO.copy,
    source: LOAD,
    when: ({ magic, length }) => (length < 4 || magic !== 0x51_45_56_4d) && { at: { offset: 0, length: 4 } },
  },
  {
    id: 'QM-02',
    layer: 'qemu',
    severity: 'fatal',
    log: [...SPAWN_FAILED, 'Unsupported migration stream version', 'load of migration failed: Operation not supported'],
    title: 'a version of the device model’s state that QEMU does not know',
    explain: 'QEMU reads version 3.',
    todo: TODO.copy,
    source: LOAD,
    when: ({ version }) => version !== 3 && { at: { offset: 4, length: 4 } },
  },
  {
    id: 'QM-06',
    layer: 'qemu',
    severity: 'fatal',
    log: [...SPAWN_FAILED, 'Unknown savevm section type %u', 'load of migration failed: Invalid argument'],
    title: 'a section of the device model’s state that QEMU does not know',
    explain:
      'Every section starts with a byte that tells its kind; here is none that exists. The state is cut or shifted.',
    todo: TODO.copy,
    source: LOAD,
    when: ({ stuckAt, sectionType }) =>
      stuckAt >= 0 &&
      sectionType > 0 &&
      sectionType !== 4 && { values: [sectionType], at: { offset: stuckAt, length: 1 } },
  },
  {
    id: 'QM-05',
    layer: 'qemu',
    severity: 'fatal',
    log: SPAWN_FAILED,
    title: 'the state of the device model ends inside a section',
    explain: 'The end mark of QEMU’s state is missing: a device gets less than it saved, and QEMU gives up loading.',
    todo: TODO.copy,
    source: LOAD,
    when: ({ stuckAt, sectionType, length }) =>
      stuckAt >= 0 && (sectionType <= 0 || sectionType === 4) && { at: { offset: stuckAt, length: length - stuckAt } },
  },
  {
    id: 'QM-08',
    layer: 'qemu',
    severity: 'note',
    certainty: 'target',
    log: ["error while loading state for instance 0x0 of device '%s'"],
    title: 'state of PIIX4 power management, on whose layout versions of QEMU do not agree',
    explain:
      'The xenfv machine of QEMU 4 saves the SMBus with it, that of QEMU 5 and newer is of an older machine version and does not. The state does not tell the version of QEMU that wrote it.',
    todo: 'Restore with the QEMU that saved, or give it that machine version (xenfv-4.2).',
    source: 'QEMU hw/i386/pc_piix.c: xenfv_4_2_machine_options(); hw/acpi/piix4.c: vmstate_acpi',
    when: ({ devices }) => {
      const device = devices.find((name) => name.endsWith('/piix4_pm'));
      return (
        device !== undefined && {
          values: [device],
          settled: false,
          message: `${device}: versions of QEMU do not agree on the layout of this state, and ${devices.length} devices must be the same`,
        }
      );
    },
  },
];
