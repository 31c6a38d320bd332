/** What Xen looks at in the CPU policy of a stream, when libxc hands it over. */
import { hex, hex0x } from '../../lib/text';
import { NO_SUBLEAF } from '../../format/x86/cpuid/leaf';
import { type Hit, type Rule, TODO } from '../rule';
import { type CpuPolicy, LEAF_SIZE, type Leaf, MSR_SIZE, type MsrEntry } from '../target/policy';
import type { XenVersion } from '../xen-version';
import { lostFeatures } from './policy-features';

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
function room(xen: XenVersion) {
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

function isOutOfRange({ leaf, subleaf }: Leaf, xen: XenVersion): boolean {
  const limit = room(xen);
  const sub: Readonly<Record<number, number>> = {
    4: limit.cache,
    7: limit.features,
    0xb: limit.topology,
    0xd: limit.xstate,
  };
  const most = sub[leaf];
  if (most !== undefined) return subleaf > most;
  const known =
    leaf <= limit.basic ||
    leaf === 0x4000_0000 ||
    leaf === 0x4000_0100 ||
    (leaf >= 0x8000_0000 && leaf <= 0x8000_0000 + limit.extended);
  return !known || subleaf !== NO_SUBLEAF;
}

const REFUSED = 'Failed to set CPUID policy: leaf %08x, subleaf %08x, msr %08x';
const NONE = 0xffff_ffff;
const FROM_BUFFER = 'xen/arch/x86/lib/cpu-policy/copy-from-buffer.c';
const COMPATIBLE = 'xen/arch/x86/lib/cpu-policy/policy.c: x86_cpu_policies_are_compatible()';

const refused = (leaf: number, subleaf: number, msr: number): Pick<Hit, 'values'> => ({ values: [leaf, subleaf, msr] });
const leafAt = ({ leaves }: PolicyRecords, index: number) => ({
  offset: Math.max(0, Math.min(index, leaves.length - 1)) * LEAF_SIZE,
  length: LEAF_SIZE,
});
const indexOf = (records: PolicyRecords, leaf: number, subleaf = NO_SUBLEAF): number =>
  records.leaves.findLastIndex((one) => one.leaf === leaf && one.subleaf === subleaf);

/** A maximum that must not be higher than the target's: what no Xen of the version has is refused by every host. */
function tooHigh(
  records: PolicyRecords,
  {
    leaf,
    subleaf = NO_SUBLEAF,
    value,
    most,
    target,
  }: { leaf: number; subleaf?: number; value: number; most: number; target: number | undefined },
): Hit | false {
  const limit = Math.min(most, target ?? most);
  if (value <= limit || indexOf(records, leaf, subleaf) < 0) return false;
  return {
    ...refused(leaf, leaf === 7 ? 0 : NONE, NONE),
    settled: true,
    message: `leaf ${hex(leaf, 8)}: the guest’s highest is ${hex0x(value)}, the target’s ${target === undefined ? 'at most ' : ''}${hex0x(limit)}`,
    at: leafAt(records, indexOf(records, leaf, subleaf)),
  };
}

const common = { layer: 'hypervisor', severity: 'fatal', log: [REFUSED], perror: true } as const;

export const POLICY_RULES: readonly Rule<PolicyRecords>[] = [
  {
    ...common,
    id: 'HO-01',
    errno: 7,
    title: 'more CPUID leaves than Xen takes',
    explain: 'Xen keeps a fixed number of leaves: 114 in 4.14 and 4.15, 119 in 4.16, 120 since.',
    todo: TODO.newer,
    source: `${FROM_BUFFER}: x86_cpuid_copy_from_buffer()`,
    when: ({ leaves, xen }) =>
      leaves.length > room(xen).leaves && {
        ...refused(NONE, NONE, NONE),
        message: `${leaves.length} CPUID leaves; Xen takes ${room(xen).leaves}`,
      },
  },
  {
    ...common,
    id: 'HO-02',
    errno: 34,
    title: 'a CPUID leaf that Xen has no place for',
    explain: 'A newer Xen knows more leaves; this one refuses what it does not know.',
    todo: TODO.newer,
    source: `${FROM_BUFFER}: x86_cpuid_copy_from_buffer()`,
    when: (records) => {
      const index = records.leaves.findIndex((leaf) => isOutOfRange(leaf, records.xen));
      const bad = records.leaves[index];
      if (!bad) return false;
      return {
        ...refused(bad.leaf, bad.subleaf, NONE),
        message: `leaf ${hex(bad.leaf, 8)}, subleaf ${hex(bad.subleaf, 8)}, which Xen has no place for`,
        at: leafAt(records, index),
      };
    },
  },
  {
    ...common,
    id: 'HO-03',
    errno: 7,
    title: 'more MSRs in the policy than Xen takes',
    explain: 'Xen keeps two since 4.15, one before.',
    todo: TODO.newer,
    source: `${FROM_BUFFER}: x86_msr_copy_from_buffer()`,
    when: ({ msrs, xen, msrsAt }) =>
      msrs.length > (xen >= 415 ? 2 : 1) && {
        ...refused(NONE, NONE, NONE),
        at: { offset: msrsAt, length: msrs.length * MSR_SIZE },
      },
  },
  {
    ...common,
    id: 'HO-04',
    errno: 22,
    title: 'flags of an MSR in the policy are set',
    explain: 'They must be zero.',
    todo: TODO.copy,
    source: `${FROM_BUFFER}: x86_msr_copy_from_buffer()`,
    when: (records) => msrHit(records, ({ flags }) => flags !== 0),
  },
  {
    ...common,
    id: 'HO-05',
    errno: 34,
    title: 'an MSR in the policy that Xen does not keep there',
    explain: 'The policy holds PLATFORM_INFO (0xce) and, since Xen 4.15, ARCH_CAPABILITIES (0x10a).',
    todo: TODO.newer,
    source: `${FROM_BUFFER}: x86_msr_copy_from_buffer()`,
    when: (records) => msrHit(records, ({ idx }) => idx !== 0xce && (idx !== 0x10a || records.xen < 415)),
  },
  {
    ...common,
    id: 'HO-06',
    errno: 75,
    title: 'a value of PLATFORM_INFO that is wider than 32 bits',
    explain: 'Xen keeps it in 32 bits.',
    todo: TODO.copy,
    source: `${FROM_BUFFER}: x86_msr_copy_from_buffer()`,
    when: (records) => msrHit(records, ({ idx, val }) => idx === 0xce && val >> 32n !== 0n),
  },
  {
    ...common,
    id: 'HO-07',
    errno: 22,
    certainty: 'target',
    versions: { from: 422 },
    title: 'the guest’s CPU is of another vendor than the target’s',
    explain: 'Since Xen 4.22 a guest is not restored on a CPU of another vendor.',
    todo: TODO.target,
    source: COMPATIBLE,
    when: (records) =>
      records.max !== undefined &&
      records.policy.leaf(0) !== undefined &&
      records.policy.vendor !== records.max.vendor && {
        ...refused(0, NONE, NONE),
        settled: true,
        message: `the guest’s CPU is ${records.policy.vendor}, the target’s ${records.max.vendor}`,
        at: leafAt(records, indexOf(records, 0)),
      },
  },
  {
    ...common,
    id: 'HO-08',
    errno: 22,
    certainty: 'target',
    title: 'the guest has more basic CPUID leaves than the target gives',
    explain: 'The highest basic leaf of the guest (leaf 0, eax) must not be above that of the target’s maximum policy.',
    todo: TODO.target,
    source: COMPATIBLE,
    when: (records) =>
      tooHigh(records, {
        leaf: 0,
        value: records.policy.maxLeaf,
        most: room(records.xen).basic,
        target: records.max?.maxLeaf,
      }),
  },
  {
    ...common,
    id: 'HO-09',
    errno: 22,
    certainty: 'target',
    versions: { from: 415 },
    title: 'the guest has more subleaves of leaf 7 than the target gives',
    explain: 'The highest subleaf of leaf 7 (eax) must not be above that of the target’s maximum policy.',
    todo: TODO.target,
    source: COMPATIBLE,
    when: (records) =>
      tooHigh(records, {
        leaf: 7,
        subleaf: 0,
        value: records.policy.maxSubleaf,
        most: room(records.xen).features,
        target: records.max?.maxSubleaf,
      }),
  },
  {
    ...common,
    id: 'HO-10',
    errno: 22,
    certainty: 'target',
    title: 'the guest has more extended CPUID leaves than the target gives',
    explain:
      'The highest extended leaf of the guest (leaf 0x80000000, eax) must not be above that of the target’s maximum policy.',
    todo: TODO.target,
    source: COMPATIBLE,
    when: (records) =>
      tooHigh(records, {
        leaf: 0x8000_0000,
        value: records.policy.maxExtended,
        most: 0x8000_0000 + room(records.xen).extended,
        target: records.max?.maxExtended,
      }),
  },
  {
    ...common,
    id: 'HO-11',
    errno: 22,
    certainty: 'target',
    title: 'bits of PLATFORM_INFO that the target does not give',
    explain:
      'Only bit 31, CPUID faulting, exists in Xen’s policies: HVM guests always may have it, PV guests where the CPU has it.',
    todo: TODO.target,
    source: COMPATIBLE,
    when: (records) => {
      const known = records.max?.platformInfo ?? 1n << 31n;
      const extra = records.policy.platformInfo & ~known & 0xffff_ffffn;
      if (extra === 0n) return false;
      return {
        ...msrHit(records, ({ idx }) => idx === 0xce),
        ...refused(NONE, NONE, 0xce),
        settled: true,
        message: `PLATFORM_INFO bits ${hex0x(extra)}, which the target does not give`,
      };
    },
  },
  {
    id: 'HO-12',
    layer: 'hypervisor',
    severity: 'note',
    certainty: 'target',
    title: 'CPU features that the target does not give are taken from the guest',
    explain:
      'Xen clears them without a word. A guest that has found a feature and goes on using it fails after the restore.',
    todo: TODO.target,
    source: 'xen/arch/x86/cpu-policy.c: recalculate_cpuid_policy()',
    when: ({ policy, max, leaves }) => {
      if (leaves.length === 0) return false;
      if (!max)
        return {
          settled: false,
          message: 'whether the target gives all CPU features that the guest has is not known: give its xen-cpuid -p',
        };
      const lost = lostFeatures(policy, max);
      return (
        lost.length > 0 && { settled: true, message: `CPU features that the target does not give: ${lost.join(', ')}` }
      );
    },
  },
  {
    id: 'HO-14',
    layer: 'libxl',
    severity: 'note',
    title: 'the stream holds no CPUID policy: libxl makes one up from the configuration and the target',
    explain: 'Streams of Xen 4.13 and older hold none. The guest may find features that it did not have, or miss some.',
    todo: 'Restore on a host of the same CPU and give the cpuid= of the configuration.',
    source: 'tools/libs/light/libxl_cpuid.c: libxl__cpuid_legacy()',
    when: ({ leaves }) => leaves.length === 0,
  },
];

function msrHit(records: PolicyRecords, bad: (entry: MsrEntry) => boolean): Hit | false {
  const index = records.msrs.findIndex(bad);
  const entry = records.msrs[index];
  return (
    entry !== undefined && {
      ...refused(NONE, NONE, entry.idx),
      at: { offset: records.msrsAt + index * MSR_SIZE, length: MSR_SIZE },
    }
  );
}
