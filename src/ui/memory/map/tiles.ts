/**
 * The map's cells, fetched in tiles as they come into view and kept. While a scan runs, what is in view is fetched anew
 * from time to time: rarely where that is dear.
 */
import { reasonOf } from '../../../lib/reason';
import { Lru } from '../../../lib/lru';
import { Signal } from '../../../lib/signal';
import type { MapCells, MapQuery } from '../../../memory/map/cells';
import { type LayerId, NOTHING } from '../../../memory/map/layer';
import { nextFrame } from '../../../state/frame';

/** Bounds one request's work: pages looked at, and cells answered. */
const TILE_PFNS = 2 ** 22;
const TILE_CELLS = 4096;
const TILES = 8192;
/** Pages in a cell grow by this from zoom to zoom, up to that. */
const STEP = 4;
const COARSEST = 4 ** 10;
const IN_FLIGHT = 2;
const LEAST_PAUSE_MS = 400;

interface Tile {
  readonly cells: MapCells;
  /** What was known when it was asked. */
  readonly stamp: string;
  readonly at: number;
}

/** What is in view. */
export interface Wish {
  readonly layer: LayerId;
  readonly perCell: number;
  readonly firstCell: number;
  readonly lastCell: number;
  /** Changes when the cells do. */
  readonly stamp: string;
  /** It changes often: cells are fetched anew only from time to time. */
  readonly growing: boolean;
}

/** Returns how many cells a tile of the map has where a cell stands for `perCell` pages. */
export const tileCells = (perCell: number): number =>
  Math.max(1, Math.min(TILE_CELLS, Math.floor(TILE_PFNS / perCell)));

export class MapTiles {
  readonly #ask: (query: MapQuery) => Promise<MapCells>;
  readonly #tiles = new Lru<string, Tile>(TILES);
  readonly #pending = new Set<string>();
  #wish: Wish | undefined;
  #pauseMs = LEAST_PAUSE_MS;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Tells when cells have come, or could not be had. */
  readonly changes = new Signal(nextFrame);
  /** Why the last request failed. */
  problem: string | undefined;

  constructor(ask: (query: MapQuery) => Promise<MapCells>) {
    this.#ask = ask;
  }

  /** The tile that holds a cell; undefined while it is on its way. */
  tile(layer: LayerId, perCell: number, number: number): MapCells | undefined {
    return this.#tiles.get(`${layer}:${perCell}:${number}`)?.cells;
  }

  /** Whether nothing in view is on its way. */
  isComplete({ layer, perCell, firstCell, lastCell, stamp }: Wish): boolean {
    const size = tileCells(perCell);
    for (let number = Math.floor(firstCell / size); number <= Math.floor(lastCell / size); number++) {
      if (this.#tiles.get(`${layer}:${perCell}:${number}`)?.stamp !== stamp) return false;
    }
    return true;
  }

  /**
   * States of `count` cells of one tile out of a coarser picture, to be shown until their own have come; undefined
   * where there is none. A coarser tile holds all of a finer one.
   */
  guess(layer: LayerId, perCell: number, cell: number, count: number): Uint8Array | undefined {
    for (let coarser = perCell * STEP; coarser <= COARSEST; coarser *= STEP) {
      const size = tileCells(coarser);
      const at = Math.floor((cell * perCell) / coarser);
      const tile = this.tile(layer, coarser, Math.floor(at / size));
      if (!tile) continue;
      const each = coarser / perCell;
      const from = cell % each;
      return Uint8Array.from(
        { length: count },
        (_, step) => tile.state[(at % size) + Math.floor((from + step) / each)] ?? NOTHING,
      );
    }
    return undefined;
  }

  want(wish: Wish | undefined): void {
    this.#wish = wish;
    this.#pump();
  }

  retry(): void {
    this.problem = undefined;
    this.#pump();
  }

  #pump(): void {
    const wish = this.#wish;
    clearTimeout(this.#timer);
    if (!wish || this.problem !== undefined) return;
    const size = tileCells(wish.perCell);
    const last = Math.floor(wish.lastCell / size);
    let waits = false;
    for (let number = Math.floor(wish.firstCell / size); number <= last; number++) {
      if (this.#pending.size >= IN_FLIGHT) return;
      const key = `${wish.layer}:${wish.perCell}:${number}`;
      const known = this.#tiles.get(key);
      if (this.#pending.has(key) || known?.stamp === wish.stamp) continue;
      if (known && wish.growing && performance.now() - known.at < this.#pauseMs) waits = true;
      else void this.#fetch(key, query(wish, number, size), wish);
    }
    if (waits) this.#timer = setTimeout(() => this.#pump(), this.#pauseMs);
  }

  async #fetch(key: string, query: MapQuery, { stamp }: Wish): Promise<void> {
    this.#pending.add(key);
    const started = performance.now();
    try {
      const cells = await this.#ask(query);
      const now = performance.now();
      this.#tiles.set(key, { cells, stamp, at: now });
      this.#pauseMs = Math.max(LEAST_PAUSE_MS, (now - started) * 10);
    } catch (error) {
      this.problem = reasonOf(error, 'the request failed');
    }
    this.#pending.delete(key);
    this.changes.change();
    this.#pump();
  }
}

const query = ({ layer, perCell }: Wish, tile: number, cells: number): MapQuery => ({
  layer,
  start: tile * cells * perCell,
  perCell,
  cells,
});
