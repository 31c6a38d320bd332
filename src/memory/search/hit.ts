/** A match as it is shown: where it stands, and the bytes around it. */
import { PAGE_SIZE } from '../../format/page';
import type { PageByte } from '../guest-memory';
import type { Placed } from './batches';
import type { Match } from './kit/query';

/** Bytes shown before a match, and from its start on. */
export const BEFORE = 16;
export const AFTER = 48;

/** Part of a match that goes on elsewhere in the file. */
interface HitPart {
  /** File offset. */
  readonly offset: number;
  readonly length: number;
}

/** A match: where it stands, and the bytes around it. */
export interface Hit {
  /** File offset of its first byte. */
  readonly offset: number;
  /** Bytes, wherever they stand. */
  readonly length: number;
  /** The page that its first byte is in, and how far into it; undefined outside of page contents. */
  readonly page?: PageByte;
  /** Only in a copy that a newer one has replaced, or that a restore does not keep. */
  readonly older: boolean;
  /** Where the next pages of guest memory stand elsewhere in the file: all parts. */
  readonly parts?: readonly HitPart[];
  /** Bytes around, in the order searched; the match begins at `lead` and may be longer. */
  readonly bytes: Uint8Array;
  readonly lead: number;
}

/**
 * Makes the hit of a match in an array made up of these pieces; its bytes in view are `first … end`. Undefined for one
 * that does not count.
 */
export function hitOf(
  { start, length }: Match,
  pieces: readonly Placed[],
  { bytes, first, end }: { readonly bytes: Uint8Array; readonly first: number; readonly end: number },
  older: boolean,
): Hit | undefined {
  let index = pieces.findLastIndex(({ at }) => at <= start);
  const piece = pieces[index];
  if (!piece) return undefined;
  const from = Math.max(first, start - BEFORE);
  const parts: { offset: number; length: number }[] = [];
  let counts = false;
  for (let at = start; at < start + length; index++) {
    const one = pieces[index];
    if (!one) break;
    const some = Math.min(start + length, one.at + one.length) - at;
    const offset = one.offset + at - one.at;
    const last = parts.at(-1);
    if (last && last.offset + last.length === offset) last.length += some;
    else parts.push({ offset, length: some });
    counts ||= one.extra !== true;
    at += some;
  }
  if (!counts) return undefined;
  const offset = piece.offset + start - piece.at;
  return {
    offset,
    length,
    ...(piece.page && { page: byteIn(piece.page, offset) }),
    older,
    ...(parts.length > 1 ? { parts } : {}),
    bytes: bytes.slice(from, Math.min(end, start + AFTER)),
    lead: start - from,
  };
}

/** Where a page stands in the file. */
export type PageStart = Exclude<Placed['page'], undefined>;

/**
 * Tells in which page a byte of the file is, and where in it. `page` may be one of those before it, if they stand in
 * the file as they do in memory.
 */
export function byteIn(page: PageStart, offset: number): PageByte {
  const at = offset - page.offset;
  return { pfn: page.pfn + Math.floor(at / PAGE_SIZE), inPage: at % PAGE_SIZE };
}
