/** vcpu_guest_context of a 64-bit PV guest, 5168 bytes. Source: public/arch-x86/xen.h, xen-x86_64.h. */
import { hex } from '../../lib/text';
import { array, bytes, type Bits, struct, u32, u64, u8, zeros } from '../kit/layout';
import { register64, selector } from '../x86/fields';
import { CR0, CR4, DR6, DR7, RFLAGS } from '../x86/registers';

export const GUEST_CONTEXT_64_SIZE = 5168;

export const VGCF: Bits = {
  i387_valid: 0,
  in_kernel: 2,
  failsafe_disables_events: 3,
  syscall_disables_events: 4,
  online: 5,
};

/** VMASST_TYPE_*; a 64-bit guest has m2p_strict besides. */
export const VM_ASSIST = {
  '4gb_segments': 0,
  '4gb_segments_notify': 1,
  writable_pagetables: 2,
  pae_extended_cr3: 3,
  architectural_iopl: 4,
  runstate_update_flag: 5,
} as const satisfies Bits;

const USER_REGS_64 = struct('cpu_user_regs', {
  r15: register64(),
  r14: register64(),
  r13: register64(),
  r12: register64(),
  rbp: register64(),
  rbx: register64(),
  r11: register64(),
  r10: register64(),
  r9: register64(),
  r8: register64(),
  rax: register64(),
  rcx: register64(),
  rdx: register64('On VCPU 0 the PFN of the start_info page.'),
  rsi: register64(),
  rdi: register64(),
  error_code: u32({ display: 'hex', doc: 'Private to Xen.' }),
  entry_vector: u32({ display: 'hex', doc: 'Private to Xen.' }),
  rip: register64('Next instruction.'),
  cs: selector(),
  pad0: zeros(2),
  saved_upcall_mask: u8({ names: { 0: 'events enabled', 1: 'events masked' }, doc: "The guest's event mask." }),
  pad1: zeros(3),
  rflags: u64({ display: 'register', bits: RFLAGS }),
  rsp: register64('Stack pointer.'),
  ss: selector(),
  pad2: zeros(6),
  es: selector(),
  pad3: zeros(6),
  ds: selector(),
  pad4: zeros(6),
  fs: selector(),
  pad5: zeros(6),
  gs: selector(),
  pad6: zeros(6),
});

const TRAP_INFO_64 = struct(
  'trap_info',
  {
    vector: u8({ display: 'hex' }),
    flags: u8({ display: 'hex', bits: { dpl: { at: 0, width: 2 }, disables_events: 2 } }),
    cs: selector(),
    pad: zeros(4),
    address: register64('Handler.'),
  },
  {
    summary: ({ vector = 0, cs = 0, address = 0 }) =>
      BigInt(address) === 0n ? 'unused' : `vector ${hex(vector, 2)} → ${hex(cs, 4)}:${hex(address, 16)}`,
  },
);

const unused = () => u64({ display: 'register', doc: 'Not used.' });

export const GUEST_CONTEXT_64 = struct('vcpu_guest_context', {
  fpu_ctxt: bytes(512, { doc: 'FXSAVE image; the XSAVE record is newer where there is one.' }),
  flags: u64({ display: 'hex', bits: VGCF, doc: 'VGCF_*' }),
  user_regs: USER_REGS_64,
  trap_ctxt: array(TRAP_INFO_64, 256, { doc: 'Virtual IDT.' }),
  ldt_base: register64('Linear address of the LDT.'),
  ldt_ents: u64({ doc: 'Entries of the LDT.' }),
  gdt_frames: array(u64({ display: 'hex' }), 16, { doc: 'PFNs of the pages that hold the GDT.' }),
  gdt_ents: u64({ doc: 'Entries of the GDT.' }),
  kernel_ss: u64({ display: 'hex' }),
  kernel_sp: register64(),
  ctrlreg: struct('ctrlreg', {
    cr0: u64({ display: 'register', bits: CR0 }),
    cr1: register64('Root of the user-mode page tables: PFN in bits 51–12 with bit 0 set, or 0.'),
    cr2: register64('Address of the last page fault.'),
    cr3: u64({
      display: 'register',
      doc: 'Root of the kernel-mode page tables: in the stream a PFN in bits 51–12.',
      note: (value) => `PFN ${hex(BigInt(value) >> 12n)}`,
    }),
    cr4: u64({ display: 'register', bits: CR4 }),
    cr5: unused(),
    cr6: unused(),
    cr7: unused(),
  }),
  debugreg: struct('debugreg', {
    dr0: register64('Breakpoint 0.'),
    dr1: register64('Breakpoint 1.'),
    dr2: register64('Breakpoint 2.'),
    dr3: register64('Breakpoint 3.'),
    dr4: unused(),
    dr5: u64({ display: 'register', doc: 'Private to Xen: emulated I/O breakpoints.' }),
    dr6: u64({ display: 'register', bits: DR6 }),
    dr7: u64({ display: 'register', bits: DR7 }),
  }),
  event_callback_eip: register64(),
  failsafe_callback_eip: register64(),
  syscall_callback_eip: register64(),
  vm_assist: u64({ display: 'hex', bits: { ...VM_ASSIST, m2p_strict: 32 } }),
  fs_base: register64(),
  gs_base_kernel: register64('gs base of kernel mode.'),
  gs_base_user: register64('gs base of user mode.'),
});
