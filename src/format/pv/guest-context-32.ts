/** vcpu_guest_context of a 32-bit PV guest, 2800 bytes. Source: public/arch-x86/xen.h, xen-x86_32.h. */
import { hex } from '../../lib/text';
import { array, type IntOptions, mayBeVa, sizeOf, struct, toPfn, toVa, u16, u32, zeros } from '../kit/layout';
import { register32, selector, wideSelector32 } from '../x86/fields';
import { CR0, CR4, DR6, DR7, RFLAGS } from '../x86/registers';
import { foldedPfn } from './roots';
import { debugRegisters, FPU_CTXT, TRAP_ADDRESS_32, trapInfo, UPCALL_MASK, VGCF, VM_ASSIST } from './context-fields';

const SOURCE = 'xen/include/public/arch-x86/xen.h, xen-x86_32.h (struct vcpu_guest_context)';

const general = (doc: string, more: IntOptions = {}) => register32(doc, { leadsTo: mayBeVa, ...more });
const bits32 = (doc: string, bits: IntOptions['bits']) => u32({ display: 'register', doc, ...(bits ? { bits } : {}) });
const segment = (name: string) => selector(`Selector of ${name}.`, 4);

const USER_REGS_32 = struct(
  'cpu_user_regs',
  {
    ebx: general('General register; first argument of a hypercall.'),
    ecx: general('General register; second argument of a hypercall.'),
    edx: general('General register; third argument of a hypercall. On vCPU 0 the PFN of the start_info page.'),
    esi: general('General register; fourth argument of a hypercall.'),
    edi: general('General register; fifth argument of a hypercall.'),
    ebp: general('General register; sixth argument of a hypercall, by custom the frame of the function that runs.'),
    eax: general('General register; number of a hypercall, and its result.'),
    error_code: u16({ display: 'hex', doc: 'Private to Xen; newer versions leave it 0.' }),
    entry_vector: u16({ display: 'hex', doc: 'Private to Xen; newer versions leave it 0.' }),
    eip: general('Address of the next instruction.', { leadsTo: toVa }),
    cs: selector('Selector of the code that runs; its ring is that of the CPU.', 4),
    saved_upcall_mask: UPCALL_MASK,
    pad0: zeros(1),
    eflags: bits32('Flags, with the IOPL that the guest believes it has.', RFLAGS),
    esp: general('Stack pointer.', { leadsTo: toVa }),
    ss: segment('the stack'),
    pad1: zeros(2),
    es: segment('es'),
    pad2: zeros(2),
    ds: segment('ds'),
    pad3: zeros(2),
    fs: segment('fs'),
    pad4: zeros(2),
    gs: segment('gs'),
    pad5: zeros(2),
  },
  { doc: 'General registers, instruction and stack pointer, flags and selectors.' },
);

/** vcpu_guest_context of a 32-bit guest. */
export const GUEST_CONTEXT_32 = struct(
  'vcpu_guest_context',
  {
    fpu_ctxt: FPU_CTXT,
    flags: u32({
      display: 'hex',
      bits: VGCF,
      doc: 'What the vCPU was at, and how its callbacks are entered (VGCF_*).',
    }),
    user_regs: USER_REGS_32,
    trap_ctxt: array(trapInfo(4, TRAP_ADDRESS_32), 256, { doc: 'Virtual IDT: the handler of each vector.' }),
    ldt_base: register32('Linear address of the LDT.', { leadsTo: toVa }),
    ldt_ents: u32({ doc: 'Entries of the LDT, of 8 bytes each; at most 8192.' }),
    gdt_frames: array(u32({ display: 'hex', doc: 'PFN of a page of the GDT; 0 for none.', leadsTo: toPfn }), 16, {
      doc: 'PFNs of the pages that hold the GDT, 512 entries each.',
    }),
    gdt_ents: u32({ doc: 'Entries of the GDT, of 8 bytes each; at most 7168.' }),
    kernel_ss: wideSelector32('Stack segment on entry to the guest kernel (SS1 of the virtual TSS).'),
    kernel_sp: register32('Stack pointer on entry to the guest kernel (ESP1 of the virtual TSS).', { leadsTo: toVa }),
    ctrlreg: struct(
      'ctrlreg',
      {
        cr0: bits32('Control register 0: protection, paging, FPU.', CR0),
        cr1: register32('Not used.'),
        cr2: register32('Address of the last page fault.', { leadsTo: toVa }),
        cr3: register32('Root of the page tables: in the stream a PFN, its upper 12 bits folded into the lower.', {
          note: (value) => `PFN ${hex(foldedPfn(Number(value)))}`,
          leadsTo: (value) => toPfn(foldedPfn(Number(value))),
        }),
        cr4: bits32('Control register 4: CPU features in use.', CR4),
        cr5: register32('Not used.'),
        cr6: register32('Not used.'),
        cr7: register32('Not used.'),
      },
      { doc: 'Control registers; cr3 holds the root of the page tables.' },
    ),
    debugreg: debugRegisters({ register: register32, bits: bits32 }, DR6, DR7),
    event_callback_cs: wideSelector32('Code segment of event_callback_eip.'),
    event_callback_eip: register32('Where the guest takes event-channel upcalls.', { leadsTo: toVa }),
    failsafe_callback_cs: wideSelector32('Code segment of failsafe_callback_eip.'),
    failsafe_callback_eip: register32('Where Xen goes when loading the guest’s segments faulted.', { leadsTo: toVa }),
    vm_assist: u32({
      display: 'hex',
      bits: VM_ASSIST,
      doc: 'What Xen does differently for this guest (VMASST_TYPE_*).',
    }),
  },
  { source: SOURCE },
);

/** Bytes of the context of a 32-bit guest. */
export const GUEST_CONTEXT_32_SIZE = sizeOf(GUEST_CONTEXT_32);

/** vcpu_guest_context of vCPU 0, whose edx leads to the start_info page. */
export const FIRST_CONTEXT_32 = struct(
  GUEST_CONTEXT_32.name,
  {
    ...GUEST_CONTEXT_32.fields,
    user_regs: struct(
      USER_REGS_32.name,
      {
        ...USER_REGS_32.fields,
        edx: general('PFN of the start_info page: the argument of the suspend hypercall, made a PFN by the saver.', {
          note: () => 'PFN of start_info',
          leadsTo: toPfn,
        }),
      },
      { doc: USER_REGS_32.doc ?? '' },
    ),
  },
  { source: SOURCE },
);
