/** What Xen looks at in a CPU_MSR entry. */
import { hex0x } from '../../../lib/text';
import { readU32, readU64 } from '../../../format/kit/bytes';
import { TODO } from '../../rule';
import { isHvmMsr, msrFault } from '../msrs';
import type { EntryRule, HvmEntrySubject } from './entry';

const DESCRIPTOR = 8;
const common = { layer: 'hypervisor', severity: 'fatal', errno: 22, todo: TODO.copy } as const;

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
  for (const msr of msrsOf(entry)) {
    if (!isHvmMsr(msr.index, entry.xen)) return { msr, fault: undefined };
    const fault = msrFault(msr.index, msr.value, entry.cpu);
    if (fault !== undefined) return { msr, fault };
  }
  return undefined;
}

export const MSR_RULES: readonly EntryRule[] = [
  {
    ...common,
    id: 'HH-33',
    errno: 61,
    log: ['HVM{N}.%u restore: not enough data left to read %u MSR bytes'],
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
    log: ['HVM{N}.%u restore mismatch: MSR length %u < %zu'],
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
    log: ['HVM{N}.%u restore mismatch: MSR length %u != %zu'],
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
  {
    ...common,
    id: 'HH-37',
    errno: 6,
    log: ['HVM dNv%u attempted load of unhandled MSR %#x'],
    title: 'an MSR that this Xen does not load',
    explain: 'It is none of those that Xen of this version sends.',
    todo: TODO.newer,
    source: MSR_LOAD,
    when: (entry) => {
      const bad = isMsr(entry) ? firstBadMsr(entry) : undefined;
      return (
        bad !== undefined &&
        bad.fault === undefined && {
          values: [entry.instance, bad.msr.index],
          message: `MSR ${hex0x(bad.msr.index)}, which this Xen does not load`,
          at: placeOf(bad.msr),
        }
      );
    },
  },
  {
    ...common,
    id: 'HH-38',
    errno: 6,
    log: ['HVM dNv%u load MSR %#x with value %#lx failed'],
    title: 'a value of an MSR that the guest’s CPU does not allow',
    explain:
      'Bits of it need CPU features that the guest’s policy, and the target, must have. A stream without a CPUID policy gets one made up, which may lack them.',
    todo: TODO.target,
    source: 'xen/arch/x86/msr.c: guest_wrmsr()',
    when: (entry) => {
      const bad = isMsr(entry) ? firstBadMsr(entry) : undefined;
      return (
        bad?.fault !== undefined && {
          values: [entry.instance, bad.msr.index, bad.msr.value],
          message: `MSR ${hex0x(bad.msr.index)} = ${hex0x(bad.msr.value)}: ${bad.fault}`,
          at: placeOf(bad.msr),
        }
      );
    },
  },
];
