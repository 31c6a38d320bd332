/**
 * XML as nodes: elements, attributes (`@name`) and text, each with its place. Declarations are shown, never followed:
 * no entity is expanded but the five that XML defines and numbers of characters. Source: W3C XML 1.0.
 */
import type { Body, FieldNode } from '../kit/node';
import { Cursor, DEPTH_LIMIT, isSpace } from './cursor';

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
const isNameByte = (byte: number): boolean => !isSpace(byte) && !'<>/=\'"?!'.includes(String.fromCharCode(byte));

/** An element whose end has not come yet. */
interface Open {
  readonly name: string;
  readonly from: number;
  /** The attributes as they are written. */
  readonly head: string;
  readonly children: FieldNode[];
}

/** What stands between `<` and its end and is no element: the mark, its end, its name. */
const ASIDES: readonly (readonly [start: string, end: string, name: string])[] = [
  ['<!--', '-->', 'comment'],
  ['<![CDATA[', ']]>', 'text'],
  ['<?', '?>', 'instruction'],
  ['<!', '>', 'declaration'],
];

function unescaped(text: string): string {
  return text.replaceAll(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(lt|gt|amp|quot|apos));/giu, (whole, dec, hex, name) => {
    if (typeof name === 'string') return ENTITIES[name] ?? whole;
    const code = typeof hex === 'string' ? Number.parseInt(hex, 16) : Number(dec);
    return code > 0 && code <= 0x10_ffff ? String.fromCodePoint(code) : whole;
  });
}

/** Reads the nodes of the text in their order. Never throws: where it is not well formed, the node there says so. */
export function readXml(body: Body): FieldNode[] {
  const cursor = new Cursor(body);
  const top: FieldNode[] = [];
  const stack: Open[] = [];
  const add = (node: FieldNode): void => void (stack.at(-1)?.children ?? top).push(node);
  while (cursor.byte >= 0) {
    if (cursor.char !== '<') addText(cursor, add);
    else if (cursor.looksAt('</')) closeElement(cursor, stack, add);
    else if (!addAside(cursor, add)) openElement(cursor, stack, add);
  }
  // What has no end is as long as what is there.
  while (stack.length > 0) {
    const open = stack.pop();
    const problem = cursor.stopped ?? `</${open?.name}> is missing`;
    if (open) add(element(cursor, open, cursor.bytes.length, problem));
  }
  const last = top.at(-1);
  if (cursor.stopped !== undefined && last) top[top.length - 1] = { ...last, problem: last.problem ?? cursor.stopped };
  return top;
}

function addText(cursor: Cursor, add: (node: FieldNode) => void): void {
  cursor.skip(isSpace);
  const from = cursor.at;
  cursor.skip((byte) => byte !== 0x3c);
  let to = cursor.at;
  while (to > from && isSpace(cursor.bytes[to - 1] ?? 0)) to--;
  if (to === from || !cursor.room()) return;
  const { text, problem } = cursor.words(from, to);
  const words = unescaped(text);
  add(cursor.node('text', from, to, words, words, problem === undefined ? {} : { problem }));
}

/** Comments, CDATA, instructions and declarations. */
function addAside(cursor: Cursor, add: (node: FieldNode) => void): boolean {
  const kind = ASIDES.find(([start]) => cursor.looksAt(start));
  if (!kind) return false;
  const [start, end, name] = kind;
  const from = cursor.at;
  const found = cursor.after(end);
  const to = found < 0 ? cursor.bytes.length : found;
  cursor.at = to;
  if (!cursor.room()) return true;
  const { text } = cursor.words(from + start.length, found < 0 ? to : to - end.length);
  const ending = found < 0 ? `${end} is missing` : undefined;
  const problem = ending ?? (name === 'declaration' ? 'declarations are not followed' : undefined);
  const words = text.trim();
  add(cursor.node(name, from, to, words, words, problem === undefined ? {} : { problem }));
  return true;
}

function openElement(cursor: Cursor, stack: Open[], add: (node: FieldNode) => void): void {
  const from = cursor.at++;
  if (!cursor.room()) return;
  const start = cursor.at;
  cursor.skip(isNameByte);
  const name = cursor.words(start, cursor.at).text;
  const head = cursor.at;
  const children: FieldNode[] = [];
  const names = new Set<string>();
  cursor.skip(isSpace);
  while (cursor.byte >= 0 && cursor.char !== '>' && !cursor.looksAt('/>')) {
    const attribute = readAttribute(cursor);
    if (!attribute) break;
    const twice = names.has(attribute.name);
    children.push(twice ? { ...attribute, problem: 'this attribute was there before' } : attribute);
    names.add(attribute.name);
    cursor.skip(isSpace);
  }
  const open = { name, from, head: cursor.words(head, cursor.at).text.trim(), children };
  if (name === '') cursor.stop('expected the name of an element');
  if (stack.length >= DEPTH_LIMIT) cursor.stop(`expected no more than ${DEPTH_LIMIT} levels`);
  if (cursor.pass('/>')) add(element(cursor, open, cursor.at));
  else {
    if (!cursor.pass('>')) cursor.stop('expected > at the end of the tag');
    stack.push(open);
  }
}

function readAttribute(cursor: Cursor): FieldNode | undefined {
  const from = cursor.at;
  cursor.skip(isNameByte);
  const name = cursor.words(from, cursor.at).text;
  cursor.skip(isSpace);
  const isPair = name !== '' && cursor.pass('=');
  cursor.skip(isSpace);
  const quote = cursor.char;
  if (!isPair || (quote !== '"' && quote !== "'")) {
    cursor.stop('expected name="value"');
    return undefined;
  }
  const start = ++cursor.at;
  cursor.skip((byte) => byte !== quote.charCodeAt(0));
  const to = cursor.at;
  if (!cursor.room()) return undefined;
  if (!cursor.pass(quote)) cursor.stop(`expected ${quote} at the end of the value`);
  const { text, problem } = cursor.words(start, to);
  const value = unescaped(text);
  const damage = problem ?? cursor.stopped;
  return cursor.node(`@${name}`, start, to, value, value, damage === undefined ? {} : { problem: damage });
}

function closeElement(cursor: Cursor, stack: Open[], add: (node: FieldNode) => void): void {
  const from = cursor.at;
  cursor.at += 2;
  const start = cursor.at;
  cursor.skip(isNameByte);
  const name = cursor.words(start, cursor.at).text;
  cursor.skip(isSpace);
  const open = stack.at(-1);
  if (open?.name !== name || !cursor.pass('>')) {
    cursor.at = from;
    cursor.stop(open ? `expected </${open.name}>` : 'expected no closing tag');
    return;
  }
  stack.pop();
  add(element(cursor, open, cursor.at));
}

/** An element that holds nothing but text is that text. */
function element(cursor: Cursor, { name, from, head, children }: Open, to: number, problem?: string): FieldNode {
  const inside = children.filter((child) => !child.name.startsWith('@'));
  const [only] = inside;
  const isText = inside.length === 1 && only?.name === 'text';
  const shown = isText ? children.filter((child) => child !== only) : children;
  const value = isText ? only.value : null;
  const damage = problem ?? (isText ? only.problem : undefined);
  return cursor.node(name, from, to, value, isText ? only.text : head, {
    ...(shown.length > 0 ? { children: shown } : {}),
    ...(damage === undefined ? {} : { problem: damage }),
  });
}
