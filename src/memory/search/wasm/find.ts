/** The loop that looks for two bytes at a distance from each other: 32 places at a time. */
import { NOTHING, OP, V, V128, VEC, type WasmFunction } from './assembler';

/** Parameters and variables of the function, by number. */
const [AT, END, APART, MASK_A, VALUE_A, MASK_B, VALUE_B] = [0, 1, 2, 3, 4, 5, 6];
const [MASKS_A, VALUES_A, MASKS_B, VALUES_B, LOW, HIGH] = [7, 8, 9, 10, 11, 12];

const spread = (from: number, to: number): number[] => [OP.get, from, V, VEC.splat, OP.set, to];

/** Which of 16 places, `offset` further on, fit both bytes. */
const fitting = (offset: number, into: number): number[] =>
  [
    [OP.get, AT, V, VEC.load, 0, offset, OP.get, MASKS_A, V, VEC.and, OP.get, VALUES_A, V, VEC.equal],
    [OP.get, AT, OP.get, APART, OP.add, V, VEC.load, 0, offset],
    [OP.get, MASKS_B, V, VEC.and, OP.get, VALUES_B, V, VEC.equal],
    [V, VEC.and, OP.set, into],
  ].flat();

/** The first place from `at` on where both bytes fit; `end` or more for none before it. Reads up to 32 bytes beyond. */
export const FIND: WasmFunction = {
  name: 'find',
  parameters: 7,
  locals: [[6, V128]],
  body: [
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
    [OP.unreachable],
  ].flat(),
};
