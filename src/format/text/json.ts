/** JSON as nodes: every value with its place in the text. Source: RFC 8259; libxl writes it with yajl or json-c. */
import type { Body, FieldNode } from '../kit/node';
import { Cursor, DEPTH_LIMIT, isDigit, isSpace } from './cursor';

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?$/iu;
const INTEGER = /^-?\d+$/u;
/** Longest integer that is taken as a number, digits: 64 bits have 20. */
const DIGITS = 40;
const LITERALS = ['true', 'false', 'null'];

/** Reads the value that the text holds. Never throws: where the text is no JSON, the node at that place says so. */
export function readJson(body: Body, name: string): FieldNode {
  const cursor = new Cursor(body);
  const root = readValue(cursor, name, 0);
  if (cursor.stopped !== undefined) return root;
  cursor.skip(isSpace);
  if (cursor.byte < 0) return root;
  return { ...root, problem: root.problem ?? 'more text after the end of the JSON' };
}

function readValue(cursor: Cursor, name: string, depth: number): FieldNode {
  cursor.skip(isSpace);
  const from = cursor.at;
  switch (cursor.char) {
    case '{':
    case '[':
      return readGroup(cursor, name, depth);
    case '"': {
      const { text, problem } = readString(cursor);
      return cursor.node(name, from, cursor.at, text, JSON.stringify(text), problem === undefined ? {} : { problem });
    }
    default:
      return isDigit(cursor.byte) || cursor.char === '-' ? readNumber(cursor, name) : readLiteral(cursor, name);
  }
}

function failed(cursor: Cursor, name: string, expected: string): FieldNode {
  cursor.stop(`expected ${expected}`);
  return cursor.node(name, cursor.at, cursor.at, null, '—', { problem: cursor.stopped ?? '' });
}

function readLiteral(cursor: Cursor, name: string): FieldNode {
  const from = cursor.at;
  const word = LITERALS.find((literal) => cursor.pass(literal));
  return word === undefined ? failed(cursor, name, 'a JSON value') : cursor.node(name, from, cursor.at, word, word);
}

function readNumber(cursor: Cursor, name: string): FieldNode {
  const from = cursor.at;
  cursor.skip((byte) => isDigit(byte) || '+-.eE'.includes(String.fromCharCode(byte)));
  const { text } = cursor.words(from, cursor.at);
  const problem = NUMBER.test(text) ? {} : { problem: 'not a JSON number' };
  return cursor.node(name, from, cursor.at, numberOf(text), text, problem);
}

/** Exact: what a double cannot hold stays an integer, or the text that it is. */
function numberOf(text: string): number | bigint | string {
  if (!NUMBER.test(text)) return text;
  const value = Number(text);
  if (!INTEGER.test(text)) return Number.isFinite(value) ? value : text;
  if (Number.isSafeInteger(value)) return value;
  return text.length <= DIGITS ? BigInt(text) : text;
}

/** A string with its quotes; the cursor stands on the first of them. */
function readString(cursor: Cursor): { readonly text: string; readonly problem?: string } {
  const from = cursor.at++;
  for (; cursor.byte >= 0 && cursor.char !== '"'; cursor.at++) if (cursor.char === '\\') cursor.at++;
  if (cursor.byte < 0) {
    cursor.at = cursor.bytes.length;
    cursor.stop('expected " at the end of the string');
    return { ...cursor.words(from + 1, cursor.at), problem: cursor.stopped ?? '' };
  }
  cursor.at++;
  const inside = cursor.words(from + 1, cursor.at - 1);
  try {
    const text: unknown = JSON.parse(`"${inside.text}"`);
    return { ...inside, text: String(text) };
  } catch {
    return { ...inside, problem: 'not a JSON string: control characters or an unknown escape' };
  }
}

/** An object or an array; the cursor stands on its bracket. */
function readGroup(cursor: Cursor, name: string, depth: number): FieldNode {
  const from = cursor.at;
  const isObject = cursor.char === '{';
  const close = isObject ? '}' : ']';
  if (depth >= DEPTH_LIMIT) return failed(cursor, name, `no more than ${DEPTH_LIMIT} levels`);
  cursor.at++;
  const children: FieldNode[] = [];
  const names = new Set<string>();
  cursor.skip(isSpace);
  for (let closed = cursor.pass(close); !closed && cursor.room();) {
    const child = isObject
      ? readMember(cursor, names, depth + 1)
      : readValue(cursor, `[${children.length}]`, depth + 1);
    children.push(child);
    cursor.skip(isSpace);
    closed = cursor.pass(close);
    if (!closed && !cursor.pass(',')) cursor.stop(`expected , or ${close}`);
    if (cursor.stopped !== undefined) break;
  }
  const text = isObject ? `{ ${children.length} }` : `[ ${children.length} ]`;
  const problem = cursor.stopped === undefined ? {} : { problem: cursor.stopped };
  return cursor.node(name, from, Math.min(cursor.at, cursor.bytes.length), null, text, { children, ...problem });
}

function readMember(cursor: Cursor, names: Set<string>, depth: number): FieldNode {
  cursor.skip(isSpace);
  if (cursor.char !== '"') return failed(cursor, '—', 'a name in quotes');
  const key = readString(cursor);
  cursor.skip(isSpace);
  if (!cursor.pass(':')) return failed(cursor, key.text, ':');
  const node = readValue(cursor, key.text, depth);
  const twice = names.has(key.text) ? 'this name was there before' : undefined;
  names.add(key.text);
  const problem = node.problem ?? key.problem ?? twice;
  return problem === undefined ? node : { ...node, problem };
}
