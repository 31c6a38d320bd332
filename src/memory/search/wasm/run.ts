/**
 * The loop that runs an automaton over bytes. Each byte is a look-up that hangs on the one before, which a processor
 * spends waiting: so one loop runs several stretches of the same length at once, each for itself.
 */
import { each, I32, leb, NOTHING, OP, type WasmFunction } from './assembler';

/** States that there is room for: 1 KiB each. */
export const STATE_LIMIT = 2048;
/**
 * The table of transitions lies at 0: 256 a state, each the offset of the next state, or negative. Behind it are the
 * states of the stretches, before and after.
 */
export const TABLE_BYTES = STATE_LIMIT * 1024;

/** Parameters by number. */
const [AT, END, APART, STOP] = [0, 1, 2, 3];
const PARAMETERS = 4;
/** A transition has two to the power of so many bytes. */
const WORD = 2;

/**
 * Makes a function that runs an automaton until `end`, or up to the first byte of which the transition is negative in
 * one of the stretches: that is not taken. Stretches start `apart` bytes from each other; where the first one ends is
 * returned. A single one also ends behind the byte that leads to state `stop`.
 */
export function walkOf(name: string, stretches: number): WasmFunction {
  const state = (index: number): number => PARAMETERS + index;
  const next = (index: number): number => PARAMETERS + stretches + index;
  const offset = (index: number): number => PARAMETERS + 2 * stretches + index;
  const step = (index: number): number[] =>
    [
      [OP.get, state(index), OP.get, AT],
      index === 0 ? [] : [OP.get, offset(index), OP.add],
      [OP.loadByte, 0, 0, OP.const, WORD, OP.shiftLeft, OP.add, OP.load, WORD, 0, OP.tee, next(index)],
      index === 0 ? [] : [OP.or],
    ].flat();
  return {
    name,
    parameters: PARAMETERS,
    locals: [[3 * stretches, I32]],
    body: [
      each(stretches, (index) => [OP.const, 0, OP.load, WORD, ...leb(TABLE_BYTES + 4 * index), OP.set, state(index)]),
      each(stretches - 1, (index) =>
        [[OP.get, APART], index === 0 ? [] : [OP.get, offset(index), OP.add], [OP.set, offset(index + 1)]].flat(),
      ),
      [OP.block, NOTHING, OP.loop, NOTHING],
      [OP.get, AT, OP.get, END, OP.greaterOrEqual, OP.branchIf, 1],
      each(stretches, step),
      [OP.const, 0, OP.less, OP.branchIf, 1],
      each(stretches, (index) => [OP.get, next(index), OP.set, state(index)]),
      [OP.get, AT, OP.const, 1, OP.add, OP.set, AT],
      stretches === 1 ? [OP.get, state(0), OP.get, STOP, OP.equal, OP.branchIf, 1] : [],
      [OP.branch, 0, OP.end, OP.end],
      each(stretches, (index) => [OP.const, 0, OP.get, state(index), OP.store, WORD, ...leb(TABLE_BYTES + 4 * index)]),
      [OP.get, AT],
    ].flat(),
  };
}
