/**
 * Layout table + body → tree of fields with their spans. Never throws on bad bytes: a field that does not fit says so
 * and what fits is kept. Arrays become views, so that a count of millions costs nothing until it is looked at.
 */
import { given } from '../../lib/given';
import { ascii, byteSize, hexBytes } from '../../lib/text';
import {
  type ArrayField,
  type Before,
  type BytesField,
  type Field,
  type IntField,
  sizeOf,
  type StructField,
} from './layout';
import type { Body, FieldNode } from './node';
import { cString, readInt, resolveCount } from './parse';
import { intNode } from './show';

/** Longest text taken out of a body, bytes. */
export const TEXT_LIMIT = 1024 * 1024;

type Known = Record<string, number | bigint>;
type Meta = Pick<FieldNode, 'doc' | 'reserved' | 'source'>;

/** What lies around a field: the integers before it in its structure, and where that structure is fixed. */
interface Around {
  readonly before: Before;
  /** The fields before the array in the structure around it, where this is an element of one. */
  readonly enclosing?: Before;
  readonly source: string | undefined;
}

const meta = (field: Field, around: Around): Meta => {
  const source = field.source ?? around.source;
  return {
    ...(field.doc === undefined ? {} : { doc: field.doc }),
    ...(field.reserved ? { reserved: true } : {}),
    ...(source === undefined ? {} : { source }),
  };
};

/** Decodes the fields of a structure laid over a body. Anything past the structure's end is one more node, `rest`. */
export function decode(layout: StructField, body: Body): FieldNode[] {
  const { nodes, end } = decodeFields(layout, body, 0, undefined);
  if (end < body.length) nodes.push(extra(body, end));
  return nodes;
}

/** Decodes a structure into one node with its fields below it. */
export function decodeNode(name: string, layout: Field, body: Body, at = 0): FieldNode {
  return decodeField(name, layout, body, at, { before: {}, source: undefined });
}

function extra(body: Body, at: number): FieldNode {
  return {
    name: 'rest',
    offset: body.offset + at,
    length: body.length - at,
    value: null,
    text: byteSize(body.length - at),
    doc: 'Bytes after the last field that the format defines here.',
    problem: `${byteSize(body.length - at)} more than the structure has`,
  };
}

function decodeFields(
  layout: StructField,
  body: Body,
  at: number,
  outer: string | undefined,
  enclosing: Before = {},
): { nodes: FieldNode[]; end: number; known: Known } {
  const nodes: FieldNode[] = [];
  const known: Known = { ...enclosing };
  const around = { before: known, source: layout.source ?? outer };
  let end = at;
  for (const [name, field] of Object.entries(layout.fields)) {
    if (isRest(field) && end >= body.length) continue;
    const node = decodeField(name, field, body, end, around);
    nodes.push(node);
    if (typeof node.value === 'number' || typeof node.value === 'bigint') known[name] = node.value;
    end += node.length;
    if (node.problem !== undefined && node.value === null && end >= body.length && field.kind === 'int') break;
  }
  return { nodes, end, known };
}

/** What takes all that is left is no field where nothing is. */
const isRest = (field: Field): boolean => field.kind === 'bytes' && field.size === 'rest';

function decodeField(name: string, field: Field, body: Body, at: number, around: Around): FieldNode {
  switch (field.kind) {
    case 'int': {
      const have = Math.max(0, Math.min(body.length, body.bytes.length) - at);
      if (have < field.size) return cut(name, field, body, at, around);
      return intNode(name, field, readInt(field, body.bytes, at, body.littleEndian), body.offset + at, around);
    }
    case 'bytes':
      return bytesNode(name, field, body, at, around);
    case 'array':
      return arrayNode(name, field, body, at, around);
    case 'struct': {
      const inner = decodeFields(field, body, at, around.source, around.enclosing);
      const summary = field.summary?.(inner.known);
      const problem = inner.nodes.find((node) => node.problem)?.problem;
      return {
        name,
        offset: body.offset + at,
        length: inner.end - at,
        value: null,
        text: summary ?? byteSize(inner.end - at),
        children: inner.nodes,
        ...meta(field, around),
        ...(problem === undefined ? {} : { problem }),
      };
    }
  }
}

function cut(name: string, field: IntField, body: Body, at: number, around: Around): FieldNode {
  const wanted = field.size;
  const have = Math.max(0, body.length - at);
  return {
    name,
    offset: body.offset + Math.min(at, body.length),
    length: Math.min(have, wanted),
    value: null,
    text: '—',
    ...meta(field, around),
    problem: `cut short: needs ${byteSize(wanted)}, has ${byteSize(have)}`,
  };
}

function bytesNode(name: string, field: BytesField, body: Body, at: number, around: Around): FieldNode {
  const room = Math.max(0, body.length - at);
  const wanted = resolveCount(field.size, around.before, room);
  const length = Math.min(wanted, room);
  const raw = body.bytes.subarray(at, at + length);
  const shortBy = wanted > room ? `cut short: needs ${byteSize(wanted)}, has ${byteSize(room)}` : undefined;
  const dirty = field.as === 'zero' && raw.some((byte) => byte !== 0) ? 'reserved, expected zeros' : undefined;
  const problem = shortBy ?? dirty;
  const base = {
    name,
    offset: body.offset + at,
    length,
    ...meta(field, around),
    ...(problem === undefined ? {} : { problem }),
  };
  const said = raw.length === length ? field.note?.(raw, body.littleEndian) : undefined;
  if (field.as === 'text') {
    const value = cString(raw.subarray(0, TEXT_LIMIT));
    return { ...base, value, text: value, ...given({ document: field.document }) };
  }
  if (length <= 16 && raw.length === length) {
    const note = said ?? (raw.length > 0 && field.as === 'hex' ? ascii(raw) : undefined);
    const digits = hexBytes(raw, ' ');
    return { ...base, value: digits, text: digits, ...(note === undefined ? {} : { note }) };
  }
  return { ...base, value: null, text: byteSize(length), ...(said === undefined ? {} : { note: said }) };
}

function arrayNode(name: string, field: ArrayField, body: Body, at: number, around: Around): FieldNode {
  const stride = sizeOf(field.of);
  const room = Math.floor(Math.max(0, body.length - at) / stride);
  const wanted = resolveCount(field.count, around.before, room);
  const count = Math.min(wanted, room);
  const offset = body.offset + at;
  const { littleEndian } = body;
  const whole = body.bytes.subarray(at, at + count * stride);
  const note = whole.length === count * stride && count > 0 ? field.note?.(whole, littleEndian) : undefined;
  const inside = { before: {}, enclosing: around.before, source: field.source ?? around.source };
  const { each } = field;
  const { before } = around;
  const element = (index: number): Field =>
    each && field.of.kind === 'int' ? { ...field.of, ...each(index, before) } : field.of;
  return {
    name,
    offset,
    length: count * stride,
    value: null,
    text: `${count} × ${byteSize(stride)}`,
    ...(note === undefined ? {} : { note }),
    ...meta(field, around),
    ...(wanted > room ? { problem: `${wanted} elements announced, room for ${room}` } : {}),
    items: {
      count,
      stride,
      offset,
      decode: (index, raw) =>
        decodeField(
          field.label?.(index) ?? `[${index}]`,
          element(index),
          { bytes: raw, offset: offset + index * stride, length: raw.length, claimed: stride, littleEndian },
          0,
          inside,
        ),
    },
  };
}
