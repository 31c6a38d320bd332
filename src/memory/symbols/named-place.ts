/** A place given by name, as in `do_syscall_64+0x7b`. */
export interface NamedPlace {
  readonly name: string;
  /** Bytes behind the symbol. */
  readonly plus: bigint;
}

/** Letters of which names of symbols are made; compilers add `.` and `$`. */
const PLACE = /^([A-Za-z_.$][\w.$]{0,511})(?:\s*\+\s*(0x[\da-f]{1,16}|\d{1,19}))?$/iu;

/** Undefined for what cannot be the name of a symbol. A distance is hex with 0x, else decimal. */
export function parseNamedPlace(text: string): NamedPlace | undefined {
  const [, name, distance] = PLACE.exec(text.trim()) ?? [];
  if (name === undefined) return undefined;
  return { name, plus: distance === undefined ? 0n : BigInt(distance) };
}
