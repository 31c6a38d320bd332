/** The loops that look for bytes at some distance from each other: 64 places at a time. */
import { each, I32, leb, NOTHING, OP, V, V128, VEC, type WasmFunction } from './assembler';

/** Vectors of 16 places. */
const GROUPS = 4;
export const VECTOR = 16;

/** Probes that `findProbes` tests; two at a time, as most places fail the first two. */
export const PROBES = 8;
const AT_ONCE = 2;
/** Vectors for each probe: its mask in each byte of the first, bias and limit likewise; how far into a match it looks follows. */
export const PARTS = 3;
export const PROBE_BYTES = (PARTS + 1) * VECTOR;

/** Parameters of both functions. */
const [AT, END] = [0, 1];

/** Leaves with `END` once there are no more places. */
const UNTIL_END = [OP.get, AT, OP.get, END, OP.greaterOrEqual, OP.if, NOTHING, OP.get, END, OP.return, OP.end];
/** To the next 64, which has a second byte as the seventh bit of one is its sign. */
const NEXT = [OP.get, AT, OP.const, 0xc0, 0, OP.add, OP.set, AT, OP.branch, 0, OP.end, OP.unreachable];

/** Whether there is a place in one of the vectors from local `first` on. */
const anyOf = (first: number): number[] => [
  ...each(GROUPS, (index) => [OP.get, first + index, ...(index === 0 ? [] : [V, VEC.or])]),
  V,
  VEC.any,
];

/** Returns the first place in the vectors from local `first` on, of which there is one; `found` is a local too. */
const returnFirst = (first: number, found: number): number[] =>
  each(GROUPS, (index) =>
    [
      [OP.get, first + index, V, VEC.bitmask, OP.tee, found, OP.if, NOTHING],
      [OP.get, AT, OP.const, index * VECTOR, OP.add, OP.get, found, OP.countZeros, OP.add, OP.return, OP.end],
    ].flat(),
  );

const spread = (from: number, to: number): number[] => [OP.get, from, V, VEC.splat, OP.set, to];
/** One of the vectors from the address on that was put before. */
const loadVector = (index: number): number[] => [V, VEC.load, 0, index * VECTOR];

/**
 * Makes a function that finds the first place from `at` on with one byte, and another `apart` from it; it returns `end`
 * or more for none before that.
 */
export function findTwo(name: string): WasmFunction {
  const [APART, VALUE_A, VALUE_B, VALUES_A, VALUES_B, GROUP] = [2, 3, 4, 5, 6, 7];
  return {
    name,
    parameters: 5,
    locals: [
      [GROUPS + 2, V128],
      [1, I32],
    ],
    body: [
      spread(VALUE_A, VALUES_A),
      spread(VALUE_B, VALUES_B),
      [OP.loop, NOTHING],
      UNTIL_END,
      each(GROUPS, (index) =>
        [
          [OP.get, AT, ...loadVector(index), OP.get, VALUES_A, V, VEC.equal],
          [OP.get, AT, OP.get, APART, OP.add, ...loadVector(index), OP.get, VALUES_B, V, VEC.equal],
          [V, VEC.and, OP.set, GROUP + index],
        ].flat(),
      ),
      [anyOf(GROUP), OP.if, NOTHING, returnFirst(GROUP, GROUP + GROUPS), OP.end].flat(),
      NEXT,
    ].flat(),
  };
}

/**
 * Makes a function that finds the first place from `at` on at which all probes fit; it returns `end` or more for none
 * before that. What is probed lies in memory from `table` on: a byte fits if, with its mask and plus its bias, it is
 * less than its limit as a signed number.
 */
export function findProbes(name: string, table: number): WasmFunction {
  const GROUP = 2;
  /** What the first probes need is kept, as it is needed at each place. */
  const KEPT = GROUP + GROUPS;
  const PLACE = KEPT + AT_ONCE * PARTS;
  const FOUND = PLACE + PROBES;
  const entry = (probe: number, part: number): number[] => leb(table + probe * PROBE_BYTES + part * VECTOR);
  const load = (probe: number, part: number): number[] => [OP.const, 0, V, VEC.load, 0, ...entry(probe, part)];
  const kept = (probe: number, part: number): number => KEPT + probe * PARTS + part;
  const constant = (probe: number, part: number): number[] =>
    probe < AT_ONCE ? [OP.get, kept(probe, part)] : load(probe, part);
  const fitting = (probe: number, index: number): number[] =>
    [
      [OP.get, PLACE + probe, OP.get, AT, OP.add, ...loadVector(index)],
      [...constant(probe, 0), V, VEC.and, ...constant(probe, 1), V, VEC.add, ...constant(probe, 2), V, VEC.less],
    ].flat();
  const stage = (first: number): number[] =>
    [
      each(GROUPS, (index) =>
        [
          first === 0 ? [] : [OP.get, GROUP + index],
          each(AT_ONCE, (one) => [...fitting(first + one, index), ...(first + one === 0 ? [] : [V, VEC.and])]),
          [OP.set, GROUP + index],
        ].flat(),
      ),
      // None: out of the block.
      [...anyOf(GROUP), OP.isZero, OP.branchIf, 0],
    ].flat();
  return {
    name,
    parameters: 2,
    locals: [
      [GROUPS + AT_ONCE * PARTS, V128],
      [PROBES + 1, I32],
    ],
    body: [
      each(AT_ONCE * PARTS, (index) => [
        ...load(Math.floor(index / PARTS), index % PARTS),
        OP.set,
        kept(Math.floor(index / PARTS), index % PARTS),
      ]),
      each(PROBES, (probe) => [OP.const, 0, OP.load, 2, ...entry(probe, PARTS), OP.set, PLACE + probe]),
      [OP.loop, NOTHING],
      UNTIL_END,
      [OP.block, NOTHING],
      each(PROBES / AT_ONCE, (index) => stage(index * AT_ONCE)),
      returnFirst(GROUP, FOUND),
      [OP.end],
      NEXT,
    ].flat(),
  };
}
