/**
 * The loops that decide how fast memory is searched, in WebAssembly, and the memory that they search. The module is
 * some 1000 bytes, put together here. Where the platform has no WebAssembly, or does not allow it, there is no `Wasm`
 * and the search is slower.
 */
import type { Probe } from '../kit/probe';
import { moduleOf } from './assembler';
import { findProbes, findTwo, PARTS, PROBE_BYTES, PROBES, VECTOR } from './find';
import { TABLE_BYTES, walkOf } from './run';

const PAGE = 65_536;
/** The loops read so far beyond the last place. */
const SLACK = 64;
/** The probes follow the table and the states of the automaton, and the arrays follow them. */
const PROBES_AT = TABLE_BYTES + 64;
const ARRAYS_AT = PROBES_AT + PROBES * PROBE_BYTES;

/** Stretches that are run over at once: as many as hide what waiting for one costs. */
export const STRETCHES = 4;

interface Exports {
  readonly findTwo: (at: number, end: number, apart: number, valueA: number, valueB: number) => number;
  readonly findProbes: (at: number, end: number) => number;
  readonly walk: (at: number, end: number, apart: number, stop: number) => number;
  readonly walkApart: (at: number, end: number, apart: number, stop: number) => number;
  readonly memory: { readonly buffer: ArrayBuffer };
}

const isWhole = ({ mask, span }: Probe): boolean => mask === 0xff && span === 0;

export class Wasm {
  /** What can be searched lies in these. */
  readonly arrays: readonly Uint8Array[];
  /** The table of one automaton: see run.ts. */
  readonly table: Int32Array;
  /** State of each of the stretches. */
  readonly states: Int32Array;
  readonly #exports: Exports;
  /** Those that lie in memory. */
  #probes: readonly Probe[] = [];

  private constructor(exports: Exports, count: number, size: number) {
    this.#exports = exports;
    const { buffer } = exports.memory;
    this.table = new Int32Array(buffer, 0, TABLE_BYTES / 4);
    this.states = new Int32Array(buffer, TABLE_BYTES, STRETCHES);
    this.arrays = Array.from({ length: count }, (_, index) => new Uint8Array(buffer, ARRAYS_AT + index * size, size));
  }

  /** Makes a memory of `count` arrays of `size` bytes with the loops that work in it; undefined where the platform cannot. */
  static make(count: number, size: number): Wasm | undefined {
    try {
      const functions = [
        findTwo('findTwo'),
        findProbes('findProbes', PROBES_AT),
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

  /**
   * The first start of `from … end` at which the first `PROBES` of the probes fit; `end` or more for none. Whole bytes
   * are looked for by the first two alone, which is faster.
   */
  find(bytes: Uint8Array, from: number, end: number, probes: readonly Probe[]): number {
    const [one, other = one] = probes;
    if (!one || !other) return end;
    const base = bytes.byteOffset;
    if (isWhole(one) && isWhole(other)) {
      const start = base + one.at;
      return this.#exports.findTwo(start + from, start + end, other.at - one.at, one.low, other.low) - start;
    }
    if (this.#probes !== probes) this.#put(probes, other);
    return this.#exports.findProbes(base + from, base + end) - base;
  }

  #put(probes: readonly Probe[], last: Probe): void {
    this.#probes = probes;
    const { buffer } = this.#exports.memory;
    for (let index = 0; index < PROBES; index++) {
      // Those that there are not are the last once more.
      const { at, mask, low, span } = probes[index] ?? last;
      const start = PROBES_AT + index * PROBE_BYTES;
      const parts = new Int8Array(buffer, start, PROBE_BYTES);
      // What is left of the low end comes out on top, above the limit.
      for (const [part, value] of [mask, -0x80 - low, span - 0x7f].entries())
        parts.fill(value, part * VECTOR, (part + 1) * VECTOR);
      new Int32Array(buffer, start + PARTS * VECTOR, 1).fill(at);
    }
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
