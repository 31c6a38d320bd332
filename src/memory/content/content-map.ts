/** What is known of the contents: half a byte a page, in chunks that exist once looked at, and one state a granule. */
import { RUN_LIMIT } from '../../scan/pages';
import { Cells, type MapQuery, rankTable } from '../map/cells';
import { CONTENT_LAYER, contentState } from '../map/content-layer';
import { NOTHING } from '../map/layer';
import { Twins } from './twins';

const RANKS = rankTable(CONTENT_LAYER);
const UNREAD = contentState('unread');
/** Half a byte for "no content". */
const NONE = 0xf;
/** Granules kept: 1 TiB of guest in 128 MiB. */
const MOST_GRANULES = 2 ** 18;

interface Known {
  /** Two pages a byte, the lower PFN in the low half. */
  readonly pages: Uint8Array;
  /** The most telling state. */
  readonly state: number;
}

export class ContentMap {
  readonly #granules = new Map<number, Known>();
  readonly twins: Twins;
  readonly #most: number;
  /** Pages of each state. */
  readonly counts = new Float64Array(256);
  /** Ordinary pages that are all zero. */
  zeroOrdinary = 0;
  /** Pages looked at. */
  read = 0;
  /** Pages that could not be read. */
  failed = 0;

  constructor(most = MOST_GRANULES, twins = new Twins()) {
    this.#most = most;
    this.twins = twins;
  }

  /** No further granule can be kept. */
  get full(): boolean {
    return this.#granules.size >= this.#most;
  }

  get byteLength(): number {
    return this.#granules.size * (RUN_LIMIT / 2) + this.twins.byteLength;
  }

  has(granule: number): boolean {
    return this.#granules.has(granule);
  }

  /** Takes the states of a granule's pages, NOTHING for those without content. */
  put(granule: number, states: Uint8Array): void {
    const pages = new Uint8Array(RUN_LIMIT / 2);
    let telling = NOTHING;
    for (let at = 0; at < RUN_LIMIT; at++) {
      const state = states[at] ?? NOTHING;
      if ((RANKS[state] ?? 0xff) < (RANKS[telling] ?? 0xff)) telling = state;
      pages[at >> 1] = (pages[at >> 1] ?? 0) | (Math.min(state, NONE) << ((at & 1) * 4));
      if (state !== NOTHING) this.counts[state] = (this.counts[state] ?? 0) + 1;
    }
    this.#granules.set(granule, { pages, state: telling });
  }

  /** State of a page; undefined where it has not been looked at. */
  at(pfn: number): number | undefined {
    const known = this.#granules.get(Math.floor(pfn / RUN_LIMIT));
    if (!known) return undefined;
    const state = ((known.pages[(pfn % RUN_LIMIT) >> 1] ?? 0) >> ((pfn & 1) * 4)) & NONE;
    return state === NONE ? NOTHING : state;
  }

  /** `sent` tells the cells that have content: those not looked at are shown as such. */
  cells(query: MapQuery, sent: (cell: number) => boolean): Uint8Array {
    const { start, perCell, cells: count } = query;
    const cells = new Cells(query, RANKS);
    const unread = new Uint8Array(count);
    const end = start + perCell * count;
    for (let granule = Math.floor(start / RUN_LIMIT); granule * RUN_LIMIT < end; granule++) {
      const from = granule * RUN_LIMIT;
      const known = this.#granules.get(granule);
      if (!known) {
        const first = Math.max(0, Math.floor((from - start) / perCell));
        unread.fill(1, first, Math.floor((from + RUN_LIMIT - 1 - start) / perCell) + 1);
      } else if (perCell >= RUN_LIMIT) {
        if (known.state !== NOTHING) cells.add(from, from + RUN_LIMIT, known.state);
      } else {
        for (let pfn = Math.max(from, start); pfn < Math.min(end, from + RUN_LIMIT); pfn++) {
          const state = this.at(pfn) ?? NOTHING;
          if (state !== NOTHING) cells.add(pfn, pfn + 1, state);
        }
      }
    }
    const { state } = cells;
    for (let cell = 0; cell < count; cell++) {
      if (unread[cell] === 1 && (state[cell] ?? NOTHING) > UNREAD && sent(cell)) state[cell] = UNREAD;
    }
    return state;
  }
}
