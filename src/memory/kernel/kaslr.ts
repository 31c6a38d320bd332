/**
 * How far a kernel was moved since it was linked: by what the CPU or Xen was given as entry points, which are symbols of
 * known names. Source: arch/x86/kernel/cpu/common.c, kernel/idt.c, xen/enlighten_pv.c, xen/setup.c of Linux.
 */
import type { EntryPoint } from '../vcpus/point';
import type { SymbolTable } from '../symbols/table';

/** Names by which versions of Linux know an entry, of a kernel on hardware and of one on Xen. */
const NAMES: Readonly<Record<Exclude<EntryPoint['from'], number>, readonly string[]>> = {
  lstar: ['entry_SYSCALL_64', 'system_call'],
  cstar: ['entry_SYSCALL_compat', 'entry_SYSCALL32_ignore', 'ignore_sysret', 'ia32_cstar_target'],
  sysenter: ['entry_SYSENTER_compat', 'entry_SYSENTER_32', 'ia32_sysenter_target'],
  event: ['xen_asm_exc_xen_hypervisor_callback', 'xen_hypervisor_callback'],
  failsafe: ['xen_failsafe_callback'],
  syscall: ['xen_entry_SYSCALL_64', 'xen_syscall_target'],
};

const EXCEPTIONS: Readonly<Record<number, readonly string[]>> = {
  0: ['exc_divide_error', 'divide_error'],
  2: ['exc_nmi', 'nmi'],
  3: ['exc_int3', 'int3'],
  4: ['exc_overflow', 'overflow'],
  5: ['exc_bounds', 'bounds'],
  6: ['exc_invalid_op', 'invalid_op'],
  7: ['exc_device_not_available', 'device_not_available'],
  8: ['exc_double_fault', 'double_fault'],
  10: ['exc_invalid_tss', 'invalid_TSS'],
  11: ['exc_segment_not_present', 'segment_not_present'],
  12: ['exc_stack_segment', 'stack_segment'],
  13: ['exc_general_protection', 'general_protection'],
  14: ['exc_page_fault', 'page_fault'],
  16: ['exc_coprocessor_error', 'coprocessor_error'],
  17: ['exc_alignment_check', 'alignment_check'],
  19: ['exc_simd_coprocessor_error', 'simd_coprocessor_error'],
};

/** `xen_` for the trap table of a PV kernel, whose exceptions enter through stubs of their own. */
function namesOf(from: EntryPoint['from']): string[] {
  if (typeof from !== 'number') return [...NAMES[from]];
  const [now, before] = EXCEPTIONS[from] ?? [];
  if (now === undefined) return [];
  const asm = `asm_${now}`;
  return [`xen_${asm}`, asm, ...(before === undefined ? [] : [`xen_${before}`, before])];
}

/** Kernels are moved by whole pages; by more than this they would leave the part of memory that is theirs. */
const PAGE = 0x1000n;
const FARTHEST = 1n << 30n;

export interface Slide {
  readonly slide: bigint;
  /** The symbols that say so. */
  readonly by: readonly string[];
  /** EntryPoint points of which the table has a name. */
  readonly of: number;
}

/**
 * Finds the slide that more than half of the entries agree on, of those that the table has a name for; undefined where
 * there is none.
 */
export function findSlide(table: SymbolTable, entries: readonly EntryPoint[]): Slide | undefined {
  const votes = new Map<bigint, Set<string>>();
  let of = 0;
  for (const { from, va } of entries) {
    let isKnown = false;
    for (const name of namesOf(from)) {
      const linked = table.addressOf(name);
      if (linked === undefined) continue;
      isKnown = true;
      const slide = va - linked + table.slide;
      if (slide % PAGE !== 0n || slide > FARTHEST || slide < -FARTHEST) continue;
      votes.set(slide, (votes.get(slide) ?? new Set()).add(name));
    }
    if (isKnown) of++;
  }
  const best = [...votes].toSorted(([, a], [, b]) => b.size - a.size)[0];
  // Symbols of another kernel fit by chance here and there.
  return best && best[1].size * 2 > of ? { slide: best[0], by: [...best[1]], of } : undefined;
}
