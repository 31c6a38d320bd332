/** What Xen looks at while it takes over the leaves and MSRs of a policy. */
import { hex } from '../../../lib/text';
import { type CpuidLeaf, NO_SUBLEAF } from '../../../format/x86/cpuid/leaf';
import { Msr } from '../../../format/x86/msrs';
import { type Rule, ADVICE } from '../../kit/rule';
import type { XenVersion } from '../../kit/xen-version';
import { NONE, common, leafAt, msrHit, msrsAt, refused, room, type PolicyRecords } from './records';

/** Tells whether Xen keeps no such leaf in a policy. */
function isOutOfRange({ leaf, subleaf }: CpuidLeaf, xen: XenVersion): boolean {
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

/** MSRs that Xen keeps in a policy. */
const msrRoom = (xen: XenVersion): readonly number[] =>
  xen >= 415 ? [Msr.INTEL_PLATFORM_INFO, Msr.ARCH_CAPABILITIES] : [Msr.INTEL_PLATFORM_INFO];

const FROM_BUFFER = 'xen/arch/x86/lib/cpu-policy/copy-from-buffer.c';

export const COPY_RULES: readonly Rule<PolicyRecords>[] = [
  {
    ...common,
    id: 'HO-01',
    errno: 7,
    title: 'more CPUID leaves than Xen accepts',
    explain: 'Xen keeps a fixed number of leaves: 114 in 4.14 and 4.15, 119 in 4.16, 120 since.',
    advice: ADVICE.newer,
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
    advice: ADVICE.newer,
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
    title: 'more MSRs in the policy than Xen accepts',
    explain: 'Xen keeps two MSRs in a policy since 4.15, one before.',
    advice: ADVICE.newer,
    source: `${FROM_BUFFER}: x86_msr_copy_from_buffer()`,
    when: (records) =>
      records.msrs.length > msrRoom(records.xen).length && {
        ...refused(NONE, NONE, NONE),
        at: msrsAt(records, 0, records.msrs.length - 1),
      },
  },
  {
    ...common,
    id: 'HO-04',
    errno: 22,
    title: 'flags of an MSR in the policy are set',
    explain: 'The flags of an MSR must be zero.',
    advice: ADVICE.copy,
    source: `${FROM_BUFFER}: x86_msr_copy_from_buffer()`,
    when: (records) => msrHit(records, ({ flags }) => flags !== 0),
  },
  {
    ...common,
    id: 'HO-05',
    errno: 34,
    title: 'an MSR in the policy that Xen does not keep there',
    explain: 'The policy holds PLATFORM_INFO (0xce) and, since Xen 4.15, ARCH_CAPABILITIES (0x10a).',
    advice: ADVICE.newer,
    source: `${FROM_BUFFER}: x86_msr_copy_from_buffer()`,
    when: (records) => msrHit(records, ({ idx }) => !msrRoom(records.xen).includes(idx)),
  },
  {
    ...common,
    id: 'HO-06',
    errno: 75,
    title: 'a value of PLATFORM_INFO that is wider than 32 bits',
    explain: 'Xen keeps the value in 32 bits.',
    advice: ADVICE.copy,
    source: `${FROM_BUFFER}: x86_msr_copy_from_buffer()`,
    when: (records) => msrHit(records, ({ idx, val }) => idx === Msr.INTEL_PLATFORM_INFO && val >> 32n !== 0n),
  },
];
