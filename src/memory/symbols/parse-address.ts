/** Addresses given by name, as in `do_syscall_64+0x7b`. */
import type { Named } from './table';

/** Letters of which names of symbols are made; compilers add `.` and `$`. */
const ADDRESS = /^([A-Za-z_.$][\w.$]{0,511})(?:\s*\+\s*(0x[\da-f]{1,16}|\d{1,19}))?$/iu;

/** Reads an address given by name; undefined for what cannot be one. A distance is hex with 0x, else decimal. */
export function parseSymbolAddress(text: string): Named | undefined {
  const [, name, distance] = ADDRESS.exec(text.trim()) ?? [];
  if (name === undefined) return undefined;
  return { name, plus: distance === undefined ? 0n : BigInt(distance) };
}
