/**
 * The map's cells, fetched in tiles as they come into view and kept. While a scan runs, what is in view is fetched anew
 * from time to time: rarely where that is dear.
 */
import { Lru } from '../../lib/lru';
import type { MapCells, MapQuery } from '../../memory/page-map';

/** Bounds one request's work: pages looked at, and cells answered. */
const TILE_PFNS = 2 ** 20;
const TILE_CELLS = 4096;
const TILES = 8192;
const IN_FLIGHT = 2;
const LEAST_PAUSE_MS = 400;

interface Tile {
  readonly cells: MapCells;
  /** Mentions that the index held when it was asked. */
  readonly mentions: number;
  readonly at: number;
}

/** What is in view. */
export interface Wish {
  readonly perCell: number;
  readonly firstCell: number;
  readonly lastCell: number;
  readonly mentions: number;
  readonly scanning: boolean;
}

export const tileCells = (perCell: number): number =>
  Math.max(1, Math.min(TILE_CELLS, Math.floor(TILE_PFNS / perCell)));

export class MapTiles {
  readonly #ask: (query: MapQuery) => Promise<MapCells>;
  readonly #tiles = new Lru<string, Tile>(TILES);
  readonly #pending = new Set<string>();
  #wish: Wish | undefined;
  #pauseMs = LEAST_PAUSE_MS;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Called when cells have come, or could not be had. */
  onChange: () => void = () => undefined;
  /** Why the last request failed. */
  problem: string | undefined;

  constructor(ask: (query: MapQuery) => Promise<MapCells>) {
    this.#ask = ask;
  }

  /** The tile that holds a cell; undefined while it is on its way. */
  tile(perCell: number, number: number): MapCells | undefined {
    return this.#tiles.get(`${perCell}:${number}`)?.cells;
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
      const key = `${wish.perCell}:${number}`;
      const known = this.#tiles.get(key);
      if (this.#pending.has(key) || known?.mentions === wish.mentions) continue;
      if (known && wish.scanning && performance.now() - known.at < this.#pauseMs) waits = true;
      else void this.#fetch(key, { start: number * size * wish.perCell, perCell: wish.perCell, cells: size }, wish);
    }
    if (waits) this.#timer = setTimeout(() => this.#pump(), this.#pauseMs);
  }

  async #fetch(key: string, query: MapQuery, { mentions }: Wish): Promise<void> {
    this.#pending.add(key);
    const started = performance.now();
    try {
      const cells = await this.#ask(query);
      const now = performance.now();
      this.#tiles.set(key, { cells, mentions, at: now });
      this.#pauseMs = Math.max(LEAST_PAUSE_MS, (now - started) * 10);
    } catch (error) {
      this.problem = error instanceof Error ? error.message : 'the request failed';
    }
    this.#pending.delete(key);
    this.onChange();
    this.#pump();
  }
}
