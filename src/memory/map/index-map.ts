/**
 * The layers that the page index knows by itself, from single pages to the whole guest. Below a granule cells are worked
 * out from the runs; above, from one state a granule and layer: 1.3 MiB for 1 TiB of guest, made as it is asked for.
 */
import { RUN_LIMIT, type PageIndex } from '../../scan/pages';
import { restoreEnds } from '../../scan/restored/ends';
import { Cells, MAP_LIMIT, type MapQuery, rankTable } from './cells';
import { type GranuleEnds, GranuleReader } from './granule';
import { type LayerId, type MapFacts, type MapLayer, NOTHING } from './layer';
import { LAYERS } from './layers';
import { type PagesSummary, SUMMARY_LIMIT, SummaryCount } from './summary';
import { Resent, type ResentPage } from './resent';

const INDEX_LAYERS = LAYERS.filter((layer) => layer.value !== undefined);

/** PFNs counted: each once, by the last mention that a restore takes. */
export interface PageTotals {
  /** Counts of pages for each layer of the index: 256, one for each state. */
  readonly byState: Readonly<Partial<Record<LayerId, Float64Array>>>;
  /** PFNs mentioned at least once. */
  readonly pfns: number;
  /** Mentions in all. */
  readonly mentions: number;
  /** Copies sent, and PFNs that have one; copies that are only to be verified do not count. */
  readonly sent: number;
  readonly sentPfns: number;
  /** PFNs sent more than once, and those of them sent most. */
  readonly resentPfns: number;
  readonly resent: readonly ResentPage[];
}

interface Layer {
  readonly layer: MapLayer;
  readonly ranks: Uint8Array;
  /** The most telling state of each granule. */
  granules: Uint8Array;
  value: (type: number, sends: number, record: number) => number;
}

/** How long a sweep goes on without letting others in, milliseconds. */
const SLICE_MS = 8;

export class IndexMap {
  readonly #pages: PageIndex;
  readonly #facts: () => MapFacts;
  readonly #reader: GranuleReader;
  readonly #layers: readonly Layer[];
  /** Granules looked at; all of them anew when the index has grown. */
  #known = new Uint8Array(0);
  #epoch = '';
  #ends: GranuleEnds = { pages: Number.POSITIVE_INFINITY, verify: Number.POSITIVE_INFINITY };
  #totals: { readonly epoch: string; readonly counted: Promise<PageTotals> } | undefined;

  constructor(pages: PageIndex, facts: () => MapFacts) {
    this.#pages = pages;
    this.#facts = facts;
    this.#reader = new GranuleReader(pages);
    this.#layers = INDEX_LAYERS.map((layer) => ({
      layer,
      ranks: rankTable(layer),
      granules: new Uint8Array(0),
      value: () => NOTHING,
    }));
  }

  /** Bytes held. */
  get byteLength(): number {
    return this.#known.byteLength * (1 + this.#layers.length);
  }

  cells(query: MapQuery): Uint8Array {
    this.#refresh();
    const layer = this.#layers.find((one) => one.layer.id === query.layer);
    const { start, perCell, cells: count } = query;
    if (!layer) return new Uint8Array(count).fill(NOTHING);
    const cells = new Cells(query, layer.ranks);
    const end = Math.min(start + perCell * count, this.#limit * RUN_LIMIT);
    for (let granule = Math.floor(start / RUN_LIMIT); granule * RUN_LIMIT < end; granule++) {
      if (perCell < RUN_LIMIT) {
        this.#reader.visit(granule, this.#ends, (from, to, type, sends, record) =>
          cells.add(from, to, layer.value(type, sends, record)),
        );
      } else {
        if (this.#known[granule] !== 1) this.#look(granule);
        const state = layer.granules[granule] ?? NOTHING;
        if (state !== NOTHING) cells.add(granule * RUN_LIMIT, (granule + 1) * RUN_LIMIT, state);
      }
    }
    return cells.state;
  }

  /** What is known of `pages` PFNs from `start` on, of which there are `SUMMARY_LIMIT` at most. */
  summary(start: number, pages: number): PagesSummary {
    this.#refresh();
    const whole = Math.min(pages, SUMMARY_LIMIT);
    const count = new SummaryCount(whole);
    const end = start + whole;
    const last = Math.min(end, this.#limit * RUN_LIMIT);
    for (let granule = Math.floor(start / RUN_LIMIT); granule * RUN_LIMIT < last; granule++) {
      this.#reader.visit(granule, this.#ends, (from, to, type, sends) => {
        const within = Math.min(end, to) - Math.max(start, from);
        if (within > 0) count.add(within, type, sends);
      });
    }
    return count.summary();
  }

  /** Counts all pages; once for several that ask. Lets others in by `breathe`; the index may grow meanwhile. */
  totals(breathe: () => Promise<void>): Promise<PageTotals> {
    this.#refresh();
    if (this.#totals?.epoch === this.#epoch) return this.#totals.counted;
    const counted = this.#count(breathe);
    this.#totals = { epoch: this.#epoch, counted };
    return counted;
  }

  async #count(breathe: () => Promise<void>): Promise<PageTotals> {
    const counts = this.#layers.map(() => new Float64Array(256));
    const resent = new Resent();
    let [pfns, sent, sentPfns] = [0, 0, 0];
    const epoch = this.#epoch;
    let until = performance.now() + SLICE_MS;
    for (const granule of this.#pages.granules(MAP_LIMIT / RUN_LIMIT)) {
      if (epoch !== this.#epoch) this.#refresh();
      this.#look(
        granule,
        (from, to, sends) => {
          pfns += to - from;
          sent += (to - from) * sends;
          if (sends > 0) sentPfns += to - from;
          if (sends > 1) resent.add(from, to, sends);
        },
        counts,
      );
      if (performance.now() < until) continue;
      await breathe();
      until = performance.now() + SLICE_MS;
    }
    const byState = Object.fromEntries(
      this.#layers.map(({ layer }, at) => [layer.id, counts[at] ?? new Float64Array(256)]),
    );
    const { mentions } = this.#pages;
    return { byState, pfns, mentions, sent, sentPfns, resentPfns: resent.pfns, resent: resent.most() };
  }

  /** Granules that can be mapped. */
  get #limit(): number {
    return Math.min(MAP_LIMIT / RUN_LIMIT, Math.floor(this.#pages.highest / RUN_LIMIT) + 1);
  }

  /** The most telling state of each layer in a granule, with each stretch and its states counted if asked. */
  #look(
    granule: number,
    onStretch?: (from: number, to: number, sends: number) => void,
    counts?: readonly Float64Array[],
  ): void {
    const layers = this.#layers;
    for (const layer of layers) layer.granules[granule] = NOTHING;
    this.#reader.visit(granule, this.#ends, (from, to, type, sends, record) => {
      for (let at = 0; at < layers.length; at++) {
        const layer = layers[at];
        if (!layer) continue;
        const { ranks, granules } = layer;
        const state = layer.value(type, sends, record);
        if ((ranks[state] ?? 0xff) < (ranks[granules[granule] ?? NOTHING] ?? 0xff)) granules[granule] = state;
        const count = counts?.[at];
        if (count) count[state] = (count[state] ?? 0) + to - from;
      }
      onStretch?.(from, to, sends);
    });
    this.#known[granule] = 1;
  }

  #refresh(): void {
    const facts = this.#facts();
    const last = facts.passes.at(-1);
    const { runs, highest } = this.#pages;
    const ends = { pages: restoreEnds(facts).pages, verify: facts.firstVerify ?? Number.POSITIVE_INFINITY };
    const epoch = [runs, highest, facts.passes.length, last?.records, ends.pages, ends.verify].join(':');
    if (epoch === this.#epoch) return;
    this.#epoch = epoch;
    this.#ends = ends;
    const size = this.#limit;
    if (this.#known.length === size) this.#known.fill(0);
    else this.#known = new Uint8Array(size);
    for (const layer of this.#layers) {
      if (layer.granules.length !== size) layer.granules = new Uint8Array(size);
      layer.value = layer.layer.value?.(facts) ?? (() => NOTHING);
    }
  }
}
