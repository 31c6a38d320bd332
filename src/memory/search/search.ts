/** The search: pieces are read ahead in batches, searched in order, and found matches handed out as they come. */
import type { ScanResult } from '../../scan/scan';
import type { ByteSource } from '../../source/source';
import { type Batch, BATCH_SIZE, batches, BatchReader, type FailedRead, type Placed } from './batches';
import { AFTER, BEFORE, hitOf } from './hit';
import { matcherOf } from './matcher';
import { Output, type SearchTools } from './output';
import { planOf } from './plan';
import { type Matcher, PATTERN_LIMIT, type Query, type Scope } from './kit/query';
import { Wasm } from './wasm/wasm';
import { PageFinder } from './where';

export interface SearchInput {
  readonly query: Query;
  readonly scope: Scope;
  /** Searches memory in the copies of pages too that newer ones have replaced. */
  readonly all?: boolean;
  /** Ends the search after so many. */
  readonly limit?: number;
}

export interface SearchResult {
  readonly hits: number;
  /** The limit was reached: there may be more. */
  readonly capped: boolean;
  readonly searchedBytes: number;
  readonly failed: readonly FailedRead[];
  readonly failedBytes: number;
}

export const HIT_LIMIT = 10_000;

/** Room before a batch for what the batch before leaves over. */
const ROOM = 2 * PATTERN_LIMIT;
/** Batches under way: one is searched, the others are read. */
const AHEAD = 3;
/** Bytes searched before the clock is looked at: as many as take a millisecond or few. */
const SLICE = { first: 64 * 1024, least: 2 * 1024, most: 512 * 1024 } as const;
const [SHORT_MS, LONG_MS] = [1, 8];

/**
 * Searches an image; parts are handed out as they are found. Throws `PatternError`. What cannot be read is in the
 * result.
 */
export async function search(
  scan: ScanResult,
  source: ByteSource,
  { query, scope, all = false, limit = HIT_LIMIT }: SearchInput,
  tools: SearchTools,
  batchSize = BATCH_SIZE,
): Promise<SearchResult> {
  const plan = planOf(scan, source.size, scope, all, matcherOf(query).longest - 1);
  const reader = new BatchReader(source);
  const output = new Output(tools, limit, plan.total, scope === 'file' ? new PageFinder(scan) : undefined);
  const size = Math.max(1, Math.min(batchSize, plan.total));
  const wasm = Wasm.make(AHEAD, ROOM + size);
  const matcher = matcherOf(query, wasm);
  const arrays = wasm?.arrays ?? Array.from({ length: AHEAD }, () => new Uint8Array(ROOM + size));
  for (const { pieces, older } of plan.passes) {
    const finder = new Finder(matcher, output, older);
    await run(batches(pieces, ROOM, size), arrays, reader, finder, tools);
    if (output.full || tools.signal?.aborted === true) break;
  }
  output.flush();
  const { hits, done, full } = output;
  return {
    hits,
    capped: full,
    searchedBytes: done - reader.failedBytes,
    failed: reader.failed,
    failedBytes: reader.failedBytes,
  };
}

async function run(
  all: Iterator<Batch>,
  arrays: readonly Uint8Array[],
  reader: BatchReader,
  finder: Finder,
  { signal }: SearchTools,
): Promise<void> {
  const free = [...arrays];
  const queue: { readonly batch: Batch; readonly array: Uint8Array; readonly ready: Promise<void> }[] = [];
  const refill = (): void => {
    while (free.length > 0) {
      const next = all.next();
      if (next.done === true) return;
      const array = free.pop() ?? new Uint8Array(0);
      const ready = reader.fill(next.value, array);
      // Awaited in turn; until then a failure must not count as unhandled.
      ready.catch(() => undefined);
      queue.push({ batch: next.value, array, ready });
    }
  };
  refill();
  for (let head = queue.shift(); head; head = queue.shift()) {
    await head.ready;
    const goOn = await finder.batch(head.batch, head.array);
    if (!goOn || signal?.aborted === true) break;
    free.push(head.array);
    refill();
  }
  await Promise.allSettled(queue.map(({ ready }) => ready));
}

/** What a batch leaves over for the next one, which goes on where it ends. */
interface Rest {
  readonly bytes: Uint8Array;
  /** Where among them to go on. */
  readonly from: number;
  /** Placed as if the array were `bytes`. */
  readonly pieces: readonly Placed[];
}

class Finder {
  readonly #matcher: Matcher;
  readonly #output: Output;
  readonly #older: boolean;
  /** Bytes that must be there from the start of a match on, for all of it and what is shown. */
  readonly #reach: number;
  #rest: Rest | undefined;
  #slice: number = SLICE.first;

  constructor(matcher: Matcher, output: Output, older: boolean) {
    this.#matcher = matcher;
    this.#output = output;
    this.#older = older;
    this.#reach = Math.max(matcher.longest, AFTER);
  }

  /** Searches a batch, stretch by stretch; false once the search shall end. */
  async batch({ pieces, open }: Batch, array: Uint8Array): Promise<boolean> {
    for (let first = 0; first < pieces.length;) {
      let end = first + 1;
      if (pieces[first]?.failed) {
        this.#rest = undefined;
        this.#output.done += pieces[first]?.length ?? 0;
        first = end;
        continue;
      }
      while (end < pieces.length && pieces[end]?.joins === true && !pieces[end]?.failed) end++;
      const closed = end < pieces.length || !open;
      if (!(await this.#stretch(pieces.slice(first, end), array, closed))) return false;
      first = end;
    }
    return true;
  }

  async #stretch(own: readonly Placed[], array: Uint8Array, closed: boolean): Promise<boolean> {
    const start = own[0]?.at ?? 0;
    const last = own.at(-1);
    const end = last ? last.at + last.length : start;
    const joined = this.#joined(own, array);
    const pieces = joined?.pieces ?? own;
    const first = joined?.first ?? start;
    const stop = closed ? end : end - this.#reach;
    let from = joined?.from ?? start;
    for (let at = from; at < stop;) {
      const until = Math.min(stop, at + this.#slice);
      const started = performance.now();
      const view = array.subarray(0, Math.min(end, until + this.#reach));
      const match = from < until ? this.#matcher.find(view, Math.max(at, from), until) : undefined;
      if (match) {
        const hit = hitOf(match, pieces, { bytes: array, first, end }, this.#older);
        if (hit) this.#output.add(hit);
        from = match.start + (hit ? match.length : 1);
        at = Math.min(from, stop);
        if (!(await this.#output.pause())) return false;
        continue;
      }
      at = until;
      const took = performance.now() - started;
      if (took > LONG_MS) this.#slice = Math.max(SLICE.least, this.#slice / 2);
      else if (took < SHORT_MS) this.#slice = Math.min(SLICE.most, this.#slice * 2);
      if (!(await this.#output.pause())) return false;
    }
    this.#output.done += end - start;
    this.#rest = closed ? undefined : restOf(array, pieces, { first, from: Math.max(from, stop), end });
    return true;
  }

  /** Puts what was left over before the array's first piece, where that goes on with it. */
  #joined(own: readonly Placed[], array: Uint8Array): { pieces: Placed[]; first: number; from: number } | undefined {
    const rest = this.#rest;
    this.#rest = undefined;
    if (!rest || own[0]?.joins !== true) return undefined;
    const first = own[0].at - rest.bytes.length;
    array.set(rest.bytes, first);
    const before = rest.pieces.map((piece) => ({ ...piece, at: piece.at + first }));
    return { pieces: [...before, ...own], first, from: first + rest.from };
  }
}

function restOf(
  array: Uint8Array,
  pieces: readonly Placed[],
  { first, from, end }: { readonly first: number; readonly from: number; readonly end: number },
): Rest {
  const start = Math.max(first, from - BEFORE);
  return {
    bytes: array.slice(start, end),
    from: from - start,
    pieces: pieces.filter(({ at, length }) => at + length > start).map((piece) => ({ ...piece, at: piece.at - start })),
  };
}
