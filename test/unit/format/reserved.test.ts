/** What has no meaning is marked so in the layouts: what shows it or leaves it out goes by the mark, not by the name. */
import { expect, test } from 'vitest';
import { decodeNode } from '../../../src/format/kit/decode';
import { array, bytes, type Field, struct, u32, zeros } from '../../../src/format/kit/layout';
import { type FieldNode, isFlag, noteOf, saysNothing } from '../../../src/format/kit/node';
import { CHAPTERS } from '../../../src/format/reference';

const NAMED = /^_?(?:reserved|rsvd|pad)/u;

/** Fields and bits by path, with their mark. */
function* marks(field: Field, path: string): Generator<readonly [path: string, name: string, reserved: boolean]> {
  if (field.kind === 'array') yield* marks(field.of, path);
  if (field.kind === 'struct')
    for (const [name, inner] of Object.entries(field.fields)) {
      const isMarked = (inner.kind === 'array' ? inner.of : inner).reserved === true;
      yield [`${path}.${name}`, name, isMarked];
      yield* marks(inner, `${path}.${name}`);
    }
  if (field.kind === 'int')
    for (const [name, bits] of Object.entries(field.bits ?? {}))
      yield [`${path}.${name}`, name, typeof bits !== 'number' && bits.reserved === true];
}

test('what is called reserved or padding is marked', () => {
  const all = CHAPTERS.flatMap(({ layouts }) => layouts.flatMap((layout) => [...marks(layout, layout.name)]));
  const missing = all.filter(([, name, isMarked]) => NAMED.test(name) && !isMarked).map(([path]) => path);
  expect(missing).toEqual([]);
  expect(all.filter(([, name]) => NAMED.test(name)).length).toBeGreaterThan(100);
});

const LAYOUT = struct('one', {
  flags: u32({
    bits: {
      ON: 0,
      KEPT: { at: 1, reserved: true },
      mode: { at: 2, width: 2, names: { 1: 'fast' } },
      rest: { at: 4, width: 28, mustBe: 0, reserved: true },
    },
  }),
  hole: zeros(4),
  spare: bytes(2, { reserved: true }),
  list: array(u32(), 1),
});

const decoded = (flags: number, hole: number): readonly FieldNode[] => {
  const raw = Uint8Array.of(flags, 0, 0, 0, hole, 0, 0, 0, 1, 1, 0, 0, 0, 0);
  return (
    decodeNode('one', LAYOUT, { bytes: raw, offset: 0, length: 14, claimed: 14, littleEndian: true }).children ?? []
  );
};

test('marks and places of bits reach the decoded tree; nothing reserved is among the flags', () => {
  const [flags, hole, spare, list] = decoded(0b111, 0);
  expect(flags?.flags).toEqual(['ON']);
  expect(flags?.children?.map((part) => [part.name, noteOf(part), isFlag(part), saysNothing(part)])).toEqual([
    ['ON', 'bit 0', true, false],
    ['KEPT', 'bit 1', true, true],
    ['mode', 'fast', false, false],
    ['rest', 'bits 31–4', false, true],
  ]);
  expect([hole, spare, list].map((node) => node && saysNothing(node))).toEqual([true, true, false]);
});

test('what is wrong is shown, reserved or not', () => {
  const [flags, hole] = decoded(0x10, 1);
  expect([flags?.children?.at(-1), hole].map((node) => node && saysNothing(node))).toEqual([false, false]);
});
