/** CPUID and MSR policy of the domain. Source: libxc-migration-stream.pandoc, public/arch-x86/xen.h (xen_cpuid_leaf_t, xen_msr_entry_t). */
import { hex } from '../../lib/text';
import { array, struct, u32, u64 } from '../kit/layout';
import { MSR_NAMES, msrOptions } from '../x86/msrs';

export const NO_SUBLEAF = 0xffff_ffff;

export const CPUID_LEAF = struct(
  'xen_cpuid_leaf_t',
  {
    leaf: u32({ display: 'hex', doc: 'CPUID leaf: eax on input.' }),
    subleaf: u32({ display: 'hex', doc: 'ecx on input; all ones for a leaf that has no subleaves.' }),
    eax: u32({ display: 'register' }),
    ebx: u32({ display: 'register' }),
    ecx: u32({ display: 'register' }),
    edx: u32({ display: 'register' }),
  },
  {
    summary: ({ leaf = 0, subleaf = 0, eax = 0, ebx = 0, ecx = 0, edx = 0 }) =>
      `${hex(leaf, 8)}:${Number(subleaf) === NO_SUBLEAF ? '–' : hex(subleaf)} → ${[eax, ebx, ecx, edx].map((value) => hex(value, 8)).join(' ')}`,
  },
);

export const X86_CPUID_POLICY = struct('X86_CPUID_POLICY', { leaf: array(CPUID_LEAF, 'rest') });

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
