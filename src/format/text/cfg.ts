/**
 * The text form of a domain's configuration: `name = value`, `name += value`, lists in brackets, `#` comments; a
 * statement ends with its line or a semicolon. Source: tools/libs/util/libxlu_cfg_l.l, libxlu_cfg_y.y.
 */
import type { Body, FieldNode } from '../kit/node';
import { Cursor, DEPTH_LIMIT, isDigit } from './cursor';

const NAME = /^[a-z][._0-9a-z]*$/u;
const isBlank = (byte: number): boolean => byte === 0x20 || byte === 9 || byte === 13;
const isLineEnd = (byte: number): boolean => byte === 0x0a;
const isWord = (byte: number): boolean =>
  isDigit(byte) || (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a) || byte === 0x5f || byte === 0x2e;
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  '\\': '\\',
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** Reads the settings in their order. Never throws: a line that makes no sense is a node that says so. */
export function readCfg(body: Body): FieldNode[] {
  const cursor = new Cursor(body);
  const nodes: FieldNode[] = [];
  for (;;) {
    cursor.skip((byte) => isBlank(byte) || isLineEnd(byte) || byte === 0x3b);
    if (cursor.byte < 0 || !cursor.room()) break;
    nodes.push(cursor.char === '#' ? readComment(cursor) : readStatement(cursor));
  }
  const last = nodes.at(-1);
  if (cursor.stopped !== undefined && last) nodes[nodes.length - 1] = { ...last, problem: cursor.stopped };
  return nodes;
}

function readComment(cursor: Cursor): FieldNode {
  const from = cursor.at;
  cursor.skip((byte) => !isLineEnd(byte));
  const { text, problem } = cursor.words(from, cursor.at);
  return cursor.node('comment', from, cursor.at, text, text, problem === undefined ? {} : { problem });
}

function readStatement(cursor: Cursor): FieldNode {
  const from = cursor.at;
  cursor.skip(isWord);
  const name = cursor.words(from, cursor.at).text;
  cursor.skip(isBlank);
  const adds = cursor.pass('+=');
  if (name === '' || (!adds && !cursor.pass('='))) return lost(cursor, from, 'expected name = value');
  const node = readValue(cursor, name, 0);
  cursor.skip(isBlank);
  if (cursor.byte >= 0 && !isLineEnd(cursor.byte) && cursor.char !== ';' && cursor.char !== '#')
    return lost(cursor, from, 'expected the end of the line');
  const note = adds ? { note: 'added to what is set before' } : {};
  const problem = node.problem ?? (NAME.test(name) ? undefined : 'xl knows no names but in lower case');
  return { ...node, ...note, ...(problem === undefined ? {} : { problem }) };
}

/** A line that is no setting, as it stands. */
function lost(cursor: Cursor, from: number, why: string): FieldNode {
  cursor.skip((byte) => !isLineEnd(byte));
  const { text } = cursor.words(from, cursor.at);
  return cursor.node('line', from, cursor.at, text, text, { problem: cursor.stopped ?? why });
}

function readValue(cursor: Cursor, name: string, depth: number): FieldNode {
  cursor.skip(isBlank);
  const from = cursor.at;
  const { char } = cursor;
  if (char === '[') return readList(cursor, name, depth);
  if (char === '"' || char === "'") return readString(cursor, name, char);
  cursor.skip(isWord);
  const { text } = cursor.words(from, cursor.at);
  const problem = isDigit(text.charCodeAt(0)) ? {} : { problem: 'expected a string, a number or a list' };
  return cursor.node(name, from, cursor.at, numberOf(text), text === '' ? '—' : text, problem);
}

/** xl keeps numbers as text; where a leading zero may mean octal they stay so here. */
function numberOf(text: string): number | string {
  const value = /^(?:0|[1-9]\d*|0x[\da-f]+)$/u.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value : text;
}

function readString(cursor: Cursor, name: string, quote: string): FieldNode {
  const from = cursor.at++;
  for (; cursor.byte >= 0 && cursor.char !== quote && !isLineEnd(cursor.byte); cursor.at++)
    if (cursor.char === '\\') cursor.at++;
  cursor.at = Math.min(cursor.at, cursor.bytes.length);
  const inside = cursor.words(from + 1, cursor.at);
  const closed = cursor.pass(quote);
  let odd = false;
  const text = inside.text.replaceAll(/\\(.?)/gsu, (whole, next: string) => {
    odd ||= ESCAPES[next] === undefined;
    return ESCAPES[next] ?? whole;
  });
  const problem = closed
    ? (inside.problem ?? (odd ? 'an escape that is not resolved' : undefined))
    : `expected ${quote} before the end of the line`;
  return cursor.node(name, from, cursor.at, text, JSON.stringify(text), problem === undefined ? {} : { problem });
}

function readList(cursor: Cursor, name: string, depth: number): FieldNode {
  const from = cursor.at;
  if (depth >= DEPTH_LIMIT) cursor.stop(`expected no more than ${DEPTH_LIMIT} levels`);
  cursor.at++;
  const children: FieldNode[] = [];
  let problem: string | undefined;
  while (problem === undefined) {
    skipToItem(cursor);
    if (cursor.pass(']')) break;
    const start = cursor.at;
    if (!cursor.room()) break;
    const child = readValue(cursor, `[${children.length}]`, depth + 1);
    if (cursor.at > start) children.push(child);
    skipToItem(cursor);
    if (cursor.looksAt(']')) continue;
    if (!cursor.pass(',')) problem = 'expected , or ]';
  }
  const more = { children, ...(problem === undefined ? {} : { problem }) };
  return cursor.node(name, from, Math.min(cursor.at, cursor.bytes.length), null, `[ ${children.length} ]`, more);
}

/** Past blanks, line ends and comments, which may stand anywhere in a list. */
function skipToItem(cursor: Cursor): void {
  for (;;) {
    cursor.skip((byte) => isBlank(byte) || isLineEnd(byte));
    if (cursor.char !== '#') return;
    cursor.skip((byte) => !isLineEnd(byte));
  }
}
