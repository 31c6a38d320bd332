/** The basic context of a PV VCPU of either width, brought to one shape. */
import { parse } from '../../format/kit/parse';
import { GUEST_CONTEXT_32 } from '../../format/pv/guest-context-32';
import { GUEST_CONTEXT_64 } from '../../format/pv/guest-context-64';
import type { PvContext } from '../rules/pv-state';

/** What libxc looks up besides what Xen tests. */
export interface BasicContext extends PvContext {
  readonly startInfo: bigint;
  readonly gdtFrames: readonly bigint[];
  /** As PFNs; all ones where a 32-bit guest's cannot be one. */
  readonly cr3Pfn: bigint;
  readonly frameOffsets: Readonly<Record<'startInfo' | 'gdtFrames' | 'cr3' | 'cr1', number>>;
}

/** Offsets in the context. Source: public/arch-x86/xen.h, xen-x86_64.h, xen-x86_32.h. */
const WIDE = {
  flags: 512,
  rdx: 616,
  rip: 648,
  rflags: 664,
  rsp: 672,
  traps: 720,
  ldtBase: 4816,
  ldtEnts: 4824,
  gdtFrames: 4832,
  gdtEntries: 4960,
  kernelSp: 4976,
  ctrl: 4984,
  debug: 5048,
  event: 5112,
  failsafe: 5120,
  syscall: 5128,
  vmAssist: 5136,
  fsBase: 5144,
  gsKernel: 5152,
  gsUser: 5160,
} as const;
const NARROW = {
  flags: 512,
  edx: 524,
  eflags: 556,
  ldtBase: 2632,
  gdtFrames: 2640,
  gdtEntries: 2704,
  ctrl: 2716,
  debug: 2748,
  vmAssist: 2796,
} as const;

export function basicContext(raw: Uint8Array, width: number, vcpu: number): BasicContext {
  return width === 8 ? wide(raw, vcpu) : narrow(raw, vcpu);
}

function wide(raw: Uint8Array, vcpu: number): BasicContext {
  const ctx = parse(GUEST_CONTEXT_64, raw);
  const { user_regs: regs, ctrlreg, debugreg: dr } = ctx;
  const at = WIDE;
  const addresses = [
    { name: 'rip', value: regs.rip, offset: at.rip },
    { name: 'rsp', value: regs.rsp, offset: at.rsp },
    { name: 'kernel_sp', value: ctx.kernel_sp, offset: at.kernelSp },
    ...(ctx.ldt_ents === 0n ? [] : [{ name: 'ldt_base', value: ctx.ldt_base, offset: at.ldtBase }]),
    { name: 'fs_base', value: ctx.fs_base, offset: at.fsBase },
    { name: 'gs_base_kernel', value: ctx.gs_base_kernel, offset: at.gsKernel },
    { name: 'gs_base_user', value: ctx.gs_base_user, offset: at.gsUser },
    { name: 'event_callback_eip', value: ctx.event_callback_eip, offset: at.event },
    { name: 'syscall_callback_eip', value: ctx.syscall_callback_eip, offset: at.syscall },
    { name: 'failsafe_callback_eip', value: ctx.failsafe_callback_eip, offset: at.failsafe },
    ...ctx.trap_ctxt.map(({ address }, index) => ({
      name: `trap_ctxt[${index}].address`,
      value: address,
      offset: at.traps + index * 16 + 8,
    })),
  ];
  return {
    vcpu,
    wide: true,
    flags: ctx.flags,
    gdtEntries: ctx.gdt_ents,
    ldtBase: ctx.ldt_base,
    ldtEntries: ctx.ldt_ents,
    rflags: regs.rflags,
    cr1: ctrlreg.cr1,
    debug: [dr.dr0, dr.dr1, dr.dr2, dr.dr3, dr.dr4, dr.dr5, dr.dr6, dr.dr7],
    vmAssist: ctx.vm_assist,
    addresses,
    offsets: {
      flags: at.flags,
      gdtEntries: at.gdtEntries,
      ldtBase: at.ldtBase,
      rflags: at.rflags,
      cr1: at.ctrl + 8,
      debug: at.debug,
      vmAssist: at.vmAssist,
    },
    startInfo: regs.rdx,
    gdtFrames: ctx.gdt_frames,
    cr3Pfn: ctrlreg.cr3 >> 12n,
    frameOffsets: { startInfo: at.rdx, gdtFrames: at.gdtFrames, cr3: at.ctrl + 24, cr1: at.ctrl + 8 },
  };
}

function narrow(raw: Uint8Array, vcpu: number): BasicContext {
  const ctx = parse(GUEST_CONTEXT_32, raw);
  const { user_regs: regs, ctrlreg, debugreg: dr } = ctx;
  const at = NARROW;
  const cr3 = ctrlreg.cr3;
  return {
    vcpu,
    wide: false,
    flags: BigInt(ctx.flags),
    gdtEntries: BigInt(ctx.gdt_ents),
    ldtBase: BigInt(ctx.ldt_base),
    ldtEntries: BigInt(ctx.ldt_ents),
    rflags: BigInt(regs.eflags),
    cr1: 0n,
    debug: [dr.dr0, dr.dr1, dr.dr2, dr.dr3, dr.dr4, dr.dr5, dr.dr6, dr.dr7].map(BigInt),
    vmAssist: BigInt(ctx.vm_assist),
    addresses: [],
    offsets: {
      flags: at.flags,
      gdtEntries: at.gdtEntries,
      ldtBase: at.ldtBase,
      rflags: at.eflags,
      cr1: at.ctrl + 4,
      debug: at.debug,
      vmAssist: at.vmAssist,
    },
    startInfo: BigInt(regs.edx),
    gdtFrames: ctx.gdt_frames.map(BigInt),
    // The upper 12 bits of the PFN are folded into the lower.
    cr3Pfn: BigInt((cr3 >>> 12) + (cr3 & 0xfff) * 0x10_0000),
    frameOffsets: { startInfo: at.edx, gdtFrames: at.gdtFrames, cr3: at.ctrl + 12, cr1: at.ctrl + 4 },
  };
}
