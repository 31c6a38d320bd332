/** Bodies of any content, at any length: decoding ends with a tree whose spans lie inside the body. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import type { Body, FieldNode } from '../../../src/format/kit/node';
import { HeaderType } from '../../../src/format/layers';
import { headerSpec, recordSpec } from '../../../src/format/records';
import { decodeHeader, decodeRecord } from '../../../src/format/decoders';
import { decodeHvmXsave } from '../../../src/format/x86/xsave';
import { smallHvm, smallPv } from '../../fixtures/built/images';
import { rowsOf, scanBytes } from '../../fixtures/scanning';
import { walkNodes } from '../../fixtures/nodes';
import { u32 } from '../../fixtures/built/stream';

const DECODERS: [string, (body: Body) => FieldNode[]][] = [
  ...Array.from({ length: 0x13 }, (_, type): [string, (body: Body) => FieldNode[]] => {
    const spec = recordSpec('libxc', type);
    if (!spec) throw new Error(`libxc type ${type} is not described`);
    return [spec.name, (body) => decodeRecord('libxc', type, body)];
  }),
  ...Array.from({ length: 6 }, (_, type): [string, (body: Body) => FieldNode[]] => {
    const spec = recordSpec('libxl', type);
    if (!spec) throw new Error(`libxl type ${type} is not described`);
    return [`libxl ${spec.name}`, (body) => decodeRecord('libxl', type, body)];
  }),
  ...Object.entries(HeaderType).map(([name, type]): [string, (body: Body) => FieldNode[]] => {
    const spec = headerSpec(type);
    if (!spec) throw new Error(`${name} is not described`);
    return [name, (body) => decodeHeader(type, body)];
  }),
  ['unassigned', (body) => decodeRecord('libxc', 0x7777, body)],
  ['CPU_XSAVE', (body) => decodeHvmXsave({ ...body, guest: { xstate: [{ component: 2, size: 256, offset: 576 }] } })],
];

/** Bytes that are often zero or small, as counts and lengths are. */
const byte = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(0, 1, 2, 8) }, fc.integer({ min: 0, max: 255 }));
const content = fc.oneof(
  fc.array(byte, { maxLength: 300 }).map((list) => Uint8Array.from(list)),
  fc.uint8Array({ maxLength: 6000 }),
);

const OFFSET = 5000;

/** Nodes that claim bytes outside of the body, and whether there are too many. */
function faults(nodes: readonly FieldNode[], length: number, bytes: Uint8Array): string[] {
  const end = OFFSET + length;
  const found: string[] = [];
  let seen = 0;
  for (const node of walkNodes(nodes)) {
    seen++;
    const { items } = node;
    if (!(node.offset >= OFFSET && node.length >= 0 && node.offset + node.length <= end))
      found.push(`${node.name} of ${length} bytes`);
    if (!items) continue;
    if (items.offset + items.count * items.stride > end) found.push(`${node.name} of ${length} bytes`);
    for (const index of items.count > 0 ? [0, items.count - 1] : []) {
      const from = items.offset - OFFSET + index * items.stride;
      const item = items.decode(index, bytes.subarray(from, from + items.stride));
      if (item.offset !== items.offset + index * items.stride) found.push(`${item.name} of ${length} bytes`);
    }
  }
  if (seen >= 3000) found.push(`${seen} nodes of ${length} bytes`);
  return found;
}

describe.each(DECODERS)('%s', (_name, decode) => {
  test.prop([content, fc.boolean()], { numRuns: 60 })('random bodies', (bytes, littleEndian) => {
    const { length } = bytes;
    expect(faults(decode({ bytes, offset: OFFSET, length, claimed: length, littleEndian }), length, bytes)).toEqual([]);
  });

  test.prop([content, fc.nat({ max: 6000 }), fc.nat({ max: 2 ** 32 - 1 })], { numRuns: 30 })(
    'bodies of which less is loaded than there is, and less is there than claimed',
    (bytes, more, beyond) => {
      const length = bytes.length + more;
      const nodes = decode({ bytes, offset: OFFSET, length, claimed: length + beyond, littleEndian: true });
      expect(faults(nodes, length, bytes)).toEqual([]);
    },
  );

  test('every length from nothing to 1100 bytes', () => {
    const found: string[] = [];
    for (const fill of [0x00, 0x01, 0xff]) {
      for (let length = 0; length <= 1100; length++) {
        const bytes = new Uint8Array(length).fill(fill);
        const nodes = decode({ bytes, offset: OFFSET, length, claimed: length, littleEndian: true });
        found.push(...faults(nodes, length, bytes));
      }
    }
    expect(found).toEqual([]);
  });
});

test('counts of four billion cost nothing until looked at', () => {
  for (const type of [1, 10]) {
    const bytes = new Uint8Array(64);
    bytes.set(u32(0xffff_ffff));
    const body = { bytes, offset: OFFSET, length: 64, claimed: 64, littleEndian: true };
    const nodes = decodeRecord('libxc', type, body);
    expect(faults(nodes, 64, bytes)).toEqual([]);
    expect([...walkNodes(nodes)].some(({ problem }) => problem?.includes('4294967295'))).toBe(true);
  }
});

test.each([
  ['PV', smallPv],
  ['HVM', smallHvm],
])('the records of a %s image decode without any problem', async (_name, bytes) => {
  const rows = rowsOf(await scanBytes(bytes)).filter(({ kind, length }) => kind === 'record' && length > 0);
  expect(rows.length).toBeGreaterThan(5);
  for (const { layer, type, offset, length, name } of rows) {
    const body = bytes.subarray(offset + 8, offset + 8 + length);
    const nodes = decodeRecord(layer, type, { bytes: body, offset, length, claimed: length, littleEndian: true });
    const problems = [...walkNodes(nodes)].filter(({ problem }) => problem !== undefined);
    expect(problems, name).toEqual([]);
  }
});
