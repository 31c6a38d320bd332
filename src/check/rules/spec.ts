/** What the specification rules out, or does not know, and Xen’s restore takes without a word. */
import { type Rule, ADVICE } from '../kit/rule';
import type { DomainHeader } from './libxc/headers';
import type { PvInfo } from './pv/info';
import type { PvXsave } from './x86/xstate';

/** Shifts of an x86 CPU count modulo 32. */
const SHIFT_MASK = 31;

export const PAGE_SHIFT_RULES: readonly Rule<Pick<DomainHeader, 'pageShift'>>[] = [
  {
    id: 'LC-58',
    layer: 'spec',
    severity: 'note',
    title: 'a page shift that is not 12, but that libxc takes for 12',
    explain: 'libxc computes 1 << page_shift, and an x86 CPU shifts modulo 32. verify-stream-v2 refuses all but 12.',
    advice: ADVICE.writer,
    source: 'docs/specs/libxc-migration-stream.pandoc: Domain header',
    when: ({ pageShift }) =>
      pageShift !== 12 &&
      (pageShift & SHIFT_MASK) === 12 && {
        message: `a page shift of ${pageShift}, which libxc takes for 12`,
        at: { offset: 4, length: 2 },
      },
  },
];

export const LONG_PV_INFO_RULES: readonly Rule<Pick<PvInfo, 'length'>>[] = [
  {
    id: 'LP-61',
    layer: 'spec',
    severity: 'note',
    title: 'an X86_PV_INFO longer than 8 bytes; libxc does not look at the rest',
    explain: 'libxc asks for 8 bytes at least. verify-stream-v2 refuses any other length.',
    advice: ADVICE.none,
    source: 'docs/specs/libxc-migration-stream.pandoc: X86_PV_INFO',
    when: ({ length }) =>
      length > 8 && {
        message: `an X86_PV_INFO of ${length} bytes; libxc looks at the first 8`,
        at: { offset: 4, length: 4 },
      },
  },
];

export const UNUSED_XSAVE_RULES: readonly Rule<Pick<PvXsave, 'length' | 'xcr0' | 'accum'>>[] = [
  {
    id: 'LP-62',
    layer: 'spec',
    severity: 'note',
    title: 'extended state of 16 bytes, two words of zero: the VCPU has never touched it',
    explain:
      'No CPU has an XCR0 of 0, but Xen saves a VCPU so that has not used XSAVE. Development versions of Xen 4.14, and Xen with only half of the fix, refused it as too short; every release takes it.',
    advice: ADVICE.none,
    source: 'tools/libs/guest/xg_sr_restore_x86_pv.c: handle_x86_pv_vcpu_blob()',
    when: ({ length, xcr0, accum }) => length === 16 && xcr0 === 0n && accum === 0n,
  },
];
