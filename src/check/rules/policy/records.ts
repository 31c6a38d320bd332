/** The policy of a stream, the room that Xen has for one, and what it says where it refuses one. */
import { fieldsOf } from '../../../format/kit/fields';
import type { Span } from '../../../lib/range';
import { X86_CPUID_POLICY, X86_MSR_POLICY } from '../../../format/libxc/policy';
import type { Register } from '../../../format/x86/cpuid/features';
import { type CpuidLeaf, NO_SUBLEAF } from '../../../format/x86/cpuid/leaf';
import { says } from '../../kit/log-line';
import type { Hit } from '../../kit/rule';
import type { CpuPolicy, MsrEntry } from '../../target/policy';
import type { XenVersion } from '../../kit/xen-version';

/** The policy records of a stream; places are told from the start of the CPUID record's body. */
export interface PolicyRecords {
  readonly xen: XenVersion;
  /** Leaves and MSRs as they stand in the records; empty where a record is missing. */
  readonly leaves: readonly CpuidLeaf[];
  readonly msrs: readonly MsrEntry[];
  readonly policy: CpuPolicy;
  /** Offset of the MSR record's body from that of the CPUID record's, bytes. */
  readonly msrsAt: number;
  /** The most that the target gives to such a guest. */
  readonly max: CpuPolicy | undefined;
}

/** Returns what struct cpu_policy has room for: the highest leaves and subleaves, and the leaves in all. Source: xen/lib/x86/cpu-policy.h (CPUID_GUEST_NR_*). */
export function room(xen: XenVersion) {
  const extended = xen >= 416 ? 0x21 : 0x1c;
  const features = xen >= 417 ? 2 : 1;
  return {
    basic: 0xd,
    features,
    cache: 5,
    topology: 1,
    xstate: 62,
    extended,
    leaves: 14 + features + 5 + 1 + 62 + extended + 1 + 2,
  };
}

const REFUSED = says.libxc('Failed to set CPUID policy: leaf %08x, subleaf %08x, msr %08x');

/** What libxc prints in place of a leaf, subleaf or MSR that Xen did not object to. */
export const NONE = 0xffff_ffff;

/** What all rules have for which Xen refuses a policy. */
export const common = { layer: 'hypervisor', severity: 'fatal', log: [REFUSED], perror: true } as const;

/** Makes the values of the line that libxc prints: the leaf, subleaf or MSR that Xen objected to. */
export const refused = (leaf: number, subleaf: number, msr: number): Pick<Hit, 'values'> => ({
  values: [leaf, subleaf, msr],
});

const leafField = fieldsOf(X86_CPUID_POLICY);
const indexIn = ({ leaves }: PolicyRecords, index: number): number => Math.max(0, Math.min(index, leaves.length - 1));

/** Returns the place of a leaf in its record, by its index there. */
export const leafAt = (records: PolicyRecords, index: number): Span => leafField(`leaf[${indexIn(records, index)}]`);

/** Returns the place of a register of a leaf, by the index of the leaf in its record. */
export const registerAt = (records: PolicyRecords, index: number, register: Register): Span =>
  leafField(`leaf[${indexIn(records, index)}].${register}`);

/** Returns the index of a leaf in its record, −1 where it is not there. Where it is there twice, that of the last, which counts. */
export const indexOf = (records: PolicyRecords, leaf: number, subleaf = NO_SUBLEAF): number =>
  records.leaves.findLastIndex((one) => one.leaf === leaf && one.subleaf === subleaf);

/** Returns the place of MSRs in their record, from one index to another. */
export const msrsAt = ({ msrsAt: base }: PolicyRecords, first: number, last = first): Span =>
  fieldsOf(X86_MSR_POLICY, base)(`msr[${first}]`, `msr[${last}]`);

/** Finds the first MSR that Xen objects to. */
export function msrHit(records: PolicyRecords, isBad: (entry: MsrEntry) => boolean): Hit | false {
  const index = records.msrs.findIndex(isBad);
  const entry = records.msrs[index];
  return entry !== undefined && { ...refused(NONE, NONE, entry.idx), at: msrsAt(records, index) };
}
