/** Symbols out of a file that somebody gives: a System.map, /proc/kallsyms, or an ELF file such as vmlinux. */
import type { ByteSource } from '../../source/source';
import { isElf, readElfSymbols, SymbolError } from './elf-symbols';
import { isSystemMap, readSystemMap } from './system-map';
import type { SymbolTable } from './table';

/** A System.map has some ten megabytes. */
const MAP_LIMIT = 256 * 1024 * 1024;
const HEAD = 4096;

/** Tells what a file is by its first bytes; undefined for one that has no symbols to read. */
export const symbolKind = (head: Uint8Array): 'elf' | 'map' | undefined =>
  isElf(head) ? 'elf' : isSystemMap(head) ? 'map' : undefined;

/**
 * Reads symbols out of a file. Rejects with `SymbolError` with the reason in words, with `ReadError` for what cannot be
 * read.
 */
export async function readSymbols(source: ByteSource): Promise<SymbolTable> {
  const kind = symbolKind(await source.read(0, HEAD));
  if (kind === undefined)
    throw new SymbolError(
      'this is neither a System.map nor an ELF file (a compressed vmlinuz has to be unpacked first)',
    );
  if (kind === 'map' && source.size > MAP_LIMIT) throw new SymbolError('this System.map is too large');
  const table = kind === 'elf' ? await readElfSymbols(source) : readSystemMap(await source.read(0, source.size));
  if (table.count === 0) throw new SymbolError('the file has no symbols with an address');
  if (table.isHidden) throw new SymbolError('all addresses in it are 0: kallsyms shows them to root only');
  return table;
}
