/** A field of text with what the text says as its children. */
import { given } from '../../lib/given';
import { byteSize } from '../../lib/text';
import { TEXT_LIMIT } from '../kit/decode';
import { type Body, bodyFrom, type FieldNode } from '../kit/node';
import { Cursor } from './cursor';

/** Reads the text of a node: its values, and why it could not be read if that is so. */
type Reader = (text: Body) => readonly FieldNode[];

/**
 * Returns the nodes with the parts of the field `name` below it. `body` is what the nodes were decoded from.
 */
export function withParts(nodes: readonly FieldNode[], name: string, body: Body, read: Reader): FieldNode[] {
  return nodes.map((node) => (node.name === name && node.length > 0 ? parted(node, body, read) : node));
}

function parted(node: FieldNode, body: Body, read: Reader): FieldNode {
  const whole = bodyFrom(body, node.offset - body.offset, Math.min(node.length, TEXT_LIMIT));
  const cursor = new Cursor(whole);
  const { text, problem } = cursor.words(0, cursor.bytes.length);
  const parts = read(whole);
  const damage = node.problem ?? problem ?? parts.find((part) => part.problem !== undefined)?.problem;
  const children = [...parts, ...ending(node, whole, cursor.bytes.length)];
  return { ...node, value: text, text, children, ...given({ problem: damage }) };
}

/** The closing NUL, and what lies behind it, which no reader sees. */
function ending(node: FieldNode, { bytes }: Body, end: number): FieldNode[] {
  if (end >= bytes.length) return [];
  const nul = { name: 'end', offset: node.offset + end, length: 1, value: '00', text: '00', doc: 'Closing NUL.' };
  const more = node.length - end - 1;
  if (more === 0) return [nul];
  const problem = 'the text ends before';
  return [nul, { name: 'rest', offset: nul.offset + 1, length: more, value: null, text: byteSize(more), problem }];
}
