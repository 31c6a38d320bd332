/** What Xen looks at in a CPU_XSAVE entry. */
import { readU64 } from '../../../../format/kit/bytes';
import { says } from '../../../kit/log-line';
import { ADVICE } from '../../../kit/rule';
import { AREA_MIN_SIZE } from '../../../../format/x86/xsave-layouts';
import { hostComponents, xcr0Max, xstateSize } from '../../../target/xstate';
import { type Xstate, xstateFault } from '../../x86/xstate';
import type { EntryRule, HvmEntrySubject } from './entry';

const DESCRIPTOR = 8;
const common = { layer: 'hypervisor', severity: 'fatal', errno: 22, advice: ADVICE.copy } as const;

/** Offsets in struct hvm_hw_cpu_xsave; the area's own header is at 512 of it. */
const XSAVE = { features: 0, xcr0: 8, accum: 16, area: 24, header: 24 + 512 } as const;
const XSAVE_LOAD = 'xen/arch/x86/hvm/hvm.c: hvm_load_cpu_xsave_states()';
const isXsave = ({ typecode }: HvmEntrySubject): boolean => typecode === 16;
const u64 = ({ body }: HvmEntrySubject, at: number): bigint => readU64(body, at, true);

function xstateOf(entry: HvmEntrySubject): Xstate {
  // 4.6 looks at neither of the two, and before 4.8 the policy did not count.
  const isOld = entry.xen < 407;
  return {
    xcr0: u64(entry, XSAVE.xcr0),
    accum: u64(entry, XSAVE.accum),
    bv: u64(entry, XSAVE.header),
    compacted: isOld ? 0n : u64(entry, XSAVE.header + 8),
    reserved: !isOld && entry.body.subarray(XSAVE.header + 16, XSAVE.header + 64).some((byte) => byte !== 0),
    allowed: entry.cpu && entry.xen >= 408 ? xcr0Max(entry.cpu) : undefined,
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

export const XSAVE_RULES: readonly EntryRule[] = [
  {
    ...common,
    id: 'HH-25',
    errno: 95,
    certainty: 'target',
    title: 'extended state, for a target whose CPU has none',
    explain: 'The target’s CPU has no XSAVE.',
    advice: ADVICE.target,
    source: XSAVE_LOAD,
    when: (entry) =>
      isXsave(entry) && entry.target !== undefined && !entry.target.host.has('xsave') && { settled: true },
  },
  {
    ...common,
    id: 'HH-26',
    versions: { before: 419 },
    errno: 61,
    log: [says.xen('HVM{N}.%u restore: not enough data left to read %u xsave bytes')],
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
    log: [says.xen('HVM{N}.%u restore mismatch: xsave length %u < %zu')],
    title: 'extended state that is too short',
    explain: 'It takes 600 bytes at least: three words, the legacy area and the header.',
    source: XSAVE_LOAD,
    when: (entry) =>
      isXsave(entry) &&
      entry.length < XSAVE.area + AREA_MIN_SIZE && {
        values: [entry.instance, entry.length, XSAVE.area + AREA_MIN_SIZE],
        at: { offset: 4, length: 4 },
      },
  },
  {
    ...common,
    id: 'HH-28',
    log: [says.xen('HVM{N}.%u restore: inconsistent xsave state (feat=%#lx accum=%#lx xcr0=%#lx bv=%#lx err=%d)')],
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
    log: [says.xen('HVM{N}.%u restore mismatch: xsave length %#x > %#x (non-zero data at %#x)')],
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
    log: [says.xen('HVM{N}.%u restore mismatch: xsave length %#x > %#x')],
    title: 'extended state longer than its components, zeros behind them: Xen says so and takes it',
    explain: 'Xen 4.3.0, 4.2.3 and older sent more than needed.',
    advice: ADVICE.none,
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
    versions: { from: 407 },
    log: [says.xen('HVM{N}.%u restore mismatch: xsave length %#x != %#x')],
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
