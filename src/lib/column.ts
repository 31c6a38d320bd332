/**
 * Growable typed arrays. A column is a list of equal chunks, so that ten million entries grow without the copy, and
 * the doubled peak, that one reallocated array would cost. The first chunk starts small and doubles: most files have few
 * records. A chunk in which all values are the same is kept as one value, as long as that is so: of most columns of most
 * images nothing else is needed.
 */

type Numbers = Float64Array | Uint32Array | Int32Array | Uint16Array | Uint8Array;

const CHUNK_SHIFT = 14;
const CHUNK = 1 << CHUNK_SHIFT;
const FIRST_CHUNK = 64;

export class Column<T extends Numbers> {
  readonly #chunks: T[] = [];
  readonly #make: (length: number) => T;
  #length = 0;
  #byteLength = 0;

  constructor(make: (length: number) => T) {
    this.#make = make;
  }

  get length(): number {
    return this.#length;
  }

  /** Bytes held, filled or not. */
  get byteLength(): number {
    return this.#byteLength;
  }

  push(value: number): void {
    const slot = this.#length & (CHUNK - 1);
    const last = this.#chunks[this.#chunks.length - 1];
    if (slot === 0 || !last) this.#add(this.#filled(1, value));
    else if (last.length > slot) last[slot] = value;
    else if (last.length > 1 || last[0] !== value) this.#widen(last, slot, slot + 1)[slot] = value;
    this.#length++;
  }

  /** Drops all behind the first `length`. */
  cut(length: number): void {
    if (length >= this.#length) return;
    this.#length = Math.max(0, length);
    for (const gone of this.#chunks.splice(Math.ceil(this.#length / CHUNK))) this.#byteLength -= gone.byteLength;
  }

  append(values: T): void {
    for (let done = 0; done < values.length;) {
      const slot = this.#length & (CHUNK - 1);
      const count = Math.min(CHUNK - slot, values.length - done);
      if (slot === 0) this.#add(this.#filled(1, values[done] ?? 0));
      const last = this.#chunks[this.#chunks.length - 1];
      const part = values.subarray(done, done + count);
      const isSame = last?.length === 1 && part.every((value) => value === last[0]);
      if (last && !isSame) (last.length >= slot + count ? last : this.#widen(last, slot, slot + count)).set(part, slot);
      done += count;
      this.#length += count;
    }
  }

  #filled(length: number, value: number): T {
    const chunk = this.#make(length);
    chunk.fill(value);
    return chunk;
  }

  #add(chunk: T): void {
    this.#chunks.push(chunk);
    this.#byteLength += chunk.byteLength;
  }

  /** Makes room for values up to `end` in the last chunk, of which `filled` are there. */
  #widen(last: T, filled: number, end: number): T {
    let size = this.#chunks.length === 1 ? FIRST_CHUNK : CHUNK;
    while (size < end) size *= 2;
    const chunk = this.#make(size);
    if (last.length > 1) chunk.set(last);
    else chunk.fill(last[0] ?? 0, 0, filled);
    this.#chunks.pop();
    this.#byteLength -= last.byteLength;
    this.#add(chunk);
    return chunk;
  }

  /** The value at `index`; NaN outside, which no comparison accepts. */
  at(index: number): number {
    if (index < 0 || index >= this.#length) return Number.NaN;
    const chunk = this.#chunks[index >>> CHUNK_SHIFT];
    // The size of a chunk is a power of two; that of one value has it at each place.
    return chunk?.[index & (CHUNK - 1) & (chunk.length - 1)] ?? Number.NaN;
  }

  set(index: number, value: number): void {
    const at = index >>> CHUNK_SHIFT;
    const chunk = this.#chunks[at];
    if (!chunk || index < 0 || index >= this.#length) return;
    if (chunk.length > 1) chunk[index & (CHUNK - 1)] = value;
    else if (chunk[0] !== value) {
      const whole = this.#filled(CHUNK, chunk[0] ?? 0);
      whole[index & (CHUNK - 1)] = value;
      this.#chunks[at] = whole;
      this.#byteLength += whole.byteLength - chunk.byteLength;
    }
  }

  /** A copy of `start … end` as one array of its own, fit to be transferred. */
  slice(start: number, end: number): T {
    const out = this.#make(end - start);
    for (let from = start; from < end;) {
      const slot = from & (CHUNK - 1);
      const count = Math.min(CHUNK - slot, end - from);
      const chunk = this.#chunks[from >>> CHUNK_SHIFT];
      if (chunk?.length === 1) out.fill(chunk[0] ?? 0, from - start, from - start + count);
      else if (chunk) out.set(chunk.subarray(slot, slot + count), from - start);
      from += count;
    }
    return out;
  }
}

/** A column of whole numbers up to 2^53: their lower 32 bits, and those above, which are the same for very many. */
export class WideColumn {
  readonly #low = uint32Column();
  readonly #high = uint32Column();

  get length(): number {
    return this.#low.length;
  }

  /** Bytes held, filled or not. */
  get byteLength(): number {
    return this.#low.byteLength + this.#high.byteLength;
  }

  push(value: number): void {
    this.#low.push(value >>> 0);
    this.#high.push(Math.floor(value / 2 ** 32));
  }

  append(values: Float64Array): void {
    for (const value of values) this.push(value);
  }

  /** The value at `index`; NaN outside. */
  at(index: number): number {
    return this.#high.at(index) * 2 ** 32 + this.#low.at(index);
  }

  /** A copy of `start … end` as one array of its own, fit to be transferred. */
  slice(start: number, end: number): Float64Array {
    const out = new Float64Array(end - start);
    for (let index = 0; index < out.length; index++) out[index] = this.at(start + index);
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
