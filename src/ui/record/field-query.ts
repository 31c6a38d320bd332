/** What is typed into the box above the field tree: names along a path, `cr4.smep`, or a value. */
import { type FieldNode, noteOf } from '../../format/kit/node';
import { hex } from '../../lib/text';
import { otherNames, plainName } from './aliases';

interface Part {
  readonly text: string;
  /** The text without the prefix of an MSR. */
  readonly plain: string;
  readonly others: readonly string[];
}

export interface Query {
  /** Names from the outside in; the last is that of the field. */
  readonly parts: readonly Part[];
  /** What the text means as a number, in hex and, if it can be, in decimal. */
  readonly values: readonly bigint[];
  /** What was typed, in lower case. */
  readonly text: string;
}

/** Letters from which on what fields mean is looked through as well: shorter ones are found everywhere. */
const LEAST_WORD = 3;

/** Returns what the typed text looks for, or undefined where there is no name in it. */
export function parseQuery(typed: string): Query | undefined {
  const text = typed.trim().toLowerCase();
  const names = text.split(/[.\s]+/u).filter((name) => name !== '');
  if (names.length === 0) return undefined;
  const parts = names.map((name) => ({ text: name, plain: plainName(name), others: otherNames(name) }));
  return { parts, values: valuesOf(text), text };
}

function valuesOf(text: string): bigint[] {
  const [, prefix, digits = ''] = /^(0x)?([\da-f_]+)$/u.exec(text.replaceAll('\u2009', '')) ?? [];
  const bare = digits.replaceAll('_', '');
  if (bare === '' || bare.length > 16 || (prefix === undefined && bare.length < LEAST_WORD)) return [];
  const asHex = BigInt(`0x${bare}`);
  return prefix === undefined && /^\d+$/u.test(bare) ? [asHex, BigInt(bare)] : [asHex];
}

function isNamed(name: string, { text, plain, others }: Part): boolean {
  const lower = name.toLowerCase();
  if (lower.includes(text)) return true;
  const own = plainName(name);
  return (plain !== text && plain !== '' && own.includes(plain)) || others.includes(own);
}

/** Tells whether a field is what is looked for; `above` are the names around it, outermost first. */
export function matches(node: FieldNode, above: readonly string[], query: Query): boolean {
  const { parts, text, values } = query;
  const last = parts.at(-1);
  if (last && isNamed(node.name, last) && isBelow(above, parts)) return true;
  // Bits have values that say little: 0 and 1.
  if (node.bits) return false;
  const { value } = node;
  const note = noteOf(node);
  if (typeof value === 'number' || typeof value === 'bigint') {
    if (values.length > 0 && values.includes(BigInt.asUintN(64, BigInt(value)))) return true;
  } else if (typeof value === 'string' && text.length >= LEAST_WORD && value.toLowerCase().includes(text)) return true;
  return text.length >= LEAST_WORD && values.length === 0 && (note?.toLowerCase().includes(text) ?? false);
}

/** The names before the last are found around the field, in their order. */
function isBelow(above: readonly string[], parts: readonly Part[]): boolean {
  let left = above;
  for (const part of parts.slice(0, -1).toReversed()) {
    const at = left.findLastIndex((name) => isNamed(name, part));
    if (at < 0) return false;
    left = left.slice(0, at);
  }
  return true;
}

/** Returns the part of a shown text to mark: where it starts and ends. */
export function markIn(shown: string, query: Query): readonly [start: number, end: number] | undefined {
  const lower = shown.toLowerCase();
  const last = query.parts.at(-1);
  const words = [query.text, last?.text ?? '', ...query.values.map((value) => hex(value))];
  for (const word of words) {
    const at = word === '' ? -1 : lower.indexOf(word);
    if (at >= 0) return [at, at + word.length];
  }
  return last && isNamed(shown, last) ? [0, shown.length] : undefined;
}
