/** CPUID and MSR policy of the domain. Source: libxc-migration-stream.pandoc, public/arch-x86/xen.h (xen_cpuid_leaf_t, xen_msr_entry_t). */
import { hex } from '../../lib/text';
import { array, struct, u32, u64 } from '../kit/layout';
import type { Register } from '../x86/cpuid/features';
import { NO_SUBLEAF } from '../x86/cpuid/leaf';
import { leafName, registerText } from '../x86/cpuid/leaves';
import { CPUID_LEAF_SOURCE, CPUID_LEAF_WORDS } from './cpuid-leaf';
import { MSR_NAMES, msrOptions } from '../x86/msrs';

const WORDS = CPUID_LEAF_WORDS.fields;

/** A register of a leaf, which reads by leaf, subleaf and the registers before it. */
const register = (name: Register): typeof WORDS.eax => ({
  ...WORDS[name],
  refine: ({ leaf = 0, subleaf = 0, ...before }) => registerText(name, Number(leaf), Number(subleaf), before),
});

/** A leaf of a CPUID policy, with what each bit means. */
export const CPUID_LEAF = struct(
  CPUID_LEAF_WORDS.name,
  {
    leaf: { ...WORDS.leaf, note: (value: number | bigint) => leafName(Number(value), NO_SUBLEAF) },
    subleaf: WORDS.subleaf,
    eax: register('eax'),
    ebx: register('ebx'),
    ecx: register('ecx'),
    edx: register('edx'),
  },
  {
    source: CPUID_LEAF_SOURCE,
    summary: ({ leaf = 0, subleaf = 0, eax = 0, ebx = 0, ecx = 0, edx = 0 }) => {
      const name = leafName(Number(leaf), Number(subleaf));
      const values = [eax, ebx, ecx, edx].map((value) => hex(value, 8)).join(' ');
      const place = `${hex(leaf, 8)}:${Number(subleaf) === NO_SUBLEAF ? '–' : hex(subleaf)}`;
      return `${place} → ${values}${name === undefined ? '' : ` · ${name}`}`;
    },
  },
);

export const X86_CPUID_POLICY = struct(
  'X86_CPUID_POLICY',
  {
    leaf: array(CPUID_LEAF, 'rest', { doc: 'Leaves that the guest sees, in the order of Xen’s own list.' }),
  },
  { source: 'docs/specs/libxc-migration-stream.pandoc (X86_CPUID_POLICY)' },
);

export const MSR_ENTRY = struct(
  'xen_msr_entry_t',
  {
    idx: u32({ display: 'hex', names: MSR_NAMES, doc: 'Number of the MSR.' }),
    flags: u32({ display: 'hex', mustBe: 0, doc: 'Reserved, 0.' }),
    val: u64({ display: 'register', doc: 'Value of the MSR.', refine: ({ idx }) => msrOptions(Number(idx)) }),
  },
  {
    source: 'xen/include/public/arch-x86/xen.h (xen_msr_entry_t)',
    summary: ({ idx = 0, val = 0 }) => `${MSR_NAMES[Number(idx)] ?? hex(idx, 8)} = ${hex(val, 16)}`,
  },
);

export const X86_MSR_POLICY = struct(
  'X86_MSR_POLICY',
  {
    msr: array(MSR_ENTRY, 'rest', { doc: 'MSRs that describe the CPU to the guest.' }),
  },
  { source: 'docs/specs/libxc-migration-stream.pandoc (X86_MSR_POLICY)' },
);
