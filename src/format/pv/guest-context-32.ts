/** vcpu_guest_context of a 32-bit PV guest, 2800 bytes. Source: public/arch-x86/xen.h, xen-x86_32.h. */
import { hex } from '../../lib/text';
import { array, bytes, struct, u16, u32, u8, zeros } from '../kit/layout';
import { register32, selector } from '../x86/fields';
import { CR0, CR4, DR6, DR7, RFLAGS } from '../x86/registers';
import { VGCF, VM_ASSIST } from './guest-context-64';

export const GUEST_CONTEXT_32_SIZE = 2800;

const unused = () => register32('Not used.');

/**
 * The PFN that a cr3 of a 32-bit guest names: the frame's upper 12 bits are folded into its lower 12, so that frames
 * above 4 GiB fit. Source: public/arch-x86/xen-x86_32.h (xen_cr3_to_pfn).
 */
export const foldedPfn = (cr3: number): number => (cr3 & 0xfff) * 0x10_0000 + (cr3 >>> 12);

const USER_REGS_32 = struct('cpu_user_regs', {
  ebx: register32(),
  ecx: register32(),
  edx: register32('On VCPU 0 the PFN of the start_info page.'),
  esi: register32(),
  edi: register32(),
  ebp: register32(),
  eax: register32(),
  error_code: u16({ display: 'hex', doc: 'Private to Xen.' }),
  entry_vector: u16({ display: 'hex', doc: 'Private to Xen.' }),
  eip: register32('Next instruction.'),
  cs: selector(),
  saved_upcall_mask: u8({ names: { 0: 'events enabled', 1: 'events masked' }, doc: "The guest's event mask." }),
  pad0: zeros(1),
  eflags: u32({ display: 'register', bits: RFLAGS }),
  esp: register32('Stack pointer.'),
  ss: selector(),
  pad1: zeros(2),
  es: selector(),
  pad2: zeros(2),
  ds: selector(),
  pad3: zeros(2),
  fs: selector(),
  pad4: zeros(2),
  gs: selector(),
  pad5: zeros(2),
});

const TRAP_INFO_32 = struct(
  'trap_info',
  {
    vector: u8({ display: 'hex' }),
    flags: u8({ display: 'hex', bits: { dpl: { at: 0, width: 2 }, disables_events: 2 } }),
    cs: selector(),
    address: register32('Handler.'),
  },
  {
    summary: ({ vector = 0, cs = 0, address = 0 }) =>
      Number(address) === 0 ? 'unused' : `vector ${hex(vector, 2)} → ${hex(cs, 4)}:${hex(address, 8)}`,
  },
);

export const GUEST_CONTEXT_32 = struct('vcpu_guest_context', {
  fpu_ctxt: bytes(512, { doc: 'FXSAVE image; the XSAVE record is newer where there is one.' }),
  flags: u32({ display: 'hex', bits: VGCF, doc: 'VGCF_*' }),
  user_regs: USER_REGS_32,
  trap_ctxt: array(TRAP_INFO_32, 256, { doc: 'Virtual IDT.' }),
  ldt_base: register32('Linear address of the LDT.'),
  ldt_ents: u32({ doc: 'Entries of the LDT.' }),
  gdt_frames: array(u32({ display: 'hex' }), 16, { doc: 'PFNs of the pages that hold the GDT.' }),
  gdt_ents: u32({ doc: 'Entries of the GDT.' }),
  kernel_ss: u32({ display: 'hex' }),
  kernel_sp: register32(),
  ctrlreg: struct('ctrlreg', {
    cr0: u32({ display: 'register', bits: CR0 }),
    cr1: unused(),
    cr2: register32('Address of the last page fault.'),
    cr3: u32({
      display: 'register',
      doc: 'Root of the page tables: in the stream a PFN, its upper 12 bits folded into the lower.',
      note: (value) => `PFN ${hex(foldedPfn(Number(value)))}`,
    }),
    cr4: u32({ display: 'register', bits: CR4 }),
    cr5: unused(),
    cr6: unused(),
    cr7: unused(),
  }),
  debugreg: struct('debugreg', {
    dr0: register32('Breakpoint 0.'),
    dr1: register32('Breakpoint 1.'),
    dr2: register32('Breakpoint 2.'),
    dr3: register32('Breakpoint 3.'),
    dr4: unused(),
    dr5: register32('Private to Xen: emulated I/O breakpoints.'),
    dr6: u32({ display: 'register', bits: DR6 }),
    dr7: u32({ display: 'register', bits: DR7 }),
  }),
  event_callback_cs: u32({ display: 'hex' }),
  event_callback_eip: register32(),
  failsafe_callback_cs: u32({ display: 'hex' }),
  failsafe_callback_eip: register32(),
  vm_assist: u32({ display: 'hex', bits: VM_ASSIST }),
});
