/** Goes over the contents of all pages that a restore would store, in the order of the PFNs. */
import { isTableType, PageType } from '../../format/page';
import { type PageIndex, RUN_LIMIT } from '../../scan/pages';
import type { StreamMarks } from '../../scan/restored/ends';
import { roomForCopies, type StoredCopies, storedCopies } from '../../scan/restored/pages';
import type { ByteSource } from '../../source/source';
import { MAP_LIMIT } from '../map/cells';
import { contentState } from '../map/content-layer';
import { NOTHING } from '../map/layer';
import { mixedContent, pageView, plainContent } from './classify';
import type { ContentMap } from './content-map';
import { readPages } from '../reads';

/** What is known so far. */
export interface ContentPart {
  /** Pages of each content class; the index is `contentState`. */
  readonly counts: Float64Array;
  readonly zeroOrdinary: number;
  readonly read: number;
  readonly failed: number;
  /** Pages alike are no longer found: the table of hashes is full. */
  readonly twinsFull: boolean;
  /** Pages beyond what is kept were left out. */
  readonly full: boolean;
}

interface Tools {
  readonly signal: AbortSignal;
  readonly onPart: (part: ContentPart) => void;
  readonly onProgress: (done: number, total: number) => void;
  readonly breathe: () => Promise<void>;
}

interface Memory {
  readonly pages: PageIndex;
  readonly source: ByteSource;
  readonly image: StreamMarks;
}

/** Between two parts, milliseconds. */
const PART_MS = 250;

/** Copies what is known of the contents so far. */
export const snapshotOf = (map: ContentMap): ContentPart => ({
  counts: map.counts.slice(),
  zeroOrdinary: map.zeroOrdinary,
  read: map.read,
  failed: map.failed,
  twinsFull: map.twins.full,
  full: map.full,
});

/** Fills the map; goes on where an earlier pass was cancelled. Progress is in pages. */
export async function contentPass(memory: Memory, map: ContentMap, tools: Tools): Promise<ContentPart> {
  const { pages } = memory;
  const { signal, onPart, onProgress, breathe } = tools;
  const left = await pagesWithContent(memory, signal, breathe);
  const pfns = Math.min(MAP_LIMIT, pages.highest + 1);
  let told = performance.now();
  let ahead: Promise<Loaded> | undefined;
  for (const [at, granule] of left.granules.entries()) {
    if (signal.aborted || map.full) break;
    if (map.has(granule)) continue;
    const loaded = await (ahead ?? load(memory, granule));
    ahead = undefined;
    // A pass that was cancelled and the one that goes on for it may both have been reading this granule.
    if (signal.aborted) break;
    if (map.has(granule)) continue;
    // The next granule is read while this one is looked at.
    const next = left.granules[at + 1];
    ahead = next === undefined ? undefined : load(memory, next);
    map.put(granule, look(map, granule, loaded, pfns));
    map.read += countOf(loaded.copies);
    await breathe();
    if (performance.now() - told < PART_MS) continue;
    told = performance.now();
    onProgress(map.read, left.pages);
    onPart(snapshotOf(map));
  }
  await ahead;
  onProgress(map.read, left.pages);
  return snapshotOf(map);
}

/** Granules with pages to look at, and how many pages they have. */
async function pagesWithContent(
  { pages, image }: Memory,
  signal: AbortSignal,
  breathe: () => Promise<void>,
): Promise<{ granules: number[]; pages: number }> {
  const granules: number[] = [];
  let count = 0;
  const copies = roomForCopies();
  let until = performance.now() + 8;
  for (const granule of pages.granules(MAP_LIMIT / RUN_LIMIT)) {
    const found = countOf(storedCopies(pages, image, granule, copies));
    if (found > 0) granules.push(granule);
    count += found;
    if (performance.now() < until) continue;
    await breathe();
    if (signal.aborted) break;
    until = performance.now() + 8;
  }
  return { granules, pages: count };
}

/** How many pages have a copy. */
function countOf({ offset }: StoredCopies): number {
  let count = 0;
  for (const at of offset) if (at >= 0) count++;
  return count;
}

interface Loaded {
  readonly copies: StoredCopies;
  readonly bytes: readonly (Uint8Array | undefined)[];
}

async function load({ pages, image, source }: Memory, granule: number): Promise<Loaded> {
  const copies = storedCopies(pages, image, granule);
  return { copies, bytes: await readPages(source, copies.offset) };
}

/** States of the pages of a granule, by PFN: so that of pages alike the first is the one that is not called a copy. */
function look(map: ContentMap, granule: number, { copies, bytes }: Loaded, pfns: number): Uint8Array {
  const states = new Uint8Array(RUN_LIMIT).fill(NOTHING);
  for (let page = 0; page < RUN_LIMIT; page++) {
    if ((copies.offset[page] ?? -1) < 0) continue;
    const held = bytes[page];
    if (!held) {
      map.failed++;
      states[page] = contentState('unread');
      continue;
    }
    const type = copies.type[page] ?? 0;
    const view = pageView(held);
    const plain = plainContent(view);
    if (plain === 'zero' && type === PageType.NOTAB) map.zeroOrdinary++;
    const pfn = granule * RUN_LIMIT + page;
    if (plain) states[page] = contentState(plain);
    else if (map.twins.first(view, pfn) !== pfn) states[page] = contentState('duplicate');
    else states[page] = contentState(isTableType(type) ? 'table' : mixedContent(view, pfns));
  }
  return states;
}
