/** Stretches of a file gathered in almost ascending order, as columns: an image of 1 TiB has a quarter of a million. */
import { float64Column } from '../../../lib/column';

export class Spans {
  readonly #start = float64Column();
  readonly #end = float64Column();
  #openStart = -1;
  #openEnd = -1;

  add(start: number, end: number): void {
    if (start === this.#openEnd) this.#openEnd = end;
    else {
      this.#close();
      this.#openStart = start;
      this.#openEnd = end;
    }
  }

  #close(): void {
    if (this.#openStart < 0) return;
    this.#start.push(this.#openStart);
    this.#end.push(this.#openEnd);
  }

  /** Ascending and apart, within `size`. A walk that went back over damage has some twice. */
  sorted(size: number): { readonly start: number; readonly end: number }[] {
    this.#close();
    this.#openStart = -1;
    const all = Array.from({ length: this.#start.length }, (_, index) => ({
      start: this.#start.at(index),
      end: Math.min(size, this.#end.at(index)),
    })).toSorted((a, b) => a.start - b.start);
    const out: { start: number; end: number }[] = [];
    for (const span of all) {
      const last = out.at(-1);
      if (last && span.start <= last.end) last.end = Math.max(last.end, span.end);
      else out.push(span);
    }
    return out;
  }
}
