/** Writes as much of WebAssembly's binary format as the loops of the search need: there is no assembler in the build. */

/** Opcodes; those of vectors follow `V`. https://webassembly.github.io/spec/core/binary/instructions.html */
export const OP = {
  unreachable: 0x00,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  end: 0x0b,
  branch: 0x0c,
  branchIf: 0x0d,
  return: 0x0f,
  get: 0x20,
  set: 0x21,
  tee: 0x22,
  load: 0x28,
  loadByte: 0x2d,
  store: 0x36,
  const: 0x41,
  isZero: 0x45,
  equal: 0x46,
  less: 0x48,
  greaterOrEqual: 0x4e,
  countZeros: 0x68,
  add: 0x6a,
  or: 0x72,
  shiftLeft: 0x74,
} as const;
export const V = 0xfd;
export const VEC = {
  load: 0x00,
  splat: 0x0f,
  equal: 0x23,
  /** Compares signed bytes. */
  less: 0x25,
  and: 0x4e,
  or: 0x50,
  any: 0x53,
  bitmask: 0x64,
  add: 0x6e,
} as const;
export const [I32, V128, NOTHING] = [0x7f, 0x7b, 0x40];
const FUNCTION = 0x60;

/** Encodes a number as unsigned LEB128. */
export const leb = (value: number): number[] => (value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...leb(value >>> 7)]);
/** Joins the code of several that are alike. */
export const each = (count: number, body: (index: number) => readonly number[]): number[] =>
  Array.from({ length: count }, (_, index) => body(index)).flat();
const name = (text: string): number[] => [text.length, ...Array.from(text, (char) => char.charCodeAt(0))];
const section = (id: number, content: readonly number[]): number[] => [id, ...leb(content.length), ...content];
const list = (items: readonly (readonly number[])[]): number[] => [...leb(items.length), ...items.flat()];

/** A function that takes integers of 32 bits and returns one. */
export interface WasmFunction {
  readonly name: string;
  readonly parameters: number;
  /** Variables by type: numbered after the parameters, in this order. */
  readonly locals: readonly (readonly [count: number, type: number])[];
  /** The instructions, without the `end` of the function. */
  readonly body: readonly number[];
}

const typeOf = ({ parameters }: WasmFunction): number[] => [
  FUNCTION,
  ...list(Array.from({ length: parameters }, () => [I32])),
  ...list([[I32]]),
];

function codeOf({ locals, body }: WasmFunction): number[] {
  const code = [...list(locals), ...body, OP.end];
  return [...leb(code.length), ...code];
}

const HEAD = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

/** Makes a module with these functions and a memory of `pages` times 64 KiB, all of them exported. */
export const moduleOf = (functions: readonly WasmFunction[], pages: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from([
    ...HEAD,
    ...section(1, list(functions.map(typeOf))),
    ...section(3, list(functions.map((_, index) => leb(index)))),
    ...section(5, list([[0, ...leb(pages)]])),
    ...section(7, list([...functions.map((one, index) => [...name(one.name), 0, index]), [...name('memory'), 2, 0]])),
    ...section(10, list(functions.map(codeOf))),
  ]);
