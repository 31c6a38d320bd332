/**
 * The values of a JSON text as columns, in the order in which they stand: no object for a value, so that a hostile text
 * costs no more memory than a few times its length, and no recursion.
 */

/** Kinds of value, as libxl tells them apart; one bit each. */
export const JsonKind = {
  NULL: 1,
  BOOL: 2,
  INTEGER: 4,
  /** A number that is no integer of 64 bits with a sign. */
  OTHER_NUMBER: 8,
  STRING: 16,
  MAP: 32,
  ARRAY: 64,
} as const;

export type JsonKind = (typeof JsonKind)[keyof typeof JsonKind];

/** Why a text is no JSON. */
export interface JsonFault {
  /** What is wrong, in the words of the library that reads the text. */
  readonly error: string;
  /** Where reading stopped. */
  readonly at: number;
}

export class JsonTape {
  readonly text: Uint8Array;
  count = 0;
  readonly #kinds: Uint8Array;
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;
  /** Index behind the value and all that is in it. */
  readonly #next: Int32Array;

  /** Which value counts where a map has a key twice. */
  readonly counts: 'first' | 'last';

  constructor(text: Uint8Array, counts: 'first' | 'last' = 'first') {
    this.text = text;
    this.counts = counts;
    const most = text.length + 1;
    this.#kinds = new Uint8Array(most);
    this.#starts = new Int32Array(most);
    this.#ends = new Int32Array(most);
    this.#next = new Int32Array(most);
  }

  /** Adds a value and returns its index. A key of a map is a string in front of its value. */
  add(kind: JsonKind, start: number, end: number): number {
    const index = this.count++;
    this.#kinds[index] = kind;
    this.#starts[index] = start;
    this.#ends[index] = end;
    this.#next[index] = this.count;
    return index;
  }

  /** Closes a map or an array: all that was added since lies in it. */
  close(index: number, end: number): void {
    this.#ends[index] = end;
    this.#next[index] = this.count;
  }

  kindAt(index: number): number {
    return this.#kinds[index] ?? 0;
  }

  /** Offset of the value in the text; strings with their quotes. */
  startAt(index: number): number {
    return this.#starts[index] ?? 0;
  }

  endAt(index: number): number {
    return this.#ends[index] ?? 0;
  }

  nextAt(index: number): number {
    return this.#next[index] ?? this.count;
  }

  /** The values in an array; in a map keys and values by turns. */
  *childrenOf(index: number): Generator<number> {
    for (let at = index + 1; at < this.nextAt(index); at = this.nextAt(at)) yield at;
  }
}
