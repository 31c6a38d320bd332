/**
 * A leaf of a CPUID policy as six words, without what its bits mean: that stands in `policy`, with tables that a scan
 * need not load. Source: public/arch-x86/xen.h (xen_cpuid_leaf_t).
 */
import { sizeOf, struct, u32, type ValueOf } from '../kit/layout';
import { parse } from '../kit/parse';
import { NO_SUBLEAF } from '../x86/cpuid/leaf';

export const CPUID_LEAF_SOURCE = 'xen/include/public/arch-x86/xen.h (xen_cpuid_leaf_t)';

export const CPUID_LEAF_WORDS = struct(
  'xen_cpuid_leaf_t',
  {
    leaf: u32({ display: 'hex', doc: 'Leaf: eax on input.' }),
    subleaf: u32({
      display: 'hex',
      names: { [NO_SUBLEAF]: 'no subleaves' },
      doc: 'Subleaf: ecx on input; all ones for a leaf that has none.',
    }),
    eax: u32({ display: 'register', doc: 'eax on output.' }),
    ebx: u32({ display: 'register', doc: 'ebx on output.' }),
    ecx: u32({ display: 'register', doc: 'ecx on output.' }),
    edx: u32({ display: 'register', doc: 'edx on output.' }),
  },
  { source: CPUID_LEAF_SOURCE },
);

/** Bytes of a leaf in a CPUID policy. */
export const CPUID_LEAF_SIZE = sizeOf(CPUID_LEAF_WORDS);

/** Reads the leaves in the body of an X86_CPUID_POLICY record, one by one; what is left at its end is no leaf. */
export function* leavesIn(policy: Uint8Array, littleEndian: boolean): Generator<ValueOf<typeof CPUID_LEAF_WORDS>> {
  for (let at = 0; at + CPUID_LEAF_SIZE <= policy.length; at += CPUID_LEAF_SIZE)
    yield parse(CPUID_LEAF_WORDS, policy, littleEndian, at);
}
