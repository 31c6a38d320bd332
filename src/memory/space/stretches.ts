/** A stretch of memory page by page: where each page stands in the file, or why it is not there. */
import { PAGE_SIZE } from '../../format/libxc/page-data';
import type { GuestMemory } from '../guest-memory';
import { whyNot, whyNotMany } from '../reasons';
import { translate, type Translation } from '../virtual';
import type { PagingRegisters } from '../walk/paging';

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
  readonly reason: string;
}

export type Stretch = MappedPages | Hole;

/** How a page is found. */
export type Find = (at: bigint) => Promise<Pick<Translation, 'page' | 'failure'>>;

export const byTables =
  (memory: GuestMemory, registers: PagingRegisters): Find =>
  (va) =>
    translate(memory, registers, va);

export const byPfn =
  (memory: GuestMemory): Find =>
  async (gpa) => ({ page: memory.page(Number(gpa >> 12n)) });

/** Bytes from `at` on that all lead nowhere for the reason for which `at` does: at least its page. */
function holeFrom(at: bigint, span = PAGE_SIZE): bigint {
  const whole = BigInt(Math.max(PAGE_SIZE, span));
  return whole - (at % whole);
}

/** `count` pages from `start`, the address of a page, on; not beyond the end of all addresses. Rejects with `ReadError`. */
export async function stretches(find: Find, start: bigint, count: number): Promise<Stretch[]> {
  const found: Stretch[] = [];
  const wanted = start + BigInt(count) * BigInt(PAGE_SIZE);
  const end = wanted >> 64n === 0n ? wanted : 1n << 64n;
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
    const until = at + holeFrom(at, place.failure?.span);
    const length = Number((until < end ? until : end) - at);
    const { key, text } = whyNotMany(place);
    const last = found.at(-1);
    if (last && 'reason' in last && way === key)
      found[found.length - 1] = { at: last.at, length: last.length + length, reason: text };
    else found.push({ at, length, reason: whyNot(place) ?? text });
    way = key;
    at += BigInt(length);
  }
  return found;
}
