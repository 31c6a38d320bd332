/** What libxc looks at in the records of a PV VCPU when it meets them; it hands them to Xen at the end. */
import { LibxcType } from '../../../format/libxc/types';
import { says } from '../../kit/log-line';
import { type Rule, ADVICE } from '../../kit/rule';

export interface VcpuRecord {
  readonly type: number;
  readonly length: number;
  readonly vcpu: number;
  readonly reserved: number;
  readonly width: number;
  /** Highest VCPU id of the domain that was created. */
  readonly maxVcpu: number;
  /** One of the same type and VCPU was there before. */
  readonly repeated: boolean;
}

const HANDLE = 'tools/libs/guest/xg_sr_restore_x86_pv.c: handle_x86_pv_vcpu_blob()';
const LENGTH_AT = { offset: 4, length: 4 } as const;

const NAMES: Readonly<Record<number, { readonly record: string; readonly text: string }>> = {
  [LibxcType.X86_PV_VCPU_BASIC]: { record: 'X86_PV_VCPU_BASIC', text: 'x86 PV vcpu basic' },
  [LibxcType.X86_PV_VCPU_EXTENDED]: { record: 'X86_PV_VCPU_EXTENDED', text: 'x86 PV vcpu extended' },
  [LibxcType.X86_PV_VCPU_XSAVE]: { record: 'X86_PV_VCPU_XSAVE', text: 'x86 PV vcpu xsave' },
  [LibxcType.X86_PV_VCPU_MSRS]: { record: 'X86_PV_VCPU_MSRS', text: 'x86 PV vcpu msrs' },
};
const vcpuRecordName = (type: number): string => NAMES[type]?.record ?? '';

/** vcpu_guest_context of a guest of this width, bytes. */
const contextSize = (width: number): number => (width === 8 ? 5168 : 2800);

export const VCPU_RECORD_RULES: readonly Rule<VcpuRecord>[] = [
  {
    id: 'LP-16',
    layer: 'libxc',
    severity: 'fatal',
    log: [says.libxc('%s record truncated: length %u, header size %zu')],
    title: 'a VCPU record shorter than its header',
    explain: 'It starts with the id of the VCPU and a reserved word, 8 bytes.',
    advice: ADVICE.writer,
    source: HANDLE,
    when: ({ type, length }) => length < 8 && { values: [vcpuRecordName(type), length, 8], at: LENGTH_AT },
  },
  {
    id: 'LP-17',
    layer: 'libxc',
    severity: 'note',
    versions: { from: 409 },
    log: [says.libxc('Skipping empty %s record for vcpu %u')],
    title: 'an empty VCPU record; libxc skips it',
    explain:
      'Senders of Xen 4.6 to 4.8 wrote such. Point releases of 4.6 to 4.8 (4.6.6, 4.7.6, 4.8.5) and all later ones skip them.',
    advice: ADVICE.none,
    source: HANDLE,
    when: ({ type, length, vcpu }) => length === 8 && { values: [NAMES[type]?.text ?? '', vcpu] },
  },
  {
    id: 'LP-18',
    layer: 'libxc',
    severity: 'fatal',
    log: [says.libxc('%s record vcpu_id (%u) exceeds domain max (%u)')],
    title: 'a VCPU that the configuration does not have',
    explain: 'The domain is created with max_vcpus of the configuration; the stream has a VCPU beyond.',
    advice: ADVICE.config,
    source: HANDLE,
    when: ({ type, length, vcpu, maxVcpu }) =>
      length > 8 &&
      vcpu > maxVcpu && {
        values: [vcpuRecordName(type), vcpu, maxVcpu],
        message: `VCPU ${vcpu}, while the configuration has VCPUs 0 to ${maxVcpu}`,
        at: { offset: 8, length: 4 },
      },
  },
  {
    id: 'LP-19',
    layer: 'libxc',
    severity: 'fatal',
    log: [says.libxc('%s record wrong size: expected %zu, got %u')],
    title: 'registers of another size than the guest’s width has',
    explain: 'A context takes 5168 bytes for a 64-bit guest, 2800 for a 32-bit one.',
    advice: ADVICE.copy,
    source: HANDLE,
    when: ({ type, length, width }) =>
      type === LibxcType.X86_PV_VCPU_BASIC &&
      length > 8 &&
      length !== 8 + contextSize(width) && {
        values: [vcpuRecordName(type), 8 + contextSize(width), length],
        at: LENGTH_AT,
      },
  },
  {
    id: 'LP-20',
    layer: 'libxc',
    severity: 'fatal',
    log: [says.libxc('%s record too long: max %zu, got %u')],
    title: 'extended state longer than 128 bytes',
    explain: 'libxc hands it to Xen in a buffer of that size.',
    advice: ADVICE.writer,
    source: HANDLE,
    when: ({ type, length }) =>
      type === LibxcType.X86_PV_VCPU_EXTENDED &&
      length > 136 && { values: [vcpuRecordName(type), 136, length], at: LENGTH_AT },
  },
  {
    id: 'LP-21',
    layer: 'libxc',
    severity: 'fatal',
    versions: { from: 413 },
    log: [says.libxc('%s record too short: min %zu, got %u')],
    title: 'XSAVE state shorter than its two leading words',
    explain: 'It starts with XCR0 and XCR0_accum, 16 bytes.',
    advice: ADVICE.writer,
    source: HANDLE,
    when: ({ type, length }) =>
      type === LibxcType.X86_PV_VCPU_XSAVE &&
      length > 8 &&
      length < 24 && { values: [vcpuRecordName(type), 24, length], at: LENGTH_AT },
  },
  {
    id: 'LP-22',
    layer: 'libxc',
    severity: 'fatal',
    log: [says.libxc('%s record payload size %zu expected to be a multiple of %zu')],
    title: 'MSRs that are no whole number of entries',
    explain: 'Each entry takes 16 bytes.',
    advice: ADVICE.writer,
    source: HANDLE,
    when: ({ type, length }) =>
      type === LibxcType.X86_PV_VCPU_MSRS &&
      (length - 8) % 16 !== 0 &&
      length > 8 && { values: [vcpuRecordName(type), length - 8, 16], at: LENGTH_AT },
  },
  {
    id: 'LP-54',
    layer: 'spec',
    severity: 'note',
    title: 'the reserved word of a VCPU record is set; libxc does not look at it',
    explain: 'verify-stream-v2 refuses it.',
    advice: ADVICE.none,
    source: 'docs/specs/libxc-migration-stream.pandoc',
    when: ({ reserved, length }) => length >= 8 && reserved !== 0 && { at: { offset: 12, length: 4 } },
  },
  {
    id: 'LP-55',
    layer: 'spec',
    severity: 'note',
    title: 'the same VCPU record a second time: the last one counts',
    explain: 'libxc keeps one of each kind and VCPU.',
    advice: ADVICE.none,
    source: HANDLE,
    when: ({ repeated }) => repeated,
  },
];
