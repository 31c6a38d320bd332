/** Cells of a stretch of the map, and how stretches of PFNs are painted into them. */
import { type LayerId, type MapLayer, NOTHING } from './layer';

/** Highest PFN that can be mapped, exclusive: beyond lie only the PFNs of damaged lists. */
export const MAP_LIMIT = 2 ** 32;

export interface MapQuery {
  readonly layer: LayerId;
  readonly start: number;
  /** PFNs in one cell. */
  readonly perCell: number;
  readonly cells: number;
}

export interface MapCells extends MapQuery {
  /** The most telling state in each cell, or NOTHING. */
  readonly state: Uint8Array;
}

/** Ranks of all states of a layer; NOTHING comes last. */
export function rankTable({ rank }: MapLayer): Uint8Array {
  const ranks = Uint8Array.from({ length: 256 }, (_, state) => (rank(state) < 0 ? 0xfe : Math.min(0xfe, rank(state))));
  ranks[NOTHING] = 0xff;
  return ranks;
}

/** Paints states into cells: the most telling one stays. */
export class Cells {
  readonly state: Uint8Array;
  readonly #start: number;
  readonly #perCell: number;
  readonly #ranks: Uint8Array;

  constructor({ start, perCell, cells }: Omit<MapQuery, 'layer'>, ranks: Uint8Array) {
    this.state = new Uint8Array(cells).fill(NOTHING);
    this.#start = start;
    this.#perCell = perCell;
    this.#ranks = ranks;
  }

  /** PFNs `from … to` (the end excluded), those outside the cells left out. */
  add(from: number, to: number, found: number): void {
    const first = Math.max(0, Math.floor((from - this.#start) / this.#perCell));
    const last = Math.min(this.state.length - 1, Math.floor((to - 1 - this.#start) / this.#perCell));
    const rank = this.#ranks[found] ?? 0xff;
    for (let cell = first; cell <= last; cell++) {
      if (rank < (this.#ranks[this.state[cell] ?? NOTHING] ?? 0xff)) this.state[cell] = found;
    }
  }
}
