/** The save file of QEMU: every kind of section, and what is no file of QEMU. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import type { FieldNode } from '../../../src/format/kit/node';
import { decodeEmulatorContext } from '../../../src/format/libxl/emulator-context';
import { nodeAt, walkNodes } from '../../fixtures/nodes';
import { concat, latin1, u32 } from '../../fixtures/built/stream';

const OFFSET = 3000;
const be32 = (value: number): Uint8Array => u32(value).toReversed();
const byte = (value: number): Uint8Array => Uint8Array.of(value);

const full = (id: number, name: string, data: Uint8Array, type = 4): Uint8Array =>
  concat(byte(type), be32(id), byte(name.length), latin1(name), be32(0), be32(2), data);
const footer = (id: number): Uint8Array => concat(byte(0x7e), be32(id));
const sub = (name: string, data: Uint8Array): Uint8Array =>
  concat(byte(5), byte(name.length), latin1(name), be32(1), data);

const file = (...sections: Uint8Array[]): Uint8Array => concat(u32(2), u32(0), latin1('QEVM'), be32(3), ...sections);

function decodeFile(bytes: Uint8Array, claimed = bytes.length): FieldNode[] {
  return decodeEmulatorContext({ bytes, offset: OFFSET, length: bytes.length, claimed, littleEndian: true });
}
const sections = (bytes: Uint8Array): readonly FieldNode[] => nodeAt(decodeFile(bytes), 'sections').children ?? [];
const lengths = (nodes: readonly FieldNode[]): [string, number][] => nodes.map(({ name, length }) => [name, length]);
const problems = (nodes: readonly FieldNode[]): string[] =>
  [...walkNodes(nodes)].flatMap(({ problem }) => (problem === undefined ? [] : [problem]));

const zeros = (length: number): Uint8Array => new Uint8Array(length);

test('as Xen has it: whole sections without footers', () => {
  const bytes = file(full(0, 'timer', zeros(24)), full(3, '0000:00:01.1/ide', zeros(7)), byte(0));
  const found = sections(bytes);
  expect(lengths(found)).toEqual([
    ['timer', 43],
    ['0000:00:01.1/ide', 37],
    ['EOF', 1],
  ]);
  expect(nodeAt(found, 'timer.device state')).toMatchObject({ offset: OFFSET + 16 + 19, length: 24 });
  expect(problems(decodeFile(bytes))).toEqual([]);
});

test('with machine, parts, footers and the description of it all', () => {
  const json = '{"page_size": 4096, "devices": []}';
  const bytes = file(
    concat(byte(7), be32(5), latin1('xenfv')),
    full(1, 'block', zeros(9), 1),
    footer(1),
    concat(byte(2), be32(1), zeros(8)),
    footer(1),
    concat(byte(3), be32(1), zeros(4)),
    footer(1),
    concat(byte(8), Uint8Array.of(0, 6, 0, 2, 9, 9)),
    full(2, 'vga', concat(zeros(3), sub('vga/x', zeros(2)))),
    footer(2),
    byte(0),
    concat(byte(6), be32(json.length), latin1(json)),
  );
  const found = sections(bytes);
  expect(lengths(found)).toEqual([
    ['CONFIGURATION', 10],
    ['block', 19 + 9 + 5],
    ['PART', 5 + 8 + 5],
    ['END', 5 + 4 + 5],
    ['COMMAND', 7],
    ['vga', 17 + 3 + 13 + 5],
    ['EOF', 1],
    ['VMDESCRIPTION', 5 + json.length],
  ]);
  expect(found[0]?.text).toBe('xenfv');
  expect(lengths(found[5]?.children ?? []).slice(-3)).toEqual([
    ['device state', 3],
    ['vga/x', 13],
    ['footer', 5],
  ]);
  expect(nodeAt(found, 'VMDESCRIPTION.JSON.page_size').value).toBe(4096);
  expect(problems(found)).toEqual([]);
});

test('a number used before, a name that is too long, a large version: no section starts there', () => {
  const lies = [
    full(0, 'again', zeros(1)),
    concat(byte(4), be32(5), byte(200), latin1('short')),
    concat(byte(4), be32(5), byte(3), latin1('cpu'), be32(0), be32(0x7fff_ffff)),
    concat(byte(4), be32(5), byte(3), latin1('c u'), be32(0), be32(1)),
  ];
  for (const lie of lies) {
    const found = sections(file(full(0, 'timer', concat(lie, zeros(2))), byte(0)));
    expect(found.map(({ name }) => name)).toEqual(['timer', 'EOF']);
  }
});

test('what is no save file, or none whole', () => {
  expect(problems(decodeFile(concat(u32(2), u32(0), latin1('whatever'))))).toEqual([
    'not a save file of QEMU: expected "QEVM"',
  ]);
  expect(problems(decodeFile(file(byte(0x55), zeros(4))))).toContain('no section starts here');
  expect(problems(decodeFile(file(full(0, 'timer', byte(1)))))).toContain('cut short: the end of the file is missing');
  const old = concat(
    u32(0),
    u32(0),
    latin1('DeviceModelRecord0002'),
    u32(20),
    file(full(0, 'timer', zeros(3)), byte(0)).subarray(8),
  );
  expect(nodeAt(decodeFile(old), 'signature')).toMatchObject({ value: 'DeviceModelRecord0002', length: 21 });
  expect(nodeAt(decodeFile(old), 'sections').text).toBe('1 device');
});

describe('hostile files', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      full(0, 'timer', zeros(3)),
      full(1, 'cpu', zeros(1)),
      footer(0),
      footer(1),
      byte(0),
      sub('cpu/x', zeros(1)),
    ),
    fc.constantFrom(
      concat(byte(6), be32(9)),
      concat(byte(7), be32(0xffff)),
      concat(byte(8), be32(3)),
      concat(byte(2), be32(1)),
    ),
    fc.uint8Array({ maxLength: 40 }),
  );

  test.prop([fc.array(piece, { maxLength: 40 }), fc.nat({ max: 500 })], { numRuns: 500 })(
    'every byte belongs to one section, whatever they hold',
    (pieces, more) => {
      const bytes = file(...pieces);
      const nodes = decodeFile(bytes, bytes.length + more);
      const group = nodes.find(({ name }) => name === 'sections');
      let end = OFFSET + 16;
      for (const { offset, length, children } of group?.children ?? []) {
        expect(offset).toBe(end);
        end += length;
        let inner = offset;
        for (const child of children ?? []) {
          expect(child.offset).toBe(inner);
          inner += child.length;
        }
        if (children) expect(inner).toBe(end);
      }
      expect(end).toBe(OFFSET + bytes.length);
    },
  );

  test('many subsections are bounded', () => {
    const bytes = file(
      full(0, 'timer', concat(...Array.from({ length: 20_000 }, () => sub('timer/a', zeros(1))))),
      byte(0),
    );
    expect([...walkNodes(decodeFile(bytes))].length).toBeLessThan(4096 * 7);
  });
});
