/** How the addresses of a vCPU are found, by its registers: the mode, the root, and what the entries may hold. */
import { CR1_PFN, foldedPfn } from '../pv/roots';
import { addressOf, FRAME_MASK } from '../page';
import { isSet } from '../kit/bits';
import { CR0, CR4, EFER } from '../x86/registers';
import { MODES, type PagingMode } from './modes';

/** The registers of a vCPU that decide how it finds memory. */
export type PagingRegisters =
  | {
      readonly kind: 'pv64';
      /** Root of kernel mode and, in `cr1` with bit 0 set, of user mode. */
      readonly cr3: bigint;
      readonly cr1: bigint;
      readonly inKernel: boolean;
    }
  | { readonly kind: 'pv32'; readonly cr3: bigint }
  | {
      readonly kind: 'hvm';
      readonly cr0: bigint;
      readonly cr3: bigint;
      readonly cr4: bigint;
      readonly efer: bigint;
      /** Bits of a physical address; 52 where nothing is known. */
      readonly addressBits?: number;
    };

/** One way in which a vCPU finds memory. */
export interface Paging {
  readonly mode: PagingMode;
  /** Guest-physical address of the top table. */
  readonly root: bigint;
  /** The mode of a 64-bit PV guest whose tables these are. */
  readonly side?: 'kernel' | 'user';
  /** CR4.PSE. */
  readonly pse: boolean;
  /** Bit 63 of an entry may be set. */
  readonly nx: boolean;
  readonly addressBits: number;
}

function hvmPaging({ cr0, cr3, cr4, efer, addressBits = 52 }: PagingRegisters & { kind: 'hvm' }): Paging {
  const rules = { pse: isSet(cr4, CR4.PSE), nx: isSet(efer, EFER.NXE), addressBits };
  if (!isSet(cr0, CR0.PG)) return { mode: isSet(cr0, CR0.PE) ? MODES.off : MODES.real, root: 0n, ...rules };
  // Without LMA the upper half of cr3 has no meaning.
  if (!isSet(cr4, CR4.PAE)) return { mode: MODES['32-bit'], root: cr3 & 0xffff_f000n, ...rules };
  if (!isSet(efer, EFER.LMA)) return { mode: MODES.pae, root: cr3 & 0xffff_ffe0n, ...rules };
  return { mode: isSet(cr4, CR4.LA57) ? MODES['5-level'] : MODES['4-level'], root: cr3 & FRAME_MASK, ...rules };
}

const PV_RULES = { pse: false, nx: true, addressBits: 52 } as const;

/**
 * Returns the ways in which an address of a vCPU may be found, to be tried in this order. A 64-bit PV guest in user mode runs on tables that need not have its kernel, to which
 * some of the addresses in its registers belong.
 */
export function pagingsOf(registers: PagingRegisters): readonly [Paging, ...Paging[]] {
  switch (registers.kind) {
    case 'hvm':
      return [hvmPaging(registers)];
    case 'pv32':
      return [{ mode: MODES.pv32, root: addressOf(foldedPfn(Number(registers.cr3 & 0xffff_ffffn))), ...PV_RULES }];
    case 'pv64': {
      const kernel: Paging = { mode: MODES.pv64, root: registers.cr3 & FRAME_MASK, side: 'kernel', ...PV_RULES };
      if (registers.inKernel || (registers.cr1 & CR1_PFN) === 0n) return [kernel];
      return [{ ...kernel, root: registers.cr1 & FRAME_MASK, side: 'user' }, kernel];
    }
  }
}

/** Returns all address spaces of a vCPU, the one that it runs in first; for a 64-bit PV guest also that of its other mode. */
export function spacesOf(registers: PagingRegisters): readonly [Paging, ...Paging[]] {
  if (registers.kind !== 'pv64' || !registers.inKernel) return pagingsOf(registers);
  const [kernel] = pagingsOf(registers);
  const others = pagingsOf({ ...registers, inKernel: false });
  return [kernel, ...others.filter(({ side }) => side === 'user')];
}
