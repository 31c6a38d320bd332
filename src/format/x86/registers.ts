/**
 * Bits of the x86 control, status and debug registers, every one of them. Source: Intel SDM vol. 3A ch. 2, 3B § 19.2,
 * AMD APM vol. 2 ch. 3, 13.1; names as in Xen's x86-defns.h and msr-index.h where it has them.
 */
import type { BitRange, Bits, Names } from '../kit/layout';

const flag = (at: number, doc: string): BitRange => ({ at, doc });

/** Bits that must be 0: a CPU raises #GP when they are set, and Xen refuses such a register of an HVM guest. */
const reserved = (at: number, width = 1): BitRange => ({
  at,
  width,
  display: 'hex',
  mustBe: 0,
  reserved: true,
  doc: 'Reserved, 0.',
});

/** Bits that read as 1. Not demanded: Xen stores 0 for a register that was never used. */
const ones = (at: number, width = 1): BitRange => ({
  at,
  width,
  display: 'hex',
  reserved: true,
  doc: 'Reserved, reads as ones.',
});

/** Bits of rflags. */
export const RFLAGS = {
  CF: flag(0, 'Carry out of the highest bit.'),
  reserved_1: ones(1),
  PF: flag(2, 'Low byte of the result has an even number of ones.'),
  reserved_3: reserved(3),
  AF: flag(4, 'Carry out of bit 3, for BCD.'),
  reserved_5: reserved(5),
  ZF: flag(6, 'Result was zero.'),
  SF: flag(7, 'Result was negative.'),
  TF: flag(8, 'Trap after each instruction: single step.'),
  IF: flag(9, 'Interrupts are taken. Of a PV guest always set: what counts there is evtchn_upcall_mask.'),
  DF: flag(10, 'String instructions go downwards.'),
  OF: flag(11, 'Result did not fit a signed integer.'),
  IOPL: { at: 12, width: 2, doc: 'Lowest privilege (highest ring) that may do I/O and change IF.' },
  NT: flag(14, 'Task was entered by CALL or an interrupt.'),
  reserved_15: reserved(15),
  RF: flag(16, 'Instruction breakpoints are off for the next instruction.'),
  VM: flag(17, 'Virtual-8086 mode.'),
  AC: flag(18, 'Alignment checks in ring 3; with SMAP: kernel may access user pages.'),
  VIF: flag(19, 'Virtual interrupt flag (VME, PVI).'),
  VIP: flag(20, 'Virtual interrupt is pending (VME, PVI).'),
  ID: flag(21, 'Can be changed, so that CPUID exists.'),
  reserved_22: reserved(22, 42),
} satisfies Bits;

/** Bits of IA32_FMASK, which AMD calls SFMASK: the flags that SYSCALL clears. */
export const SFMASK: Bits = Object.fromEntries(
  Object.entries<BitRange>(RFLAGS).map(([name, bits]): [string, BitRange] => {
    const { mustBe: _, ...rest } = bits;
    return bits.reserved
      ? [name, { ...rest, doc: 'Reserved in rflags.' }]
      : [name, { at: bits.at, width: bits.width ?? 1, doc: `SYSCALL clears ${name}.` }];
  }),
);

/** Bits of cr0. */
export const CR0 = {
  PE: flag(0, 'Protected mode.'),
  MP: flag(1, 'WAIT traps when TS is set.'),
  EM: flag(2, 'No x87: its instructions trap.'),
  TS: flag(3, 'Task switched: the next FPU instruction traps (#NM).'),
  ET: flag(4, 'x87 is a 387; always set.'),
  NE: flag(5, 'x87 errors raise #MF, not an interrupt.'),
  reserved_6: reserved(6, 10),
  WP: flag(16, 'Read-only pages are so for the kernel too.'),
  reserved_17: reserved(17),
  AM: flag(18, 'Alignment checks are possible (with rflags.AC).'),
  reserved_19: reserved(19, 10),
  NW: flag(29, 'No write-through of caches.'),
  CD: flag(30, 'Caches are off.'),
  PG: flag(31, 'Paging.'),
  reserved_32: reserved(32, 32),
} satisfies Bits;

/** Bits of cr4. */
export const CR4 = {
  VME: flag(0, 'Virtual interrupt flag in virtual-8086 mode.'),
  PVI: flag(1, 'Virtual interrupt flag in protected mode.'),
  TSD: flag(2, 'RDTSC only in ring 0.'),
  DE: flag(3, 'I/O breakpoints; dr4 and dr5 raise #UD.'),
  PSE: flag(4, '4 MiB pages in 2-level paging.'),
  PAE: flag(5, 'Page-table entries of 64 bits.'),
  MCE: flag(6, 'Machine-check exceptions.'),
  PGE: flag(7, 'Global pages.'),
  PCE: flag(8, 'RDPMC in every ring.'),
  OSFXSR: flag(9, 'OS supports FXSAVE, FXRSTOR and SSE.'),
  OSXMMEXCPT: flag(10, 'OS handles SIMD exceptions (#XM).'),
  UMIP: flag(11, 'SGDT, SIDT, SLDT, SMSW and STR only in ring 0.'),
  LA57: flag(12, '5-level paging.'),
  VMXE: flag(13, 'VMX.'),
  SMXE: flag(14, 'SMX (GETSEC).'),
  reserved_15: reserved(15),
  FSGSBASE: flag(16, 'RDFSBASE, WRGSBASE and their like in every ring.'),
  PCIDE: flag(17, 'Process-context ids: cr3 bits 11–0.'),
  OSXSAVE: flag(18, 'OS supports XSAVE; xcr0 can be read.'),
  KL: flag(19, 'Key Locker.'),
  SMEP: flag(20, 'Kernel cannot execute user pages.'),
  SMAP: flag(21, 'Kernel cannot access user pages (unless rflags.AC).'),
  PKE: flag(22, 'Protection keys for user pages (PKRU).'),
  CET: flag(23, 'Control-flow enforcement: shadow stacks, branch tracking.'),
  PKS: flag(24, 'Protection keys for supervisor pages (PKRS).'),
  UINTR: flag(25, 'User interrupts.'),
  reserved_26: reserved(26),
  LASS: flag(27, 'Linear address space separation of user and kernel.'),
  LAM_SUP: flag(28, 'Linear address masking for kernel addresses.'),
  reserved_29: reserved(29, 3),
  FRED: flag(32, 'Flexible return and event delivery.'),
  reserved_33: reserved(33, 31),
} satisfies Bits;

/** Bits of efer. */
export const EFER = {
  SCE: flag(0, 'SYSCALL and SYSRET.'),
  reserved_1: reserved(1, 7),
  LME: flag(8, 'Long mode enabled; active once paging is on.'),
  reserved_9: reserved(9),
  LMA: flag(10, 'Long mode active.'),
  NXE: flag(11, 'No-execute bit in page tables.'),
  SVME: flag(12, 'SVM (AMD virtualisation).'),
  LMSLE: flag(13, 'Segment limits in long mode (AMD).'),
  FFXSE: flag(14, 'FXSAVE leaves out xmm registers in ring 0 (AMD).'),
  TCE: flag(15, 'TLB keeps translations that an INVLPG does not concern (AMD).'),
  reserved_16: reserved(16),
  MCOMMIT: flag(17, 'MCOMMIT instruction (AMD).'),
  INTWB: flag(18, 'WBINVD can be interrupted (AMD).'),
  reserved_19: reserved(19),
  UAIE: flag(20, 'Upper address bits are ignored (AMD).'),
  AIBRSE: flag(21, 'Automatic IBRS (AMD).'),
  reserved_22: reserved(22, 42),
} satisfies Bits;

/** BLD and RTM say by a 0 that it happened. */
const inverted = (at: number, doc: string): BitRange => ({
  at,
  quiet: true,
  names: { 0: 'it was', 1: 'it was not' },
  doc,
});

/** Bits of dr6. */
export const DR6 = {
  B0: flag(0, 'Breakpoint 0 was hit.'),
  B1: flag(1, 'Breakpoint 1 was hit.'),
  B2: flag(2, 'Breakpoint 2 was hit.'),
  B3: flag(3, 'Breakpoint 3 was hit.'),
  reserved_4: ones(4, 7),
  BLD: inverted(11, 'Trap was for a bus lock; inverted: 0 says that it was.'),
  reserved_12: reserved(12),
  BD: flag(13, 'A debug register was accessed while dr7.GD was set.'),
  BS: flag(14, 'Single step.'),
  BT: flag(15, 'Switch to a task whose TSS has the debug bit.'),
  RTM: inverted(16, 'Trap was inside of a transaction; inverted: 0 says that it was.'),
  reserved_17: ones(17, 15),
  reserved_32: reserved(32, 32),
} satisfies Bits;

const BREAK_ON: Names = { 0: 'execution', 1: 'data write', 2: 'I/O (with cr4.DE)', 3: 'data read or write' };
const BREAK_LENGTH: Names = { 0: '1 byte', 1: '2 bytes', 2: '8 bytes', 3: '4 bytes' };

/** Bits of dr7. */
export const DR7: Bits = {
  ...Object.fromEntries(
    [0, 1, 2, 3].flatMap((n): [string, BitRange][] => [
      [`L${n}`, flag(2 * n, `Breakpoint ${n} is on for this task.`)],
      [`G${n}`, flag(2 * n + 1, `Breakpoint ${n} is on for all tasks.`)],
    ]),
  ),
  LE: flag(8, 'Exact local data breakpoints; without effect on later CPUs.'),
  GE: flag(9, 'Exact global data breakpoints; without effect on later CPUs.'),
  reserved_10: ones(10),
  RTM: flag(11, 'Debugging inside of transactions.'),
  reserved_12: reserved(12),
  GD: flag(13, 'Access to debug registers traps.'),
  reserved_14: reserved(14, 2),
  ...Object.fromEntries(
    [0, 1, 2, 3].flatMap((n): [string, BitRange][] => [
      [`RW${n}`, { at: 16 + 4 * n, width: 2, names: BREAK_ON, doc: `What breakpoint ${n} stops at.` }],
      [`LEN${n}`, { at: 18 + 4 * n, width: 2, names: BREAK_LENGTH, doc: `Bytes that breakpoint ${n} covers.` }],
    ]),
  ),
  reserved_32: reserved(32, 32),
};

/** IA32_XSS: components of the extended state that only ring 0 may save; the others are named as in xcr0. */
export const XSS: Bits = {
  X87: flag(0, 'x87 registers; always set.'),
  SSE: flag(1, 'xmm registers and mxcsr.'),
  YMM: flag(2, 'Upper halves of ymm0–15 (AVX).'),
  BNDREGS: flag(3, 'Bound registers (MPX).'),
  BNDCSR: flag(4, 'Bound configuration and status (MPX).'),
  OPMASK: flag(5, 'Mask registers k0–k7 (AVX-512).'),
  ZMM: flag(6, 'Upper halves of zmm0–15 (AVX-512).'),
  HI_ZMM: flag(7, 'zmm16–31 (AVX-512).'),
  PROC_TRACE: flag(8, 'Processor trace; supervisor state.'),
  PKRU: flag(9, 'Protection keys of user pages.'),
  PASID: flag(10, 'Process address space id (ENQCMD); supervisor state.'),
  CET_U: flag(11, 'Control-flow enforcement of user mode; supervisor state.'),
  CET_S: flag(12, 'Control-flow enforcement of kernel mode; supervisor state.'),
  HDC: flag(13, 'Hardware duty cycling; supervisor state.'),
  UINTR: flag(14, 'User interrupts; supervisor state.'),
  LBR: flag(15, 'Last branch records; supervisor state.'),
  HWP: flag(16, 'Hardware P-states; supervisor state.'),
  TILE_CFG: flag(17, 'Tile configuration (AMX).'),
  TILE_DATA: flag(18, 'Tile data (AMX).'),
  reserved_19: { at: 19, width: 45, display: 'hex', reserved: true, doc: 'Not assigned.' },
};
