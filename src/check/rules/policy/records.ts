/** The policy of a stream, the room that Xen has for one, and what it says where it refuses one. */
import { NO_SUBLEAF } from '../../../format/x86/cpuid/leaf';
import { says } from '../../kit/log-line';
import type { Hit } from '../../kit/rule';
import { type CpuPolicy, LEAF_SIZE, type Leaf, MSR_SIZE, type MsrEntry } from '../../target/policy';
import type { XenVersion } from '../../kit/xen-version';

export interface PolicyRecords {
  readonly xen: XenVersion;
  /** As they stand in the records; empty where a record is missing. */
  readonly leaves: readonly Leaf[];
  readonly msrs: readonly MsrEntry[];
  readonly policy: CpuPolicy;
  /** Offset of the MSR record's body from that of the CPUID record's, as hits are told from the latter. */
  readonly msrsAt: number;
  /** The most that the target gives to such a guest. */
  readonly max: CpuPolicy | undefined;
  readonly version: number;
}

/** What struct cpu_policy has room for. Source: xen/lib/x86/cpu-policy.h (CPUID_GUEST_NR_*). */
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
export const NONE = 0xffff_ffff;

export const refused = (leaf: number, subleaf: number, msr: number): Pick<Hit, 'values'> => ({
  values: [leaf, subleaf, msr],
});
export const leafAt = ({ leaves }: PolicyRecords, index: number) => ({
  offset: Math.max(0, Math.min(index, leaves.length - 1)) * LEAF_SIZE,
  length: LEAF_SIZE,
});
export const indexOf = (records: PolicyRecords, leaf: number, subleaf = NO_SUBLEAF): number =>
  records.leaves.findLastIndex((one) => one.leaf === leaf && one.subleaf === subleaf);

export const common = { layer: 'hypervisor', severity: 'fatal', log: [REFUSED], perror: true } as const;

export function msrHit(records: PolicyRecords, bad: (entry: MsrEntry) => boolean): Hit | false {
  const index = records.msrs.findIndex(bad);
  const entry = records.msrs[index];
  return (
    entry !== undefined && {
      ...refused(NONE, NONE, entry.idx),
      at: { offset: records.msrsAt + index * MSR_SIZE, length: MSR_SIZE },
    }
  );
}
