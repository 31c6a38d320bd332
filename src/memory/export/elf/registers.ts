/**
 * A vCPU's registers in the two forms that a core file has: vcpu_guest_context for Xen's readers, elf_prstatus for gdb.
 * Of an HVM guest the first is built as XEN_DOMCTL_getvcpucontext does it (arch_get_info_guest in Xen's domctl.c).
 */
import { HVM_CPU_COMPAT } from '../../../format/hvm/cpu';
import { loadedCpu } from '../../../format/hvm/loaded';
import { bitsOf, isSet, maskOf } from '../../../format/kit/bits';
import { sizeOf } from '../../../format/kit/layout';
import { encode, parse } from '../../../format/kit/parse';
import { ELF_PRSTATUS } from '../../../format/dump-core/prstatus';
import { VGCF } from '../../../format/pv/context-fields';
import { GUEST_CONTEXT_32, GUEST_CONTEXT_32_SIZE } from '../../../format/pv/guest-context-32';
import { GUEST_CONTEXT_64, GUEST_CONTEXT_64_SIZE } from '../../../format/pv/guest-context-64';
import { FXSAVE_SIZE } from '../../../format/x86/fxsave';
import { ARBYTES } from '../../../format/x86/segment';

export interface CoreRegisters {
  /** An element of .xen_prstatus: that of a 32-bit guest fills the start of one for 64 bits, as Xen's tools write it. */
  readonly context: Uint8Array;
  readonly prstatus: Uint8Array;
  /** What FXSAVE writes. */
  readonly fpu: Uint8Array;
}

type Values = Readonly<Record<string, number | bigint>>;

/** Registers that both structures call by one name. */
const SAME = ['r15', 'r14', 'r13', 'r12', 'rbp', 'rbx', 'r11', 'r10', 'r9', 'r8', 'rax', 'rcx', 'rdx', 'rsi', 'rdi'];

/** Returns the registers of a vcpu_guest_context; undefined for what has neither size of one. */
export function pvRegisters(context: Uint8Array, vcpu: number, little: boolean): CoreRegisters | undefined {
  const fpu = context.slice(0, FXSAVE_SIZE);
  if (context.length === GUEST_CONTEXT_64_SIZE) {
    const { user_regs: regs, flags, fs_base, gs_base_kernel, gs_base_user } = parse(GUEST_CONTEXT_64, context, little);
    const gs_base = !isSet(flags, VGCF.in_kernel) ? gs_base_user : gs_base_kernel;
    const { rip, cs, rflags, rsp, ss, ds, es, fs, gs } = regs;
    const values = { ...picked(regs, SAME), rip, cs, rflags, rsp, ss, ds, es, fs, gs, fs_base, gs_base };
    return { context, fpu, prstatus: prstatus(values, vcpu) };
  }
  if (context.length !== GUEST_CONTEXT_32_SIZE) return undefined;
  const { user_regs: regs } = parse(GUEST_CONTEXT_32, context, little);
  const { cs, ss, ds, es, fs, gs } = regs;
  const wide = {
    rbp: regs.ebp,
    rbx: regs.ebx,
    rax: regs.eax,
    rcx: regs.ecx,
    rdx: regs.edx,
    rsi: regs.esi,
    rdi: regs.edi,
    rip: regs.eip,
    rflags: regs.eflags,
    rsp: regs.esp,
  };
  const padded = new Uint8Array(GUEST_CONTEXT_64_SIZE);
  padded.set(context);
  return { context: padded, fpu, prstatus: prstatus({ ...wide, cs, ss, ds, es, fs, gs }, vcpu) };
}

/** Returns the registers of an hvm_hw_cpu entry; undefined for one that is cut off. */
export function hvmRegisters(entry: Uint8Array, vcpu: number, little: boolean): CoreRegisters | undefined {
  if (entry.length < sizeOf(HVM_CPU_COMPAT)) return undefined;
  const cpu = loadedCpu(entry, little);
  const selectors = {
    cs: cpu.cs_sel,
    ss: cpu.ss_sel,
    ds: cpu.ds_sel,
    es: cpu.es_sel,
    fs: cpu.fs_sel,
    gs: cpu.gs_sel,
  };
  const frame = { rip: cpu.rip, rflags: cpu.rflags, rsp: cpu.rsp };
  const general = picked(cpu, SAME);
  const fpu = entry.slice(0, FXSAVE_SIZE);
  const bases = { fs_base: cpu.fs_base, gs_base: cpu.gs_base };
  // The ring is that of ss, as the CPU has it.
  const ring = bitsOf(cpu.ss_arbytes, ARBYTES.DPL);
  const [gs_base_kernel, gs_base_user] = ring === 0 ? [cpu.gs_base, cpu.shadow_gs] : [cpu.shadow_gs, cpu.gs_base];
  const context = encode(GUEST_CONTEXT_64, {
    fpu_ctxt: parse(GUEST_CONTEXT_64.fields.fpu_ctxt, fpu, little) as object,
    flags: maskOf(VGCF.i387_valid) | maskOf(VGCF.online),
    user_regs: { ...general, ...frame, ...selectors },
    ctrlreg: { cr0: cpu.cr0, cr2: cpu.cr2, cr3: cpu.cr3, cr4: cpu.cr4 },
    debugreg: {
      dr0: cpu.dr0,
      dr1: cpu.dr1,
      dr2: cpu.dr2,
      dr3: cpu.dr3,
      dr6: cpu.dr6,
      dr7: cpu.dr7,
    },
    fs_base: bases.fs_base,
    gs_base_kernel,
    gs_base_user,
  });
  // Copied as they are, reserved bytes too.
  context.set(fpu);
  return { context, fpu, prstatus: prstatus({ ...general, ...frame, ...selectors, ...bases }, vcpu) };
}

const picked = (values: object, names: readonly string[]): Values =>
  Object.fromEntries(names.map((name) => [name, (values as Values)[name] ?? 0]));

const prstatus = (values: Values, vcpu: number): Uint8Array =>
  encode(ELF_PRSTATUS, { ...values, pr_pid: vcpu + 1, orig_rax: -1n, pr_fpvalid: 1 });
