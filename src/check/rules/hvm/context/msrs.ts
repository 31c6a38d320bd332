/** What Xen looks at in a CPU_MSR entry. */
import { hex0x } from '../../../../lib/text';
import { readU32, readU64 } from '../../../../format/kit/bytes';
import { says } from '../../../kit/log-line';
import { ADVICE } from '../../../kit/rule';
import type { EntryRule, HvmEntrySubject } from './entry';
import { isLoaded, msrFault, msrName } from './msr-table';

const DESCRIPTOR = 8;
const common = { layer: 'hypervisor', severity: 'fatal', errno: 22, advice: ADVICE.copy } as const;

/** Offsets in struct hvm_msr, and of its entries of 16 bytes. */
const MSR = { count: 0, entries: 8, entry: 16 } as const;
const MSR_LOAD = 'xen/arch/x86/hvm/hvm.c: hvm_load_cpu_msrs()';
const isMsr = ({ typecode }: HvmEntrySubject): boolean => typecode === 20;
/** Xen sends ten kinds. */
const MSR_LIMIT = 1024;

interface Msr {
  readonly at: number;
  readonly index: number;
  readonly reserved: number;
  readonly value: bigint;
}

function msrsOf({ body }: HvmEntrySubject): Msr[] {
  const count = Math.min(readU32(body, MSR.count, true), MSR_LIMIT);
  return Array.from({ length: count }, (_, item) => {
    const at = MSR.entries + item * MSR.entry;
    return {
      at,
      index: readU32(body, at, true),
      reserved: readU32(body, at + 4, true),
      value: readU64(body, at + 8, true),
    };
  });
}

const placeOf = ({ at }: Msr) => ({ offset: DESCRIPTOR + at, length: MSR.entry });

/** The first MSR that Xen stops at: one that it does not load, or whose value it refuses. */
function firstBadMsr(entry: HvmEntrySubject): { readonly msr: Msr; readonly fault: string | undefined } | undefined {
  const { xen, cpu, accum, target } = entry;
  for (const msr of msrsOf(entry)) {
    if (!isLoaded(msr.index, xen, target?.host.vendor)) return { msr, fault: undefined };
    const fault = msrFault(msr.index, { value: msr.value, xen, cpu, accum });
    if (fault !== undefined) return { msr, fault };
  }
  return undefined;
}

/** Xen says since 4.20 which MSR it stops at. */
const SPOKEN = 420;
const silentBefore = (rules: readonly EntryRule[]): readonly EntryRule[] =>
  rules.flatMap(({ log = [], ...silent }) => [
    { ...silent, variant: 'told', log, versions: { from: SPOKEN } },
    { ...silent, variant: 'silent', versions: { before: SPOKEN } },
  ]);

const SPEC_CTRL = 0x48;
const MISC_FEATURES_ENABLES = 0x140;

const value = {
  ...common,
  errno: 6,
  log: [says.xen('HVM dNv%u load MSR %#x with value %#lx failed')],
  advice: ADVICE.target,
  source: 'xen/arch/x86/msr.c: guest_wrmsr()',
} as const;

const badValue = (isMine: (index: number) => boolean) => (entry: HvmEntrySubject) => {
  const bad = isMsr(entry) ? firstBadMsr(entry) : undefined;
  return (
    bad?.fault !== undefined &&
    isMine(bad.msr.index) && {
      values: [entry.instance, bad.msr.index, bad.msr.value],
      message: `${msrName(bad.msr.index)} = ${hex0x(bad.msr.value)}: ${bad.fault}`,
      at: placeOf(bad.msr),
    }
  );
};

export const MSR_RULES: readonly EntryRule[] = [
  {
    ...common,
    id: 'HH-33',
    versions: { before: 419 },
    errno: 61,
    log: [says.xen('HVM{N}.%u restore: not enough data left to read %u MSR bytes')],
    title: 'MSRs that lead out of the context',
    explain: 'The length is larger than what is left: an old sender wrote it too long.',
    source: MSR_LOAD,
    when: (entry) =>
      isMsr(entry) &&
      entry.length > entry.remaining && { values: [entry.instance, entry.length], at: { offset: 4, length: 4 } },
  },
  {
    ...common,
    id: 'HH-34',
    log: [says.xen('HVM{N}.%u restore mismatch: MSR length %u < %zu')],
    title: 'a CPU_MSR without an MSR',
    explain: 'It takes 24 bytes at least: the count and one MSR.',
    source: MSR_LOAD,
    when: (entry) =>
      isMsr(entry) &&
      entry.length < MSR.entries + MSR.entry && {
        values: [entry.instance, entry.length, MSR.entries + MSR.entry],
        at: { offset: 4, length: 4 },
      },
  },
  {
    ...common,
    id: 'HH-35',
    errno: 95,
    log: [says.xen('HVM{N}.%u restore mismatch: MSR length %u != %zu')],
    title: 'a CPU_MSR whose length does not fit its count',
    explain: 'Each MSR takes 16 bytes behind the 8 of the count.',
    source: MSR_LOAD,
    when: (entry) => {
      const needed = MSR.entries + readU32(entry.body, MSR.count, true) * MSR.entry;
      return (
        isMsr(entry) &&
        entry.length !== needed && { values: [entry.instance, entry.length, needed], at: { offset: 4, length: 8 } }
      );
    },
  },
  {
    ...common,
    id: 'HH-36',
    errno: 95,
    title: 'the reserved word of an MSR is set',
    explain: 'It must be zero.',
    source: MSR_LOAD,
    when: (entry) => {
      const bad = isMsr(entry) ? msrsOf(entry).find(({ reserved }) => reserved !== 0) : undefined;
      return bad !== undefined && { at: placeOf(bad) };
    },
  },
  ...silentBefore([
    {
      ...common,
      id: 'HH-37',
      errno: 6,
      log: [says.xen('HVM dNv%u attempted load of unhandled MSR %#x')],
      title: 'an MSR that this Xen does not load',
      explain: 'It is none of those that Xen of this version sends. Before 4.20 Xen prints no reason.',
      advice: ADVICE.newer,
      source: MSR_LOAD,
      when: (entry) => {
        const bad = isMsr(entry) ? firstBadMsr(entry) : undefined;
        return (
          bad !== undefined &&
          bad.fault === undefined && {
            values: [entry.instance, bad.msr.index],
            message: `MSR ${msrName(bad.msr.index)}, which this Xen does not load`,
            at: placeOf(bad.msr),
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
      when: badValue((index) => index === SPEC_CTRL),
    },
    {
      ...value,
      id: 'HH-39',
      title: 'CPUID faulting is on, which the guest’s policy does not have',
      explain: 'MISC_FEATURES_ENABLES has bit 0 only, and that needs bit 31 of PLATFORM_INFO in the MSR policy.',
      when: badValue((index) => index === MISC_FEATURES_ENABLES),
    },
    {
      ...value,
      id: 'HH-40',
      title: 'a value of an MSR that Xen refuses',
      explain: 'The guest’s CPUID policy, or the target, lacks the feature, or reserved bits are set.',
      when: badValue((index) => index !== SPEC_CTRL && index !== MISC_FEATURES_ENABLES),
    },
  ]),
];
