/** Finds symbols by name: a table of open addressing over the bytes of their names, as a Map of strings costs ten times as much. */
const PRIME = 0x0100_0193;

/** The lowest place of each name in a list of names. */
export class NameIndex {
  /** Where each name starts and ends in the pool. */
  readonly #names: Uint32Array;
  readonly #pool: Uint8Array;
  /** Places in the list, plus one; 0 where a slot is free. */
  readonly #slots: Uint32Array;
  /** Differs each time, so that no file can be made whose names all fall together. */
  readonly #seed = Math.floor(Math.random() * 2 ** 32);

  constructor(names: Uint32Array, pool: Uint8Array) {
    this.#names = names;
    this.#pool = pool;
    const count = names.length / 2;
    this.#slots = new Uint32Array(2 ** Math.ceil(Math.log2(Math.max(2, count * 2))));
    // From the end, so that of several the first stays.
    for (let index = count - 1; index >= 0; index--) this.#slots[this.#slotOf(this.#nameAt(index))] = index + 1;
  }

  /** Returns the lowest place of a name; −1 for one that is not there. */
  find(name: string): number {
    return (this.#slots[this.#slotOf(new TextEncoder().encode(name))] ?? 0) - 1;
  }

  #nameAt(index: number): Uint8Array {
    return this.#pool.subarray(this.#names[index * 2], this.#names[index * 2 + 1]);
  }

  /** Returns the slot that has a name, or the free one that it would get. */
  #slotOf(name: Uint8Array): number {
    const mask = this.#slots.length - 1;
    let hash = this.#seed;
    for (const byte of name) hash = Math.imul(hash ^ byte, PRIME);
    let slot = (hash ^ (hash >>> 15)) & mask;
    for (;;) {
      const place = (this.#slots[slot] ?? 0) - 1;
      if (place < 0 || this.#isName(place, name)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #isName(index: number, name: Uint8Array): boolean {
    const from = this.#names[index * 2] ?? 0;
    if ((this.#names[index * 2 + 1] ?? 0) - from !== name.length) return false;
    for (let at = 0; at < name.length; at++) if (this.#pool[from + at] !== name[at]) return false;
    return true;
  }
}
