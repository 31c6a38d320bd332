/** Tree → program of a nondeterministic automaton. Its size is bounded, and with it all that a pattern can cost. */
import type { ByteSet } from '../kit/probe';
import { PATTERN_LIMIT, PatternError } from '../kit/query';
import type { Node } from './parse';

/** A step: takes one byte of a set and goes to the next step, or forks, the first way being preferred; or has matched. */
type Step =
  | { readonly kind: 'byte'; readonly set: ByteSet; readonly next: number }
  | { readonly kind: 'fork'; next: number; other: number }
  | { readonly kind: 'match' };

export interface Program {
  readonly steps: readonly Step[];
  readonly start: number;
  /** A number for each byte: those that no step tells apart have the same. */
  readonly alike: Uint8Array;
}

const STEP_LIMIT = 1500;

/** Fewest bytes that a node can match. */
function shortest(node: Node): number {
  switch (node.kind) {
    case 'set':
      return 1;
    case 'all':
      return node.of.reduce((sum, part) => sum + shortest(part), 0);
    case 'either':
      return Math.min(...node.of.map(shortest));
    case 'repeat':
      return node.min === 0 ? 0 : node.min * shortest(node.of);
  }
}

/**
 * Compiles a parsed expression into steps. Throws `PatternError` for one that matches nothing at all, or that is too long
 * when its repeats are written out.
 */
export function compile(node: Node): Program {
  const least = shortest(node);
  if (least === 0) throw new PatternError('matches nothing at all, everywhere: use + instead of *');
  if (least > PATTERN_LIMIT) throw new PatternError(`longer than ${PATTERN_LIMIT} bytes`);
  const steps: Step[] = [{ kind: 'match' }];
  const start = emit(steps, node, 0);
  return { steps, start, alike: alikeIn(steps) };
}

function alikeIn(steps: readonly Step[]): Uint8Array {
  const alike = new Uint8Array(256);
  const sets = new Set(steps.flatMap((step) => (step.kind === 'byte' ? [step.set] : [])));
  for (const set of sets) {
    const numbers = new Map<number, number>();
    for (const [byte, flag] of set.entries()) {
      const before = (alike[byte] ?? 0) * 2 + flag;
      const number = numbers.get(before) ?? numbers.size;
      numbers.set(before, number);
      alike[byte] = number;
    }
  }
  return alike;
}

function add(steps: Step[], step: Step): number {
  if (steps.length >= STEP_LIMIT) throw new PatternError('too long when its repeats are written out');
  return steps.push(step) - 1;
}

/** Adds what matches `node` and then goes to `next`; returns where it starts. Works from the end to the start. */
function emit(steps: Step[], node: Node, next: number): number {
  switch (node.kind) {
    case 'set':
      return add(steps, { kind: 'byte', set: node.set, next });
    case 'all':
      return node.of.reduceRight((after, part) => emit(steps, part, after), next);
    case 'either':
      return node.of
        .map((part) => emit(steps, part, next))
        .reduceRight((other, start) => add(steps, { kind: 'fork', next: start, other }));
    case 'repeat':
      return emitRepeat(steps, node, next);
  }
}

function emitRepeat(steps: Step[], { of, min, max, lazy }: Extract<Node, { kind: 'repeat' }>, next: number): number {
  const fork = (inside: number, after: number): Step =>
    lazy ? { kind: 'fork', next: after, other: inside } : { kind: 'fork', next: inside, other: after };
  let at = next;
  if (max === Number.POSITIVE_INFINITY) {
    const loop = add(steps, { kind: 'fork', next, other: next });
    const inside = emit(steps, of, loop);
    Object.assign(steps[loop] ?? {}, fork(inside, next));
    at = loop;
  } else {
    for (let count = min; count < max; count++) at = add(steps, fork(emit(steps, of, at), next));
  }
  for (let count = 0; count < min; count++) {
    const start = emit(steps, of, at);
    // Nothing, repeated, is nothing: and need not be repeated.
    if (start === at) break;
    at = start;
  }
  return at;
}
