/** What Xen holds against the most that the target gives to a guest. */
import { hex, hex0x } from '../../../lib/text';
import { NO_SUBLEAF } from '../../../format/x86/cpuid/leaf';
import { Msr } from '../../../format/x86/msrs';
import { type Hit, type Rule, ADVICE } from '../../kit/rule';
import { CPUID_FAULTING } from '../../target/guest-cpu';
import { NONE, common, indexOf, leafAt, msrHit, refused, room, type PolicyRecords } from './records';

/** Sees a maximum that is higher than the target's; where that is not known, higher than any Xen of the version has it. */
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

const COMPATIBLE = 'xen/arch/x86/lib/cpu-policy/policy.c: x86_cpu_policies_are_compatible()';

export const COMPATIBLE_RULES: readonly Rule<PolicyRecords>[] = [
  {
    ...common,
    id: 'HO-07',
    errno: 22,
    certainty: 'target',
    versions: { from: 422 },
    title: 'the guest’s CPU is from another vendor than the target’s',
    explain: 'Since Xen 4.22 a guest is not restored on a CPU of another vendor.',
    advice: ADVICE.target,
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
    title: 'the guest has more basic CPUID leaves than the target offers',
    explain: 'The highest basic leaf of the guest (leaf 0, eax) must not be above that of the target’s maximum policy.',
    advice: ADVICE.target,
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
    title: 'the guest has more subleaves of leaf 7 than the target offers',
    explain: 'The highest subleaf of leaf 7 (eax) must not be above that of the target’s maximum policy.',
    advice: ADVICE.target,
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
    title: 'the guest has more extended CPUID leaves than the target offers',
    explain:
      'The highest extended leaf of the guest (leaf 0x80000000, eax) must not be above that of the target’s maximum policy.',
    advice: ADVICE.target,
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
    title: 'bits of PLATFORM_INFO that the target does not offer',
    explain:
      'Only bit 31, CPUID faulting, exists in Xen’s policies: HVM guests always may have it, PV guests where the CPU has it.',
    advice: ADVICE.target,
    source: COMPATIBLE,
    when: (records) => {
      const known = records.max?.platformInfo ?? CPUID_FAULTING;
      const extra = BigInt.asUintN(32, records.policy.platformInfo & ~known);
      if (extra === 0n) return false;
      return {
        ...msrHit(records, ({ idx }) => idx === Msr.INTEL_PLATFORM_INFO),
        ...refused(NONE, NONE, Msr.INTEL_PLATFORM_INFO),
        settled: true,
        message: `PLATFORM_INFO bits ${hex0x(extra)}, which the target does not offer`,
      };
    },
  },
];
