/** What the specification rules out, or does not know, and Xen’s restore takes without a word. */
import { fieldsOf } from '../../format/kit/fields';
import { sizeOf } from '../../format/kit/layout';
import { DOMAIN_HEADER } from '../../format/libxc/headers';
import { X86_PV_INFO } from '../../format/libxc/info';
import { PAGE_SHIFT } from '../../format/page';
import { PV_XSAVE } from '../../format/x86/xsave-layouts';
import { LENGTH_AT } from '../kit/places';
import { type Rule, ADVICE } from '../kit/rule';
import type { DomainHeader } from './libxc/headers';
import type { PvInfo } from './pv/info';
import type { PvXsave } from './x86/xstate';

/** Shifts of an x86 CPU count modulo 32. */
const SHIFT_MASK = 31;

const domain = fieldsOf(DOMAIN_HEADER);
const PV_INFO_SIZE = sizeOf(X86_PV_INFO);
/** Bytes of the two words in front of an XSAVE area. */
const XSAVE_WORDS_SIZE = sizeOf(PV_XSAVE);

export const PAGE_SHIFT_RULES: readonly Rule<Pick<DomainHeader, 'page_shift'>>[] = [
  {
    id: 'LC-58',
    layer: 'spec',
    severity: 'note',
    title: 'a page shift that is not 12, but that libxc takes for 12',
    explain: 'libxc computes 1 << page_shift, and an x86 CPU shifts modulo 32. verify-stream-v2 refuses all but 12.',
    advice: ADVICE.writer,
    source: 'docs/specs/libxc-migration-stream.pandoc: Domain header',
    when: ({ page_shift: shift }) =>
      shift !== PAGE_SHIFT &&
      (shift & SHIFT_MASK) === PAGE_SHIFT && {
        message: `a page shift of ${shift}, which libxc takes for ${PAGE_SHIFT}`,
        at: domain('page_shift'),
      },
  },
];

export const LONG_PV_INFO_RULES: readonly Rule<Pick<PvInfo, 'length'>>[] = [
  {
    id: 'LP-61',
    layer: 'spec',
    severity: 'note',
    title: 'an X86_PV_INFO longer than 8 bytes; libxc ignores the rest',
    explain: 'libxc asks for at least 8 bytes. verify-stream-v2 refuses any other length.',
    advice: ADVICE.none,
    source: 'docs/specs/libxc-migration-stream.pandoc: X86_PV_INFO',
    when: ({ length }) =>
      length > PV_INFO_SIZE && {
        message: `an X86_PV_INFO of ${length} bytes; libxc looks at the first ${PV_INFO_SIZE}`,
        at: LENGTH_AT,
      },
  },
];

export const UNUSED_XSAVE_RULES: readonly Rule<Pick<PvXsave, 'length' | 'xcr0' | 'accum'>>[] = [
  {
    id: 'LP-62',
    layer: 'spec',
    severity: 'note',
    title: 'empty 16-byte extended state: the vCPU never used XSAVE',
    explain:
      'No CPU has an XCR0 of 0, but that is how Xen saves a vCPU that has not used XSAVE. Development versions of Xen 4.14, and Xen with only half of the fix, refused it as too short; every release takes it.',
    advice: ADVICE.none,
    source: 'tools/libs/guest/xg_sr_restore_x86_pv.c: handle_x86_pv_vcpu_blob()',
    when: ({ length, xcr0, accum }) => length === XSAVE_WORDS_SIZE && xcr0 === 0n && accum === 0n,
  },
];
