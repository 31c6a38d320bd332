/** What libxc looks at in the records of a PV vCPU when it meets them; it hands them to Xen at the end. */
import { sizeOf, type ValueOf } from '../../../format/kit/layout';
import { LibxcType } from '../../../format/libxc/types';
import { EXT_BUFFER_SIZE } from '../../../format/pv/extended';
import { GUEST_CONTEXT_32_SIZE } from '../../../format/pv/guest-context-32';
import { GUEST_CONTEXT_64_SIZE } from '../../../format/pv/guest-context-64';
import { VCPU_HEADER, VCPU_HEADER_SIZE } from '../../../format/libxc/vcpu-header';
import { recordSpec } from '../../../format/records';
import { PV_XSAVE } from '../../../format/x86/xsave-layouts';
import { says } from '../../kit/log-line';
import { inBody, LENGTH_AT } from '../../kit/places';
import { type Rule, ADVICE } from '../../kit/rule';
import { MSR_SIZE } from '../../target/policy';
import { libxcTypeName } from '../libxc/framing';

/** A record with state of a PV vCPU. */
export interface VcpuRecord {
  readonly type: number;
  readonly length: number;
  readonly header: ValueOf<typeof VCPU_HEADER>;
  /** Width of the guest, bytes. */
  readonly width: number;
  /** Highest vCPU id of the domain that was created. */
  readonly maxVcpu: number;
  /** One of the same type and vCPU was there before. */
  readonly repeated: boolean;
}

const HANDLE = 'tools/libs/guest/xg_sr_restore_x86_pv.c: handle_x86_pv_vcpu_blob()';
const headerField = inBody(VCPU_HEADER);

/** Least and greatest length of some of the records, as libxc takes them. */
const LEAST_XSAVE = VCPU_HEADER_SIZE + sizeOf(PV_XSAVE);
const MOST_EXTENDED = VCPU_HEADER_SIZE + EXT_BUFFER_SIZE;

const recordName = (type: number): string => recordSpec('libxc', type)?.name ?? '';

/** Length of the record with the registers of a vCPU of a guest of this width. */
const basicSize = (width: number): number =>
  VCPU_HEADER_SIZE + (width === 8 ? GUEST_CONTEXT_64_SIZE : GUEST_CONTEXT_32_SIZE);

export const VCPU_RECORD_RULES: readonly Rule<VcpuRecord>[] = [
  {
    id: 'LP-16',
    layer: 'libxc',
    severity: 'fatal',
    log: [says.libxc('%s record truncated: length %u, header size %zu')],
    title: 'a vCPU record shorter than its header',
    explain: 'The record starts with the id of the vCPU and a reserved word, which take 8 bytes.',
    advice: ADVICE.writer,
    source: HANDLE,
    when: ({ type, length }) =>
      length < VCPU_HEADER_SIZE && { values: [recordName(type), length, VCPU_HEADER_SIZE], at: LENGTH_AT },
  },
  {
    id: 'LP-17',
    layer: 'libxc',
    severity: 'note',
    versions: { from: 409 },
    log: [says.libxc('Skipping empty %s record for vcpu %u')],
    title: 'an empty vCPU record; libxc skips it',
    explain:
      'Senders of Xen 4.6 to 4.8 wrote such records. Point releases of 4.6 to 4.8 (4.6.6, 4.7.6, 4.8.5) and all later ones skip them.',
    advice: ADVICE.none,
    source: HANDLE,
    when: ({ type, length, header }) =>
      length === VCPU_HEADER_SIZE && { values: [libxcTypeName(type), header.vcpu_id] },
  },
  {
    id: 'LP-18',
    layer: 'libxc',
    severity: 'fatal',
    log: [says.libxc('%s record vcpu_id (%u) exceeds domain max (%u)')],
    title: 'a vCPU that the configuration does not have',
    explain:
      'The domain is created with as many vCPUs as max_vcpus of the configuration says; the stream has state of another one.',
    advice: ADVICE.config,
    source: HANDLE,
    when: ({ type, length, header: { vcpu_id: vcpu }, maxVcpu }) =>
      length > VCPU_HEADER_SIZE &&
      vcpu > maxVcpu && {
        values: [recordName(type), vcpu, maxVcpu],
        message: `vCPU ${vcpu}, while the configuration has vCPUs 0 to ${maxVcpu}`,
        at: headerField('vcpu_id'),
      },
  },
  {
    id: 'LP-19',
    layer: 'libxc',
    severity: 'fatal',
    log: [says.libxc('%s record wrong size: expected %zu, got %u')],
    title: 'registers of a size that does not fit the guest’s width',
    explain: 'A context takes 5168 bytes for a 64-bit guest, 2800 for a 32-bit one.',
    advice: ADVICE.copy,
    source: HANDLE,
    when: ({ type, length, width }) =>
      type === LibxcType.X86_PV_VCPU_BASIC &&
      length > VCPU_HEADER_SIZE &&
      length !== basicSize(width) && { values: [recordName(type), basicSize(width), length], at: LENGTH_AT },
  },
  {
    id: 'LP-20',
    layer: 'libxc',
    severity: 'fatal',
    log: [says.libxc('%s record too long: max %zu, got %u')],
    title: 'extended state longer than 128 bytes',
    explain: 'libxc hands the state to Xen in a buffer of 128 bytes.',
    advice: ADVICE.writer,
    source: HANDLE,
    when: ({ type, length }) =>
      type === LibxcType.X86_PV_VCPU_EXTENDED &&
      length > MOST_EXTENDED && { values: [recordName(type), MOST_EXTENDED, length], at: LENGTH_AT },
  },
  {
    id: 'LP-21',
    layer: 'libxc',
    severity: 'fatal',
    versions: { from: 413 },
    log: [says.libxc('%s record too short: min %zu, got %u')],
    title: 'XSAVE state shorter than its two leading words',
    explain: 'XSAVE state starts with XCR0 and XCR0_accum, which take 16 bytes.',
    advice: ADVICE.writer,
    source: HANDLE,
    when: ({ type, length }) =>
      type === LibxcType.X86_PV_VCPU_XSAVE &&
      length > VCPU_HEADER_SIZE &&
      length < LEAST_XSAVE && { values: [recordName(type), LEAST_XSAVE, length], at: LENGTH_AT },
  },
  {
    id: 'LP-22',
    layer: 'libxc',
    severity: 'fatal',
    log: [says.libxc('%s record payload size %zu expected to be a multiple of %zu')],
    title: 'an MSR record that does not hold a whole number of entries',
    explain: 'Each entry takes 16 bytes.',
    advice: ADVICE.writer,
    source: HANDLE,
    when: ({ type, length }) =>
      type === LibxcType.X86_PV_VCPU_MSRS &&
      (length - VCPU_HEADER_SIZE) % MSR_SIZE !== 0 &&
      length > VCPU_HEADER_SIZE && { values: [recordName(type), length - VCPU_HEADER_SIZE, MSR_SIZE], at: LENGTH_AT },
  },
  {
    id: 'LP-54',
    layer: 'spec',
    severity: 'note',
    title: 'the reserved word of a vCPU record is set; libxc ignores it',
    explain: 'verify-stream-v2 refuses such a record.',
    advice: ADVICE.none,
    source: 'docs/specs/libxc-migration-stream.pandoc',
    when: ({ header, length }) =>
      length >= VCPU_HEADER_SIZE && header.reserved !== 0 && { at: headerField('reserved') },
  },
  {
    id: 'LP-55',
    layer: 'spec',
    severity: 'note',
    title: 'a duplicate vCPU record: the last one is used',
    explain: 'libxc keeps one record of each kind for each vCPU.',
    advice: ADVICE.none,
    source: HANDLE,
    when: ({ repeated }) => repeated,
  },
];
