/** The loops that look for two bytes at a distance from each other: 64 places at a time. */
import { each, I32, NOTHING, OP, V, V128, VEC, type WasmFunction } from './assembler';

/** Parameters and variables of the function, by number. */
const [AT, END, APART, VALUE_A, VALUE_B, MASK_A, MASK_B] = [0, 1, 2, 3, 4, 5, 6];
const [VALUES_A, VALUES_B, MASKS_A, MASKS_B, FIRST_GROUP] = [7, 8, 9, 10, 11];
/** Vectors of 16 places. */
const GROUPS = 4;
const VECTOR = 16;
const group = (index: number): number => FIRST_GROUP + index;
const FOUND = group(GROUPS);

const spread = (from: number, to: number): number[] => [OP.get, from, V, VEC.splat, OP.set, to];

/** A vector whose places fit one of the two bytes. */
const fitting = (index: number, apart: boolean, values: number, masks: number | undefined): number[] =>
  [
    apart ? [OP.get, AT, OP.get, APART, OP.add] : [OP.get, AT],
    [V, VEC.load, 0, index * VECTOR],
    masks === undefined ? [] : [OP.get, masks, V, VEC.and],
    [OP.get, values, V, VEC.equal],
  ].flat();

/**
 * The first place from `at` on where both bytes fit; `end` or more for none before it. Reads up to 64 bytes beyond.
 * Without masks whole bytes are compared, which is faster.
 */
export function findOf(name: string, masked: boolean): WasmFunction {
  const masks = (of: number): number | undefined => (masked ? of : undefined);
  return {
    name,
    parameters: 7,
    locals: [
      [GROUPS + 4, V128],
      [1, I32],
    ],
    body: [
      spread(VALUE_A, VALUES_A),
      spread(VALUE_B, VALUES_B),
      masked ? [...spread(MASK_A, MASKS_A), ...spread(MASK_B, MASKS_B)] : [],
      [OP.loop, NOTHING],
      [OP.get, AT, OP.get, END, OP.greaterOrEqual, OP.if, NOTHING, OP.get, END, OP.return, OP.end],
      each(GROUPS, (index) =>
        [
          fitting(index, false, VALUES_A, masks(MASKS_A)),
          fitting(index, true, VALUES_B, masks(MASKS_B)),
          [V, VEC.and, OP.tee, group(index)],
          index === 0 ? [] : [V, VEC.or],
        ].flat(),
      ),
      [V, VEC.any, OP.if, NOTHING],
      each(GROUPS, (index) =>
        [
          [OP.get, group(index), V, VEC.bitmask, OP.tee, FOUND, OP.if, NOTHING],
          [OP.get, AT, OP.const, index * VECTOR, OP.add, OP.get, FOUND, OP.countZeros, OP.add, OP.return, OP.end],
        ].flat(),
      ),
      [OP.end],
      // 64, which has a second byte as the seventh bit of one is its sign.
      [OP.get, AT, OP.const, 0xc0, 0, OP.add, OP.set, AT, OP.branch, 0, OP.end],
      [OP.unreachable],
    ].flat(),
  };
}
