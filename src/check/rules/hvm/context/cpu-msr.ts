/** What Xen looks at in a CPU_MSR entry. Source: xen/arch/x86/hvm/hvm.c, hvm_load_cpu_msrs(). */
import { HVM_DESCRIPTOR, HVM_DESCRIPTOR_SIZE } from '../../../../format/hvm/entries';
import { HVM_CPU_MSR, HVM_MSRS_AT, HVM_ONE_MSR } from '../../../../format/hvm/msrs';
import { fieldsOf, spanOf } from '../../../../format/kit/fields';
import { sizeOf, type ValueOf } from '../../../../format/kit/layout';
import { Msr, MSR_NAMES } from '../../../../format/x86/msrs';
import { hex0x } from '../../../../lib/text';
import { says } from '../../../kit/log-line';
import { type Hit, ADVICE } from '../../../kit/rule';
import { isLoaded, msrFault } from './msr-table';
import type { HvmStateSubject, StateRule } from './state';

type Msrs = HvmStateSubject<typeof HVM_CPU_MSR>;

const field = fieldsOf(HVM_CPU_MSR, HVM_DESCRIPTOR_SIZE);
const lengthField = fieldsOf(HVM_DESCRIPTOR)('length');
const common = {
  layer: 'hypervisor',
  severity: 'fatal',
  errno: 22,
  advice: ADVICE.copy,
  source: 'xen/arch/x86/hvm/hvm.c: hvm_load_cpu_msrs()',
} as const;

/** Bytes of an entry with so many MSRs. */
const lengthWith = (count: number): number => HVM_MSRS_AT + count * sizeOf(HVM_ONE_MSR);

const nameOf = (index: number): string => MSR_NAMES[index] ?? hex0x(index);

/** An MSR that Xen stops at. */
interface BadMsr {
  /** Its place in the list. */
  readonly item: number;
  readonly msr: ValueOf<typeof HVM_ONE_MSR>;
  /** Why Xen refuses the value; undefined for an MSR that it does not load at all. */
  readonly fault: string | undefined;
}

/** Returns the first MSR that Xen stops at; undefined where it takes all. */
function firstBadMsr({ state, xen, cpu, accum, target }: Msrs): BadMsr | undefined {
  for (const [item, msr] of state.msr.entries()) {
    if (!isLoaded(msr.index, xen, target?.host.vendor)) return { item, msr, fault: undefined };
    const fault = msrFault(msr.index, { value: msr.val, xen, cpu, accum });
    if (fault !== undefined) return { item, msr, fault };
  }
  return undefined;
}

/** Xen says since 4.20 which MSR it stops at. */
const SPOKEN = 420;
const silentBefore = (rules: readonly StateRule<typeof HVM_CPU_MSR>[]): StateRule<typeof HVM_CPU_MSR>[] =>
  rules.flatMap(({ log = [], ...silent }) => [
    { ...silent, variant: 'told', log, versions: { from: SPOKEN } },
    { ...silent, variant: 'silent', versions: { before: SPOKEN } },
  ]);

const value = {
  ...common,
  errno: 6,
  log: [says.xen('HVM d{N}v%u load MSR %#x with value %#lx failed')],
  advice: ADVICE.target,
  source: 'xen/arch/x86/msr.c: guest_wrmsr()',
} as const;

/** Objects to a value of one of some MSRs. */
const badValue =
  (isMine: (index: number) => boolean) =>
  (entry: Msrs): Hit | false => {
    const bad = firstBadMsr(entry);
    if (bad?.fault === undefined || !isMine(bad.msr.index)) return false;
    const { index, val } = bad.msr;
    return {
      values: [entry.instance, index, val],
      message: `${nameOf(index)} = ${hex0x(val)}: ${bad.fault}`,
      at: field(`msr[${bad.item}]`),
    };
  };

export const MSR_RULES: readonly StateRule<typeof HVM_CPU_MSR>[] = [
  {
    ...common,
    id: 'HH-33',
    versions: { before: 419 },
    errno: 61,
    log: [says.xen('HVM{N}.%u restore: not enough data left to read %u MSR bytes')],
    title: 'MSRs that extend past the end of the context',
    explain: 'The length is larger than what is left: an old sender wrote it too long.',
    when: ({ instance, length, remaining }) => length > remaining && { values: [instance, length], at: lengthField },
  },
  {
    ...common,
    id: 'HH-34',
    log: [says.xen('HVM{N}.%u restore mismatch: MSR length %u < %zu')],
    title: 'a CPU_MSR without an MSR',
    explain: 'It takes 24 bytes at least: the count and one MSR.',
    when: ({ instance, length }) =>
      length < lengthWith(1) && { values: [instance, length, lengthWith(1)], at: lengthField },
  },
  {
    ...common,
    id: 'HH-35',
    errno: 95,
    log: [says.xen('HVM{N}.%u restore mismatch: MSR length %u != %zu')],
    title: 'a CPU_MSR whose length does not fit its count',
    explain: 'Each MSR takes 16 bytes behind the 8 of the count.',
    when: ({ instance, length, state: { count } }) =>
      length !== lengthWith(count) && {
        values: [instance, length, lengthWith(count)],
        at: spanOf(lengthField, field('count')),
      },
  },
  {
    ...common,
    id: 'HH-36',
    errno: 95,
    title: 'the reserved word of an MSR is set',
    explain: 'It must be zero.',
    when: ({ state }) => {
      const bad = state.msr.findIndex(({ _rsvd: reserved }) => reserved !== 0);
      return bad >= 0 && { at: field(`msr[${bad}]`) };
    },
  },
  ...silentBefore([
    {
      ...common,
      id: 'HH-37',
      errno: 6,
      log: [says.xen('HVM d{N}v%u attempted load of unhandled MSR %#x')],
      title: 'an MSR that this Xen does not load',
      explain: 'It is none of those that Xen of this version sends. Before 4.20 Xen prints no reason.',
      advice: ADVICE.newer,
      when: (entry) => {
        const bad = firstBadMsr(entry);
        return (
          bad !== undefined &&
          bad.fault === undefined && {
            values: [entry.instance, bad.msr.index],
            message: `MSR ${nameOf(bad.msr.index)}, which this Xen does not load`,
            at: field(`msr[${bad.item}]`),
          }
        );
      },
    },
    {
      ...value,
      id: 'HH-38',
      title: 'SPEC_CTRL has bits that the guest’s CPU does not have',
      explain:
        'Senders since 4.17 leave such bits out; older ones sent what the guest had written. A stream without a CPUID policy gets one made up, which may lack them.',
      when: badValue((index) => index === Msr.SPEC_CTRL),
    },
    {
      ...value,
      id: 'HH-39',
      title: 'CPUID faulting is on, which the guest’s policy does not have',
      explain: 'MISC_FEATURES_ENABLES has bit 0 only, and that needs bit 31 of PLATFORM_INFO in the MSR policy.',
      when: badValue((index) => index === Msr.INTEL_MISC_FEATURES_ENABLES),
    },
    {
      ...value,
      id: 'HH-40',
      title: 'a value of an MSR that Xen refuses',
      explain: 'The guest’s CPUID policy, or the target, lacks the feature, or reserved bits are set.',
      when: badValue((index) => index !== Msr.SPEC_CTRL && index !== Msr.INTEL_MISC_FEATURES_ENABLES),
    },
  ]),
];
