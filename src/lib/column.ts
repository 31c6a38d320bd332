/**
 * Growable typed arrays. A column is a list of equal chunks, so that ten million entries grow without the copy, and
 * the doubled peak, that one reallocated array would cost. The first chunk starts small and doubles: most files have few
 * records.
 */

type Numbers = Float64Array | Uint32Array | Int32Array | Uint16Array | Uint8Array;

const CHUNK_SHIFT = 14;
const CHUNK = 1 << CHUNK_SHIFT;
const FIRST_CHUNK = 64;

export class Column<T extends Numbers> {
  readonly #chunks: T[] = [];
  readonly #make: (length: number) => T;
  #length = 0;

  constructor(make: (length: number) => T) {
    this.#make = make;
  }

  get length(): number {
    return this.#length;
  }

  /** Bytes held, filled or not. */
  get byteLength(): number {
    return this.#chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
  }

  push(value: number): void {
    const slot = this.#length & (CHUNK - 1);
    const last = this.#chunks[this.#chunks.length - 1];
    const chunk = last && slot > 0 && slot < last.length ? last : this.#room(slot, 1);
    chunk[slot] = value;
    this.#length++;
  }

  /** Drops all behind the first `length`. */
  cut(length: number): void {
    if (length >= this.#length) return;
    this.#length = Math.max(0, length);
    this.#chunks.length = Math.ceil(this.#length / CHUNK);
  }

  append(values: T): void {
    let done = 0;
    while (done < values.length) {
      const slot = this.#length & (CHUNK - 1);
      const count = Math.min(CHUNK - slot, values.length - done);
      this.#room(slot, count).set(values.subarray(done, done + count), slot);
      done += count;
      this.#length += count;
    }
  }

  /** The chunk that has room for `count` values from `slot` on: the last one, grown where it is the first, or a new one. */
  #room(slot: number, count: number): T {
    const last = slot === 0 ? undefined : this.#chunks[this.#chunks.length - 1];
    if (last && slot + count <= last.length) return last;
    let size = this.#length < CHUNK ? FIRST_CHUNK : CHUNK;
    while (size < slot + count) size *= 2;
    const chunk = this.#make(size);
    if (last) {
      chunk.set(last);
      this.#chunks.pop();
    }
    this.#chunks.push(chunk);
    return chunk;
  }

  /** The value at `index`; NaN outside, which no comparison accepts. */
  at(index: number): number {
    if (index < 0 || index >= this.#length) return Number.NaN;
    return this.#chunks[index >>> CHUNK_SHIFT]?.[index & (CHUNK - 1)] ?? Number.NaN;
  }

  set(index: number, value: number): void {
    const chunk = this.#chunks[index >>> CHUNK_SHIFT];
    if (chunk && index < this.#length) chunk[index & (CHUNK - 1)] = value;
  }

  /** A copy of `start … end` as one array of its own, fit to be transferred. */
  slice(start: number, end: number): T {
    const out = this.#make(end - start);
    for (let from = start; from < end;) {
      const slot = from & (CHUNK - 1);
      const count = Math.min(CHUNK - slot, end - from);
      const chunk = this.#chunks[from >>> CHUNK_SHIFT];
      if (chunk) out.set(chunk.subarray(slot, slot + count), from - start);
      from += count;
    }
    return out;
  }
}

/** Makes a column of floating-point numbers, which also hold whole numbers up to 2^53: offsets and PFNs. */
export const float64Column = (): Column<Float64Array> => new Column((length) => new Float64Array(length));
/** Makes a column of unsigned 32-bit numbers. */
export const uint32Column = (): Column<Uint32Array> => new Column((length) => new Uint32Array(length));
/** Makes a column of signed 32-bit numbers. */
export const int32Column = (): Column<Int32Array> => new Column((length) => new Int32Array(length));
/** Makes a column of unsigned 16-bit numbers. */
export const uint16Column = (): Column<Uint16Array> => new Column((length) => new Uint16Array(length));
/** Makes a column of bytes. */
export const uint8Column = (): Column<Uint8Array> => new Column((length) => new Uint8Array(length));
