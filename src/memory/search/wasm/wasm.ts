/**
 * The loops that decide how fast memory is searched, in WebAssembly, and the memory that they search. The module is
 * some 1000 bytes, put together here. Where the platform has no WebAssembly, or does not allow it, there is no `Wasm`
 * and the search is slower.
 */
import { moduleOf } from './assembler';
import { findOf } from './find';
import { TABLE_BYTES, walkOf } from './walk';

const PAGE = 65_536;
/** The loops read so far beyond the last place. */
const SLACK = 64;
/** The arrays follow the table and the states of the automaton. */
const ARRAYS_AT = TABLE_BYTES + 64;

/** Stretches that are run over at once: as many as hide what waiting for one costs. */
export const STRETCHES = 4;

type Find = (
  at: number,
  end: number,
  apart: number,
  valueA: number,
  valueB: number,
  maskA: number,
  maskB: number,
) => number;

interface Exports {
  readonly find: Find;
  readonly findMasked: Find;
  readonly walk: (at: number, end: number, apart: number, stop: number) => number;
  readonly walkApart: (at: number, end: number, apart: number, stop: number) => number;
  readonly memory: { readonly buffer: ArrayBuffer };
}

/** A place of a pattern, and the byte that fits there. */
export interface Probe {
  readonly at: number;
  readonly mask: number;
  readonly value: number;
}

export class Wasm {
  /** What can be searched lies in these. */
  readonly arrays: readonly Uint8Array[];
  /** For one automaton: see walk.ts. */
  readonly table: Int32Array;
  /** State of each of the stretches. */
  readonly states: Int32Array;
  readonly #exports: Exports;

  private constructor(exports: Exports, count: number, size: number) {
    this.#exports = exports;
    const { buffer } = exports.memory;
    this.table = new Int32Array(buffer, 0, TABLE_BYTES / 4);
    this.states = new Int32Array(buffer, TABLE_BYTES, STRETCHES);
    this.arrays = Array.from({ length: count }, (_, index) => new Uint8Array(buffer, ARRAYS_AT + index * size, size));
  }

  /** With `count` arrays of `size` bytes; undefined where the platform cannot. */
  static make(count: number, size: number): Wasm | undefined {
    try {
      const functions = [
        findOf('find', false),
        findOf('findMasked', true),
        walkOf('walk', 1),
        walkOf('walkApart', STRETCHES),
      ];
      const program = new WebAssembly.Module(moduleOf(functions, Math.ceil((ARRAYS_AT + count * size + SLACK) / PAGE)));
      const { exports } = new WebAssembly.Instance(program);
      return new Wasm(exports as unknown as Exports, count, size);
    } catch {
      return undefined;
    }
  }

  has(bytes: Uint8Array): boolean {
    return bytes.buffer === this.#exports.memory.buffer;
  }

  /** The first start of `from … end` at which both probes fit; `end` or more for none. */
  find(bytes: Uint8Array, from: number, end: number, one: Probe, other: Probe): number {
    const base = bytes.byteOffset + one.at;
    const apart = other.at - one.at;
    const { find, findMasked } = this.#exports;
    const run = one.mask === 0xff && other.mask === 0xff ? find : findMasked;
    return run(base + from, base + end, apart, one.value, other.value, one.mask, other.mask) - base;
  }

  /** Runs over `from … end` from state `states[0]` on; where it ended, and why, is told in walk.ts. */
  walk(bytes: Uint8Array, from: number, end: number, stop: number): number {
    const base = bytes.byteOffset;
    return this.#exports.walk(base + from, base + end, 0, stop) - base;
  }

  /** Runs over stretches that start at `from`, `from + apart`, …, each with its state; the first up to `end`. */
  walkApart(bytes: Uint8Array, from: number, end: number, apart: number): number {
    const base = bytes.byteOffset;
    return this.#exports.walkApart(base + from, base + end, apart, 0) - base;
  }
}
