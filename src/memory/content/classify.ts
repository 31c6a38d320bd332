/** What a page holds, by its bytes alone. Rules of thumb, but for "all zero" and "one word of 8 bytes repeated", which are exact. */
import { frameOfWords, PAGE_SIZE } from '../../format/page';
import type { Content } from '../map/content-layer';

/** Bits of information in a byte: below, and above which a page counts as of low or high entropy. */
const LOW_BITS = 4;
const HIGH_BITS = 7.2;
/** Text: so many bytes at least, all but a few of them printable, zeros not counted. */
const LEAST_TEXT = 256;
const TEXT_SHARE = 0.97;
/** Page tables: so many entries at least, so few of them odd. */
const LEAST_ENTRIES = 2;
const ODD_ENTRIES = 1 / 8;

const WORDS = PAGE_SIZE / 4;
const N_LOG_N = Float64Array.from({ length: PAGE_SIZE + 1 }, (_, n) => (n === 0 ? 0 : n * Math.log2(n)));
const IS_TEXT = Uint8Array.from({ length: 256 }, (_, byte) =>
  (byte >= 0x20 && byte <= 0x7e) || (byte >= 0x09 && byte <= 0x0d) ? 1 : 0,
);

/** A page and its words. */
export interface PageView {
  readonly bytes: Uint8Array;
  readonly words: Uint32Array;
}

/** Makes a page readable both as bytes and as words. */
export function pageView(bytes: Uint8Array, at = 0): PageView {
  const page = bytes.subarray(at, at + PAGE_SIZE);
  // Words need an aligned start: a copy has one.
  const aligned = page.byteOffset % 4 === 0 ? page : new Uint8Array(page);
  return { bytes: aligned, words: new Uint32Array(aligned.buffer, aligned.byteOffset, WORDS) };
}

const counts = new Uint32Array(256);

function countBytes(bytes: Uint8Array): void {
  counts.fill(0);
  for (const byte of bytes) counts[byte] = (counts[byte] ?? 0) + 1;
}

/** Tells pages that are zero, or one word repeated; undefined for all others. */
export function plainContent({ words }: PageView): 'zero' | 'constant' | undefined {
  const [low, high] = words;
  for (let at = 2; at < WORDS; at += 2) if (words[at] !== low || words[at + 1] !== high) return undefined;
  return low === 0 && high === 0 ? 'zero' : 'constant';
}

/** Shannon entropy of the bytes counted, bits a byte. */
function entropy(): number {
  let sum = 0;
  for (const count of counts) sum += N_LOG_N[count] ?? 0;
  return Math.log2(PAGE_SIZE) - sum / PAGE_SIZE;
}

function isText(): boolean {
  let printable = 0;
  for (let byte = 0; byte < 256; byte++) if (IS_TEXT[byte] === 1) printable += counts[byte] ?? 0;
  const present = PAGE_SIZE - (counts[0] ?? 0);
  return present >= LEAST_TEXT && printable >= present * TEXT_SHARE;
}

const isElf = ({ bytes }: PageView): boolean =>
  bytes[0] === 0x7f &&
  bytes[1] === 0x45 &&
  bytes[2] === 0x4c &&
  bytes[3] === 0x46 &&
  // Class, byte order, version.
  (bytes[4] === 1 || bytes[4] === 2) &&
  (bytes[5] === 1 || bytes[5] === 2) &&
  bytes[6] === 1;

/** Whether nearly all entries that are not zero are present and lead into the guest. Entries of 64 bits only. */
function isTable({ words }: PageView, pfns: number): boolean {
  let used = 0;
  let odd = 0;
  for (let at = 0; at < WORDS; at += 2) {
    const low = words[at] ?? 0;
    const high = words[at + 1] ?? 0;
    if (low === 0 && high === 0) continue;
    used++;
    const frame = frameOfWords(low, high);
    if ((low & 1) === 0 || frame === 0 || frame >= pfns) odd++;
    if (odd > 4 && odd > (at / 2) * ODD_ENTRIES) return false;
  }
  return used >= LEAST_ENTRIES && odd <= used * ODD_ENTRIES;
}

/** Tells what a page holds that is neither zero nor constant, in a guest of `pfns` pages: a guess. */
export function mixedContent(page: PageView, pfns: number): Content {
  if (isElf(page)) return 'elf';
  if (isTable(page, pfns)) return 'table';
  countBytes(page.bytes);
  if (isText()) return 'text';
  const bits = entropy();
  return bits < LOW_BITS ? 'low' : bits > HIGH_BITS ? 'high' : 'data';
}
