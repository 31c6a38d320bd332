/** The page map of one image: all layers, each from where it comes. */
import { PageType } from '../format/page';
import type { ImageInfo } from '../scan/image';
import { LatestPages } from '../scan/restored/latest-pages';
import type { PageIndex } from '../scan/pages';
import { ContentMap } from './content/content-map';
import { type RoleMap, roleOfType, roleState } from './roles/role-map';
import { Cells, type MapCells, type MapQuery, rankTable } from './map/cells';
import { CLEAN, FINDINGS_LAYER, SEVERITIES } from './map/findings-layer';
import { IndexMap } from './map/index-map';
import { type LayerId, NOTHING } from './map/layer';
import { contentState } from './map/content-layer';
import { NO_CONTENT } from './map/sent-layers';
import { ZERO_STATE } from './map/type-layer';

/** A finding about a page. */
export interface PageFinding {
  readonly severity: (typeof SEVERITIES)[number];
  readonly pfn?: number;
}

interface Image {
  readonly pages: PageIndex;
  readonly image: Readonly<ImageInfo>;
  readonly findings: () => readonly PageFinding[];
}

const FINDING_RANKS = rankTable(FINDINGS_LAYER);
const ZERO = contentState('zero');
const UNREAD = contentState('unread');
const TABLE = roleState('table');

export class GuestMap {
  readonly index: IndexMap;
  readonly content = new ContentMap();
  /** Found on demand. */
  roles: RoleMap | undefined;
  readonly #pages: PageIndex;
  readonly #findings: () => readonly PageFinding[];

  constructor({ pages, image, findings }: Image) {
    this.#pages = pages;
    this.index = new IndexMap(pages, () => image);
    this.#findings = findings;
  }

  cells(query: MapQuery): MapCells {
    return { ...query, state: this.#state(query) };
  }

  /** PFNs of each state of a layer. */
  async counts(layer: LayerId, breathe: () => Promise<void>): Promise<Float64Array> {
    const { byState, pfns, sentPfns } = await this.index.totals(breathe);
    if (layer === 'findings') return this.#findingCounts(pfns);
    if (layer === 'content') return this.#contentCounts(sentPfns);
    if (layer === 'role') return this.#roleCounts(byState.type ?? new Float64Array(256));
    const counts = (byState[layer] ?? new Float64Array(256)).slice();
    if (layer === 'type') {
      counts[ZERO_STATE] = this.content.zeroOrdinary;
      counts[PageType.NOTAB] = (counts[PageType.NOTAB] ?? 0) - this.content.zeroOrdinary;
    }
    return counts;
  }

  /** Pages that were sent and not looked at yet are that, and not without content. */
  #contentCounts(sentPfns: number): Float64Array {
    const counts = this.content.counts.slice();
    counts[UNREAD] = 0;
    counts[UNREAD] = Math.max(0, sentPfns - counts.reduce((sum, pages) => sum + pages, 0));
    return counts;
  }

  /** Pages with a role; all others by their type. */
  #roleCounts(types: Float64Array): Float64Array {
    const counts = new Float64Array(256);
    const add = (state: number, pages: number): void => {
      if (state !== NOTHING) counts[state] = (counts[state] ?? 0) + pages;
    };
    for (const [type, pages] of types.entries()) if (pages > 0) add(roleOfType(type), pages);
    const mentions = new LatestPages(this.#pages, { of: 'all' });
    for (const [pfn, found] of this.roles?.pages() ?? []) {
      const byType = roleOfType(mentions.get(pfn)?.type ?? NOTHING);
      const state = byType === TABLE ? Math.min(found, TABLE) : found;
      add(byType, -1);
      add(state, 1);
    }
    return counts;
  }

  #findingCounts(pfns: number): Float64Array {
    const worst = new Map<number, number>();
    for (const { severity, pfn } of this.#findings()) {
      if (pfn === undefined) continue;
      worst.set(pfn, Math.min(worst.get(pfn) ?? 0xff, SEVERITIES.indexOf(severity)));
    }
    const counts = new Float64Array(256);
    for (const state of worst.values()) counts[state] = (counts[state] ?? 0) + 1;
    counts[CLEAN] = Math.max(0, pfns - worst.size);
    return counts;
  }

  #state(query: MapQuery): Uint8Array {
    const of = (layer: LayerId): Uint8Array => this.index.cells({ ...query, layer });
    switch (query.layer) {
      case 'type':
        return this.#withZeros(query, of('type'));
      case 'role':
        return this.roles?.cells(query, of('type')) ?? new Uint8Array(query.cells).fill(NOTHING);
      case 'content': {
        const sent = of('presence');
        return this.content.cells(query, (cell) => (sent[cell] ?? NO_CONTENT) < NO_CONTENT);
      }
      case 'findings':
        return this.#findingCells(query);
      case 'presence':
      case 'sends':
      case 'pass':
      case 'record':
        return of(query.layer);
    }
  }

  /** Ordinary pages of which all are known to be zero. */
  #withZeros(query: MapQuery, types: Uint8Array): Uint8Array {
    if (this.content.read === 0) return types;
    const contents = this.content.cells(query, () => true);
    for (const [cell, type] of types.entries()) {
      if (type === PageType.NOTAB && contents[cell] === ZERO) types[cell] = ZERO_STATE;
    }
    return types;
  }

  #findingCells(query: MapQuery): Uint8Array {
    const cells = new Cells(query, FINDING_RANKS);
    const end = query.start + query.perCell * query.cells;
    for (const { severity, pfn } of this.#findings()) {
      if (pfn !== undefined && pfn >= query.start && pfn < end) cells.add(pfn, pfn + 1, SEVERITIES.indexOf(severity));
    }
    const { state } = cells;
    const known = this.index.cells({ ...query, layer: 'type' });
    for (let cell = 0; cell < query.cells; cell++) {
      if (state[cell] === NOTHING && known[cell] !== NOTHING) state[cell] = CLEAN;
    }
    return state;
  }
}
