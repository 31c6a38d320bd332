/**
 * The one loop that decides how fast memory is searched, in WebAssembly: 32 places at a time, two bytes of the pattern
 * at each. The module is 200 bytes and is put together here, as there is no assembler in the build. Where the platform
 * has no WebAssembly, or does not allow it, there is no `Simd` and the search is slower.
 */

const PAGE = 65_536;
/** The loop reads so far beyond the last place. */
const SLACK = 64;

/** Opcodes; those of vectors follow `V`. https://webassembly.github.io/spec/core/binary/instructions.html */
const OP = {
  unreachable: 0x00,
  loop: 0x03,
  if: 0x04,
  end: 0x0b,
  branch: 0x0c,
  return: 0x0f,
  get: 0x20,
  set: 0x21,
  const: 0x41,
  greaterOrEqual: 0x4e,
  countZeros: 0x68,
  add: 0x6a,
  or: 0x72,
  shiftLeft: 0x74,
} as const;
const V = 0xfd;
const VEC = { load: 0x00, splat: 0x0f, equal: 0x23, and: 0x4e, or: 0x50, any: 0x53, bitmask: 0x64 } as const;
const [I32, V128, FUNCTION, NOTHING] = [0x7f, 0x7b, 0x60, 0x40];

/** Parameters and variables of the function, by number. */
const [AT, END, APART, MASK_A, VALUE_A, MASK_B, VALUE_B] = [0, 1, 2, 3, 4, 5, 6];
const PARAMETERS = 7;
const [MASKS_A, VALUES_A, MASKS_B, VALUES_B, LOW, HIGH] = [7, 8, 9, 10, 11, 12];
const VECTORS = 6;

/** Unsigned LEB128. */
const leb = (value: number): number[] => (value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...leb(value >>> 7)]);
const name = (text: string): number[] => [text.length, ...Array.from(text, (char) => char.charCodeAt(0))];
const section = (id: number, content: readonly number[]): number[] => [id, ...leb(content.length), ...content];

const spread = (from: number, to: number): number[] => [OP.get, from, V, VEC.splat, OP.set, to];

/** Which of 16 places, `offset` further on, fit both bytes. */
const fitting = (offset: number, into: number): number[] =>
  [
    [OP.get, AT, V, VEC.load, 0, offset, OP.get, MASKS_A, V, VEC.and, OP.get, VALUES_A, V, VEC.equal],
    [OP.get, AT, OP.get, APART, OP.add, V, VEC.load, 0, offset],
    [OP.get, MASKS_B, V, VEC.and, OP.get, VALUES_B, V, VEC.equal],
    [V, VEC.and, OP.set, into],
  ].flat();

const BODY = [
  [1, VECTORS, V128],
  spread(MASK_A, MASKS_A),
  spread(VALUE_A, VALUES_A),
  spread(MASK_B, MASKS_B),
  spread(VALUE_B, VALUES_B),
  [OP.loop, NOTHING],
  [OP.get, AT, OP.get, END, OP.greaterOrEqual, OP.if, NOTHING, OP.get, END, OP.return, OP.end],
  fitting(0, LOW),
  fitting(16, HIGH),
  [OP.get, LOW, OP.get, HIGH, V, VEC.or, V, VEC.any, OP.if, NOTHING],
  [OP.get, AT, OP.get, LOW, V, VEC.bitmask, OP.get, HIGH, V, VEC.bitmask],
  [OP.const, 16, OP.shiftLeft, OP.or, OP.countZeros, OP.add, OP.return, OP.end],
  [OP.get, AT, OP.const, 32, OP.add, OP.set, AT, OP.branch, 0, OP.end],
  [OP.unreachable, OP.end],
].flat();

const HEAD = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

const moduleBytes = (pages: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from([
    ...HEAD,
    ...section(1, [1, FUNCTION, PARAMETERS, ...Array.from({ length: PARAMETERS }, () => I32), 1, I32]),
    ...section(3, [1, 0]),
    ...section(5, [1, 0, ...leb(pages)]),
    ...section(7, [2, ...name('find'), 0, 0, ...name('memory'), 2, 0]),
    ...section(10, [1, ...leb(BODY.length), ...BODY]),
  ]);

interface Exports {
  readonly find: (
    at: number,
    end: number,
    apart: number,
    maskA: number,
    valueA: number,
    maskB: number,
    valueB: number,
  ) => number;
  readonly memory: { readonly buffer: ArrayBuffer };
}

/** A place of a pattern, and the byte that fits there. */
export interface Probe {
  readonly at: number;
  readonly mask: number;
  readonly value: number;
}

export class Simd {
  /** What can be searched lies in these. */
  readonly arrays: readonly Uint8Array[];
  readonly #exports: Exports;

  private constructor(exports: Exports, count: number, size: number) {
    this.#exports = exports;
    this.arrays = Array.from(
      { length: count },
      (_, index) => new Uint8Array(exports.memory.buffer, index * size, size),
    );
  }

  /** With `count` arrays of `size` bytes; undefined where the platform cannot. */
  static make(count: number, size: number): Simd | undefined {
    try {
      const program = new WebAssembly.Module(moduleBytes(Math.ceil((count * size + SLACK) / PAGE)));
      const { exports } = new WebAssembly.Instance(program);
      return new Simd(exports as unknown as Exports, count, size);
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
    return this.#exports.find(base + from, base + end, apart, one.mask, one.value, other.mask, other.value) - base;
  }
}
