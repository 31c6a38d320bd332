/**
 * A byte for each of many numbers, most of which have none: an array for numbers below a bound, which are the rule, and a
 * table of open addressing for those above, so that a number far off costs no more than any other.
 */
const FIRST_SLOTS = 1024;
/** Slots that are filled at most, as a share of all. */
const LOAD = 0.6;
/** Mixes the bits of a 32-bit number, as MurmurHash3 ends with: each bit of it changes about half of the result's. */
function mixed(bits: number): number {
  const first = Math.imul(bits ^ (bits >>> 16), 0x85eb_ca6b);
  const second = Math.imul(first ^ (first >>> 13), 0xc2b2_ae35);
  return second ^ (second >>> 16);
}

/** Bytes by number, 0 where none was put. */
export class SparseBytes {
  readonly #dense: Uint8Array;
  readonly #limit: number;
  #keys = new Float64Array(FIRST_SLOTS).fill(-1);
  #values = new Uint8Array(FIRST_SLOTS);
  #count = 0;
  /** Differs each time, so that no file can be made whose numbers all fall together. */
  readonly #seed = Math.floor(Math.random() * 2 ** 32);
  /** There was no room for a number: its byte stays 0. */
  isFull = false;

  /** `bound`: numbers below have their place in an array; at most `limit` others are kept. */
  constructor(bound: number, limit: number) {
    this.#dense = new Uint8Array(bound);
    this.#limit = limit;
  }

  get(index: number): number {
    if (index < this.#dense.length) return this.#dense[index] ?? 0;
    const slot = this.#slotOf(index);
    return this.#keys[slot] === index ? (this.#values[slot] ?? 0) : 0;
  }

  set(index: number, value: number): void {
    if (index < this.#dense.length) {
      this.#dense[index] = value;
      return;
    }
    let slot = this.#slotOf(index);
    if (this.#keys[slot] !== index) {
      if (this.#count >= this.#limit) {
        this.isFull = true;
        return;
      }
      if (++this.#count > this.#keys.length * LOAD) {
        this.#grow();
        slot = this.#slotOf(index);
      }
      this.#keys[slot] = index;
    }
    this.#values[slot] = value;
  }

  /** Returns the slot of a number, or the free one that it would get. */
  #slotOf(index: number): number {
    const mask = this.#keys.length - 1;
    let slot = mixed(index ^ mixed(Math.floor(index / 2 ** 32) ^ this.#seed)) & mask;
    while (this.#keys[slot] !== -1 && this.#keys[slot] !== index) slot = (slot + 1) & mask;
    return slot;
  }

  #grow(): void {
    const [keys, values] = [this.#keys, this.#values];
    this.#keys = new Float64Array(keys.length * 2).fill(-1);
    this.#values = new Uint8Array(keys.length * 2);
    for (const [at, key] of keys.entries()) {
      if (key < 0) continue;
      const slot = this.#slotOf(key);
      this.#keys[slot] = key;
      this.#values[slot] = values[at] ?? 0;
    }
  }
}
