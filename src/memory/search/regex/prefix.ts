/** The bytes that each match of a regular expression starts with, as far as they are fixed but for single bits. */
import type { FixedPattern } from '../fixed';
import type { ByteSet, Node } from './parse';

/** More would hardly be rarer. */
const LIMIT = 32;

export function prefixOf(tree: Node): FixedPattern {
  const value: number[] = [];
  const mask: number[] = [];
  for (const set of setsOf(tree)) {
    const byte = maskedByte(set);
    if (!byte || value.length === LIMIT) break;
    value.push(byte.value);
    mask.push(byte.mask);
  }
  return { value: Uint8Array.from(value), mask: Uint8Array.from(mask) };
}

/** The sets that a match goes through from its start on, up to the first choice; false where there is one. */
function* setsOf(node: Node): Generator<ByteSet, boolean> {
  switch (node.kind) {
    case 'set':
      yield node.set;
      return true;
    case 'all':
      for (const part of node.of) if (!(yield* setsOf(part))) return false;
      return true;
    case 'either':
      return false;
    case 'repeat':
      for (let count = 0; count < Math.min(node.min, LIMIT); count++) if (!(yield* setsOf(node.of))) return false;
      return node.min === node.max && node.min < LIMIT;
  }
}

/** A set as value and mask: a byte, or two that differ in one bit as letters of both cases do. */
function maskedByte(set: ByteSet): { readonly value: number; readonly mask: number } | undefined {
  const first = set.indexOf(1);
  const differing = first ^ set.lastIndexOf(1);
  const count = set.reduce((sum, flag) => sum + flag, 0);
  const isOneBit = (differing & (differing - 1)) === 0;
  if (count > 2 || (count === 2 && !isOneBit)) return undefined;
  return { value: first & ~differing & 0xff, mask: ~differing & 0xff };
}
