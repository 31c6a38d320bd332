/** The P2M of a PV guest, which libxc writes anew at the end. Source: xg_sr_restore_x86_pv.c, update_guest_p2m(). */
import { readU32, readU64 } from '../../../format/kit/bytes';
import { P2M_LIST } from '../../../format/libxc/p2m-frames';
import { PAGE_SIZE } from '../../../format/page';
import type { LatestPages } from '../../../scan/restored/latest-pages';
import type { Reading } from '../../../scan/reader';
import type { Span } from '../../../lib/range';
import { P2M_CONTENT_RULES } from '../../rules/pv/tables/p2m-content';
import { P2M_FRAME_RULES } from '../../rules/pv/frames';
import type { Simulation } from '../simulation';
import { storedPages } from '../stored';
import { badPage } from './named-page';
import type { P2mSegment } from '../state';

const { length: ENTRY_SIZE } = P2M_LIST;

/** P2M frames read at a time. */
const FRAME_BLOCK = 8192;

/** Writes the P2M into the pages that the stream lists for it. */
export function* updateP2m(sim: Simulation): Reading<void> {
  if (sim.libxc.p2mCut) {
    sim.fact('too many lists of P2M frames to go through here');
    return;
  }
  const pages = storedPages(sim);
  for (const { start, end, offset } of lastOfEach(sim.libxc.p2m)) {
    for (let index = start; index < end; index += FRAME_BLOCK) {
      const count = Math.min(FRAME_BLOCK, end - index);
      const raw = yield* sim.read(offset + (index - start) * ENTRY_SIZE, count * ENTRY_SIZE);
      for (let frame = 0; frame < count; frame++) {
        const place = { offset: offset + (index + frame - start) * ENTRY_SIZE, length: ENTRY_SIZE };
        // Read plainly: a list has as many entries as the guest has MiB.
        const pfn = readU64(raw, frame * ENTRY_SIZE, true);
        sim.libxc.p2mWritten++;
        if (badPage(sim, P2M_FRAME_RULES, pfn, place, index + frame)) return;
        yield* p2mContent(sim, pages, { index: index + frame, pfn: Number(pfn), place });
      }
    }
  }
  sim.fact(`P2M of ${sim.libxc.maxPfn + 1} pages (${PAGE_SIZE} bytes each)`);
}

/** Returns the segments that count, in the order of the frames, as libxc goes over them: where several records list a frame, the last. */
function lastOfEach(p2m: readonly P2mSegment[]): readonly P2mSegment[] {
  const seen = new Map<number, Uint8Array>();
  const isNew = (index: number): boolean => {
    const block = Math.floor(index / FRAME_BLOCK);
    let flags = seen.get(block);
    if (!flags) seen.set(block, (flags = new Uint8Array(FRAME_BLOCK)));
    const known = flags[index % FRAME_BLOCK] === 1;
    flags[index % FRAME_BLOCK] = 1;
    return !known;
  };
  const kept: P2mSegment[] = [];
  for (const segment of p2m.toReversed()) {
    for (let index = segment.start; index < segment.end; index++) {
      if (!isNew(index)) continue;
      const start = index;
      while (index + 1 < segment.end && isNew(index + 1)) index++;
      kept.push({ start, end: index + 1, offset: segment.offset + (start - segment.start) * ENTRY_SIZE });
    }
  }
  return kept.toSorted((a, b) => a.start - b.start);
}

/** Machine frames lie below this: 52 bits of physical address. */
const MFN_LIMIT = 2 ** 40;

/** Tells whether an entry of the P2M could be a machine frame. Read plainly: the table has an entry for each page of the guest. */
function couldBeFrame(page: Uint8Array, index: number, width: number): boolean {
  const low = readU32(page, index * width, true);
  const high = width === 8 ? readU32(page, index * width + 4, true) : 0;
  const mfn = high * 2 ** 32 + low;
  return mfn !== 0 && mfn < MFN_LIMIT && !(width === 4 && low === 0xffff_ffff);
}

/** Holds a frame of the P2M against the pages that the stream has. */
function* p2mContent(
  sim: Simulation,
  pages: LatestPages,
  frame: { readonly index: number; readonly pfn: number; readonly place: Span },
): Reading<void> {
  const { width } = sim.libxc;
  const { frames } = sim;
  const each = PAGE_SIZE / width;
  const first = frame.index * each;
  // Behind the last page that the stream mentions there is nothing to compare with.
  if (frames.cut || sim.blankPages || first > frames.last) return;
  const offset = pages.get(frame.pfn)?.offset;
  if (offset === undefined) return;
  const page = yield* sim.reader.at(offset, PAGE_SIZE);
  let populated = 0;
  let plausible = 0;
  for (let at = 0; at < each && first + at <= frames.last; at++) {
    if (!frames.hasContent(first + at)) continue;
    populated++;
    if (couldBeFrame(page, at, width)) plausible++;
  }
  sim.apply(P2M_CONTENT_RULES, { index: frame.index, pfn: frame.pfn, populated, plausible }, frame.place);
}
