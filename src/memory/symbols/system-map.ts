/**
 * System.map and /proc/kallsyms: an address in hex, a letter for the type, a name. Source: read_symbol_table of
 * tools/xentrace/xenctx.c in Xen; nm(1) for the letters.
 */
import { SymbolCollector } from './collect';
import type { SymbolTable } from './table';

const NEWLINE = 0x0a;
const SPACE = 0x20;
const TAB = 0x09;
const NAME_LIMIT = 512;
/** Constants, undefined and weak undefined symbols are no places. */
const NO_PLACE = new Set(Array.from('AaUvw', (letter) => letter.charCodeAt(0)));

const isBlank = (byte: number | undefined): boolean => byte === SPACE || byte === TAB;

function digitOf(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x61 + 10 : -1;
}

interface Row {
  readonly address: bigint;
  readonly type: number;
  readonly from: number;
  readonly to: number;
}

/** The line at `start`; undefined for one that is none of a symbol table. */
function row(bytes: Uint8Array, start: number, end: number): Row | undefined {
  let at = start;
  let high = 0;
  let low = 0;
  for (let digit = digitOf(bytes[at]); digit >= 0 && at < end; digit = digitOf(bytes[++at])) {
    high = (high * 16 + Math.floor(low / 0x1000_0000)) % 0x1_0000_0000;
    low = (low % 0x1000_0000) * 16 + digit;
  }
  const digits = at - start;
  if ((digits !== 8 && digits !== 16) || !isBlank(bytes[at])) return undefined;
  const type = bytes[at + 1];
  if (type === undefined || !isBlank(bytes[at + 2]) || at + 3 >= end) return undefined;
  const isLetter = (type | 0x20) >= 0x61 && (type | 0x20) <= 0x7a;
  if (!isLetter && type !== 0x3f) return undefined;
  const from = at + 3;
  let to = from;
  // kallsyms names the module behind a tab.
  while (to < end && to - from < NAME_LIMIT && (bytes[to] ?? 0) > SPACE) to++;
  return to > from ? { address: (BigInt(high) << 32n) | BigInt(low), type, from, to } : undefined;
}

const lineEnd = (bytes: Uint8Array, from: number): number => {
  const end = bytes.indexOf(NEWLINE, from);
  return end < 0 ? bytes.length : end;
};

/** Tells whether a file starts as a System.map does. */
export const isSystemMap = (head: Uint8Array): boolean => row(head, 0, lineEnd(head, 0)) !== undefined;

/** Reads the symbols of a System.map. Lines that are none are left out. */
export function readSystemMap(bytes: Uint8Array): SymbolTable {
  const symbols = new SymbolCollector(bytes);
  for (let start = 0; start < bytes.length && !symbols.isFull;) {
    const end = lineEnd(bytes, start);
    const found = row(bytes, start, end);
    if (found && !NO_PLACE.has(found.type)) symbols.add(found.address, found.from, found.to);
    start = end + 1;
  }
  return symbols.table();
}
