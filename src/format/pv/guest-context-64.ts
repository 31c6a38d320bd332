/** vcpu_guest_context of a 64-bit PV guest, 5168 bytes. Source: public/arch-x86/xen.h, xen-x86_64.h. */
import { FRAME_MASK, frameNumber } from '../page';
import { hex } from '../../lib/text';
import { array, type IntOptions, mayBeVa, sizeOf, struct, toPfn, toVa, u32, u64, zeros } from '../kit/layout';
import type { MemoryRef } from '../kit/node';
import { register64, selector, wideSelector64 } from '../x86/fields';
import { CR0, CR4, DR6, DR7, RFLAGS } from '../x86/registers';
import { debugRegisters, FPU_CTXT, TRAP_ADDRESS_64, trapInfo, UPCALL_MASK, VGCF, VM_ASSIST_64 } from './context-fields';

const SOURCE = 'xen/include/public/arch-x86/xen.h, xen-x86_64.h (struct vcpu_guest_context)';

const general = (doc: string, more: IntOptions = {}) => register64(doc, { leadsTo: mayBeVa, ...more });
const bits64 = (doc: string, bits: IntOptions['bits']) => u64({ display: 'register', doc, ...(bits ? { bits } : {}) });
const segment = (name: string) => selector(`Selector of ${name}.`, 8);

/** The PFN in bits 51–12 of a page-table root. */
const rootPfn = (value: number | bigint): bigint => frameNumber(BigInt(value) & FRAME_MASK);
const toRoot = (value: number | bigint): MemoryRef | undefined => toPfn(rootPfn(value));
const rootNote = (value: number | bigint): string | undefined =>
  BigInt(value) === 0n ? undefined : `PFN ${hex(rootPfn(value))}`;

const USER_REGS_64 = struct(
  'cpu_user_regs',
  {
    r15: general('General register.'),
    r14: general('General register.'),
    r13: general('General register.'),
    r12: general('General register.'),
    rbp: general('General register; by custom the frame of the function that runs.'),
    rbx: general('General register.'),
    r11: general('General register; SYSCALL puts rflags there.'),
    r10: general('General register; fourth argument of a hypercall.'),
    r9: general('General register; sixth argument of a hypercall.'),
    r8: general('General register; fifth argument of a hypercall.'),
    rax: general('General register; number of a hypercall, and its result.'),
    rcx: general('General register; SYSCALL puts rip there.'),
    rdx: general('General register; third argument of a hypercall. On vCPU 0 the PFN of the start_info page.'),
    rsi: general('General register; second argument of a hypercall.'),
    rdi: general('General register; first argument of a hypercall.'),
    error_code: u32({ display: 'hex', doc: 'Private to Xen; newer versions leave it 0.' }),
    entry_vector: u32({ display: 'hex', doc: 'Private to Xen; newer versions leave it 0.' }),
    rip: general('Address of the next instruction.', { leadsTo: toVa }),
    cs: selector('Selector of the code that runs; its ring is that of the CPU.', 8),
    pad0: zeros(2),
    saved_upcall_mask: UPCALL_MASK,
    pad1: zeros(3),
    rflags: bits64('Flags, with the IOPL that the guest believes it has.', RFLAGS),
    rsp: general('Stack pointer.', { leadsTo: toVa }),
    ss: segment('the stack'),
    pad2: zeros(6),
    es: segment('es'),
    pad3: zeros(6),
    ds: segment('ds'),
    pad4: zeros(6),
    fs: segment('fs'),
    pad5: zeros(6),
    gs: segment('gs'),
    pad6: zeros(6),
  },
  { doc: 'General registers, instruction and stack pointer, flags and selectors.' },
);

/** vcpu_guest_context of a 64-bit guest. */
export const GUEST_CONTEXT_64 = struct(
  'vcpu_guest_context',
  {
    fpu_ctxt: FPU_CTXT,
    flags: u64({
      display: 'hex',
      bits: VGCF,
      doc: 'What the vCPU was at, and how its callbacks are entered (VGCF_*).',
    }),
    user_regs: USER_REGS_64,
    trap_ctxt: array(trapInfo(8, TRAP_ADDRESS_64), 256, { doc: 'Virtual IDT: the handler of each vector.' }),
    ldt_base: register64('Linear address of the LDT.', { leadsTo: toVa }),
    ldt_ents: u64({ doc: 'Entries of the LDT, of 8 bytes each; at most 8192.' }),
    gdt_frames: array(u64({ display: 'hex', doc: 'PFN of a page of the GDT; 0 for none.', leadsTo: toPfn }), 16, {
      doc: 'PFNs of the pages that hold the GDT, 512 entries each.',
    }),
    gdt_ents: u64({ doc: 'Entries of the GDT, of 8 bytes each; at most 7168.' }),
    kernel_ss: wideSelector64('Stack segment on entry to the guest kernel.'),
    kernel_sp: register64('Stack pointer on entry to the guest kernel.', { leadsTo: toVa }),
    ctrlreg: struct(
      'ctrlreg',
      {
        cr0: bits64('Control register 0: protection, paging, FPU.', CR0),
        cr1: register64('Root of the user-mode page tables: PFN in bits 51–12 with bit 0 set, or 0.', {
          note: rootNote,
          leadsTo: toRoot,
        }),
        cr2: register64('Address of the last page fault.', { leadsTo: toVa }),
        cr3: register64('Root of the kernel-mode page tables: in the stream a PFN in bits 51–12.', {
          note: rootNote,
          leadsTo: toRoot,
        }),
        cr4: bits64('Control register 4: CPU features in use.', CR4),
        cr5: register64('Not used.'),
        cr6: register64('Not used.'),
        cr7: register64('Not used.'),
      },
      { doc: 'Control registers; cr1 and cr3 hold the two roots of the page tables.' },
    ),
    debugreg: debugRegisters({ register: register64, bits: bits64 }, DR6, DR7),
    event_callback_eip: register64('Where the guest takes event-channel upcalls.', { leadsTo: toVa }),
    failsafe_callback_eip: register64('Where Xen goes when loading the guest’s segments faulted.', { leadsTo: toVa }),
    syscall_callback_eip: register64('Where SYSCALL of a 64-bit program goes.', { leadsTo: toVa }),
    vm_assist: u64({
      display: 'hex',
      bits: VM_ASSIST_64,
      doc: 'What Xen does differently for this guest (VMASST_TYPE_*).',
    }),
    fs_base: register64('Base of fs.', { leadsTo: toVa }),
    gs_base_kernel: register64('Base of gs in kernel mode; in use while in_kernel is set.', { leadsTo: toVa }),
    gs_base_user: register64('Base of gs in user mode; in use while in_kernel is clear.', { leadsTo: toVa }),
  },
  { source: SOURCE },
);

/** Bytes of the context of a 64-bit guest. */
export const GUEST_CONTEXT_64_SIZE = sizeOf(GUEST_CONTEXT_64);

/** vcpu_guest_context of vCPU 0, whose rdx leads to the start_info page. */
export const FIRST_CONTEXT_64 = struct(
  GUEST_CONTEXT_64.name,
  {
    ...GUEST_CONTEXT_64.fields,
    user_regs: struct(
      USER_REGS_64.name,
      {
        ...USER_REGS_64.fields,
        rdx: general('PFN of the start_info page: the argument of the suspend hypercall, made a PFN by the saver.', {
          note: () => 'PFN of start_info',
          leadsTo: toPfn,
        }),
      },
      { doc: USER_REGS_64.doc ?? '' },
    ),
  },
  { source: SOURCE },
);
