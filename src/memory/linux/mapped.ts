/**
 * The pages that a stretch of linear addresses maps, found by going over its tables entry by entry. Tables that share or
 * map themselves can map each page of an address space: how much is looked at has a limit.
 */
import { readU32, readU64 } from '../../format/kit/bytes';
import { offsetInPage, PAGE_SIZE, pfnOf } from '../../format/page';
import type { GuestMemory } from '../guest-memory';
import { frameOf, isLarge, isUnfit, reservedBits } from '../../format/paging/entries';
import { isXens64 } from '../../format/paging/modes';
import { type Paging, type PagingRegisters, pagingsOf } from '../../format/paging/paging';

export interface MappedPage {
  readonly va: bigint;
  readonly pfn: number;
  /** File offset. */
  readonly offset: number;
}

/** Entries and pages that may still be looked at, and what is awaited now and then so that other work comes in. */
export interface Looks {
  left: number;
  readonly breathe?: (() => Promise<void>) | undefined;
}

/** Some forty times what a large kernel needs. */
const LOOKS = 1 << 21;
const BREATHE_EVERY = 1 << 14;

/** Makes the budget for all that is looked for at once: of several vCPUs each may have tables of its own. */
export const someLooks = (breathe?: () => Promise<void>): Looks => ({ left: LOOKS, breathe });

/** A table that is gone through. */
interface Frame {
  readonly depth: number;
  readonly bytes: Uint8Array;
  /** Where its first entry stands in them. */
  readonly from: number;
  /** Address that it is for from on, before its sign is extended. */
  readonly base: bigint;
  index: number;
}

/**
 * Yields what page tables map from `from` up to but without `to`, ascending. Pages that the image does not hold are left out. Ends early
 * where `looks` are used up. Rejects with `ReadError`.
 */
export async function* mappedPages(
  memory: GuestMemory,
  registers: PagingRegisters,
  from: bigint,
  to: bigint,
  looks: Looks = someLooks(),
): AsyncGenerator<MappedPage> {
  const paging = pagingsOf(registers).at(-1) ?? pagingsOf(registers)[0];
  const { mode } = paging;
  if (mode.levels.length === 0) return yield* pagesOf(memory, looks, from, to < 1n << 32n ? to : 1n << 32n, from);
  if (memory.blanked) return;
  const root = await tableAt(memory, paging, 0, paging.root, 0n);
  const frames: Frame[] = root ? [root] : [];
  for (let frame = frames.at(-1); frame; frame = frames.at(-1)) {
    const level = mode.levels[frame.depth];
    if (!level || frame.index >= 2 ** level.bits) {
      frames.pop();
      continue;
    }
    if (looks.left-- <= 0) return;
    if (looks.left % BREATHE_EVERY === 0) await looks.breathe?.();
    const index = frame.index++;
    const at = frame.from + index * mode.entrySize;
    if ((readU32(frame.bytes, at, true) & 1) === 0) continue;
    const size = 1n << BigInt(level.shift);
    const base = frame.base + BigInt(index) * size;
    const va = extended(base, paging);
    if (va + size <= from || va >= to || (mode.id === 'pv64' && isXens64(va))) continue;
    const entry = mode.entrySize === 8 ? readU64(frame.bytes, at, true) : BigInt(readU32(frame.bytes, at, true));
    const large = isLarge(level, entry, paging);
    if ((entry & reservedBits(level, large, paging)) !== 0n) continue;
    if (large || frame.depth === mode.levels.length - 1) {
      const first = va > from ? va : from;
      const target = (frameOf(entry, large, paging) & ~(size - 1n)) + (first - va);
      yield* pagesOf(memory, looks, first, va + size < to ? va + size : to, target);
      continue;
    }
    const next = await tableAt(memory, paging, frame.depth + 1, frameOf(entry, false, paging), base);
    if (next) frames.push(next);
  }
}

/** Pages from linear address `from` on, which is that of `target`. */
function* pagesOf(memory: GuestMemory, looks: Looks, from: bigint, to: bigint, target: bigint): Generator<MappedPage> {
  for (let va = from; va < to; va += BigInt(PAGE_SIZE)) {
    if (looks.left-- <= 0) return;
    const page = memory.page(pfnOf(target + va - from));
    if (page.state === 'here') yield { va, pfn: page.pfn, offset: page.offset };
  }
}

/** The address with its sign, where addresses have 64 bits. */
const extended = (va: bigint, { mode: { addressBits: bits } }: Paging): bigint =>
  bits === 32 ? va : BigInt.asUintN(64, BigInt.asIntN(bits, va));

/** Undefined for a table that the image does not hold, or not as one of that level. */
async function tableAt(
  memory: GuestMemory,
  { mode }: Paging,
  depth: number,
  at: bigint,
  base: bigint,
): Promise<Frame | undefined> {
  const level = mode.levels[depth];
  const page = memory.page(pfnOf(at));
  if (!level || page.state === 'absent' || isUnfit(level, page)) return undefined;
  return { depth, bytes: await memory.pageBytes(page), from: offsetInPage(at), base, index: 0 };
}
