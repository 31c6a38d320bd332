/** From a vCPU's registers to how its addresses are found: the mode, the root, and what the entries may hold. */
import { addressOf, FRAME_MASK } from '../page';
import { foldedPfn } from '../pv/guest-context-32';
import { MODES, type PagingMode } from './modes';

/** What of a vCPU's registers decides how it finds memory. */
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

/** One way to find memory. */
export interface Paging {
  readonly mode: PagingMode;
  /** Guest-physical address of the top table. */
  readonly root: bigint;
  /** Which of the two tables of a 64-bit PV guest. */
  readonly side?: 'kernel' | 'user';
  /** CR4.PSE. */
  readonly pse: boolean;
  /** Bit 63 of an entry may be set. */
  readonly nx: boolean;
  readonly addressBits: number;
}

const bit = (value: bigint, at: number): boolean => ((value >> BigInt(at)) & 1n) === 1n;

function hvmPaging({ cr0, cr3, cr4, efer, addressBits = 52 }: PagingRegisters & { kind: 'hvm' }): Paging {
  const rules = { pse: bit(cr4, 4), nx: bit(efer, 11), addressBits };
  if (!bit(cr0, 31)) return { mode: bit(cr0, 0) ? MODES.off : MODES.real, root: 0n, ...rules };
  // Without LMA the upper half of cr3 has no meaning.
  if (!bit(cr4, 5)) return { mode: MODES['32-bit'], root: cr3 & 0xffff_f000n, ...rules };
  if (!bit(efer, 10)) return { mode: MODES.pae, root: cr3 & 0xffff_ffe0n, ...rules };
  return { mode: bit(cr4, 12) ? MODES['5-level'] : MODES['4-level'], root: cr3 & FRAME_MASK, ...rules };
}

const PV_RULES = { pse: false, nx: true, addressBits: 52 } as const;

/**
 * The ways to try, in order. A 64-bit PV guest in user mode runs on tables that need not have its kernel, to which
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
      if (registers.inKernel || !bit(registers.cr1, 0)) return [kernel];
      return [{ ...kernel, root: registers.cr1 & FRAME_MASK, side: 'user' }, kernel];
    }
  }
}

/** All address spaces of a vCPU, the one that it runs in first: of a 64-bit PV guest also the one of its other mode. */
export function spacesOf(registers: PagingRegisters): readonly [Paging, ...Paging[]] {
  if (registers.kind !== 'pv64' || !registers.inKernel) return pagingsOf(registers);
  const [kernel] = pagingsOf(registers);
  const others = pagingsOf({ ...registers, inKernel: false });
  return [kernel, ...others.filter(({ side }) => side === 'user')];
}
