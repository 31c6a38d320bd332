/** The pages that follow VERIFY, held against what was sent before: all that differ, not the first one only. */
import { PAGE_SIZE } from '../../format/libxc/page-data';
import { upperBound } from '../../lib/bisect';
import type { PageIndex } from '../../scan/pages';
import type { ByteSource } from '../../source/source';
import { diffPages } from './diff';

export interface Mismatch {
  readonly pfn: number;
  readonly type: number;
  /** Of the copy that is to be verified. */
  readonly record: number;
  readonly offset: number;
  /** File offset of the copy before; −1 where there is none, so that the page is zero. */
  readonly before: number;
  readonly bytes: number;
  /** First byte in the page that differs. */
  readonly first: number;
}

export interface Verified {
  readonly pages: number;
  readonly differ: number;
  /** The first ones. */
  readonly mismatches: readonly Mismatch[];
}

interface Tools {
  readonly signal: AbortSignal;
  readonly onPart: (part: Verified) => void;
  readonly onProgress: (done: number, total: number) => void;
  readonly breathe: () => Promise<void>;
}

const KEPT = 4096;
const BLOCK_PAGES = 64;
const PART_MS = 250;

/** `start` is the row of the VERIFY record. Rejects with `ReadError`. */
export async function verifyPages(
  { pages, source }: { readonly pages: PageIndex; readonly source: ByteSource },
  start: number,
  { signal, onPart, onProgress, breathe }: Tools,
): Promise<Verified> {
  const mismatches: Mismatch[] = [];
  let [compared, differ, told] = [0, 0, performance.now()];
  const result = (): Verified => ({ pages: compared, differ, mismatches: [...mismatches] });
  const first = upperBound(pages.runs, (index) => pages.run(index).record, start);
  for (let index = first; index < pages.runs && !signal.aborted; index++) {
    const run = pages.run(index);
    for (let done = 0; done < run.count && run.offset >= 0; done += BLOCK_PAGES) {
      const count = Math.min(BLOCK_PAGES, run.count - done);
      const sent = await source.read(run.offset + done * PAGE_SIZE, count * PAGE_SIZE);
      for (let at = 0; at < count; at++) {
        const pfn = run.pfn + done + at;
        const last = pages.occurrences(pfn).findLast((copy) => copy.offset >= 0 && copy.record < start);
        const before = last ? await source.read(last.offset, PAGE_SIZE) : new Uint8Array(PAGE_SIZE);
        const diff = diffPages(before, sent.subarray(at * PAGE_SIZE, (at + 1) * PAGE_SIZE));
        compared++;
        if (diff.bytes === 0) continue;
        differ++;
        if (mismatches.length >= KEPT) continue;
        const { type, record, offset } = run;
        mismatches.push({
          pfn,
          type,
          record,
          offset: offset + (done + at) * PAGE_SIZE,
          before: last?.offset ?? -1,
          bytes: diff.bytes,
          first: diff.first,
        });
      }
      await breathe();
    }
    if (performance.now() - told < PART_MS) continue;
    told = performance.now();
    onProgress(index - first, pages.runs - first);
    onPart(result());
  }
  return result();
}
