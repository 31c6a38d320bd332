/**
 * The ways in which x86 finds memory, one table each: the levels from the root down, with what an entry of each may
 * hold. Source: Intel SDM vol. 3A ch. 4, AMD APM vol. 2 ch. 5; asm/guest_pt.h of Xen for the reserved bits.
 */

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

export type ModeId = 'real' | 'off' | '32-bit' | 'pae' | '4-level' | '5-level' | 'pv64' | 'pv32';

export interface PagingMode {
  readonly id: ModeId;
  readonly title: string;
  /** Bits of a linear address; those above are cut off where it has 32. */
  readonly addressBits: 32 | 48 | 57;
  readonly entrySize: 4 | 8;
  /** From the root down; none where linear addresses are physical ones. */
  readonly levels: readonly Level[];
  /** Entries have a bit 63 that forbids to fetch instructions. */
  readonly hasNx: boolean;
}

const PS = 0x80n;
/** Bits `from … to` set. */
const bits = (from: number, to: number): bigint => (1n << BigInt(to + 1)) - (1n << BigInt(from));

const PTE: Level = { entry: 'PTE', shift: 12, bits: 9 };
/** A page of 2 MiB: bit 12 is PAT, 20–13 must be clear. */
const PDE: Level = { entry: 'PDE', shift: 21, bits: 9, large: 'always', reservedLarge: bits(13, 20) };
const PDPTE: Level = { entry: 'PDPTE', shift: 30, bits: 9, large: 'always', reservedLarge: bits(13, 29) };
/** AMD reserves bit 8 as well; Intel ignores it. */
const PML4E: Level = { entry: 'PML4E', shift: 39, bits: 9, reserved: PS };
const PML5E: Level = { entry: 'PML5E', shift: 48, bits: 9, reserved: PS };

/** With PAE bits 62–52 are reserved, unlike in long mode. */
const PAE_HIGH = bits(52, 62);
/** A pointer of PAE has but P, PWT, PCD and the address. */
const PAE_PDPTE: Level = { entry: 'PDPTE', shift: 30, bits: 2, reserved: bits(52, 63) | 0x1e6n };

/** Xen maps no superpages for PV guests, so the saver would have failed on one. */
const pv = (entry: string, shift: number, tableType: number, width = 9): Level => ({
  entry,
  shift,
  bits: width,
  tableType,
  ...(tableType > 1 ? { reserved: PS } : {}),
});

const flat = (id: 'real' | 'off', title: string): PagingMode => ({
  id,
  title,
  addressBits: 32,
  entrySize: 4,
  levels: [],
  hasNx: false,
});

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
    levels: [pv('L4', 39, 4), pv('L3', 30, 3), pv('L2', 21, 2), pv('L1', 12, 1)],
  },
  pv32: {
    id: 'pv32',
    title: '32-bit PV paging (PAE)',
    addressBits: 32,
    entrySize: 8,
    hasNx: true,
    levels: [pv('L3', 30, 3, 2), pv('L2', 21, 2), pv('L1', 12, 1)],
  },
};

/** Addresses that are Xen's own in a PV guest: their entries are left out of the image. Source: asm/config.h of Xen. */
const XEN_64 = { start: 0xffff_8000_0000_0000n, end: 0xffff_8800_0000_0000n };
/** Where Xen starts at the latest in a 32-bit guest, which can say otherwise. */
const XEN_32_START = 0xf580_0000n;

export const isXens64 = (va: bigint): boolean => va >= XEN_64.start && va < XEN_64.end;
export const mayBeXens32 = (va: bigint): boolean => va >= XEN_32_START;
