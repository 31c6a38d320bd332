/** The pages that follow VERIFY, held against what was sent before: all that differ, not the first one only. */
import { PAGE_SIZE } from '../../format/page';
import { upperBound } from '../../lib/bisect';
import { LatestPages } from '../../scan/restored/latest-pages';
import type { PageIndex } from '../../scan/pages';
import type { ByteSource } from '../../source/source';
import { readPages } from '../reads';
import { diffPages } from './diff';

interface Mismatch {
  readonly pfn: number;
  readonly type: number;
  /** Row and file offset of the copy that is to be verified. */
  readonly record: number;
  readonly offset: number;
  /** File offset of the copy before; undefined where there is none, so that the page is zero. */
  readonly before: number | undefined;
  readonly bytes: number;
  /** First byte in the page that differs. */
  readonly first: number;
}

export interface Verified {
  /** Compared. */
  readonly pages: number;
  /** Could not be read. */
  readonly unread: number;
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
const ZERO = new Uint8Array(PAGE_SIZE);
const PART_MS = 250;

/**
 * Compares the pages behind a VERIFY record, of which `start` is the row, with the copies that were sent before.
 * Rejects for nothing that is in the file.
 */
export async function verifyPages(
  { pages, source }: { readonly pages: PageIndex; readonly source: ByteSource },
  start: number,
  { signal, onPart, onProgress, breathe }: Tools,
): Promise<Verified> {
  const mismatches: Mismatch[] = [];
  let [compared, unread, differ, told] = [0, 0, 0, performance.now()];
  const result = (): Verified => ({ pages: compared, unread, differ, mismatches: [...mismatches] });
  const first = upperBound(pages.runs, (index) => pages.run(index).record, start);
  const copies = new LatestPages(pages, { to: pages.runsBefore(start), of: 'content' });
  for (let index = first; index < pages.runs && !signal.aborted; index++) {
    const run = pages.run(index);
    if (run.offset < 0) continue;
    const sent = Float64Array.from({ length: run.count }, (_, at) => run.offset + at * PAGE_SIZE);
    // File offset of the last copy before the VERIFY; −1 for none.
    const before = sent.map((_, at) => copies.get(run.pfn + at)?.offset ?? -1);
    const [ones, others] = [await readPages(source, before), await readPages(source, sent)];
    for (let at = 0; at < run.count; at++) {
      // A page of which no copy came is zero.
      const one = (before[at] ?? -1) < 0 ? ZERO : ones[at];
      const other = others[at];
      if (!one || !other) {
        unread++;
        continue;
      }
      compared++;
      const { bytes, first: firstByte } = diffPages(one, other);
      if (firstByte === undefined) continue;
      differ++;
      if (mismatches.length >= KEPT) continue;
      const { type, record } = run;
      const earlier = before[at] ?? -1;
      mismatches.push({
        pfn: run.pfn + at,
        type,
        record,
        offset: sent[at] ?? 0,
        before: earlier < 0 ? undefined : earlier,
        bytes,
        first: firstByte,
      });
    }
    await breathe();
    if (performance.now() - told < PART_MS) continue;
    told = performance.now();
    onProgress(index - first, pages.runs - first);
    onPart(result());
  }
  return result();
}
