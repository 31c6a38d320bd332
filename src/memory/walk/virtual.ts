/** Linear addresses of a vCPU: where they lead, and the bytes behind them. */
import { frameNumber, offsetInPage, PAGE_SIZE, pfnOf } from '../../format/page';
import { Lru } from '../../lib/lru';
import type { RestoredPage } from '../../scan/restored/pages';
import type { GuestMemory } from '../guest-memory';
import { whyNot } from './reasons';
import { type PagingRegisters, pagingsOf } from '../../format/paging/paging';
import { walk, type WalkResult } from './walk';

export interface Translation extends WalkResult {
  /** The page that the address is in, and where in the file; not there for a walk that failed. */
  readonly page?: RestoredPage;
}

/**
 * Translates an address. Of the ways to try, the first that leads somewhere counts, else the failure of the first; its
 * span is then one of which all ways fail.
 */
export async function translate(memory: GuestMemory, registers: PagingRegisters, va: bigint): Promise<Translation> {
  let first: WalkResult | undefined;
  let span = Number.POSITIVE_INFINITY;
  for (const paging of pagingsOf(registers)) {
    const result = await walk(memory, paging, va);
    if (result.gpa !== undefined) return { ...result, page: memory.page(pfnOf(result.gpa)) };
    first ??= result;
    span = Math.min(span, result.failure?.span ?? PAGE_SIZE);
  }
  if (!first?.failure) return first ?? { mode: 'off', va, root: 0n, steps: [] };
  return first.failure.span === undefined ? first : { ...first, failure: { ...first.failure, span } };
}

/** Bytes at a linear address, or why they cannot be had. */
export type Read = { readonly bytes: Uint8Array; readonly offset: number } | { readonly reason: string };

/** How the page of an address is found. */
export type FindPage = (va: bigint) => Promise<Translation>;

/** Pages of which is remembered where they are. */
const KNOWN = 1024;

/** Remembers pages, for who reads many small things that stand close together: the tables must not change meanwhile. */
export function rememberingFind(memory: GuestMemory, registers: PagingRegisters): FindPage {
  const known = new Lru<bigint, Translation>(KNOWN);
  return async (va) => {
    const page = frameNumber(va);
    const found = known.get(page) ?? (await translate(memory, registers, va));
    known.set(page, found);
    return found;
  };
}

/**
 * Reads all of `length` bytes at a linear address, or none. `offset` is where the first of them stands in the file.
 * Rejects with `ReadError`.
 */
export async function readVirtual(
  memory: GuestMemory,
  registers: PagingRegisters,
  va: bigint,
  length: number,
  find: FindPage = (at) => translate(memory, registers, at),
): Promise<Read> {
  const bytes = new Uint8Array(length);
  let offset = -1;
  for (let done = 0; done < length;) {
    const at = va + BigInt(done);
    const from = offsetInPage(at);
    const count = Math.min(PAGE_SIZE - from, length - done);
    const found = await find(at);
    const { page } = found;
    if (page?.state !== 'here') return { reason: whyNot(found) ?? 'no such memory' };
    bytes.set((await memory.pageBytes(page)).subarray(from, from + count), done);
    if (offset < 0) offset = page.offset + from;
    done += count;
  }
  return { bytes, offset };
}
