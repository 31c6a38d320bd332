/** What looking ahead in a stream has found out. */
import type { OfStreams, StreamLayer } from '../../format/layers';

/** A place where a record of a stream is to start. */
export interface Link {
  readonly at: number;
  readonly layer: StreamLayer;
}

/** An unknown record that was stepped over, and the records with a body before it. */
export interface Passed extends Link {
  readonly bodies: number;
}

/** Unknown records in a row of which one is remembered, where they lead nowhere. */
export const REMEMBERED = 256;
/** Unknown records that are remembered in all, and places without a record. */
const LIMIT = 65_536;
/** Looks far ahead that a scan has from the start, and bytes searched that earn it another. */
const LOOKS = 1024;
const BYTES_A_LOOK = 16 * 1024;

/** What was found out by looking ahead, so that a long row of unknown records is not gone over again for each of them, or for each damage before them. */
export class Ahead {
  /** File offset of the header up to which the framing is known to hold; no record before it needs a look. */
  heldTo = 0;
  /** File offset that a search has come to. */
  searchedTo = 0;
  /** Unknown records that lead nowhere, and the records with a body that were still met from there on. */
  readonly #dead: Readonly<Record<StreamLayer, Map<number, number>>> = { libxl: new Map(), libxc: new Map() };

  /** Returns how many records with a body come after an unknown one until it leads nowhere; undefined if not known. */
  after({ layer, at }: Link): number | undefined {
    return this.#dead[layer].get(at);
  }

  /** Remembers a way that led nowhere after `bodies` records with a body. */
  giveUp(way: readonly Passed[], bodies: number): void {
    for (const { layer, at, bodies: before } of way) {
      const dead = this.#dead[layer];
      if (dead.size < LIMIT) dead.set(at, bodies - before);
    }
  }

  /** Places that were looked at far ahead and have no record. */
  readonly #nonsense: OfStreams<Set<number>> = { libxl: new Set(), libxc: new Set() };
  #looks = LOOKS;
  /** A look was wanted when there were none left. */
  isSpent = false;

  /** Takes note of bytes that were searched: a search may look far ahead the more often the more it has gone through. */
  searched(from: number, bytes: number): void {
    this.searchedTo = from + bytes;
    this.#looks += bytes / BYTES_A_LOOK;
  }

  /** Takes one of the looks that are left; false where there is none. */
  mayLook(): boolean {
    if (this.#looks < 1) {
      this.isSpent = true;
      return false;
    }
    this.#looks--;
    return true;
  }

  /** Tells whether a place is known to have no record. */
  isNonsense({ layer, at }: Link): boolean {
    return this.#nonsense[layer].has(at);
  }

  /** Takes note that a place has no record. */
  notARecord({ layer, at }: Link): void {
    const places = this.#nonsense[layer];
    if (places.size < LIMIT) places.add(at);
  }
}
