/** The basic context of a PV vCPU of either width, brought to one shape: what libxc and Xen look at. */
import { foldedPfn } from '../../../format/pv/roots';
import { type FieldPath, fieldsOf } from '../../../format/kit/fields';
import type { ValueOf } from '../../../format/kit/layout';
import type { Span } from '../../../lib/range';
import { parse } from '../../../format/kit/parse';
import { frameNumber } from '../../../format/page';
import { GUEST_CONTEXT_32 } from '../../../format/pv/guest-context-32';
import { GUEST_CONTEXT_64 } from '../../../format/pv/guest-context-64';
import { DESCRIPTORS_PER_PAGE } from '../../../format/x86/descriptor';

type Context32 = ValueOf<typeof GUEST_CONTEXT_32>;
type Context64 = ValueOf<typeof GUEST_CONTEXT_64>;

/** Fields of a 64-bit guest's context. */
type Path64 = FieldPath<typeof GUEST_CONTEXT_64>;
/** Fields that contexts of both widths have, under one name. */
type Path = Extract<Path64, FieldPath<typeof GUEST_CONTEXT_32>>;

/** Registers of breakpoints that Xen tests. */
export type DebugRegister = 'dr0' | 'dr1' | 'dr2' | 'dr3' | 'dr6' | 'dr7';

/** What libxc and Xen look at in the context of a vCPU. */
export interface PvContext {
  readonly vcpu: number;
  /** It is that of a 64-bit guest. */
  readonly wide: boolean;
  readonly flags: bigint;
  readonly rflags: bigint;
  /** Count as the context has it; libxc reads it into 32 bits. */
  readonly gdtEntries: bigint;
  /** PFNs of the pages that hold so many entries. */
  readonly gdtPages: readonly bigint[];
  readonly ldtBase: bigint;
  readonly ldtEntries: bigint;
  /** PFN of the start_info page, on vCPU 0. */
  readonly startInfo: bigint;
  /** PFN of the root that cr3 names, as libxc takes it from the register. */
  readonly cr3Pfn: bigint;
  /** Names the root of user mode; 0 for a 32-bit guest, which has none. */
  readonly cr1: bigint;
  readonly debug: Readonly<Record<DebugRegister, bigint>>;
  readonly vmAssist: bigint;
  /** Addresses that must be canonical, by their fields; none for a 32-bit guest. */
  readonly addresses: readonly (readonly [field: Path64, value: bigint])[];
  /** Finds the place of a field, from the start of the context. */
  readonly field: (path: Path, last?: Path) => Span;
  /** Places of what the widths have under different names. */
  readonly places: Readonly<Record<'startInfo' | 'rflags', Span>>;
}

const field32 = fieldsOf(GUEST_CONTEXT_32);
/** Finds the place of a field in the context of a 64-bit guest. */
export const field64 = fieldsOf(GUEST_CONTEXT_64);

/** Reads the context of a vCPU of a guest of this width. */
export const readContext = (raw: Uint8Array, width: number, vcpu: number): PvContext =>
  width === 8 ? wide(parse(GUEST_CONTEXT_64, raw), vcpu) : narrow(parse(GUEST_CONTEXT_32, raw), vcpu);

function shared(context: Context32 | Context64, vcpu: number) {
  const { dr0, dr1, dr2, dr3, dr6, dr7 } = context.debugreg;
  const gdtEntries = BigInt(context.gdt_ents);
  const pages = Math.ceil(Number(BigInt.asUintN(32, gdtEntries)) / DESCRIPTORS_PER_PAGE);
  return {
    vcpu,
    flags: BigInt(context.flags),
    gdtEntries,
    gdtPages: context.gdt_frames.slice(0, pages).map(BigInt),
    ldtBase: BigInt(context.ldt_base),
    ldtEntries: BigInt(context.ldt_ents),
    debug: {
      dr0: BigInt(dr0),
      dr1: BigInt(dr1),
      dr2: BigInt(dr2),
      dr3: BigInt(dr3),
      dr6: BigInt(dr6),
      dr7: BigInt(dr7),
    },
    vmAssist: BigInt(context.vm_assist),
  };
}

function wide(context: Context64, vcpu: number): PvContext {
  const { user_regs: regs, ctrlreg } = context;
  return {
    ...shared(context, vcpu),
    wide: true,
    rflags: regs.rflags,
    startInfo: regs.rdx,
    cr3Pfn: frameNumber(ctrlreg.cr3),
    cr1: ctrlreg.cr1,
    addresses: addressesOf(context),
    field: field64,
    places: { startInfo: field64('user_regs.rdx'), rflags: field64('user_regs.rflags') },
  };
}

function narrow(context: Context32, vcpu: number): PvContext {
  const { user_regs: regs, ctrlreg } = context;
  return {
    ...shared(context, vcpu),
    wide: false,
    rflags: BigInt(regs.eflags),
    startInfo: BigInt(regs.edx),
    cr3Pfn: BigInt(foldedPfn(ctrlreg.cr3)),
    cr1: 0n,
    addresses: [],
    field: field32,
    places: { startInfo: field32('user_regs.edx'), rflags: field32('user_regs.eflags') },
  };
}

/** Lists the addresses in the order in which Xen tests them. */
function addressesOf(context: Context64): PvContext['addresses'] {
  const { user_regs: regs, ldt_base, ldt_ents, trap_ctxt } = context;
  return [
    ['user_regs.rip', regs.rip],
    ['user_regs.rsp', regs.rsp],
    ['kernel_sp', context.kernel_sp],
    ...(ldt_ents === 0n ? [] : [['ldt_base', ldt_base] as const]),
    ['fs_base', context.fs_base],
    ['gs_base_kernel', context.gs_base_kernel],
    ['gs_base_user', context.gs_base_user],
    ['event_callback_eip', context.event_callback_eip],
    ['syscall_callback_eip', context.syscall_callback_eip],
    ['failsafe_callback_eip', context.failsafe_callback_eip],
    ...trap_ctxt.map(({ address }, index) => [`trap_ctxt[${index}].address`, address] as const),
  ];
}
