/** Components of the extended state as bits. Source: Xen, asm/x86-defns.h (X86_XCR0_*, X86_XSS_*); Intel SDM vol. 1 § 13.1. */
import type { Bits } from '../kit/layout';

/** Components that a CPU can have, by number: the bit that stands for them in XCR0, XSS, xstate_bv and xcomp_bv. */
export const XSTATE: Readonly<Record<number, readonly [name: string, doc: string]>> = {
  0: ['X87', 'x87 and MMX registers'],
  1: ['SSE', 'xmm registers and mxcsr'],
  2: ['YMM', 'AVX: upper halves of ymm0–15'],
  3: ['BNDREGS', 'MPX: bounds registers'],
  4: ['BNDCSR', 'MPX: configuration and status'],
  5: ['OPMASK', 'AVX-512: mask registers k0–7'],
  6: ['ZMM', 'AVX-512: upper halves of zmm0–15'],
  7: ['HI_ZMM', 'AVX-512: zmm16–31'],
  8: ['PROC_TRACE', 'Processor trace'],
  9: ['PKRU', 'Rights of the user-mode protection keys'],
  10: ['PASID', 'Process address space of ENQCMD'],
  11: ['CET_U', 'Control-flow enforcement of user mode'],
  12: ['CET_S', 'Shadow stacks of rings 0–2'],
  13: ['HDC', 'Hardware duty cycling'],
  14: ['UINTR', 'User interrupts'],
  15: ['LBR', 'Last branch records'],
  16: ['HWP', 'Hardware P-states'],
  17: ['TILE_CFG', 'AMX: shapes of the tiles'],
  18: ['TILE_DATA', 'AMX: the tiles'],
  62: ['LWP', 'Lightweight profiling (AMD)'],
};

export const XSTATE_BITS: Bits = {
  ...Object.fromEntries(Object.entries(XSTATE).map(([bit, [name, doc]]) => [name, { at: Number(bit), doc }])),
  reserved_19: { at: 19, width: 43, display: 'hex', reserved: true, doc: 'Components that Xen does not know' },
};
/** In the masks of components there is no number 63. */
export const MASK_BITS: Bits = { ...XSTATE_BITS, reserved_63: { at: 63, reserved: true, doc: 'Reserved' } };

export const COMPACTED = 1n << 63n;

export const hasBit = (mask: bigint, bit: number): boolean => ((mask >> BigInt(bit)) & 1n) === 1n;

export const xstateName = (component: number): string => XSTATE[component]?.[0] ?? `component ${component}`;
