/** Fields that the contexts of 32-bit and 64-bit PV guests have in common. Source: public/arch-x86/xen.h, public/xen.h. */
import { hex } from '../../lib/text';
import { type Bits, type Fields, type IntField, struct, toVa, u8, zeros } from '../kit/layout';
import { EXCEPTION_NAMES } from '../x86/exceptions';
import { register32, register64, selector } from '../x86/fields';
import { FXSAVE } from '../x86/fxsave';

/** Bits of a PV vCPU's flags (VGCF_*). */
export const VGCF = {
  i387_valid: { at: 0, doc: 'fpu_ctxt holds the FPU registers.' },
  reserved_1: { at: 1, reserved: true, doc: 'Not used.' },
  in_kernel: { at: 2, doc: 'The guest kernel was running, not a program of it.' },
  failsafe_disables_events: { at: 3, doc: 'Entering the failsafe callback masks events.' },
  syscall_disables_events: { at: 4, doc: 'Entering the SYSCALL callback masks events.' },
  online: { at: 5, doc: 'The vCPU is up; one that is down is not in the stream. Restoring sets it in any case.' },
} as const satisfies Bits;

/** Bits of vm_assist that guests of both widths can set (VMASST_TYPE_*). */
export const VM_ASSIST = {
  '4gb_segments': { at: 0, doc: 'Xen simulates segment limits of 4 GiB (32-bit guests).' },
  '4gb_segments_notify': { at: 1, doc: 'Trap 15 tells the guest each time that it did so.' },
  writable_pagetables: { at: 2, doc: 'The guest writes L1 entries as if they were writable; Xen emulates it.' },
  pae_extended_cr3: { at: 3, doc: 'Root page tables above 4 GiB: cr3 is folded (32-bit guests).' },
  architectural_iopl: { at: 4, doc: 'IOPL is virtual as hardware has it, also in frames that Xen pushes.' },
  runstate_update_flag: { at: 5, doc: 'Xen marks vcpu_runstate_info while it updates it.' },
} as const satisfies Bits;

/** Bits of vm_assist that a 64-bit guest can set. */
export const VM_ASSIST_64 = {
  ...VM_ASSIST,
  m2p_strict: { at: 32, doc: 'The machine-to-physical table is hidden from user mode.' },
} as const satisfies Bits;

/** The FPU registers at the start of a PV context. */
export const FPU_CTXT = {
  ...FXSAVE,
  doc: 'x87 and SSE as FXSAVE writes them; where the XSAVE record has an area, that one counts.',
};

/** saved_upcall_mask of cpu_user_regs. */
export const UPCALL_MASK = u8({
  doc: 'Event mask in the frames that Xen pushes. Not kept here: the vCPU’s own is evtchn_upcall_mask in its vcpu_info.',
});

const HANDLER = 'Address of the handler; 0 for a vector without one.';
/** The handler's address in a trap_info of a 64-bit guest, with the hole before it. */
export const TRAP_ADDRESS_64 = { pad: zeros(4), address: register64(HANDLER, { leadsTo: toVa }) };
/** The handler's address in a trap_info of a 32-bit guest. */
export const TRAP_ADDRESS_32 = { address: register32(HANDLER, { leadsTo: toVa }) };

/** Makes the layout of an entry of the virtual IDT; `address` are the fields that hold the handler's address, as wide as the guest. */
export function trapInfo<A extends Fields>(width: 4 | 8, address: A) {
  return struct(
    'trap_info',
    {
      vector: u8({ display: 'hex', names: EXCEPTION_NAMES, doc: 'Exception or interrupt vector.' }),
      flags: u8({
        display: 'hex',
        doc: 'Who may use the vector, and whether it masks events.',
        bits: {
          dpl: {
            at: 0,
            width: 2,
            names: { 0: 'nobody', 1: 'the kernel', 2: 'the kernel', 3: 'everyone' },
            doc: 'Least privileged ring that may raise the vector by INT.',
          },
          disables_events: { at: 2, doc: 'Entering the handler masks events.' },
          reserved: { at: 3, width: 5, display: 'hex', reserved: true, doc: 'Not used.' },
        },
      }),
      cs: selector('Code segment of the handler.', width),
      ...address,
    },
    {
      summary: ({ vector = 0, cs = 0, address: handler = 0 }) => {
        if (BigInt(handler) === 0n) return 'unused';
        const name = EXCEPTION_NAMES[Number(vector)];
        return `vector ${hex(vector, 2)}${name === undefined ? '' : ` ${name}`} → ${hex(cs, 4)}:${hex(handler, width * 2)}`;
      },
    },
  );
}

interface Word<V extends number | bigint> {
  readonly register: (doc: string, more?: Parameters<typeof register64>[1]) => IntField<V>;
  readonly bits: (doc: string, bits: Bits) => IntField<V>;
}

/** Makes the layout of debugreg[8], with registers as wide as the guest. */
export const debugRegisters = <V extends number | bigint>({ register, bits }: Word<V>, dr6: Bits, dr7: Bits) =>
  struct(
    'debugreg',
    {
      dr0: register('Address of breakpoint 0.', { leadsTo: toVa }),
      dr1: register('Address of breakpoint 1.', { leadsTo: toVa }),
      dr2: register('Address of breakpoint 2.', { leadsTo: toVa }),
      dr3: register('Address of breakpoint 3.', { leadsTo: toVa }),
      dr4: register('Not used.'),
      dr5: register('Private to Xen: I/O breakpoints that it emulates; newer versions leave it 0.'),
      dr6: bits('Debug status: what the last debug trap was for.', dr6),
      dr7: bits('Debug control: which breakpoints are on, and for what.', dr7),
    },
    { doc: 'Debug registers.' },
  );
