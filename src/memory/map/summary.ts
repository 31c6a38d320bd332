/** Pages of a stretch in figures: what a cell of the map that stands for many of them holds. */

/** PFNs that are counted at once: as many as the coarsest cell has. */
export const SUMMARY_LIMIT = 2 ** 20;

export interface PagesSummary {
  /** Types by the last mention, with how many pages are of each: those of most pages first. */
  readonly types: readonly { readonly type: number; readonly pages: number }[];
  /** Pages that have been sent with content; how many copies of them in all, and of one page at most. */
  readonly sent: number;
  readonly copies: number;
  readonly most: number;
  /** Pages that are mentioned, but only without content; and those that never are. */
  readonly withoutContent: number;
  readonly never: number;
}

/** Adds up stretches of pages alike. */
export class SummaryCount {
  readonly #types = new Map<number, number>();
  readonly #pages: number;
  #mentioned = 0;
  #sent = 0;
  #copies = 0;
  #most = 0;

  /** Starts to count, for a stretch of so many pages. */
  constructor(pages: number) {
    this.#pages = pages;
  }

  add(pages: number, type: number, sends: number): void {
    this.#types.set(type, (this.#types.get(type) ?? 0) + pages);
    this.#mentioned += pages;
    if (sends > 0) this.#sent += pages;
    this.#copies += pages * sends;
    this.#most = Math.max(this.#most, sends);
  }

  summary(): PagesSummary {
    return {
      types: [...this.#types].map(([type, pages]) => ({ type, pages })).toSorted((a, b) => b.pages - a.pages),
      sent: this.#sent,
      copies: this.#copies,
      most: this.#most,
      withoutContent: this.#mentioned - this.#sent,
      never: this.#pages - this.#mentioned,
    };
  }
}
