/** Bytes around an address, as far as memory goes on either side. */
import { offsetInPage, PAGE_SIZE, pageStart } from '../../format/page';
import type { GuestMemory } from '../guest-memory';
import { whyNot } from '../walk/reasons';
import { translate } from '../walk/virtual';
import { type PagingRegisters, pagingsOf } from '../../format/paging/paging';

export interface Window {
  /** Address of the first byte. */
  readonly start: bigint;
  readonly bytes: Uint8Array;
  /** File offset of the byte at an address within. */
  readonly offsetOf: (va: bigint) => number;
}

interface CodeBytes {
  readonly bytes: Uint8Array;
  readonly offset: number;
}

const toPage = (va: bigint): bigint => pageStart(va);

/**
 * Reads the bytes from `va − before` to `va + after`, cut where a page is missing; the reason where the page of `va` is.
 * Rejects with `ReadError`.
 */
export async function windowAt(
  memory: GuestMemory,
  registers: PagingRegisters,
  va: bigint,
  { before, after }: { readonly before: number; readonly after: number },
): Promise<Window | { readonly reason: string }> {
  const limit = pagingsOf(registers)[0].mode.addressBits === 32 ? 1n << 32n : 1n << 64n;
  const from = va > BigInt(before) ? va - BigInt(before) : 0n;
  const to = va + BigInt(after) < limit ? va + BigInt(after) : limit;
  const own = await page(memory, registers, toPage(va));
  if ('reason' in own) return own;
  const pages = new Map<bigint, CodeBytes>([[toPage(va), own]]);
  let start = toPage(va);
  let end = start + BigInt(PAGE_SIZE);
  while (start > from) {
    const more = await page(memory, registers, start - BigInt(PAGE_SIZE));
    if ('reason' in more) break;
    start -= BigInt(PAGE_SIZE);
    pages.set(start, more);
  }
  while (end < to) {
    const more = await page(memory, registers, end);
    if ('reason' in more) break;
    pages.set(end, more);
    end += BigInt(PAGE_SIZE);
  }
  const first = from > start ? from : start;
  const last = to < end ? to : end;
  const bytes = new Uint8Array(Math.max(0, Number(last - first)));
  for (const [base, { bytes: whole }] of pages) {
    const skip = base < first ? Number(first - base) : 0;
    const take = Math.min(PAGE_SIZE, Number(last - base));
    if (take > skip) bytes.set(whole.subarray(skip, take), Number(base + BigInt(skip) - first));
  }
  return { start: first, bytes, offsetOf: (at) => (pages.get(toPage(at))?.offset ?? 0) + offsetInPage(at) };
}

async function page(
  memory: GuestMemory,
  registers: PagingRegisters,
  va: bigint,
): Promise<CodeBytes | { readonly reason: string }> {
  const found = await translate(memory, registers, va);
  if (found.page?.state !== 'here') return { reason: whyNot(found) ?? 'no such memory' };
  return { bytes: await memory.pageBytes(found.page), offset: found.page.offset };
}
