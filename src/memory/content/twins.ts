/** Pages by a hash of their bytes, to find those that are alike: a table of open addressing that grows up to a bound. */
import type { PageView } from './classify';

/** 12 bytes each: at most 192 MiB, for 12.6 million different pages, 48 GiB of memory. */
const MOST_SLOTS = 2 ** 24;
const FEW_SLOTS = 2 ** 12;
const FULL = 0.75;
const EMPTY = 0xffff_ffff;

export class Twins {
  #low = new Uint32Array(FEW_SLOTS);
  #high = new Uint32Array(FEW_SLOTS);
  #pfn = new Uint32Array(FEW_SLOTS).fill(EMPTY);
  #used = 0;
  /** The hash of the page looked at. */
  #lowHash = 0;
  #highHash = 0;
  readonly #most: number;
  /** Pages were left out: what comes later is no longer compared with them. */
  full = false;

  constructor(most = MOST_SLOTS) {
    this.#most = most;
  }

  get byteLength(): number {
    return this.#pfn.byteLength * 3;
  }

  /** The first PFN with these bytes, as far as 64 bits of hash tell; the page itself is then remembered if it is new. */
  first(page: PageView, pfn: number): number {
    this.#hash(page);
    return this.#find(this.#lowHash, this.#highHash, pfn);
  }

  /** The first PFN with these bytes, as far as the hash tells; undefined for a page that is not known. */
  known(page: PageView): number | undefined {
    this.#hash(page);
    const slot = this.#slot(this.#lowHash, this.#highHash);
    const pfn = this.#pfn[slot] ?? EMPTY;
    return pfn === EMPTY ? undefined : pfn;
  }

  #hash({ words }: PageView): void {
    let low = 0x811c_9dc5;
    let high = 0x1b87_3593;
    for (const word of words) {
      low = Math.imul(low ^ word, 0x9e37_79b1);
      low ^= low >>> 15;
      high = Math.imul((high << 13) | (high >>> 19), 5) + Math.imul(word, 0xcc9e_2d51);
    }
    high ^= high >>> 16;
    this.#lowHash = low >>> 0;
    this.#highHash = high >>> 0;
  }

  /** Where a hash is, or would go. */
  #slot(low: number, high: number): number {
    const mask = this.#pfn.length - 1;
    for (let slot = (low ^ Math.imul(high, 0x85eb_ca6b)) & mask; ; slot = (slot + 1) & mask) {
      if (this.#pfn[slot] === EMPTY || (this.#low[slot] === low && this.#high[slot] === high)) return slot;
    }
  }

  #find(low: number, high: number, pfn: number): number {
    if (this.#used >= this.#pfn.length * FULL) this.#grow();
    const slot = this.#slot(low, high);
    const known = this.#pfn[slot] ?? EMPTY;
    if (known !== EMPTY) return known;
    if (this.full) return pfn;
    this.#low[slot] = low;
    this.#high[slot] = high;
    this.#pfn[slot] = pfn;
    this.#used++;
    return pfn;
  }

  #grow(): void {
    if (this.#pfn.length * 2 > this.#most) {
      this.full = true;
      return;
    }
    const [low, high, pfn] = [this.#low, this.#high, this.#pfn];
    const size = pfn.length * 2;
    this.#low = new Uint32Array(size);
    this.#high = new Uint32Array(size);
    this.#pfn = new Uint32Array(size).fill(EMPTY);
    this.#used = 0;
    for (const [slot, known] of pfn.entries()) {
      if (known !== EMPTY) this.#find(low[slot] ?? 0, high[slot] ?? 0, known);
    }
  }
}
