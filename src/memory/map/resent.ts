/** The pages sent most often, of any number of candidates. */

export interface ResentPage {
  readonly pfn: number;
  readonly sends: number;
}

const KEPT = 256;

export class Resent {
  #pages: ResentPage[] = [];
  /** What a page must be sent more often than to be kept. */
  #least = 1;
  #pfns = 0;

  /** Pages sent more than once. */
  get pfns(): number {
    return this.#pfns;
  }

  /** PFNs `from … to` (the end excluded), each sent `sends` times. */
  add(from: number, to: number, sends: number): void {
    this.#pfns += to - from;
    if (sends <= this.#least) return;
    for (let pfn = from; pfn < Math.min(to, from + KEPT); pfn++) this.#pages.push({ pfn, sends });
    if (this.#pages.length < KEPT * 16) return;
    this.#pages = this.most();
    // Those sent as often as the last one kept come later, and stay behind it.
    this.#least = this.#pages.at(-1)?.sends ?? 1;
  }

  /** The pages sent most, those sent equally often by PFN. */
  most(): ResentPage[] {
    return this.#pages.toSorted((one, other) => other.sends - one.sends || one.pfn - other.pfn).slice(0, KEPT);
  }
}
