/** Other names under which people look for fields. Each line is one thing; the prefixes IA32_ and MSR_ count for nothing. */
const SAME: readonly (readonly string[])[] = [
  // Not `pc`: the x87 control word has a field of that name.
  ['rip', 'eip', 'instruction pointer'],
  ['rsp', 'esp', 'sp', 'stack pointer'],
  ['rflags', 'eflags', 'flags register'],
  ['rax', 'eax'],
  ['rbx', 'ebx'],
  ['rcx', 'ecx'],
  ['rdx', 'edx'],
  ['rsi', 'esi'],
  ['rdi', 'edi'],
  ['rbp', 'ebp'],
  ['efer', 'extended feature enable register'],
  ['syscall_mask', 'fmask', 'sfmask', 'sf_mask'],
  ['shadow_gs', 'kernel_gs_base', 'gs_base_kernel'],
  ['trap_ctxt', 'idt'],
  ['gdt_frames', 'gdt'],
  ['tsc', 'time_stamp_counter'],
  ['apic_base_msr', 'apic_base', 'apicbase'],
  ['vcpu_guest_context', 'registers'],
];

/** Returns a name without what MSRs are prefixed with, in lower case. */
export const plainName = (name: string): string => name.toLowerCase().replace(/^(?:ia32|msr)_/u, '');

/** Returns the names that mean the same as `name`, itself left out. */
export function otherNames(name: string): readonly string[] {
  const plain = plainName(name);
  return SAME.find((names) => names.includes(plain))?.filter((other) => other !== plain) ?? [];
}
