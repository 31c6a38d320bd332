/**
 * What each match of a regular expression has somewhere in it: bytes in a row that are fixed, or nearly so. Looking for
 * them is many times faster than running the automaton, which is then only needed around them.
 */
import type { FixedPattern } from '../fixed/pattern';
import { chance } from '../fixed/matcher';
import type { ByteSet } from '../kit/probe';
import { PATTERN_LIMIT } from '../kit/query';
import type { Node } from './parse';

export interface Needle {
  /** May fit more than a match has there, never less. */
  readonly pattern: FixedPattern;
  /** Most bytes from the start of a match to it. */
  readonly back: number;
}

/** Longer would hardly be rarer. */
const LIMIT = 32;
/** Rough costs: of the automaton for a byte, and of going to it, in units of looking for the needle at a byte. */
const STEP = 10;
const CALL = 300;
/** Cost per byte of running the automaton over the whole batch, four stretches at once, in needle-byte units. */
const WITHOUT = 5;

/**
 * Picks the best bytes in a row that each match must hold; undefined where running over everything is likely faster.
 */
export function needleOf(tree: Node): Needle | undefined {
  const offers: { readonly run: readonly ByteSet[]; readonly start: number }[] = [];
  const { head, tail, max } = shapeOf(tree, 0, (run, start) => offers.push({ run, start }));
  offers.push({ run: head, start: 0 }, { run: tail, start: max - tail.length });
  let best: Needle | undefined;
  let least = WITHOUT;
  for (const { run, start } of offers) {
    const bytes = run.map(around);
    // Wildcards at its ends say nothing.
    const first = bytes.findIndex(({ mask }) => mask !== 0);
    if (first < 0) continue;
    const pattern = patternOf(bytes.slice(first, bytes.findLastIndex(({ mask }) => mask !== 0) + 1));
    const back = Math.min(start + first, PATTERN_LIMIT - 1);
    const price = 1 + rateOf(pattern) * (CALL + STEP * back);
    if (price >= least) continue;
    least = price;
    best = { pattern, back };
  }
  return best;
}

/** Share of places that are worth a look: two bytes of the pattern are looked for. */
function rateOf(pattern: FixedPattern): number {
  const [one = 1, other = 1] = Array.from(pattern.value, (_, at) => chance(pattern, at)).toSorted((a, b) => a - b);
  return one * other;
}

interface MaskedByte {
  readonly value: number;
  readonly mask: number;
}

const patternOf = (bytes: readonly MaskedByte[]): FixedPattern => ({
  value: Uint8Array.from(bytes, ({ value }) => value),
  mask: Uint8Array.from(bytes, ({ mask }) => mask),
});

/** The fewest bytes that have the same bits and include the set: two letters of either case, the digits and six more. */
function around(set: ByteSet): MaskedByte {
  let ones = 0xff;
  let zeros = 0xff;
  for (const [byte, flag] of set.entries()) {
    if (flag === 0) continue;
    ones &= byte;
    zeros &= ~byte;
  }
  return { value: ones, mask: ones | zeros };
}

/** What is known of all that a node matches. */
interface Shape {
  /** Bytes, fewest and most. */
  readonly min: number;
  readonly max: number;
  /** The sets that its first bytes are in, and its last: the same, and all, where `whole`. */
  readonly head: readonly ByteSet[];
  readonly tail: readonly ByteSet[];
  readonly whole: boolean;
}

type Offer = (run: readonly ByteSet[], start: number) => unknown;

/** `start`: most bytes before the node. Runs within it that are neither its head nor its tail are offered. */
function shapeOf(node: Node, start: number, offer: Offer): Shape {
  switch (node.kind) {
    case 'set':
      return { min: 1, max: 1, head: [node.set], tail: [node.set], whole: true };
    case 'all':
      return shapeOfAll(node.of, start, offer);
    case 'either':
      // What is within one of them is not in all matches.
      return oneOf(node.of.map((part) => shapeOf(part, start, () => undefined)));
    case 'repeat': {
      const { min, max } = node;
      if (min === 0) {
        const inner = shapeOf(node.of, start, () => undefined);
        return { min: 0, max: most(inner, max), head: [], tail: [], whole: max === 0 };
      }
      return repeated(shapeOf(node.of, start, offer), min, max);
    }
  }
}

function shapeOfAll(parts: readonly Node[], start: number, offer: Offer): Shape {
  let [min, max] = [0, 0];
  let run: readonly ByteSet[] = [];
  let head: readonly ByteSet[] | undefined;
  for (const part of parts) {
    const shape = shapeOf(part, start + max, offer);
    // The run starts as far before this part as it is long.
    const runStart = start + max - run.length;
    run = [...run, ...shape.head];
    min += shape.min;
    max += shape.max;
    if (shape.whole && run.length <= LIMIT) continue;
    offer(run.slice(0, LIMIT), runStart);
    head ??= run.slice(0, LIMIT);
    run = shape.tail;
  }
  if (head === undefined) return { min, max, head: run, tail: run, whole: true };
  offer(run, start + max - run.length);
  return { min, max, head, tail: run, whole: false };
}

/** The sets of several, place by place, as far as all of them reach. */
function union(runs: readonly (readonly ByteSet[])[]): ByteSet[] {
  const length = Math.min(...runs.map((run) => run.length));
  return Array.from({ length }, (_, at) => Uint8Array.from({ length: 256 }, (_byte, byte) => anyHas(runs, at, byte)));
}

const anyHas = (runs: readonly (readonly ByteSet[])[], at: number, byte: number): number =>
  runs.some((run) => run[at]?.[byte] === 1) ? 1 : 0;

function oneOf(shapes: readonly Shape[]): Shape {
  const head = union(shapes.map((shape) => shape.head));
  const tail = union(shapes.map((shape) => shape.tail.toReversed())).toReversed();
  const min = Math.min(...shapes.map((shape) => shape.min));
  const max = Math.max(...shapes.map((shape) => shape.max));
  return { min, max, head, tail, whole: min === max && shapes.every((shape) => shape.whole) };
}

/** Bytes of so many repeats: none of anything, however long, and any number of nothing are nothing. */
const most = ({ max }: Shape, repeats: number): number => (max === 0 || repeats === 0 ? 0 : max * repeats);

function repeated(inner: Shape, min: number, max: number): Shape {
  const least = inner.min * min;
  if (!inner.whole) return { min: least, max: most(inner, max), head: inner.head, tail: inner.tail, whole: false };
  const copies = Math.min(min, Math.ceil(LIMIT / Math.max(1, inner.max)));
  const row = Array.from({ length: copies }, () => inner.head).flat();
  return {
    min: least,
    max: most(inner, max),
    head: row.slice(0, LIMIT),
    tail: row.slice(-LIMIT),
    whole: min === max && row.length === least && row.length <= LIMIT,
  };
}
