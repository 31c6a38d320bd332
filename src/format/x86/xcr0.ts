/** Components of the extended state as bits. Source: Xen, asm/x86-defns.h (X86_XCR0_*, X86_XSS_*); Intel SDM vol. 1 § 13.1. */
import type { Bits } from '../kit/layout';

/** Numbers of the components that a CPU can have: each has that bit in XCR0, XSS, xstate_bv and xcomp_bv. */
export const Component = {
  X87: 0,
  SSE: 1,
  YMM: 2,
  BNDREGS: 3,
  BNDCSR: 4,
  OPMASK: 5,
  ZMM: 6,
  HI_ZMM: 7,
  PROC_TRACE: 8,
  PKRU: 9,
  PASID: 10,
  CET_U: 11,
  CET_S: 12,
  HDC: 13,
  UINTR: 14,
  LBR: 15,
  HWP: 16,
  TILE_CFG: 17,
  TILE_DATA: 18,
  LWP: 62,
} as const;
type ComponentName = keyof typeof Component;

const DOCS: Readonly<Record<ComponentName, string>> = {
  X87: 'x87 and MMX registers',
  SSE: 'xmm registers and mxcsr',
  YMM: 'AVX: upper halves of ymm0–15',
  BNDREGS: 'MPX: bounds registers',
  BNDCSR: 'MPX: configuration and status',
  OPMASK: 'AVX-512: mask registers k0–7',
  ZMM: 'AVX-512: upper halves of zmm0–15',
  HI_ZMM: 'AVX-512: zmm16–31',
  PROC_TRACE: 'Processor trace',
  PKRU: 'Rights of the user-mode protection keys',
  PASID: 'Process address space of ENQCMD',
  CET_U: 'Control-flow enforcement of user mode',
  CET_S: 'Shadow stacks of rings 0–2',
  HDC: 'Hardware duty cycling',
  UINTR: 'User interrupts',
  LBR: 'Last branch records',
  HWP: 'Hardware P-states',
  TILE_CFG: 'AMX: shapes of the tiles',
  TILE_DATA: 'AMX: the tiles',
  LWP: 'Lightweight profiling (AMD)',
};

const NAMED = Object.entries(Component) as [ComponentName, number][];

/** Names and meanings of the components, by number. */
export const XSTATE: Readonly<Record<number, readonly [name: string, doc: string]>> = Object.fromEntries(
  NAMED.map(([name, component]) => [component, [name, DOCS[name]]]),
);

/** Bits of a mask of components, but for bit 63. */
export const XSTATE_BITS: Bits = {
  ...Object.fromEntries(NAMED.map(([name, component]) => [name, { at: component, doc: DOCS[name] }])),
  reserved_19: { at: 19, width: 43, display: 'hex', reserved: true, doc: 'Components that Xen does not know' },
};
/** Bits of a mask of components in which bit 63 has no meaning. */
export const MASK_BITS: Bits = { ...XSTATE_BITS, reserved_63: { at: 63, reserved: true, doc: 'Reserved' } };

/** Bit of xcomp_bv: the area is compacted. */
export const COMPACTED = 1n << 63n;

/** Returns the mask of components, as XCR0 and its like have it. */
export const componentMask = (...components: readonly number[]): bigint =>
  components.reduce((mask, component) => mask | (1n << BigInt(component)), 0n);

/** Tells whether a mask has the bit of this number. */
export const hasBit = (mask: bigint, bit: number): boolean => ((mask >> BigInt(bit)) & 1n) === 1n;

/** Returns the name of a component, or its number where Xen does not know it. */
export const xstateName = (component: number): string => XSTATE[component]?.[0] ?? `component ${component}`;
