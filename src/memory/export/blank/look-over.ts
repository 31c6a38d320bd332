/**
 * A last look over what an image for sharing is made of: whether blocks of the guest's pages stand in it. That is asked
 * of the bytes alone, and knows nothing of records, so that a mistake in what is kept does not go unseen.
 */
import type { Range } from '../../../lib/range';
import { counted, hex0x } from '../../../lib/text';
import { PAGE_SIZE } from '../../../format/page';
import { blankText, FILL_SIZE } from '../../../format/sharing/fill';
import type { ByteSource } from '../../../source/source';
import { type Exportable, ExportRefused } from '../kit/plan';

/** Pages sampled, evenly over the file: a guest's memory repeats itself. */
const PAGES = 1024;
const BLOCK = 16;
const PIECE = 1024 * 1024;
/** Blocks with fewer different bytes are constants, small numbers, addresses of nothing: they are everywhere. */
const DIFFERENT = 5;
/** Bytes that stand in a row as they do in memory and are no coincidence. */
const ROW = 4 * BLOCK;

export interface LookOver {
  /** Pages sampled. */
  readonly pages: number;
  /** Blocks of these found where registers, configuration or lists of pages hold what memory holds too. */
  readonly blocks: number;
}

/**
 * Looks for blocks of sampled pages in what is kept. `own`: stretches that hold what memory holds too: registers,
 * configuration, lists of numbers. Rejects with `ExportRefused` where blocks in a row stand anywhere else.
 */
export async function lookOver(
  file: Exportable,
  kept: readonly Range[],
  own: readonly Range[],
  {
    signal,
    breathe,
  }: { readonly signal?: AbortSignal | undefined; readonly breathe?: (() => Promise<void>) | undefined },
): Promise<LookOver> {
  const sample = new Blocks();
  let pages = 0;
  for (const offset of sampledPages(file)) {
    sample.add(await file.source.read(offset, PAGE_SIZE));
    pages++;
    if (pages % 64 === 0) await breathe?.();
  }
  let blocks = 0;
  let next = 0;
  for (const { start, end } of kept) {
    let [row, last] = [start, start];
    for (let from = start; from + BLOCK <= end; from += PIECE) {
      signal?.throwIfAborted();
      const bytes = await file.source.read(from, Math.min(PIECE + BLOCK - 1, end - from));
      for (const at of sample.within(bytes)) {
        blocks++;
        const found = from + at;
        while ((own[next]?.end ?? Number.POSITIVE_INFINITY) <= found) next++;
        const isOwn = (own[next]?.start ?? Number.POSITIVE_INFINITY) <= found;
        if (isOwn || found > last + BLOCK) row = found;
        last = found;
        if (found + BLOCK - row >= ROW) refuse(row);
      }
      await breathe?.();
    }
  }
  return { pages, blocks };
}

function refuse(offset: number): never {
  throw new ExportRefused(
    `what would be kept at ${hex0x(offset)} of the file stands in pages of the guest too; please report this, without the image`,
  );
}

/** Says what was found. */
export const lookOverText = ({ pages, blocks }: LookOver): string =>
  `Looked over: of ${counted(pages, 'page')} sampled ${
    blocks === 0
      ? 'no block of 16 bytes is left'
      : `${counted(blocks, 'block')} of 16 bytes also stand in registers, configuration or lists that stay`
  }.`;

/** Places of pages with content, evenly over those of sound records. */
function* sampledPages({ pages, records, source }: Exportable): Generator<number> {
  let total = 0;
  const runs: { offset: number; count: number }[] = [];
  const each = Math.max(1, Math.floor(pages.runs / (4 * PAGES)));
  for (let index = 0; index < pages.runs; index += each) {
    const { offset, count, record } = pages.run(index);
    if (offset < 0 || records.isDamaged(record)) continue;
    runs.push({ offset, count });
    total += count;
  }
  const stride = Math.max(1, total / PAGES);
  let wanted = 0;
  let before = 0;
  for (const { offset, count } of runs) {
    for (; wanted < before + count; wanted += stride) {
      const at = offset + Math.floor(wanted - before) * PAGE_SIZE;
      if (at + PAGE_SIZE <= source.size) yield at;
    }
    before += count;
  }
}

/** The blocks of 16 bytes of pages, by a number of 53 bits made of each. */
class Blocks {
  readonly #known = new Set<number>();
  /** Whether some block starts with two bytes: spares most of the work. */
  readonly #starts = new Uint8Array(0x1_0000);

  add(page: Uint8Array): void {
    for (let at = 0; at + BLOCK <= page.length; at += BLOCK) {
      if (isConstant(page, at)) continue;
      this.#known.add(numberOf(page, at));
      this.#starts[startOf(page, at)] = 1;
    }
  }

  /** Yields where a block starts, at any offset. */
  *within(bytes: Uint8Array): Generator<number> {
    for (let at = 0; at + BLOCK <= bytes.length; at++) {
      if (this.#starts[startOf(bytes, at)] === 1 && this.#known.has(numberOf(bytes, at)) && !isConstant(bytes, at))
        yield at;
    }
  }
}

const startOf = (bytes: Uint8Array, at: number): number => (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);

function isConstant(bytes: Uint8Array, at: number): boolean {
  return new Set(bytes.subarray(at, at + BLOCK)).size < DIFFERENT;
}

/** Mixes the bytes of a block into one number: FNV-1a over its halves, of which 53 bits fit. */
function numberOf(bytes: Uint8Array, at: number): number {
  let [low, high] = [0x811c_9dc5, 0x811c_9dc5];
  for (let index = 0; index < BLOCK; index++) {
    low = Math.imul(low ^ (bytes[at + index] ?? 0), 0x0100_0193);
    high = Math.imul(high ^ (bytes[at + BLOCK - 1 - index] ?? 0), 0x0100_0193);
  }
  return (low >>> 0) * 0x20_0000 + (high >>> 11);
}

/** Makes a source of an image for sharing out of the original, as it will be written. */
export function copySource(source: ByteSource, kept: readonly Range[]): ByteSource {
  const read = async (offset: number, length: number): Promise<Uint8Array> => {
    const end = Math.min(source.size, offset + length);
    const out = new Uint8Array(Math.max(0, end - offset));
    let [low, high] = [0, kept.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((kept[middle]?.end ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    let at = low > 0 ? (kept[low - 1]?.end ?? 0) : 0;
    for (let index = low; at < end; index++) {
      const span = kept[index] ?? { start: source.size, end: source.size };
      const from = Math.max(offset, at);
      const to = Math.min(end, span.start);
      // The text starts anew behind each stretch that is kept.
      const skip = (from - at) % FILL_SIZE;
      if (to > from) out.set(blankText(skip + to - from).subarray(skip), from - offset);
      const [first, last] = [Math.max(offset, span.start), Math.min(end, span.end)];
      if (last > first) out.set(await source.read(first, last - first), first - offset);
      at = span.end;
    }
    return out;
  };
  return { name: source.name, size: source.size, read };
}
