/** What Xen looks at in the two entries of a VCPU that have no fixed length: CPU_XSAVE and CPU_MSR. */
import { hex0x } from '../../../lib/text';
import { readU32, readU64 } from '../../../format/kit/bytes';
import { TODO } from '../../rule';
import { hostComponents } from '../../simulate/host';
import { xcr0Max, XSTATE_MIN_SIZE, xstateSize } from '../../target/xstate';
import { isHvmMsr, msrFault } from '../msrs';
import { type Xstate, xstateFault } from '../xstate';
import type { EntryRule, HvmEntrySubject } from './entry';

const DESCRIPTOR = 8;
const common = { layer: 'hypervisor', severity: 'fatal', errno: 22, todo: TODO.copy } as const;

/** Offsets in struct hvm_hw_cpu_xsave; the area's own header is at 512 of it. */
const XSAVE = { features: 0, xcr0: 8, accum: 16, area: 24, header: 24 + 512 } as const;
const XSAVE_LOAD = 'xen/arch/x86/hvm/hvm.c: hvm_load_cpu_xsave_states()';
const isXsave = ({ typecode }: HvmEntrySubject): boolean => typecode === 16;
const u64 = ({ body }: HvmEntrySubject, at: number): bigint => readU64(body, at, true);

function xstateOf(entry: HvmEntrySubject): Xstate {
  return {
    xcr0: u64(entry, XSAVE.xcr0),
    accum: u64(entry, XSAVE.accum),
    bv: u64(entry, XSAVE.header),
    compacted: u64(entry, XSAVE.header + 8),
    reserved: entry.body.subarray(XSAVE.header + 16, XSAVE.header + 64).some((byte) => byte !== 0),
    allowed: entry.cpu ? xcr0Max(entry.cpu) : undefined,
    host: hostComponents(entry.target),
  };
}

/** Bytes that the entry takes for its components; undefined where they are not known. */
function neededOf(entry: HvmEntrySubject): number | undefined {
  const area = xstateSize(u64(entry, XSAVE.accum), entry.target?.host);
  return area === undefined ? undefined : XSAVE.area + area;
}

/** First byte that is set behind what the components take. */
function strayByte({ body, length }: HvmEntrySubject, needed: number): number {
  for (let at = needed; at < length; at++) if ((body[at] ?? 0) !== 0) return at;
  return -1;
}

const XSAVE_RULES: readonly EntryRule[] = [
  {
    ...common,
    id: 'HH-25',
    errno: 95,
    certainty: 'target',
    title: 'extended state, for a target whose CPU has none',
    explain: 'The target’s CPU has no XSAVE.',
    todo: TODO.target,
    source: XSAVE_LOAD,
    when: (entry) =>
      isXsave(entry) && entry.target !== undefined && !entry.target.host.has('xsave') && { settled: true },
  },
  {
    ...common,
    id: 'HH-26',
    errno: 61,
    log: ['HVM{N}.%u restore: not enough data left to read %u xsave bytes'],
    title: 'extended state that leads out of the context',
    explain: 'Its length is larger than what is left.',
    source: XSAVE_LOAD,
    when: (entry) =>
      isXsave(entry) &&
      entry.length > entry.remaining && { values: [entry.instance, entry.length], at: { offset: 4, length: 4 } },
  },
  {
    ...common,
    id: 'HH-27',
    log: ['HVM{N}.%u restore mismatch: xsave length %u < %zu'],
    title: 'extended state that is too short',
    explain: 'It takes 600 bytes at least: three words, the legacy area and the header.',
    source: XSAVE_LOAD,
    when: (entry) =>
      isXsave(entry) &&
      entry.length < XSAVE.area + XSTATE_MIN_SIZE && {
        values: [entry.instance, entry.length, XSAVE.area + XSTATE_MIN_SIZE],
        at: { offset: 4, length: 4 },
      },
  },
  {
    ...common,
    id: 'HH-28',
    log: ['HVM{N}.%u restore: inconsistent xsave state (feat=%#lx accum=%#lx xcr0=%#lx bv=%#lx err=%d)'],
    title: 'extended state that does not fit together',
    explain:
      'XCR0 and the components in the area must lie within XCR0_accum, that within what the guest’s CPUID policy allows, and all must be valid to the CPU.',
    source: XSAVE_LOAD,
    when: (entry) => {
      const state = xstateOf(entry);
      const fault = isXsave(entry) ? xstateFault(state) : undefined;
      if (!fault) return false;
      const values = [entry.instance, u64(entry, XSAVE.features), state.accum, state.xcr0, state.bv, -fault.errno];
      return { values, errno: fault.errno, message: fault.why, at: { offset: DESCRIPTOR, length: XSAVE.area } };
    },
  },
  {
    ...common,
    id: 'HH-29',
    errno: 95,
    log: ['HVM{N}.%u restore mismatch: xsave length %#x > %#x (non-zero data at %#x)'],
    title: 'extended state longer than its components, with something behind them',
    explain: 'Xen takes a longer area only where the rest is zeros.',
    source: XSAVE_LOAD,
    when: (entry) => {
      const needed = neededOf(entry);
      if (!isXsave(entry) || needed === undefined || entry.length <= needed) return false;
      const stray = strayByte(entry, needed);
      return (
        stray >= 0 && {
          values: [entry.instance, entry.length, needed, stray],
          at: { offset: DESCRIPTOR + stray, length: 1 },
        }
      );
    },
  },
  {
    id: 'HH-30',
    layer: 'hypervisor',
    severity: 'note',
    log: ['HVM{N}.%u restore mismatch: xsave length %#x > %#x'],
    title: 'extended state longer than its components, zeros behind them: Xen says so and takes it',
    explain: 'Xen 4.3.0, 4.2.3 and older sent more than needed.',
    todo: TODO.none,
    source: XSAVE_LOAD,
    when: (entry) => {
      const needed = neededOf(entry);
      return (
        isXsave(entry) &&
        needed !== undefined &&
        entry.length > needed && { values: [entry.instance, entry.length, needed] }
      );
    },
  },
  {
    ...common,
    id: 'HH-32',
    log: ['HVM{N}.%u restore mismatch: xsave length %#x != %#x'],
    title: 'extended state shorter than its components',
    explain: 'The area must hold all components of XCR0_accum.',
    source: XSAVE_LOAD,
    when: (entry) => {
      const needed = neededOf(entry);
      return (
        isXsave(entry) &&
        needed !== undefined &&
        entry.length < needed && { values: [entry.instance, entry.length, needed], at: { offset: 4, length: 4 } }
      );
    },
  },
];

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

const MSR_RULES: readonly EntryRule[] = [
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

export const STATE_RULES: readonly EntryRule[] = [...XSAVE_RULES, ...MSR_RULES];
