/**
 * No byte of a real image stays unnamed: every byte that is not page content lies in a field that the layouts name,
 * padding and reserved ones counted. What is opaque by nature, the state of a device inside a QEMU section, is listed.
 */
import { describe, expect, test } from 'vitest';
import type { FieldNode } from '../../../src/format/kit/node';
import { endOf } from '../../../src/format/framing';
import type { RecordRow } from '../../../src/scan/records';
import { decodeIn, itemsOf } from '../../fixtures/nodes';
import { samples } from '../../fixtures/samples';
import { rowsOf, scanBytes } from '../../fixtures/scanning';

/** Opaque by nature: only the device model knows what is in them. */
const OPAQUE = new Set(['device state']);
const RESERVED = /^_?(?:pad|res|rsvd|reserved|unused|padding)/u;
/** A field of plain bytes longer than this is not decoded, whatever its name. */
const LONGEST = 32;
/** Elements of a longer list are looked at as far as this; all have one layout. */
const ELEMENTS = 64;

interface Share {
  readonly named: number;
  readonly unnamed: string[];
  readonly opaque: string[];
}

/** Marks the bytes that leaves of the tree name; returns what they leave out, by path. */
function mark(
  nodes: readonly FieldNode[],
  bytes: Uint8Array,
  at: number,
  seen: Uint8Array,
  share: Share,
  path = '',
): void {
  for (const node of nodes) {
    const name = `${path}${node.name}`;
    const children = node.items ? itemsOf(bytes, { ...node, items: few(node.items) }) : (node.children ?? []);
    const isGroup = children.length > 0 && node.value === null;
    if (isGroup) {
      mark(children, bytes, at, seen, share, `${name}.`);
      if (node.items && node.items.count > ELEMENTS) {
        const from = node.items.offset + ELEMENTS * node.items.stride - at;
        seen.fill(1, from, from + (node.items.count - ELEMENTS) * node.items.stride);
      }
      continue;
    }
    const isText = typeof node.value === 'string';
    const isOpaque = OPAQUE.has(node.name);
    if (isOpaque) share.opaque.push(`${name}: ${node.length}`);
    const tooLong = node.length > LONGEST && !isText && !RESERVED.test(node.name) && !isOpaque;
    if (node.name === 'rest' || tooLong) share.unnamed.push(`${name}: ${node.length}`);
    else seen.fill(1, node.offset - at, node.offset - at + node.length);
  }
}

const few = <T extends { readonly count: number }>(items: T): T => ({
  ...items,
  count: Math.min(items.count, ELEMENTS),
});

/** Bytes of a row that are not page contents: header, body up to the pages, padding. */
function bytesOf(row: RecordRow): number {
  if (row.kind === 'header') return row.length;
  return row.pages < 0 ? endOf(row.offset, row.length) - row.offset : 8 + 8 + row.pages * 8;
}

describe.each(samples)('$file', (sample) => {
  test('every byte outside of pages has a name', async () => {
    const bytes = sample.open();
    const scan = await scanBytes(bytes);
    const unnamed: string[] = [];
    let total = 0;
    let named = 0;
    let opaque = 0;
    let end = 0;
    for (const row of rowsOf(scan)) {
      const length = Math.min(bytesOf(row), bytes.length - row.offset);
      const seen = new Uint8Array(length);
      const share: Share = { named: 0, unnamed: [], opaque: [] };
      const nodes = decodeIn(bytes, row, scan).filter(({ name }) => row.pages < 0 || name !== 'pages');
      mark(nodes, bytes, row.offset, seen, share);
      const covered = seen.reduce((sum, one) => sum + one, 0);
      if (covered < length)
        unnamed.push(
          `#${row.index} ${row.name}: ${length - covered} of ${length}: ${share.unnamed.slice(0, 5).join(', ')}`,
        );
      opaque += share.opaque.length;
      total += length;
      named += covered;
      expect(row.offset, 'rows follow each other').toBeGreaterThanOrEqual(end);
      end = row.offset + length;
    }
    expect(unnamed.slice(0, 20)).toEqual([]);
    expect(named / total).toBe(1);
    // QEMU's sections stand in images of HVM guests that have a device model, and nowhere else.
    expect(opaque > 0).toBe(sample.file.startsWith('hvm'));
  });
});
