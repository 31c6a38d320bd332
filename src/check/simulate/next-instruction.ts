/** From the registers of an HVM VCPU to the page of its next instruction, by its page tables. */
import { inCpu } from '../../format/hvm/cpu';
import { readU32, readU64 } from '../../format/kit/bytes';
import { PAGE_SIZE } from '../../format/libxc/page-data';
import type { Reading } from '../../scan/reader';
import type { NextInstruction } from '../rules/presence';
import type { Simulation } from '../simulation';

const At = {
  rip: inCpu('rip'),
  cr0: inCpu('cr0'),
  cr3: inCpu('cr3'),
  cr4: inCpu('cr4'),
  csBase: inCpu('cs_base'),
  efer: inCpu('msr_efer'),
} as const;
const PG = 1n << 31n;
const PAE = 1n << 5n;
const LMA = 1n << 10n;
const PRESENT = 1n;
const LARGE = 1n << 7n;
const FRAME = 0x000f_ffff_ffff_f000n;

/** How a mode walks: bits of the address that each level takes, from the top, and bytes of an entry. */
interface Mode {
  readonly levels: readonly { readonly shift: bigint; readonly bits: bigint }[];
  readonly entry: 4 | 8;
}
const LONG: Mode = { levels: [39n, 30n, 21n, 12n].map((shift) => ({ shift, bits: 9n })), entry: 8 };
const PAE_MODE: Mode = {
  levels: [
    { shift: 30n, bits: 2n },
    { shift: 21n, bits: 9n },
    { shift: 12n, bits: 9n },
  ],
  entry: 8,
};
const LEGACY: Mode = { levels: [22n, 12n].map((shift) => ({ shift, bits: 10n })), entry: 4 };

export function* nextInstruction(sim: Simulation, vcpu: number, body: Uint8Array): Reading<NextInstruction> {
  const reg = (at: number): bigint => readU64(body, at, true);
  const long = (reg(At.efer) & LMA) !== 0n;
  const linear = long ? reg(At.rip) : BigInt.asUintN(32, reg(At.rip) + reg(At.csBase));
  const found = { vcpu, address: linear };
  if ((reg(At.cr0) & PG) === 0n)
    return { ...found, lost: contentOf(sim, linear) < 0 ? pfnOf(linear) : -1, what: 'code' };
  const mode = long ? LONG : (reg(At.cr4) & PAE) === 0n ? LEGACY : PAE_MODE;
  // The root of PAE is 32 bytes long and may lie anywhere in a page.
  let table = long || mode === LEGACY ? reg(At.cr3) & FRAME : reg(At.cr3) & 0xffff_ffe0n;
  for (const [level, { shift, bits }] of mode.levels.entries()) {
    const content = contentOf(sim, table);
    if (content < 0) return { ...found, lost: pfnOf(table), what: 'page table' };
    const index = Number((linear >> shift) & ((1n << bits) - 1n));
    const at = content + Number(table & 0xfffn) + index * mode.entry;
    const raw = yield* sim.reader.at(at, mode.entry);
    const entry = mode.entry === 8 ? readU64(raw, 0, true) : BigInt(readU32(raw, 0, true));
    if ((entry & PRESENT) === 0n) break;
    const last = level === mode.levels.length - 1;
    if (!last && level > 0 && (entry & LARGE) !== 0n) {
      const inside = linear & ((1n << shift) - 1n);
      const page = (entry & FRAME & ~((1n << shift) - 1n)) | inside;
      return { ...found, lost: contentOf(sim, page) < 0 ? pfnOf(page) : -1, what: 'code' };
    }
    table = entry & FRAME;
    if (last) return { ...found, lost: contentOf(sim, table) < 0 ? pfnOf(table) : -1, what: 'code' };
  }
  // Not mapped: what the guest makes of that is its own affair.
  return { ...found, lost: -1, what: 'code' };
}

const pfnOf = (address: bigint): number => Number(address / BigInt(PAGE_SIZE));

/** File offset of the page's content as the stream leaves it, −1 if it has none. */
function contentOf(sim: Simulation, address: bigint): number {
  const pfn = pfnOf(address);
  if (!Number.isSafeInteger(pfn)) return -1;
  return sim.scan.pages.occurrences(pfn).at(-1)?.offset ?? -1;
}
