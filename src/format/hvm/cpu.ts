/** HVM save record CPU (2): registers of one vCPU. Source: public/arch-x86/hvm/save.h (struct hvm_hw_cpu). */
import { FRAME_MASK } from '../page';
import { type IntField, mayBeVa, struct, toGpa, toVa, u32, u64 } from '../kit/layout';
import type { MemoryRef } from '../kit/node';
import { register64 } from '../x86/fields';
import { FXSAVE } from '../x86/fxsave';
import { CR0, CR4, DR6, DR7, EFER, RFLAGS } from '../x86/registers';
import { ARBYTES } from '../x86/segment';
import { attributesMeaning, CPU_FLAGS, PENDING_EVENT } from './cpu-bits';

/** A register that holds a linear address. */
const linear = (doc: string): IntField<bigint> => u64({ display: 'register', doc, leadsTo: toVa });

const general = (name: string): IntField<bigint> => register64(`General register ${name}.`, { leadsTo: mayBeVa });

/** An offset in the code or stack segment, whose base comes later in the structure: who goes there adds it. */
const relative = linear;

/** The page of the root of the page tables; the other bits are flags or a PCID. */
const rootPage = (value: number | bigint): MemoryRef | undefined => toGpa(BigInt(value) & FRAME_MASK);

const selector = (of: string): IntField<number> => u32({ display: 'hex', doc: `Selector of ${of}.` });
const limit = (of: string): IntField<number> => u32({ display: 'hex', doc: `Limit of ${of}: its last byte.` });
const base = (of: string): IntField<bigint> => linear(`Linear address of the base of ${of}.`);
const arbytes = (of: string): IntField<number> =>
  u32({
    display: 'hex',
    bits: ARBYTES,
    doc: `Attributes of ${of}.`,
    note: (value) => attributesMeaning(Number(value)),
  });

const LDT = 'the local descriptor table';
const IDT = 'the interrupt descriptor table';
const GDT = 'the global descriptor table';
const TASK = 'the task state segment';

export const HVM_CPU = struct(
  'hvm_hw_cpu',
  {
    fpu_regs: {
      ...FXSAVE,
      doc: 'x87 and SSE as FXSAVE writes them; where there is a CPU_XSAVE entry, that one counts.',
    },
    rax: general('rax'),
    rbx: general('rbx'),
    rcx: general('rcx'),
    rdx: general('rdx'),
    rbp: { ...general('rbp'), doc: 'General register rbp, by convention the frame pointer.' },
    rsi: general('rsi'),
    rdi: general('rdi'),
    rsp: relative('Stack pointer.'),
    r8: general('r8'),
    r9: general('r9'),
    r10: general('r10'),
    r11: general('r11'),
    r12: general('r12'),
    r13: general('r13'),
    r14: general('r14'),
    r15: general('r15'),
    rip: relative('Next instruction.'),
    rflags: u64({ display: 'register', bits: RFLAGS, doc: 'Flags.' }),
    cr0: u64({ display: 'register', bits: CR0, doc: 'Control register 0: protection and paging.' }),
    cr2: linear('Address of the last page fault.'),
    cr3: u64({ display: 'register', doc: 'Root of the page tables, guest-physical.', leadsTo: rootPage }),
    cr4: u64({ display: 'register', bits: CR4, doc: 'Control register 4: extensions that are on.' }),
    dr0: linear('Breakpoint 0.'),
    dr1: linear('Breakpoint 1.'),
    dr2: linear('Breakpoint 2.'),
    dr3: linear('Breakpoint 3.'),
    dr6: u64({ display: 'register', bits: DR6, doc: 'Debug status: what has been hit.' }),
    dr7: u64({ display: 'register', bits: DR7, doc: 'Debug control: which breakpoints are on.' }),
    cs_sel: selector('the code segment'),
    ds_sel: selector('the data segment'),
    es_sel: selector('segment es'),
    fs_sel: selector('segment fs'),
    gs_sel: selector('segment gs'),
    ss_sel: selector('the stack segment'),
    tr_sel: selector(TASK),
    ldtr_sel: selector(LDT),
    cs_limit: limit('the code segment'),
    ds_limit: limit('the data segment'),
    es_limit: limit('segment es'),
    fs_limit: limit('segment fs'),
    gs_limit: limit('segment gs'),
    ss_limit: limit('the stack segment'),
    tr_limit: limit(TASK),
    ldtr_limit: limit(LDT),
    idtr_limit: limit(IDT),
    gdtr_limit: limit(GDT),
    cs_base: base('the code segment'),
    ds_base: base('the data segment'),
    es_base: base('segment es'),
    fs_base: base('segment fs'),
    gs_base: base('segment gs'),
    ss_base: base('the stack segment'),
    tr_base: base(TASK),
    ldtr_base: base(LDT),
    idtr_base: base(IDT),
    gdtr_base: base(GDT),
    cs_arbytes: arbytes('the code segment'),
    ds_arbytes: arbytes('the data segment'),
    es_arbytes: arbytes('segment es'),
    fs_arbytes: arbytes('segment fs'),
    gs_arbytes: arbytes('segment gs'),
    ss_arbytes: arbytes('the stack segment'),
    tr_arbytes: arbytes(TASK),
    ldtr_arbytes: arbytes(LDT),
    sysenter_cs: u64({ display: 'hex', doc: 'MSR SYSENTER_CS: code selector for SYSENTER.' }),
    sysenter_esp: linear('MSR SYSENTER_ESP: stack for SYSENTER.'),
    sysenter_eip: linear('MSR SYSENTER_EIP: entry for SYSENTER.'),
    shadow_gs: linear('MSR KERNEL_GS_BASE: the base that SWAPGS brings.'),
    msr_flags: u64({ display: 'hex', doc: 'Obsolete; Xen ignores it.' }),
    msr_lstar: linear('MSR LSTAR: entry for SYSCALL from 64-bit code.'),
    msr_star: register64('MSR STAR: selectors for SYSCALL and SYSRET.'),
    msr_cstar: linear('MSR CSTAR: entry for SYSCALL from compatibility mode.'),
    msr_syscall_mask: register64('MSR FMASK: flags that SYSCALL clears.'),
    msr_efer: u64({ display: 'register', bits: EFER, doc: 'MSR EFER: long mode and other extensions.' }),
    msr_tsc_aux: register64('MSR TSC_AUX: what RDTSCP returns in ecx.'),
    tsc: register64('TSC as the guest sees it, in ticks of its gtsc_khz.'),
    pending_event: u32(PENDING_EVENT),
    error_code: u32({ display: 'hex', doc: 'Error code of the pending event.' }),
    flags: u32({
      display: 'hex',
      doc: 'What of this record holds.',
      since: 407,
      bits: CPU_FLAGS,
    }),
    pad0: u32({ reserved: true, display: 'hex', mustBe: 0, doc: 'Padding; Xen refuses anything but zero.' }),
  },
  { source: 'public/arch-x86/hvm/save.h (struct hvm_hw_cpu)' },
);

const { msr_tsc_aux: _absent, flags: _flags, pad0: _pad, ...FIELDS_BEFORE_4_0 } = HVM_CPU.fields;

/** The form before Xen 4.0, which has no msr_tsc_aux: what follows lies 8 bytes earlier. Newer releases take it too. */
export const HVM_CPU_COMPAT = struct('hvm_hw_cpu_compat (before Xen 4.0)', FIELDS_BEFORE_4_0, {
  source: 'public/arch-x86/hvm/save.h (struct hvm_hw_cpu_compat)',
});
