/** Memory page by page: where each page stands in the file, or why it is not there. */
import { PAGE_SIZE, pfnOf } from '../../format/page';
import type { GuestMemory } from '../guest-memory';
import { whyNot, whyNotMany } from '../walk/reasons';
import { translate, type Translation } from '../walk/virtual';
import type { PagingRegisters } from '../../format/paging/paging';

export interface MappedPage {
  readonly offset: number;
  readonly pfn: number;
  readonly record: number;
}

/** Pages that stand in the image, one after the other in memory. */
interface MappedPages {
  readonly at: bigint;
  readonly pages: readonly MappedPage[];
}

/** Memory without bytes, for one reason. */
export interface Hole {
  readonly at: bigint;
  /** Bytes, within what was asked for. */
  readonly length: number;
  /** Where it begins and ends for the same reason, outside of that too. */
  readonly from: bigint;
  readonly to: bigint;
  readonly reason: string;
}

export type Extent = MappedPages | Hole;

/** What is at an address. `to`: where memory that is not there is known to end, by other means than tables. */
type Found = Pick<Translation, 'page' | 'failure'> & { readonly to?: bigint };

/** How a page is found. */
export type Find = (at: bigint) => Promise<Found>;

/** The end of all addresses. */
const END = 1n << 64n;

/** Finds pages by linear addresses, through the page tables of a vCPU. */
export const byTables =
  (memory: GuestMemory, registers: PagingRegisters): Find =>
  (va) =>
    translate(memory, registers, va);

/** Finds pages by guest-physical addresses. */
export const byPfn =
  (memory: GuestMemory): Find =>
  async (gpa) => {
    const pfn = pfnOf(gpa);
    return { page: memory.page(pfn), ...(pfn >= memory.end ? { to: END } : {}) };
  };

/** The aligned range around `at` that all leads nowhere for the reason for which `at` does: at least its page. */
function holeAround(at: bigint, { failure, to }: Found): { readonly from: bigint; readonly to: bigint } {
  const whole = BigInt(Math.max(PAGE_SIZE, failure?.span ?? PAGE_SIZE));
  const from = at - (at % whole);
  return { from, to: to ?? from + whole };
}

/**
 * Finds `count` pages from `start`, the address of a page, on; not beyond the end of all addresses. Rejects with
 * `ReadError`.
 */
export async function extents(find: Find, start: bigint, count: number): Promise<Extent[]> {
  const found: Extent[] = [];
  const wanted = start + BigInt(count) * BigInt(PAGE_SIZE);
  const end = wanted < END ? wanted : END;
  let mapped: MappedPage[] | undefined;
  /** How the hole before leads nowhere. */
  let way: string | undefined;
  for (let at = start; at < end;) {
    const place = await find(at);
    if (place.page?.state === 'here') {
      const { offset, pfn, record } = place.page;
      if (mapped) mapped.push({ offset, pfn, record });
      else found.push({ at, pages: (mapped = [{ offset, pfn, record }]) });
      way = undefined;
      at += BigInt(PAGE_SIZE);
      continue;
    }
    mapped = undefined;
    const { from, to } = holeAround(at, place);
    const length = Number((to < end ? to : end) - at);
    const { key, text } = whyNotMany(place);
    const last = found.at(-1);
    if (last && 'reason' in last && way === key)
      found[found.length - 1] = { ...last, to, length: last.length + length, reason: text };
    else {
      // A page is named where it is the only one.
      const several = !place.failure && length > PAGE_SIZE;
      found.push({ at, length, from, to, reason: (several ? undefined : whyNot(place)) ?? text });
    }
    way = key;
    at += BigInt(length);
  }
  return found;
}

/** Holes looked over for the next memory, each as large as its reason reaches. */
const LOOKED_OVER = 4096;

/** Addresses from `start` to `end`, which is not among them. */
export interface Limits {
  readonly start: bigint;
  readonly end: bigint;
}

/** What stands around a window: the nearest memory on either side of a hole at its edge, as far as that was looked for. */
export interface Around {
  readonly extents: readonly Extent[];
  /** The last byte to go on at before the window, and the first behind it; undefined where nothing follows. */
  readonly before?: bigint;
  readonly after?: bigint;
}

/** Finds the memory in a window, and where it goes on around that, within limits. Rejects with `ReadError`. */
export async function windowOf(find: Find, start: bigint, count: number, limits: Limits): Promise<Around> {
  const found = await extents(find, start, count);
  const end = start + BigInt(count) * BigInt(PAGE_SIZE);
  const edge = async (extent: Extent | undefined, way: Way, beside: bigint): Promise<bigint | undefined> => {
    if (!extent || !('reason' in extent)) return beside;
    const { memory, alike, reason } = await memoryBeyond(find, extent, way, limits);
    const whole = way === 'after' ? { ...extent, to: alike } : { ...extent, from: alike };
    const isLonger = whole.to - whole.from > extent.to - extent.from;
    // No longer that of one entry.
    found[found.indexOf(extent)] = isLonger ? { ...whole, reason } : whole;
    return memory;
  };
  const after = await edge(found.at(-1), 'after', end);
  const before = await edge(found[0], 'before', start - 1n);
  return {
    extents: found,
    ...(before === undefined || before < limits.start ? {} : { before }),
    ...(after === undefined || after >= limits.end ? {} : { after }),
  };
}

type Way = 'before' | 'after';

/**
 * Looks on from an end of a hole. Returns the nearest address that leads to memory, or how far that was looked for,
 * undefined where there is none; how far the reason stays that of the hole's end; and that reason, as it is of several
 * entries.
 */
async function memoryBeyond(
  find: Find,
  hole: Hole,
  way: Way,
  limits: Limits,
): Promise<{ readonly memory: bigint | undefined; readonly alike: bigint; readonly reason: string }> {
  const isAfter = way === 'after';
  // The first address beyond a hole, or the last one before it.
  const next = ({ from, to }: Pick<Hole, 'from' | 'to'>): bigint => (isAfter ? to : from - 1n);
  const isWithin = (at: bigint): boolean => (isAfter ? at < limits.end : at >= limits.start);
  const { key, text: reason } = whyNotMany(await find(isAfter ? hole.to - 1n : hole.from));
  let at = next(hole);
  let alike = isAfter ? hole.to : hole.from;
  let stays = true;
  for (let left = LOOKED_OVER; isWithin(at) && left > 0; left--) {
    const place = await find(at);
    if (place.page?.state === 'here') return { memory: at, alike, reason };
    const around = holeAround(at, place);
    stays = stays && whyNotMany(place).key === key;
    if (stays) alike = isAfter ? around.to : around.from;
    at = next(around);
  }
  return { memory: isWithin(at) ? at : undefined, alike, reason };
}
