/**
 * Every described structure on bodies of every length from nothing to eight bytes more than it has: decoding never
 * throws, keeps within the body, and makes no more nodes than the structure has fields.
 */
import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { decode } from '../../../src/format/kit/decode';
import { type Field, fixedSize, type StructField } from '../../../src/format/kit/layout';
import { CHAPTERS } from '../../../src/format/reference';
import { walkNodes } from '../../fixtures/nodes';

/** Bodies of structures that have no size of their own. */
const LONGEST = 400;

/** Nodes that a layout makes at most: itself, its fields, their bits. Elements of arrays are made when looked at. */
function nodesOf(field: Field): number {
  switch (field.kind) {
    case 'int':
      // Bits that hang on fields before are bounded by the 64 bits that there are.
      return 1 + (field.refine ? 64 : Object.keys(field.bits ?? {}).length);
    case 'struct':
      return 1 + Object.values(field.fields).reduce((sum, part) => sum + nodesOf(part), 0);
    case 'bytes':
    case 'array':
      return 1;
  }
}

/** What is wrong with the nodes of a body. */
function faults(layout: StructField, most: number, bytes: Uint8Array, littleEndian: boolean): string[] {
  const { length } = bytes;
  const offset = 77;
  const nodes = decode(layout, { bytes, offset, length, claimed: length, littleEndian });
  let count = 0;
  const outside: string[] = [];
  for (const node of walkNodes(nodes)) {
    count++;
    if (node.offset < offset || node.length < 0 || node.offset + node.length > offset + length) outside.push(node.name);
    const { items } = node;
    for (const index of items && items.count > 0 ? [0, items.count - 1] : []) {
      const from = (items?.offset ?? 0) - offset + index * (items?.stride ?? 0);
      const item = items?.decode(index, bytes.subarray(from, from + items.stride));
      if (item && item.offset + item.length > offset + length) outside.push(`${node.name}[${index}]`);
    }
  }
  if (count > most) outside.push(`${count} nodes`);
  return outside.map((fault) => `${fault}, of ${length} bytes`);
}

const LAYOUTS = CHAPTERS.flatMap(({ layouts }) => layouts).map((layout): [string, StructField] => [
  layout.name,
  layout,
]);

describe.each(LAYOUTS)('%s', (_name, layout) => {
  const size = fixedSize(layout) ?? LONGEST;
  // One more for what lies behind the structure.
  const most = nodesOf(layout) + 1;

  test('every length, filled with zeros, ones and counting bytes', () => {
    const found: string[] = [];
    for (const fill of [(): number => 0, (): number => 0xff, (at: number): number => at & 0xff]) {
      const whole = Uint8Array.from({ length: size + 8 }, (_, at) => fill(at));
      // Long structures: every length around their start and their end, and samples between.
      const step = size > 1500 ? 7 : 1;
      for (let length = 0; length <= size + 8; length += length > 64 && length < size - 64 ? step : 1) {
        found.push(...faults(layout, most, whole.subarray(0, length), true));
      }
    }
    expect(found).toEqual([]);
  });

  test.prop([fc.uint8Array({ maxLength: size + 8 }), fc.boolean()], { numRuns: 60 })(
    'random bytes',
    (bytes, little) => {
      expect(faults(layout, most, bytes, little)).toEqual([]);
    },
  );
});
