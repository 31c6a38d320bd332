/** The symbol table of an ELF file, such as vmlinux. Only its headers and that table are read. Source: elf(5). */
import { readSmall, readU64 } from '../../format/kit/bytes';
import type { ByteSource } from '../../source/source';
import { SYMBOL_LIMIT, SymbolCollector } from './collect';
import type { SymbolTable } from './table';

const SHT_SYMTAB = 2;
const SHT_DYNSYM = 11;
const SHN_UNDEF = 0;
const SHN_LORESERVE = 0xff00;
/** Symbol types: no type, object, function. */
const NAMED_TYPES = new Set([0, 1, 2]);
const NAMES_LIMIT = 256 * 1024 * 1024;
const NAME_LIMIT = 512;

/** Where things stand in the structures of either class. */
const CLASSES = {
  1: { header: 52, shoff: 32, shentsize: 46, shnum: 48, section: 40, offset: 16, size: 20, link: 24, symbol: 16 },
  2: { header: 64, shoff: 40, shentsize: 58, shnum: 60, section: 64, offset: 24, size: 32, link: 40, symbol: 24 },
} as const;

/** A file that gives no symbols. The message says why. */
export class SymbolError extends Error {}

/** Tells whether a file starts as an ELF file does. */
export const isElf = (head: Uint8Array): boolean =>
  head[0] === 0x7f && head[1] === 0x45 && head[2] === 0x4c && head[3] === 0x46;

interface Section {
  readonly type: number;
  readonly offset: number;
  readonly size: number;
  readonly link: number;
}

/**
 * Reads the symbols of an ELF file. Rejects with `SymbolError` in words for what has none, with `ReadError` for what
 * cannot be read.
 */
export async function readElfSymbols(source: ByteSource): Promise<SymbolTable> {
  const head = await source.read(0, 64);
  if (!isElf(head)) throw new SymbolError('this is no ELF file');
  if (head[5] !== 1) throw new SymbolError('this ELF file is big-endian: not one of an x86 guest');
  const isWide = head[4] === 2;
  const shape = CLASSES[isWide ? 2 : 1];
  const word = (bytes: Uint8Array, at: number): number =>
    isWide ? Number(readU64(bytes, at, true)) : readSmall(bytes, at, 4, true);
  if (head.length < shape.header) throw new SymbolError('the file ends within its header');
  const stride = readSmall(head, shape.shentsize, 2, true);
  const count = readSmall(head, shape.shnum, 2, true);
  const start = word(head, shape.shoff);
  if (start === 0 || count === 0) throw new SymbolError('this ELF file has no sections: it was stripped');
  if (stride !== shape.section) throw new SymbolError(`its section headers have ${stride} bytes, not ${shape.section}`);
  if (!within(source, start, count * stride))
    throw new SymbolError('the section headers lie beyond the end of the file');
  const table = await source.read(start, count * stride);
  const sections: Section[] = [];
  for (let at = 0; at + stride <= table.length; at += stride) {
    sections.push({
      type: readSmall(table, at + 4, 4, true),
      offset: word(table, at + shape.offset),
      size: word(table, at + shape.size),
      link: readSmall(table, at + shape.link, 4, true),
    });
  }
  const symbols = sections.find(({ type }) => type === SHT_SYMTAB) ?? sections.find(({ type }) => type === SHT_DYNSYM);
  if (!symbols) throw new SymbolError('this ELF file has no symbol table: it was stripped');
  const names = sections[symbols.link];
  if (!names || !within(source, symbols.offset, symbols.size) || !within(source, names.offset, names.size))
    throw new SymbolError('the symbol table lies beyond the end of the file');
  if (names.size > NAMES_LIMIT) throw new SymbolError('its symbol names are too many to load');
  const pool = await source.read(names.offset, names.size);
  const rows = await source.read(symbols.offset, Math.min(symbols.size, SYMBOL_LIMIT * shape.symbol));
  return collect(rows, pool, isWide);
}

const within = ({ size }: ByteSource, offset: number, length: number): boolean =>
  Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 && offset + length <= size;

function collect(rows: Uint8Array, pool: Uint8Array, isWide: boolean): SymbolTable {
  const { symbol } = CLASSES[isWide ? 2 : 1];
  const collector = new SymbolCollector(pool);
  for (let at = 0; at + symbol <= rows.length && !collector.isFull; at += symbol) {
    const info = rows[at + (isWide ? 4 : 12)] ?? 0;
    const section = readSmall(rows, at + (isWide ? 6 : 14), 2, true);
    if (!NAMED_TYPES.has(info & 15) || section === SHN_UNDEF || section >= SHN_LORESERVE) continue;
    const from = readSmall(rows, at, 4, true);
    const value = isWide ? readU64(rows, at + 8, true) : BigInt(readSmall(rows, at + 4, 4, true));
    const end = pool.subarray(from, from + NAME_LIMIT).indexOf(0);
    if (end > 0) collector.add(value, from, from + end);
  }
  return collector.table();
}
