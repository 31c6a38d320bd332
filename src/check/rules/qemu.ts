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
];
