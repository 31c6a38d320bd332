/**
 * Ranges told together: alike, as long as each other and equally far apart. Linux maps a page 65 536 times for espfix;
 * nobody wants to read that range by range.
 */
import { PAGE_SIZE } from '../../format/page';
import { Column, float64Column, uint32Column } from '../../lib/column';
import { type Ranges, type SpaceRange, rangeOf } from './ranges';

/** Fewer are listed one by one. */
const LEAST = 4;

/** One range, or a series of them. */
export interface SpaceRow extends SpaceRange {
  /** How many, and bytes from the start of one to that of the next. */
  readonly count: number;
  readonly stride: number;
}

/** All ranges of an address space in ascending order, as rows. */
export class SpaceRows {
  readonly #start: Column<Float64Array> = float64Column();
  readonly #pages: Column<Float64Array> = float64Column();
  readonly #how: Column<Uint32Array> = uint32Column();
  readonly #count: Column<Float64Array> = float64Column();
  readonly #stride: Column<Float64Array> = float64Column();
  /** The last ranges that may be the start of a series: alike, and with the same stride. */
  #run = 0;
  ranges = 0;

  get count(): number {
    return this.#start.length;
  }

  append({ start, pages, how }: Ranges): void {
    for (const [index, from] of start.entries()) this.#add(from, pages[index] ?? 0, how[index] ?? 0);
  }

  #add(start: number, pages: number, how: number): void {
    const last = this.count - 1;
    this.ranges++;
    const isAlike = last >= 0 && this.#pages.at(last) === pages && this.#how.at(last) === how;
    const count = last < 0 ? 0 : this.#count.at(last);
    if (isAlike && count > 1 && this.#start.at(last) + count * this.#stride.at(last) === start) {
      this.#count.set(last, count + 1);
      return;
    }
    const stride = start - this.#start.at(last);
    const goesOn =
      isAlike && count === 1 && (this.#run < 2 || stride === this.#start.at(last) - this.#start.at(last - 1));
    this.#run = goesOn ? this.#run + 1 : isAlike && count === 1 ? 2 : 1;
    if (this.#run < LEAST) {
      this.#push(start, pages, how);
      return;
    }
    // The rows before become one with this range.
    const first = last - (LEAST - 2);
    this.#count.set(first, LEAST);
    this.#stride.set(first, stride);
    for (const column of [this.#start, this.#pages, this.#how, this.#count, this.#stride]) column.cut(first + 1);
    this.#run = 1;
  }

  #push(start: number, pages: number, how: number): void {
    this.#start.push(start);
    this.#pages.push(pages);
    this.#how.push(how);
    this.#count.push(1);
    this.#stride.push(pages);
  }

  startAt(row: number): number {
    return this.#start.at(row);
  }

  /** Pages that are mapped in it, gaps left out. */
  pagesAt(row: number): number {
    return this.#pages.at(row) * this.#count.at(row);
  }

  /** Whether a page number is in a row's ranges, not in a gap between them. */
  holds(row: number, page: number): boolean {
    const from = page - this.#start.at(row);
    const stride = this.#stride.at(row);
    return from >= 0 && Math.floor(from / stride) < this.#count.at(row) && from % stride < this.#pages.at(row);
  }

  row(row: number, addressBits: number): SpaceRow | undefined {
    if (row < 0 || row >= this.count) return undefined;
    const range = rangeOf(this.#start.at(row), this.#pages.at(row), this.#how.at(row), addressBits);
    return { ...range, count: this.#count.at(row), stride: this.#stride.at(row) * PAGE_SIZE };
  }
}
