/** What Xen looks at in a CPU_XSAVE entry. Source: xen/arch/x86/hvm/hvm.c, hvm_load_cpu_xsave_states(). */
import { HVM_DESCRIPTOR, HVM_DESCRIPTOR_SIZE } from '../../../../format/hvm/entries';
import { fieldsOf } from '../../../../format/kit/fields';
import { sizeOf, struct } from '../../../../format/kit/layout';
import { HVM_XSAVE, XSAVE_AREA } from '../../../../format/x86/xsave-layouts';
import { says } from '../../../kit/log-line';
import { ADVICE } from '../../../kit/rule';
import { hostComponents, xcr0Max, xstateSize } from '../../../target/xstate';
import { type Xstate, xstateFault } from '../../x86/xstate';
import type { HvmStateSubject, StateRule } from './state';

/** The masks, and of the area what stands in front of the components. */
export const XSAVE_START = struct('hvm_hw_cpu_xsave', { ...HVM_XSAVE.fields, save_area: XSAVE_AREA });
type Xsave = HvmStateSubject<typeof XSAVE_START>;

const lengthField = fieldsOf(HVM_DESCRIPTOR)('length');
const masksField = fieldsOf(HVM_XSAVE, HVM_DESCRIPTOR_SIZE)('xfeature_mask', 'xcr0_accum');
const common = {
  layer: 'hypervisor',
  severity: 'fatal',
  errno: 22,
  advice: ADVICE.copy,
  source: 'xen/arch/x86/hvm/hvm.c: hvm_load_cpu_xsave_states()',
} as const;

function xstateOf({ state: { xcr0, xcr0_accum: accum, save_area: area }, xen, cpu, target }: Xsave): Xstate {
  const { xstate_bv: bv, xcomp_bv: compacted, reserved } = area.xsave_hdr;
  // 4.6 looks at neither of the two, and before 4.8 the policy did not count.
  const isOld = xen < 407;
  return {
    xcr0,
    accum,
    bv,
    compacted: isOld ? 0n : compacted,
    reserved: !isOld && reserved.some((byte) => byte !== 0),
    allowed: cpu && xen >= 408 ? xcr0Max(cpu) : undefined,
    host: hostComponents(target),
  };
}

/** Returns the bytes that the entry takes for its components; undefined where they are not known. */
function neededOf({ state, target }: Xsave): number | undefined {
  const area = xstateSize(state.xcr0_accum, target?.host);
  return area === undefined ? undefined : sizeOf(HVM_XSAVE) + area;
}

/** Returns where the first byte stands that is set behind what the components take; −1 where all are zeros. */
function strayByte({ body }: Xsave, needed: number): number {
  for (let at = needed; at < body.length; at++) if (body[at] !== 0) return at;
  return -1;
}

export const XSAVE_RULES: readonly StateRule<typeof XSAVE_START>[] = [
  {
    ...common,
    id: 'HH-25',
    errno: 95,
    certainty: 'target',
    title: 'extended state, for a target whose CPU has none',
    explain: 'The target’s CPU has no XSAVE.',
    advice: ADVICE.target,
    when: ({ target }) => target !== undefined && !target.host.has('xsave') && { settled: true },
  },
  {
    ...common,
    id: 'HH-26',
    versions: { before: 419 },
    errno: 61,
    log: [says.xen('HVM{N}.%u restore: not enough data left to read %u xsave bytes')],
    title: 'extended state that extends past the end of the context',
    explain: 'Its length is larger than what is left.',
    when: ({ instance, length, remaining }) => length > remaining && { values: [instance, length], at: lengthField },
  },
  {
    ...common,
    id: 'HH-27',
    log: [says.xen('HVM{N}.%u restore mismatch: xsave length %u < %zu')],
    title: 'extended state that is too short',
    explain: 'It takes 600 bytes at least: three words, the legacy area and the header.',
    when: ({ instance, length }) =>
      length < sizeOf(XSAVE_START) && { values: [instance, length, sizeOf(XSAVE_START)], at: lengthField },
  },
  {
    ...common,
    id: 'HH-28',
    log: [says.xen('HVM{N}.%u restore: inconsistent xsave state (feat=%#lx accum=%#lx xcr0=%#lx bv=%#lx err=%d)')],
    title: 'inconsistent extended state',
    explain:
      'XCR0 and the components in the area must lie within XCR0_accum, that within what the guest’s CPUID policy allows, and all must be valid to the CPU.',
    when: (entry) => {
      const state = xstateOf(entry);
      const fault = xstateFault(state);
      if (!fault) return false;
      const { xfeature_mask: mask } = entry.state;
      const values = [entry.instance, mask, state.accum, state.xcr0, state.bv, -fault.errno];
      return { values, errno: fault.errno, message: fault.why, at: masksField };
    },
  },
  {
    ...common,
    id: 'HH-29',
    errno: 95,
    log: [says.xen('HVM{N}.%u restore mismatch: xsave length %#x > %#x (non-zero data at %#x)')],
    title: 'extended state longer than its components, with data after them',
    explain: 'Xen takes a longer area only where the rest is zeros.',
    when: (entry) => {
      const needed = neededOf(entry);
      if (needed === undefined || entry.length <= needed) return false;
      const stray = strayByte(entry, needed);
      return (
        stray >= 0 && {
          values: [entry.instance, entry.length, needed, stray],
          at: { offset: HVM_DESCRIPTOR_SIZE + stray, length: 1 },
        }
      );
    },
  },
  {
    ...common,
    id: 'HH-30',
    severity: 'note',
    log: [says.xen('HVM{N}.%u restore mismatch: xsave length %#x > %#x')],
    title: 'extended state longer than its components, padded with zeros: Xen reports it and accepts it',
    explain: 'Xen 4.3.0, 4.2.3 and older sent more than needed.',
    advice: ADVICE.none,
    when: (entry) => {
      const needed = neededOf(entry);
      return needed !== undefined && entry.length > needed && { values: [entry.instance, entry.length, needed] };
    },
  },
  {
    ...common,
    id: 'HH-32',
    versions: { from: 407 },
    log: [says.xen('HVM{N}.%u restore mismatch: xsave length %#x != %#x')],
    title: 'extended state shorter than its components',
    explain: 'The area must hold all components of XCR0_accum.',
    when: (entry) => {
      const needed = neededOf(entry);
      return (
        needed !== undefined &&
        entry.length < needed && { values: [entry.instance, entry.length, needed], at: lengthField }
      );
    },
  },
];
