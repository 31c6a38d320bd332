/** What Xen looks at in the MSRs of a PV VCPU. */
import { hex0x } from '../../../lib/text';
import { says } from '../../kit/log-line';
import { type Rule, ADVICE } from '../../kit/rule';
import type { GuestCpu } from '../../target/guest-cpu';
import { isPvMsr, msrFault } from '../x86/msrs';

interface PvMsr {
  readonly index: number;
  readonly reserved: number;
  readonly value: bigint;
}

export interface PvMsrs {
  readonly vcpu: number;
  readonly entries: readonly PvMsr[];
  readonly cpu: GuestCpu | undefined;
}

const SET = 'xen/arch/x86/domctl.c: XEN_DOMCTL_set_vcpu_msrs';
const MSR_COUNT = 7;
const SIZE = 16;
const at = (index: number) => ({ offset: index * SIZE, length: SIZE });
const refused = { layer: 'hypervisor', severity: 'fatal', errno: 22, advice: ADVICE.writer, source: SET } as const;

/** The first entry that Xen stops at, with the reason. */
function firstBad({
  entries,
  cpu,
}: PvMsrs):
  | { readonly index: number; readonly why: 'reserved' | 'unknown' | 'value'; readonly text: string }
  | undefined {
  for (const [index, { index: msr, reserved, value }] of entries.entries()) {
    if (reserved !== 0) return { index, why: 'reserved', text: 'the reserved word is set' };
    if (!isPvMsr(msr)) return { index, why: 'unknown', text: 'Xen does not load it for PV guests' };
    const fault = msrFault(msr, value, cpu);
    if (fault !== undefined) return { index, why: 'value', text: fault };
  }
  return undefined;
}

const when = (reasons: readonly string[]) => (msrs: PvMsrs) => {
  const bad = firstBad(msrs);
  const entry = bad ? msrs.entries[bad.index] : undefined;
  if (!bad || !entry || !reasons.includes(bad.why)) return false;
  return {
    values: [msrs.vcpu, entry.index, entry.value],
    message: `MSR ${hex0x(entry.index)} = ${hex0x(entry.value)}: ${bad.text}`,
    at: at(bad.index),
  };
};

export const PV_MSR_RULES: readonly Rule<PvMsrs>[] = [
  {
    ...refused,
    id: 'HP-34',
    title: 'more MSRs than Xen loads for a PV VCPU',
    explain: 'Xen knows seven.',
    when: ({ entries }) =>
      entries.length > MSR_COUNT && { message: `${entries.length} MSRs; Xen loads ${MSR_COUNT} at most` },
  },
  {
    ...refused,
    id: 'HP-35',
    title: 'the reserved word of an MSR is set',
    explain: 'It must be zero.',
    when: when(['reserved']),
  },
  {
    ...refused,
    id: 'HP-36',
    variant: 'told',
    versions: { from: 420 },
    errno: 6,
    log: [says.xen('dNv%u attempted load of unhandled MSR %#x')],
    title: 'an MSR that Xen does not load for PV guests',
    explain: 'It is none of those that Xen sends.',
    when: when(['unknown']),
  },
  {
    ...refused,
    id: 'HP-36',
    variant: 'silent',
    versions: { before: 420 },
    title: 'an MSR that Xen does not load for PV guests',
    explain: 'It is none of those that Xen sends.',
    when: when(['unknown']),
  },
  {
    ...refused,
    id: 'HP-37',
    variant: 'told',
    versions: { from: 420 },
    errno: 6,
    log: [says.xen('dNv%u load MSR %#x with value %#lx failed')],
    title: 'a value of an MSR that Xen refuses',
    explain: 'The guest’s CPUID policy does not allow it, or reserved bits are set.',
    advice: ADVICE.target,
    when: when(['value']),
  },
  {
    ...refused,
    id: 'HP-37',
    variant: 'silent',
    versions: { before: 420 },
    title: 'a value of an MSR that Xen refuses',
    explain: 'The guest’s CPUID policy does not allow it, or reserved bits are set.',
    advice: ADVICE.target,
    when: when(['value']),
  },
];
