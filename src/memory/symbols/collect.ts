/** Gathers symbols in whatever order a file has them. */
import { SymbolTable } from './table';

/** Symbols kept; kernels with debug information have below a million. */
export const SYMBOL_LIMIT = 4_000_000;

const HIGH = 1n << 63n;

export class SymbolCollector {
  #addresses = new BigUint64Array(1024);
  #names = new Uint32Array(2048);
  #count = 0;
  #high = 0;
  readonly #pool: Uint8Array;

  /** Names lie in `pool`. */
  constructor(pool: Uint8Array) {
    this.#pool = pool;
  }

  get isFull(): boolean {
    return this.#count >= SYMBOL_LIMIT;
  }

  add(address: bigint, from: number, to: number): void {
    if (this.isFull || to <= from) return;
    if (this.#count === this.#addresses.length) this.#grow();
    this.#addresses[this.#count] = address;
    this.#names[this.#count * 2] = from;
    this.#names[this.#count * 2 + 1] = to;
    this.#count++;
    if (address >= HIGH) this.#high++;
  }

  #grow(): void {
    const addresses = new BigUint64Array(this.#addresses.length * 2);
    addresses.set(this.#addresses);
    this.#addresses = addresses;
    const names = new Uint32Array(this.#names.length * 2);
    names.set(this.#names);
    this.#names = names;
  }

  /**
   * Makes the table, in order of addresses. What a kernel in the upper half has in the lower one are offsets of per-CPU
   * variables, and left out.
   */
  table(): SymbolTable {
    const isHigh = this.#high > 0;
    let kept = 0;
    const order = new Uint32Array(this.#count);
    for (let index = 0; index < this.#count; index++) {
      if (!isHigh || (this.#addresses[index] ?? 0n) >= HIGH) order[kept++] = index;
    }
    const at = (index: number): bigint => this.#addresses[index] ?? 0n;
    const sorted = order.subarray(0, kept);
    sorted.sort((a, b) => (at(a) < at(b) ? -1 : at(a) > at(b) ? 1 : a - b));
    const addresses = new BigUint64Array(kept);
    const names = new Uint32Array(kept * 2);
    for (const [place, index] of sorted.entries()) {
      addresses[place] = at(index);
      names[place * 2] = this.#names[index * 2] ?? 0;
      names[place * 2 + 1] = this.#names[index * 2 + 1] ?? 0;
    }
    return new SymbolTable(addresses, names, this.#pool);
  }
}
