/** In which mode a CPU runs, told from its registers. Source: AMD APM vol. 2 § 1.3 and 5.1, Intel SDM vol. 3A § 2.2. */

export interface CpuRegisters {
  readonly cr0: bigint;
  readonly cr4: bigint;
  readonly efer: bigint;
  readonly rflags: bigint;
  /** Attributes in packed form, as in `ARBYTES`. */
  readonly csAttributes: number;
  readonly ssAttributes: number;
}

const bit = (value: bigint | number, at: number): boolean => (BigInt(value) >> BigInt(at)) % 2n === 1n;

export type Mode = 'long mode' | 'compatibility mode' | 'protected mode' | 'virtual-8086 mode' | 'real mode';

export function modeOf({ cr0, efer, rflags, csAttributes }: CpuRegisters): Mode {
  if (!bit(cr0, 0)) return 'real mode';
  if (bit(efer, 10)) return bit(csAttributes, 9) ? 'long mode' : 'compatibility mode';
  return bit(rflags, 17) ? 'virtual-8086 mode' : 'protected mode';
}

/** Privilege level: that of the stack segment, which unlike the code segment's is always the current one. */
const ringOf = ({ ssAttributes }: CpuRegisters): number => (ssAttributes >> 5) & 3;

function pagingOf({ cr0, cr4, efer }: CpuRegisters): string {
  if (!bit(cr0, 31)) return 'paging off';
  if (bit(efer, 10)) return bit(cr4, 12) ? '5-level paging' : '4-level paging';
  return bit(cr4, 5) ? 'PAE paging' : '2-level paging';
}

/** `long mode · ring 0 · 4-level paging`. */
export function modeLine(registers: CpuRegisters): string {
  const mode = modeOf(registers);
  const ring = mode === 'real mode' || mode === 'virtual-8086 mode' ? [] : [`ring ${ringOf(registers)}`];
  return [mode, ...ring, pagingOf(registers)].join(' · ');
}
