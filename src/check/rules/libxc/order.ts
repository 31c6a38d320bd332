/** Which records libxc takes, when, and of which length. */
import { hex0x } from '../../../lib/text';
import { LibxcType, OPTIONAL_RECORD } from '../../../format/libxc/types';
import { sizeOf } from '../../../format/kit/layout';
import { X86_TSC_INFO } from '../../../format/libxc/info';
import { libxcSpec } from '../../../format/records';
import { says } from '../../kit/log-line';
import { LENGTH_AT, TYPE_AT } from '../../kit/places';
import { type Rule, ADVICE } from '../../kit/rule';
import { LEAF_SIZE, MSR_SIZE } from '../../target/policy';
import { libxcTypeName } from './framing';

/** A whole record, and what the stream has said before it. */
export interface LibxcRecord {
  readonly type: number;
  readonly length: number;
  readonly isPv: boolean;
  readonly version: number;
  readonly seenStaticDataEnd: boolean;
  /** A CHECKPOINT was there before. */
  readonly checkpointed: boolean;
  /** The reader takes checkpointed streams. */
  readonly takesCheckpoints: boolean;
  /** A record that libxc does not take came behind that CHECKPOINT. */
  readonly keptUnknown: boolean;
}

/** Tells whether libxc takes a record of this type for the guest at hand. */
export function isHandled(type: number, isPv: boolean): boolean {
  const takenFor = libxcSpec(type)?.takenFor;
  return takenFor === 'all' || takenFor === (isPv ? 'pv' : 'hvm');
}

/** Tells whether a type came with version 3 of the stream, in Xen 4.14. */
const isOfVersion3 = (type: number): boolean => libxcSpec(type)?.stream === 3;

const TSC_INFO_SIZE = sizeOf(X86_TSC_INFO);

export const RECORD_RULES: readonly Rule<LibxcRecord>[] = [
  {
    id: 'LC-17',
    variant: 'version-3',
    layer: 'libxc',
    severity: 'fatal',
    versions: { before: 414 },
    log: [says.libxc('Mandatory record %#x (%s) not handled')],
    title: 'a record that came with Xen 4.14',
    explain: 'Policy records and STATIC_DATA_END are of version 3 of the stream.',
    advice: ADVICE.newer,
    source: 'tools/libxc/xc_sr_restore.c: process_record(), before 4.14',
    when: ({ type }) => isOfVersion3(type) && { values: [type, 'Reserved'], at: TYPE_AT },
  },
  {
    id: 'LC-17',
    variant: 'not-handled',
    layer: 'libxc',
    severity: 'fatal',
    log: [says.libxc('Mandatory record %#x (%s) not handled')],
    title: 'a record that libxc does not take here',
    explain:
      'The type is unknown and not marked as optional by bit 31, or it belongs to the other kind of guest, or it is one that no release restores.',
    advice: ADVICE.newer,
    source: 'tools/libs/guest/xg_sr_restore.c: restore()',
    when: ({ type, isPv, checkpointed }) =>
      !checkpointed &&
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
    log: [says.libxc('Ignoring optional record %#x (Reserved)')],
    title: 'an optional record of a type that is not assigned; libxc skips it',
    explain: 'Bit 31 of the type says that a reader may skip what it does not know.',
    advice: ADVICE.none,
    source: 'tools/libs/guest/xg_sr_restore.c: restore()',
    when: ({ type, checkpointed }) => !checkpointed && type >= OPTIONAL_RECORD && { values: [type], at: TYPE_AT },
  },
  {
    id: 'LC-46',
    layer: 'libxc',
    severity: 'fatal',
    log: [says.libxc('Found checkpoint in non-checkpointed stream')],
    title: 'a CHECKPOINT: this is a Remus or COLO stream, which xl restore does not read',
    explain:
      'A checkpointed stream is received by xl migrate-receive --remus (or --colo). It resumes from the last complete checkpoint when the stream breaks off.',
    advice: 'Feed the stream to xl migrate-receive --remus.',
    source: 'tools/libs/guest/xg_sr_restore.c: handle_checkpoint()',
    when: ({ type, checkpointed, takesCheckpoints }) =>
      type === LibxcType.CHECKPOINT && !checkpointed && !takesCheckpoints,
  },
  {
    id: 'LC-19',
    layer: 'libxc',
    severity: 'fatal',
    log: [says.libxc('Mandatory record 0xe (Checkpoint) not handled')],
    title: 'an unsupported record inside a checkpoint: a Remus receiver stops here',
    explain:
      'From the first checkpoint on libxc keeps the records of a round back and processes them at the next checkpoint. One that it does not take, marked as optional or not, makes it refuse the checkpoint itself.',
    advice: ADVICE.newer,
    source: 'tools/libs/guest/xg_sr_restore.c: handle_checkpoint(), restore()',
    when: ({ type, keptUnknown }) => type === LibxcType.CHECKPOINT && keptUnknown && { at: TYPE_AT },
  },
  {
    id: 'LC-23',
    layer: 'libxc',
    severity: 'fatal',
    log: [says.libxc('Multiple STATIC_DATA_END records found')],
    title: 'a second STATIC_DATA_END',
    explain:
      'It appears once, between the policies and the memory. In a stream of version 2 libxc infers it at the first memory.',
    advice: ADVICE.writer,
    source: 'tools/libs/guest/xg_sr_restore.c: handle_static_data_end()',
    when: ({ type, seenStaticDataEnd }) => type === LibxcType.STATIC_DATA_END && seenStaticDataEnd,
  },
  {
    id: 'LC-21',
    layer: 'spec',
    severity: 'note',
    title: 'a body in a record that must be empty; libxc ignores it',
    explain: 'END, VERIFY, CHECKPOINT and STATIC_DATA_END are empty. verify-stream-v2 refuses anything else.',
    advice: ADVICE.none,
    source: 'docs/specs/libxc-migration-stream.pandoc',
    when: ({ type, length }) => libxcSpec(type)?.length.max === 0 && length > 0 && { at: LENGTH_AT },
  },
  {
    id: 'LC-54',
    layer: 'spec',
    severity: 'note',
    title: 'a record of version 3 in a stream of version 2; libxc takes it',
    explain: 'verify-stream-v2 refuses it.',
    advice: ADVICE.none,
    source: 'tools/python/xen/migration/libxc.py',
    when: ({ type, version }) => version < 3 && isOfVersion3(type) && { at: TYPE_AT },
  },
  {
    id: 'LC-29',
    layer: 'libxc',
    severity: 'note',
    title: 'a policy after STATIC_DATA_END: kept, and never given to Xen',
    explain:
      'libxc hands the policies to Xen when it meets STATIC_DATA_END; the guest gets a default policy for what comes later.',
    advice: ADVICE.writer,
    source: 'tools/libs/guest/xg_sr_common_x86.c: x86_static_data_complete()',
    when: ({ type, seenStaticDataEnd }) =>
      seenStaticDataEnd && (type === LibxcType.X86_CPUID_POLICY || type === LibxcType.X86_MSR_POLICY),
  },
  {
    id: 'LC-31',
    layer: 'libxc',
    severity: 'fatal',
    log: [says.libxc('X86_TSC_INFO record wrong size: length %u, expected %zu')],
    title: 'an X86_TSC_INFO that is not 24 bytes long',
    explain: 'It has only one size.',
    advice: ADVICE.writer,
    source: 'tools/libs/guest/xg_sr_common_x86.c: handle_x86_tsc_info()',
    when: ({ type, length }) =>
      type === LibxcType.X86_TSC_INFO && length !== TSC_INFO_SIZE && { values: [length, TSC_INFO_SIZE], at: LENGTH_AT },
  },
  {
    id: 'LC-26',
    layer: 'libxc',
    severity: 'fatal',
    log: [says.libxc('X86_CPUID_POLICY size %u should be multiple of %zu')],
    title: 'an X86_CPUID_POLICY that does not hold a whole number of leaves',
    explain: 'Each leaf takes 24 bytes, and there must be at least one.',
    advice: ADVICE.writer,
    source: 'tools/libs/guest/xg_sr_common_x86.c: handle_x86_cpuid_policy()',
    when: ({ type, length }) =>
      type === LibxcType.X86_CPUID_POLICY &&
      (length === 0 || length % LEAF_SIZE !== 0) && { values: [length, LEAF_SIZE], at: LENGTH_AT },
  },
  {
    id: 'LC-27',
    layer: 'libxc',
    severity: 'fatal',
    // It prints the size of a CPUID leaf, and means that of an MSR.
    log: [says.libxc('X86_MSR_POLICY size %u should be multiple of %zu')],
    title: 'an X86_MSR_POLICY that does not hold a whole number of entries',
    explain:
      'Each entry takes 16 bytes, and there must be at least one. The message names 24, the size of a CPUID leaf.',
    advice: ADVICE.writer,
    source: 'tools/libs/guest/xg_sr_common_x86.c: handle_x86_msr_policy()',
    when: ({ type, length }) =>
      type === LibxcType.X86_MSR_POLICY &&
      (length === 0 || length % MSR_SIZE !== 0) && { values: [length, LEAF_SIZE], at: LENGTH_AT },
  },
];
