/** What Xen looks at in the MSRs of a PV vCPU. */
import { elementAt } from '../../../format/kit/fields';
import { MSR_ENTRY } from '../../../format/libxc/policy';
import { hex0x } from '../../../lib/text';
import { says } from '../../kit/log-line';
import { type Rule, ADVICE } from '../../kit/rule';
import type { GuestCpu } from '../../target/guest-cpu';
import type { MsrEntry } from '../../target/policy';
import { msrFault, PV_MSRS } from '../x86/msrs';

/** The MSRs of a PV vCPU as its record has them. */
export interface PvMsrs {
  readonly vcpu: number;
  readonly entries: readonly MsrEntry[];
  readonly cpu: GuestCpu | undefined;
}

const SET = 'xen/arch/x86/domctl.c: XEN_DOMCTL_set_vcpu_msrs';
const refused = { layer: 'hypervisor', severity: 'fatal', errno: 22, advice: ADVICE.writer, source: SET } as const;

/** The first entry that Xen stops at, with the reason. */
interface BadMsr {
  readonly index: number;
  readonly entry: MsrEntry;
  readonly why: 'reserved' | 'unknown' | 'value';
  readonly text: string;
}

function firstBad({ entries, cpu }: PvMsrs): BadMsr | undefined {
  for (const [index, entry] of entries.entries()) {
    const { idx, flags, val } = entry;
    if (flags !== 0) return { index, entry, why: 'reserved', text: 'the reserved word is set' };
    if (!PV_MSRS.includes(idx)) return { index, entry, why: 'unknown', text: 'Xen does not load it for PV guests' };
    const fault = msrFault(idx, val, cpu);
    if (fault !== undefined) return { index, entry, why: 'value', text: fault };
  }
  return undefined;
}

const when = (why: BadMsr['why']) => (msrs: PvMsrs) => {
  const bad = firstBad(msrs);
  if (bad?.why !== why) return false;
  const { idx, val } = bad.entry;
  return {
    values: [msrs.vcpu, idx, val],
    message: `MSR ${hex0x(idx)} = ${hex0x(val)}: ${bad.text}`,
    at: elementAt(MSR_ENTRY, bad.index),
  };
};

export const PV_MSR_RULES: readonly Rule<PvMsrs>[] = [
  {
    ...refused,
    id: 'HP-34',
    title: 'more MSRs than Xen loads for a PV vCPU',
    explain: 'Xen saves and loads seven MSRs of a PV vCPU.',
    when: ({ entries }) =>
      entries.length > PV_MSRS.length && { message: `${entries.length} MSRs; Xen loads ${PV_MSRS.length} at most` },
  },
  {
    ...refused,
    id: 'HP-35',
    title: 'the reserved word of an MSR is set',
    explain: 'The word must be zero.',
    when: when('reserved'),
  },
  {
    ...refused,
    id: 'HP-36',
    variant: 'told',
    versions: { from: 420 },
    errno: 6,
    log: [says.xen('d{N}v%u attempted load of unhandled MSR %#x')],
    title: 'an MSR that Xen does not load for PV guests',
    explain: 'Xen saves and loads only some MSRs of a PV guest, and this is none of them.',
    when: when('unknown'),
  },
  {
    ...refused,
    id: 'HP-36',
    variant: 'silent',
    versions: { before: 420 },
    title: 'an MSR that Xen does not load for PV guests',
    explain: 'Xen saves and loads only some MSRs of a PV guest, and this is none of them.',
    when: when('unknown'),
  },
  {
    ...refused,
    id: 'HP-37',
    variant: 'told',
    versions: { from: 420 },
    errno: 6,
    log: [says.xen('d{N}v%u load MSR %#x with value %#lx failed')],
    title: 'an MSR value that Xen refuses',
    explain: 'The guest’s CPUID policy does not allow the value, or reserved bits are set.',
    advice: ADVICE.target,
    when: when('value'),
  },
  {
    ...refused,
    id: 'HP-37',
    variant: 'silent',
    versions: { before: 420 },
    title: 'an MSR value that Xen refuses',
    explain: 'The guest’s CPUID policy does not allow the value, or reserved bits are set.',
    advice: ADVICE.target,
    when: when('value'),
  },
];
