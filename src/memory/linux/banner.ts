/** The line by which Linux says what it is. Source: linux_banner in init/version.c and init/version-timestamp.c. */
import { isPrintable } from '../../lib/text';

export interface Banner {
  /** `Linux version 6.1.0-… (…) #1 SMP …` */
  readonly text: string;
  /** `6.1.0-…` */
  readonly release: string;
  /** File offset of its first byte. */
  readonly offset: number;
}

const START = new TextEncoder().encode('Linux version ');
const LIMIT = 512;

/** Where one starts in `bytes` from `from` on; −1 for nowhere. */
function indexOf(bytes: Uint8Array, from: number): number {
  const [first = 0] = START;
  for (let at = bytes.indexOf(first, from); at >= 0; at = bytes.indexOf(first, at + 1)) {
    if (START.every((byte, index) => bytes[at + index] === byte)) return at;
  }
  return -1;
}

/** The version that a whole banner tells, with a builder in brackets and a number of build behind it. */
function releaseIn(text: string): string | undefined {
  const start = /^Linux version (\d+\.\S+) \(/u.exec(text);
  if (!start) return undefined;
  const builder = text.slice(start[0].length);
  const end = builder.indexOf(') ', 1);
  return end > 0 && /#\d/u.test(builder.slice(end)) ? start[1] : undefined;
}

/**
 * Finds the first whole banner in a page: a version, a builder in brackets, a number of build; then the end of the
 * line.
 */
export function findBanner(bytes: Uint8Array, offset: number): Banner | undefined {
  for (let at = indexOf(bytes, 0); at >= 0; at = indexOf(bytes, at + 1)) {
    let end = at;
    while (end < bytes.length && end - at < LIMIT && isPrintable(bytes[end] ?? 0)) end++;
    const text = new TextDecoder().decode(bytes.subarray(at, end));
    const release = releaseIn(text);
    // In the kernel's own data a newline and a zero follow; lines of the log, and the format string, have others.
    if (release !== undefined && bytes[end] === 0x0a && bytes[end + 1] === 0)
      return { text, release, offset: offset + at };
  }
  return undefined;
}
