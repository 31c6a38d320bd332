/**
 * The ways in which x86 finds memory, one table each: the levels from the root down, with what an entry of each may
 * hold. Source: Intel SDM vol. 3A ch. 4, AMD APM vol. 2 ch. 5; asm/guest_pt.h of Xen for the reserved bits.
 */

import { LARGE } from '../x86/page-table';

/** A level of page tables. */
export interface Level {
  /** An entry of this level, as the manuals call it. */
  readonly entry: string;
  /** Lowest bit of the address that picks the entry, and how many bits do. */
  readonly shift: number;
  readonly bits: number;
  /** Bit 7 makes the entry map a page of 2^shift bytes: always, or only with CR4.PSE. */
  readonly large?: 'always' | 'pse';
  /** Bits that no present entry may have. */
  readonly reserved?: bigint;
  /** Bits that no entry for a large page may have besides. */
  readonly reservedLarge?: bigint;
  /** PV: type by which the stream knows tables of this level. */
  readonly tableType?: number;
}

/** Id of a paging mode. */
export type ModeId = 'real' | 'off' | '32-bit' | 'pae' | '4-level' | '5-level' | 'pv64' | 'pv32';

/** A paging mode: one way in which x86 finds memory. */
export interface PagingMode {
  readonly id: ModeId;
  readonly title: string;
  /** Bits of a linear address; those above are cut off where it has 32. */
  readonly addressBits: 32 | 48 | 57;
  readonly entrySize: 4 | 8;
  /** Levels from the root down; none where linear addresses are physical ones. */
  readonly levels: readonly Level[];
  /** Entries have a bit 63 that forbids to fetch instructions. */
  readonly hasNx: boolean;
}

/** Returns the mask of bits `from` to `to`. */
const bits = (from: number, to: number): bigint => (1n << BigInt(to + 1)) - (1n << BigInt(from));

const PTE: Level = { entry: 'PTE', shift: 12, bits: 9 };
/** An entry that may map a page of 2 MiB: bit 12 is then PAT, and 20–13 must be clear. */
const PDE: Level = { entry: 'PDE', shift: 21, bits: 9, large: 'always', reservedLarge: bits(13, 20) };
const PDPTE: Level = { entry: 'PDPTE', shift: 30, bits: 9, large: 'always', reservedLarge: bits(13, 29) };
/** An entry of the fourth level. AMD reserves bit 8 as well; Intel ignores it. */
const PML4E: Level = { entry: 'PML4E', shift: 39, bits: 9, reserved: LARGE };
const PML5E: Level = { entry: 'PML5E', shift: 48, bits: 9, reserved: LARGE };

/** Bits 62–52, which are reserved with PAE, unlike in long mode. */
const PAE_HIGH = bits(52, 62);
/** An entry of the root with PAE, which has P, PWT, PCD and the address only. */
const PAE_PDPTE: Level = { entry: 'PDPTE', shift: 30, bits: 2, reserved: bits(52, 63) | 0x1e6n };

/** Describes a level of a PV guest's page tables. Xen maps no superpages for PV guests, so the saver would have failed on one. */
const pv = (entry: string, shift: number, tableType: number, width = 9): Level => ({
  entry,
  shift,
  bits: width,
  tableType,
  ...(tableType > 1 ? { reserved: LARGE } : {}),
});

/** Levels of a 64-bit PV guest's page tables. A 32-bit one has L2 and L1 of them, and a root of its own. */
export const PV_LEVELS = {
  L4: pv('L4', 39, 4),
  L3: pv('L3', 30, 3),
  L2: pv('L2', 21, 2),
  L1: pv('L1', 12, 1),
} as const;
/** The root of a 32-bit PV guest's page tables, an L3 table of four entries. */
export const PV_ROOT_32 = pv('L3', 30, 3, 2);

const flat = (id: 'real' | 'off', title: string): PagingMode => ({
  id,
  title,
  addressBits: 32,
  entrySize: 4,
  levels: [],
  hasNx: false,
});

/** All paging modes, by id. */
export const MODES: Readonly<Record<ModeId, PagingMode>> = {
  real: flat('real', 'real mode, no paging'),
  off: flat('off', 'protected mode, no paging'),
  '32-bit': {
    id: '32-bit',
    title: '2-level paging',
    addressBits: 32,
    entrySize: 4,
    hasNx: false,
    levels: [
      // Bits 20–13 of a 4 MiB entry are bits 39–32 of its address (PSE-36).
      { entry: 'PDE', shift: 22, bits: 10, large: 'pse', reservedLarge: bits(21, 21) },
      { entry: 'PTE', shift: 12, bits: 10 },
    ],
  },
  pae: {
    id: 'pae',
    title: 'PAE paging',
    addressBits: 32,
    entrySize: 8,
    hasNx: true,
    levels: [PAE_PDPTE, { ...PDE, reserved: PAE_HIGH }, { ...PTE, reserved: PAE_HIGH }],
  },
  '4-level': {
    id: '4-level',
    title: '4-level paging',
    addressBits: 48,
    entrySize: 8,
    hasNx: true,
    levels: [PML4E, PDPTE, PDE, PTE],
  },
  '5-level': {
    id: '5-level',
    title: '5-level paging',
    addressBits: 57,
    entrySize: 8,
    hasNx: true,
    levels: [PML5E, PML4E, PDPTE, PDE, PTE],
  },
  pv64: {
    id: 'pv64',
    title: '64-bit PV paging',
    addressBits: 48,
    entrySize: 8,
    hasNx: true,
    levels: [PV_LEVELS.L4, PV_LEVELS.L3, PV_LEVELS.L2, PV_LEVELS.L1],
  },
  pv32: {
    id: 'pv32',
    title: '32-bit PV paging (PAE)',
    addressBits: 32,
    entrySize: 8,
    hasNx: true,
    levels: [PV_ROOT_32, PV_LEVELS.L2, PV_LEVELS.L1],
  },
};

/**
 * Addresses of a 64-bit PV guest that are Xen's own: their entries are left out of the image. Source: asm/config.h of
 * Xen (HYPERVISOR_VIRT_START, HYPERVISOR_VIRT_END).
 */
export const XEN_64 = { start: 0xffff_8000_0000_0000n, end: 0xffff_8800_0000_0000n };
/** Address in a 32-bit PV guest from which on all is Xen's own, unless the guest gives Xen less. */
export const XEN_32_START = 0xf580_0000n;

/** Tells whether an address of a 64-bit PV guest is Xen's own. */
export const isXens64 = (va: bigint): boolean => va >= XEN_64.start && va < XEN_64.end;
/** Tells whether an address of a 32-bit PV guest can be Xen's own. */
export const mayBeXens32 = (va: bigint): boolean => va >= XEN_32_START;

/** Returns the index of the entry that an address picks in a table of this level. */
export const entryIndex = (va: bigint, { shift, bits: width }: Level): number =>
  Number((va >> BigInt(shift)) & ((1n << BigInt(width)) - 1n));

/** Tells whether an address is canonical where linear addresses have `addressBits` bits: those above repeat the highest. */
export const isCanonical = (va: bigint, addressBits = 48): boolean =>
  BigInt.asUintN(64, BigInt.asIntN(addressBits, va)) === va;
