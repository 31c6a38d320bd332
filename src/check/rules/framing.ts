/** What libxc looks at in every record before it looks inside: that it is there, not too long, and of a type it takes. */
import { hex0x } from '../../lib/text';
import { LibxcType, OPTIONAL_RECORD, REC_LENGTH_MAX } from '../../format/libxc/types';
import { padded } from '../../scan/plausible';
import { type Rule, TODO } from '../rule';

const NAMES: Readonly<Record<number, string>> = {
  [LibxcType.END]: 'End',
  [LibxcType.PAGE_DATA]: 'Page data',
  [LibxcType.X86_PV_INFO]: 'x86 PV info',
  [LibxcType.X86_PV_P2M_FRAMES]: 'x86 PV P2M frames',
  [LibxcType.X86_PV_VCPU_BASIC]: 'x86 PV vcpu basic',
  [LibxcType.X86_PV_VCPU_EXTENDED]: 'x86 PV vcpu extended',
  [LibxcType.X86_PV_VCPU_XSAVE]: 'x86 PV vcpu xsave',
  [LibxcType.SHARED_INFO]: 'Shared info',
  [LibxcType.X86_TSC_INFO]: 'x86 TSC info',
  [LibxcType.HVM_CONTEXT]: 'HVM context',
  [LibxcType.HVM_PARAMS]: 'HVM params',
  [LibxcType.TOOLSTACK]: 'Toolstack',
  [LibxcType.X86_PV_VCPU_MSRS]: 'x86 PV vcpu msrs',
  [LibxcType.VERIFY]: 'Verify',
  [LibxcType.CHECKPOINT]: 'Checkpoint',
  [LibxcType.CHECKPOINT_DIRTY_PFN_LIST]: 'Checkpoint dirty pfn list',
  [LibxcType.STATIC_DATA_END]: 'Static data end',
  [LibxcType.X86_CPUID_POLICY]: 'x86 CPUID policy',
  [LibxcType.X86_MSR_POLICY]: 'x86 MSR policy',
};

/** How libxc spells a record type. */
export const libxcTypeName = (type: number): string => NAMES[type] ?? 'Reserved';

/** A record header as it stands in the file. */
export interface LibxcFrame {
  /** Bytes of the header, and from the start of the body, that the file has. */
  readonly headerHave: number;
  readonly bodyHave: number;
  readonly type: number;
  readonly length: number;
  /** Bytes of padding that are not zero. */
  readonly dirtyPadding: boolean;
}

const READ = 'tools/libs/guest/xg_sr_common.c: read_record()';
/** REC_LENGTH_MAX before 4.10. */
const OLD_LENGTH_MAX = 8 * 1024 * 1024;

const tooLong = (max: number, frame: LibxcFrame) =>
  frame.length > max && {
    values: [frame.type, libxcTypeName(frame.type), frame.length, max],
    message: `a record of ${hex0x(frame.length)} bytes: at most ${hex0x(max)} are taken`,
    at: { offset: 4, length: 4 },
  };

export const FRAME_RULES: readonly Rule<LibxcFrame>[] = [
  {
    id: 'LC-13',
    layer: 'libxc',
    severity: 'fatal',
    log: ['Failed to read Record Header from stream'],
    perror: true,
    title: 'the file ends where a record of the libxc stream must start',
    explain: 'Every libxc stream ends with an END record. The file was cut, or the sender stopped before it was done.',
    todo: TODO.copy,
    source: READ,
    when: ({ headerHave }) => headerHave < 8 && { at: { offset: 0, length: headerHave } },
  },
  {
    id: 'LC-14',
    layer: 'libxc',
    severity: 'fatal',
    versions: { from: 410 },
    log: ['Record (0x%08x, %s) length %#x exceeds max (%#x)'],
    title: 'a record longer than 128 MiB',
    explain: 'libxc takes a length like this for damage, which it mostly is.',
    todo: TODO.copy,
    source: READ,
    when: (frame) => tooLong(REC_LENGTH_MAX, frame),
  },
  {
    id: 'LC-14',
    layer: 'libxc',
    severity: 'fatal',
    versions: { before: 410 },
    log: ['Record (0x%08x, %s) length %#x exceeds max (%#x)'],
    title: 'a record longer than 8 MiB, the limit before Xen 4.10',
    explain: 'The frame list of a PV guest of nearly 1 TiB is longer; Xen 4.10 raised the limit for it.',
    todo: TODO.newer,
    source: 'tools/libxc/xc_sr_common.c: read_record(), before 4.10',
    when: (frame) => tooLong(OLD_LENGTH_MAX, frame),
  },
  {
    id: 'LC-16',
    layer: 'libxc',
    severity: 'fatal',
    log: ['Failed to read %zu bytes of data for record (0x%08x, %s)'],
    perror: true,
    title: 'the file ends inside a record',
    explain: 'The record’s length, padding included, leads past the end of the file.',
    todo: TODO.copy,
    source: READ,
    when: ({ type, length, bodyHave }) =>
      bodyHave < padded(length) && {
        values: [padded(length), type, libxcTypeName(type)],
        message: `the file ends inside a record: ${bodyHave} of ${length} bytes are there`,
        at: { offset: 8 + bodyHave, length: 0 },
      },
  },
  {
    id: 'LC-20',
    layer: 'spec',
    severity: 'note',
    title: 'padding that is not zero; libxc does not look at it',
    explain: 'Bodies are padded with zeros to a multiple of 8 bytes. verify-stream-v2 refuses anything else.',
    todo: TODO.none,
    source: 'docs/specs/libxc-migration-stream.pandoc: Records',
    when: ({ dirtyPadding, length }) => dirtyPadding && { at: { offset: 8 + length, length: padded(length) - length } },
  },
];

/** A whole record, and what the stream has said before it. */
export interface LibxcRecord {
  readonly type: number;
  readonly length: number;
  readonly isPv: boolean;
  readonly version: number;
  readonly seenStaticDataEnd: boolean;
  /** A CHECKPOINT was there before. */
  readonly checkpointed: boolean;
}

const COMMON: ReadonlySet<number> = new Set([
  LibxcType.END,
  LibxcType.PAGE_DATA,
  LibxcType.VERIFY,
  LibxcType.CHECKPOINT,
  LibxcType.STATIC_DATA_END,
  LibxcType.X86_TSC_INFO,
  LibxcType.X86_CPUID_POLICY,
  LibxcType.X86_MSR_POLICY,
]);
const PV_ONLY: ReadonlySet<number> = new Set([
  LibxcType.X86_PV_INFO,
  LibxcType.X86_PV_P2M_FRAMES,
  LibxcType.X86_PV_VCPU_BASIC,
  LibxcType.X86_PV_VCPU_EXTENDED,
  LibxcType.X86_PV_VCPU_XSAVE,
  LibxcType.X86_PV_VCPU_MSRS,
  LibxcType.SHARED_INFO,
]);
const HVM_ONLY: ReadonlySet<number> = new Set([LibxcType.HVM_CONTEXT, LibxcType.HVM_PARAMS]);

/** Types that came with version 3 of the stream, in Xen 4.14. */
const V3_ONLY: ReadonlySet<number> = new Set([
  LibxcType.STATIC_DATA_END,
  LibxcType.X86_CPUID_POLICY,
  LibxcType.X86_MSR_POLICY,
]);

export function isHandled(type: number, isPv: boolean): boolean {
  return COMMON.has(type) || (isPv ? PV_ONLY : HVM_ONLY).has(type);
}

const EMPTY: ReadonlySet<number> = new Set([
  LibxcType.END,
  LibxcType.VERIFY,
  LibxcType.CHECKPOINT,
  LibxcType.STATIC_DATA_END,
]);
const TYPE_AT = { offset: 0, length: 4 } as const;

export const RECORD_RULES: readonly Rule<LibxcRecord>[] = [
  {
    id: 'LC-17',
    layer: 'libxc',
    severity: 'fatal',
    versions: { before: 414 },
    log: ['Mandatory record %#x (%s) not handled'],
    title: 'a record that came with Xen 4.14',
    explain: 'Policy records and STATIC_DATA_END are of version 3 of the stream.',
    todo: TODO.newer,
    source: 'tools/libxc/xc_sr_restore.c: process_record(), before 4.14',
    when: ({ type }) => V3_ONLY.has(type) && { values: [type, 'Reserved'], at: TYPE_AT },
  },
  {
    id: 'LC-17',
    layer: 'libxc',
    severity: 'fatal',
    log: ['Mandatory record %#x (%s) not handled'],
    title: 'a record that libxc does not take here',
    explain:
      'The type is unknown and not marked as optional by bit 31, or it belongs to the other kind of guest, or it is one that no release restores.',
    todo: TODO.newer,
    source: 'tools/libs/guest/xg_sr_restore.c: restore()',
    when: ({ type, isPv }) =>
      type < OPTIONAL_RECORD &&
      !isHandled(type, isPv) && {
        values: [type, libxcTypeName(type)],
        message: `record type ${hex0x(type, 8)} (${libxcTypeName(type)}), which libxc does not take for ${isPv ? 'a PV' : 'an HVM'} guest`,
        at: TYPE_AT,
      },
  },
  {
    id: 'LC-18',
    layer: 'libxc',
    severity: 'note',
    log: ['Ignoring optional record %#x (Reserved)'],
    title: 'an optional record of a type that is not assigned; libxc skips it',
    explain: 'Bit 31 of the type says that a reader may skip what it does not know.',
    todo: TODO.none,
    source: 'tools/libs/guest/xg_sr_restore.c: restore()',
    when: ({ type }) => type >= OPTIONAL_RECORD && { values: [type], at: TYPE_AT },
  },
  {
    id: 'LC-46',
    layer: 'libxc',
    severity: 'fatal',
    log: ['Found checkpoint in non-checkpointed stream'],
    title: 'a CHECKPOINT: this is a Remus or COLO stream, which xl restore does not read',
    explain:
      'A checkpointed stream is received by xl migrate-receive --remus (or --colo). It takes over with the last whole checkpoint when the stream breaks off.',
    todo: 'Feed the stream to xl migrate-receive --remus.',
    source: 'tools/libs/guest/xg_sr_restore.c: handle_checkpoint()',
    when: ({ type, checkpointed }) => type === LibxcType.CHECKPOINT && !checkpointed,
  },
  {
    id: 'LC-23',
    layer: 'libxc',
    severity: 'fatal',
    log: ['Multiple STATIC_DATA_END records found'],
    title: 'a second STATIC_DATA_END',
    explain:
      'It stands once, between the policies and the memory. In a stream of version 2 libxc has inferred it at the first memory.',
    todo: TODO.writer,
    source: 'tools/libs/guest/xg_sr_restore.c: handle_static_data_end()',
    when: ({ type, seenStaticDataEnd }) => type === LibxcType.STATIC_DATA_END && seenStaticDataEnd,
  },
  {
    id: 'LC-21',
    layer: 'spec',
    severity: 'note',
    title: 'a body where the record has none; libxc does not look at it',
    explain: 'END, VERIFY, CHECKPOINT and STATIC_DATA_END are empty. verify-stream-v2 refuses anything else.',
    todo: TODO.none,
    source: 'docs/specs/libxc-migration-stream.pandoc',
    when: ({ type, length }) => EMPTY.has(type) && length > 0 && { at: { offset: 4, length: 4 } },
  },
  {
    id: 'LC-54',
    layer: 'spec',
    severity: 'note',
    title: 'a record of version 3 in a stream of version 2; libxc takes it',
    explain: 'verify-stream-v2 refuses it.',
    todo: TODO.none,
    source: 'tools/python/xen/migration/libxc.py',
    when: ({ type, version }) => version < 3 && V3_ONLY.has(type) && { at: TYPE_AT },
  },
  {
    id: 'LC-29',
    layer: 'libxc',
    severity: 'note',
    title: 'a policy after STATIC_DATA_END: kept, and never given to Xen',
    explain:
      'libxc hands the policies to Xen when it meets STATIC_DATA_END; the guest gets a default policy for what comes later.',
    todo: TODO.writer,
    source: 'tools/libs/guest/xg_sr_common_x86.c: x86_static_data_complete()',
    when: ({ type, seenStaticDataEnd }) =>
      seenStaticDataEnd && (type === LibxcType.X86_CPUID_POLICY || type === LibxcType.X86_MSR_POLICY),
  },
  {
    id: 'LC-31',
    layer: 'libxc',
    severity: 'fatal',
    log: ['X86_TSC_INFO record wrong size: length %u, expected %zu'],
    title: 'an X86_TSC_INFO that is not 24 bytes long',
    explain: 'It has one size only.',
    todo: TODO.writer,
    source: 'tools/libs/guest/xg_sr_common_x86.c: handle_x86_tsc_info()',
    when: ({ type, length }) =>
      type === LibxcType.X86_TSC_INFO && length !== 24 && { values: [length, 24], at: { offset: 4, length: 4 } },
  },
  {
    id: 'LC-26',
    layer: 'libxc',
    severity: 'fatal',
    log: ['X86_CPUID_POLICY size %u should be multiple of %zu'],
    title: 'an X86_CPUID_POLICY that is no whole number of leaves',
    explain: 'Each leaf takes 24 bytes, and there must be one.',
    todo: TODO.writer,
    source: 'tools/libs/guest/xg_sr_common_x86.c: handle_x86_cpuid_policy()',
    when: ({ type, length }) =>
      type === LibxcType.X86_CPUID_POLICY &&
      (length === 0 || length % 24 !== 0) && { values: [length, 24], at: { offset: 4, length: 4 } },
  },
  {
    id: 'LC-27',
    layer: 'libxc',
    severity: 'fatal',
    // It prints the size of a CPUID leaf, and means that of an MSR.
    log: ['X86_MSR_POLICY size %u should be multiple of %zu'],
    title: 'an X86_MSR_POLICY that is no whole number of entries',
    explain: 'Each entry takes 16 bytes, and there must be one. The message names 24, the size of a CPUID leaf.',
    todo: TODO.writer,
    source: 'tools/libs/guest/xg_sr_common_x86.c: handle_x86_msr_policy()',
    when: ({ type, length }) =>
      type === LibxcType.X86_MSR_POLICY &&
      (length === 0 || length % 16 !== 0) && { values: [length, 24], at: { offset: 4, length: 4 } },
  },
];

export interface TscInfo {
  readonly mode: number;
  readonly reserved: number;
}

export const TSC_RULES: readonly Rule<TscInfo>[] = [
  {
    id: 'LC-32',
    layer: 'hypervisor',
    severity: 'fatal',
    errno: 22,
    log: ['Unable to set TSC information'],
    perror: true,
    title: 'a TSC mode that Xen does not have',
    explain:
      'Modes are 0 (default), 1 (always emulate) and 2 (never emulate). Mode 3 (PVRDTSCP) was dropped in Xen 4.12.',
    todo: 'Set tsc_mode of the guest to another value before it is saved.',
    source: 'xen/arch/x86/time.c: tsc_set_info()',
    versions: { from: 412 },
    when: ({ mode }) =>
      mode > 2 && { message: `TSC mode ${mode}, which Xen does not have`, at: { offset: 0, length: 4 } },
  },
  {
    id: 'LC-32',
    layer: 'hypervisor',
    severity: 'fatal',
    errno: 22,
    log: ['Unable to set TSC information'],
    perror: true,
    title: 'a TSC mode that Xen does not have',
    explain: 'Before Xen 4.12 modes were 0 to 3.',
    todo: 'Set tsc_mode of the guest to another value before it is saved.',
    source: 'xen/arch/x86/time.c: tsc_set_info(), before 4.12',
    versions: { before: 412 },
    when: ({ mode }) =>
      mode > 3 && { message: `TSC mode ${mode}, which Xen does not have`, at: { offset: 0, length: 4 } },
  },
  {
    id: 'LC-55',
    layer: 'spec',
    severity: 'note',
    title: 'the reserved word of X86_TSC_INFO is set; libxc does not look at it',
    explain: 'verify-stream-v2 refuses it.',
    todo: TODO.none,
    source: 'docs/specs/libxc-migration-stream.pandoc: X86_TSC_INFO',
    when: ({ reserved }) => reserved !== 0 && { at: { offset: 20, length: 4 } },
  },
];
