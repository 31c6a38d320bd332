/**
 * The names that a Linux kernel has of itself, out of its memory: the tables of kallsyms, packed by pairs of letters.
 * Read where their addresses are relative to one base, as on 64-bit x86 since 4.6. Source: scripts/kallsyms.c and
 * kernel/kallsyms.c of Linux.
 */
import { indexOfBytes } from '../../lib/bytes';
import { offsetInPage } from '../../format/page';
import { readSmall, readU64 } from '../../format/kit/bytes';
import { SymbolCollector } from '../symbols/collect';
import type { SymbolTable } from '../symbols/table';

const TOKENS = 256;
/** Digits stay single letters in every table of tokens: they stand at their own numbers. */
const DIGITS = Uint8Array.from({ length: 21 }, (_, at) => (at % 2 === 0 ? 0 : 0x30 + (at - 1) / 2));
const FIRST_DIGIT = 0x30;
/** Names between two markers. */
const STRIDE = 256;
const SYMBOLS = { least: 2000, most: 1_000_000 } as const;
/** Bytes before the tokens in which the names start. */
const REACH = 32 * 1024 * 1024;

/** Places and names looked at in all: a kernel needs a few hundred thousand, memory made to mislead could ask for any number. */
const BUDGET = 32_000_000;

export interface Budget {
  left: number;
}

/** Makes the budget for one guest: all its memory that is looked at has one together. */
export const someBudget = (): Budget => ({ left: BUDGET });

interface Tokens {
  readonly start: number;
  /** The byte behind their index. */
  readonly end: number;
  readonly texts: readonly Uint8Array[];
}

const align = (at: number, to: number): number => Math.ceil(at / to) * to;

/** The table of tokens, borne out by the index that follows it. */
function tokensAt(bytes: Uint8Array, digits: number, budget: Budget): Tokens | undefined {
  budget.left -= TOKENS;
  let start = digits + 1;
  for (let back = 0; back < FIRST_DIGIT; back++) {
    start = bytes.lastIndexOf(0, start - 2) + 1;
    if (start <= 0) return undefined;
  }
  const texts: Uint8Array[] = [];
  const offsets: number[] = [];
  let at = start;
  for (let token = 0; token < TOKENS; token++) {
    const end = bytes.indexOf(0, at);
    if (end < 0 || end - at > 64) return undefined;
    offsets.push(at - start);
    texts.push(bytes.subarray(at, end));
    at = end + 1;
  }
  for (const index of [align(at, 8), align(at, 4), at]) {
    if (offsets.every((offset, token) => readSmall(bytes, index + token * 2, 2, true) === offset))
      return { start, end: index + TOKENS * 2, texts };
  }
  return undefined;
}

interface Names {
  /** Place of the number of symbols. */
  readonly start: number;
  readonly count: number;
  /** Place of each packed name: its length comes first. */
  readonly places: Uint32Array;
}

/** Length of the name at a place, and bytes that say so: two of them for names of 128 letters and more, since 6.1. */
function lengthAt(bytes: Uint8Array, at: number): readonly [length: number, size: 1 | 2] {
  const first = bytes[at] ?? 0;
  return first < 0x80 ? [first, 1] : [(first & 0x7f) | ((bytes[at + 1] ?? 0) << 7), 2];
}

/** Whether `count` names start behind the number at `start`: markers, one for each 256 of them, bear it out. */
function namesAt(bytes: Uint8Array, start: number, count: number, before: number, budget: Budget): Names | undefined {
  const first = start + 8;
  // Most are none, and end with their first names.
  const places: number[] = [];
  const marks: number[] = [];
  let at = first;
  for (let index = 0; index < count; index++) {
    if (index % STRIDE === 0) marks.push(at - first);
    const [length, size] = lengthAt(bytes, at);
    if (length === 0 || at >= before || budget.left-- <= 0) return undefined;
    places.push(at);
    at += size + length;
  }
  const markers = align(at, 8);
  if (markers + marks.length * 4 > before) return undefined;
  return marks.every((mark, index) => readSmall(bytes, markers + index * 4, 4, true) === mark)
    ? { start, count, places: Uint32Array.from(places) }
    : undefined;
}

function namesBefore(bytes: Uint8Array, { start }: Tokens, phase: number, budget: Budget): Names | undefined {
  // Tables are aligned in memory; `phase` is by how much the first byte is off.
  for (let at = start - 8 - ((start + phase) % 8); at >= 0 && at > start - REACH; at -= 8) {
    if (budget.left-- <= 0) break;
    const count = readSmall(bytes, at, 4, true);
    if (count < SYMBOLS.least || count > SYMBOLS.most || readSmall(bytes, at + 4, 4, true) !== 0) continue;
    // A name has its length and two letters at least.
    const found = count * 3 < start - at ? namesAt(bytes, at, count, start, budget) : undefined;
    if (found) return found;
  }
  return undefined;
}

const HALF = 1n << 63n;

/** Addresses of the symbols in order, from offsets at `offsets` and the base at `base`. */
function addressesAt(bytes: Uint8Array, offsets: number, base: number, count: number): bigint[] | undefined {
  if (offsets < 0 || offsets + count * 4 > bytes.length || base < 0 || base + 8 > bytes.length) return undefined;
  const origin = readU64(bytes, base, true);
  if (origin < HALF || offsetInPage(origin) !== 0) return undefined;
  const signed = (index: number): number => readSmall(bytes, offsets + index * 4, 4, true) | 0;
  const last = signed(count - 1);
  // With per-CPU variables among them these are as they are, and all others count down from −1.
  const found = Array.from({ length: count }, (_, index) => {
    const offset = signed(index);
    if (last < 0) return offset < 0 ? origin - 1n - BigInt(offset) : BigInt(offset);
    return origin + BigInt(offset >>> 0);
  });
  return found.every((va, index) => index === 0 || va >= (found[index - 1] ?? 0n)) ? found : undefined;
}

/** Bytes of a kernel that follow each other in memory, from an address on. */
export interface LinearBytes {
  readonly va: bigint;
  readonly bytes: Uint8Array;
}

/** Reads the symbols of a kernel; undefined where the bytes have no such tables. */
export function readKallsyms({ va, bytes }: LinearBytes, budget = someBudget()): SymbolTable | undefined {
  const phase = Number(va % 8n);
  for (let at = indexOfBytes(bytes, DIGITS, 0); at >= 0 && budget.left > 0; at = indexOfBytes(bytes, DIGITS, at + 1)) {
    const tokens = tokensAt(bytes, at, budget);
    const names = tokens && namesBefore(bytes, tokens, phase, budget);
    if (!tokens || !names) continue;
    const { start, count } = names;
    const room = align(count * 4, 8);
    // Before 6.5 the addresses stand before the names, since then behind the tokens.
    const addresses =
      addressesAt(bytes, start - 8 - room, start - 8, count) ??
      addressesAt(bytes, align(tokens.end, 8), align(tokens.end, 8) + room, count);
    if (addresses) return collect(bytes, names, tokens, addresses);
  }
  return undefined;
}

const TEXT_LIMIT = 64 * 1024 * 1024;
const CONSTANT = new Set([0x41, 0x61]);

function collect(bytes: Uint8Array, names: Names, { texts }: Tokens, addresses: readonly bigint[]): SymbolTable {
  let size = 0;
  const lengths = Array.from(names.places, (place) => {
    const [length, head] = lengthAt(bytes, place);
    let letters = 0;
    for (let at = 0; at < length; at++) letters += texts[bytes[place + head + at] ?? 0]?.length ?? 0;
    size += letters;
    return letters;
  });
  const pool = new Uint8Array(Math.min(size, TEXT_LIMIT));
  const symbols = new SymbolCollector(pool);
  let to = 0;
  for (const [index, place] of names.places.entries()) {
    const letters = lengths[index] ?? 0;
    if (to + letters > pool.length) break;
    const [length, head] = lengthAt(bytes, place);
    const from = to;
    for (let at = 0; at < length; at++) {
      const text = texts[bytes[place + head + at] ?? 0] ?? new Uint8Array(0);
      pool.set(text, to);
      to += text.length;
    }
    // The first letter is the type, as in System.map.
    if (!CONSTANT.has(pool[from] ?? 0)) symbols.add(addresses[index] ?? 0n, from + 1, to);
  }
  return symbols.table();
}
