/**
 * Looks for Linux in a guest, where its page tables map the kernel: that is little, however large the guest is, and
 * there in every guest whose tables lead to it.
 */
import { PAGE_SIZE } from '../../format/page';
import type { ByteSource } from '../../source/source';
import type { GuestMemory } from '../guest-memory';
import type { SymbolTable } from '../symbols/table';
import { readVirtual, rememberingFind } from '../walk/virtual';
import type { PagingRegisters } from '../../format/paging/paging';
import { type Banner, findBanner } from './banner';
import { imageOf, is64, kernelPages, kernelRoots } from './kernel-image';
import { readLogBuf, recordBefore } from './log-buf';
import { type KernelLog, LINES_LIMIT, type LogReader } from './log-line';
import { type Looks, someLooks } from './mapped';
import { readRing, RING_BYTES, ringAt } from './printk-ring';

export interface Linux {
  readonly banner?: Banner;
  readonly log?: KernelLog;
  /** Pages looked at. */
  readonly pages: number;
}

export interface FindTools {
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
  readonly breathe?: () => Promise<void>;
}

export interface Where {
  readonly memory: GuestMemory;
  readonly source: ByteSource;
  /** Roots of the page tables of all vCPUs: any of them may have a kernel's. */
  readonly roots: readonly PagingRegisters[];
  readonly symbols?: SymbolTable;
}

/** Pages between two looks at the clock. */
const SLICE = 256;

/** Looks for Linux in what the page tables of the vCPUs map where it has its kernel. Rejects with `ReadError`, or the reason of the signal. */
export async function findLinux(where: Where, tools: FindTools = {}): Promise<Linux> {
  let pages = 0;
  let best: Linux = { pages };
  /** What one vCPU has mapped the others have too, nearly all of it. */
  const seen = new Set<number>();
  const limits = { looks: someLooks(() => letIn(tools)), messages: { left: LINES_LIMIT } };
  for (const registers of kernelRoots(where.roots)) {
    const found = await inImage(where, registers, tools, seen, limits);
    pages += found.pages;
    best = { ...best, ...found, pages };
    if (best.banner && best.log) break;
  }
  return best;
}

/** Lets other work in, and ends where nobody waits any more. */
async function letIn({ breathe, signal }: FindTools): Promise<void> {
  await breathe?.();
  signal?.throwIfAborted();
}

async function bySymbols({ symbols }: Where, reader: LogReader): Promise<KernelLog | undefined> {
  const { memory, registers } = reader;
  const word = is64(registers) ? 8 : 4;
  const pointer = symbols?.addressOf('prb');
  const ring = symbols?.addressOf('printk_rb_static');
  const read = async (va: bigint | undefined): Promise<bigint | undefined> => {
    if (va === undefined) return undefined;
    const found = await readVirtual(memory, registers, va, word);
    if ('reason' in found) return undefined;
    return found.bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
  };
  // What prb points to counts: a log made longer at boot has a structure of its own.
  const at = (await read(pointer)) ?? ring;
  if (at !== undefined) {
    const found = await readVirtual(memory, registers, at, RING_BYTES);
    const shape = 'reason' in found ? undefined : ringAt(found.bytes, 0, word);
    if (shape) return readRing(reader, shape, at);
  }
  const buffer = await read(symbols?.addressOf('log_buf'));
  return buffer === undefined ? undefined : readLogBuf(reader, buffer);
}

/** What may be looked at in the tables of all vCPUs, and in all that could be a log. */
interface Limits {
  readonly looks: Looks;
  readonly messages: { left: number };
}

async function inImage(
  where: Where,
  registers: PagingRegisters,
  tools: FindTools,
  seen: Set<number>,
  { looks, messages }: Limits,
): Promise<Linux> {
  const pause = (): Promise<void> => letIn(tools);
  const { memory, source } = where;
  const reader = { memory, registers, find: rememberingFind(memory, registers), messages, pause };
  const word = is64(registers) ? 8 : 4;
  const { from, to } = imageOf(registers);
  let banner: Banner | undefined;
  const named = await bySymbols(where, reader);
  let log = named;
  let count = 0;
  let before: { readonly va: bigint; readonly bytes: Uint8Array } | undefined;
  for await (const { va, offset, bytes } of kernelPages(memory, source, registers, seen, looks)) {
    count++;
    if (count % SLICE === 0) {
      tools.onProgress?.(Number(va - from), Number(to - from));
      await pause();
    }
    banner ??= findBanner(bytes, offset);
    if (!named) log = newerOf(log, await inPage(reader, { va, bytes, before, word }));
    else if (banner) break;
    before = { va, bytes };
  }
  return { pages: count, ...(banner ? { banner } : {}), ...(log ? { log } : {}) };
}

/**
 * Where the log is made longer at boot the ring of before stays where it was, with the first messages only: of several
 * that which goes on the longest counts.
 */
function newerOf(one: KernelLog | undefined, other: KernelLog | undefined): KernelLog | undefined {
  return lastOf(other) > lastOf(one) ? other : (one ?? other);
}

/** When the last message of a log was written, nanoseconds; −1 for none. */
const lastOf = (log: KernelLog | undefined): bigint => log?.lines.at(-1)?.nanoseconds ?? -1n;

interface Page {
  readonly va: bigint;
  readonly bytes: Uint8Array;
  /** The one looked at before, which may be the one below. */
  readonly before: { readonly va: bigint; readonly bytes: Uint8Array } | undefined;
  readonly word: 4 | 8;
}

async function inPage(reader: LogReader, { va, bytes, before, word }: Page): Promise<KernelLog | undefined> {
  // A structure may begin in the page below and end here.
  const below =
    before && before.va + BigInt(PAGE_SIZE) === va ? before.bytes.subarray(PAGE_SIZE - RING_BYTES) : undefined;
  const joined = below ? joinedOf(below, bytes) : bytes;
  const start = below ? va - BigInt(RING_BYTES) : va;
  for (let at = 0; at + 9 * word <= joined.length; at += word) {
    const ring = ringAt(joined, at, word);
    const log = ring && (await readRing(reader, ring, start + BigInt(at)));
    if (log) return log;
  }
  const text = banners(bytes);
  for (const at of text) {
    const record = recordBefore(bytes, at);
    const log = record === undefined ? undefined : await readLogBuf(reader, va + BigInt(record));
    if (log) return log;
  }
  return undefined;
}

function joinedOf(below: Uint8Array, page: Uint8Array): Uint8Array {
  const both = new Uint8Array(below.length + page.length);
  both.set(below);
  both.set(page, below.length);
  return both;
}

const START = new TextEncoder().encode('Linux version ');

/** Where `Linux version ` starts in a page. */
function banners(bytes: Uint8Array): number[] {
  const found: number[] = [];
  for (let at = bytes.indexOf(0x4c); at >= 0; at = bytes.indexOf(0x4c, at + 1)) {
    if (START.every((byte, index) => bytes[at + index] === byte)) found.push(at);
  }
  return found;
}
