/** The field tree as rows and as something to search: lists of any length, names, other names, values. */
import { expect, test } from 'vitest';
import type { FieldNode } from '../../../src/format/kit/node';
import { decode } from '../../../src/format/kit/decode';
import { encode } from '../../../src/format/kit/parse';
import { decodeHvmContext } from '../../../src/format/hvm/context';
import { HVM_CPU } from '../../../src/format/hvm/cpu';
import { decodePageData } from '../../../src/format/libxc/page-data';
import { aboutField } from '../../../src/ui/record/about';
import { markIn, parseQuery } from '../../../src/ui/record/field-query';
import { fieldRows, type FieldRow, type Folds, revealed } from '../../../src/ui/record/field-rows';
import { type FieldSearch, searchFields } from '../../../src/ui/record/field-search';
import type { Bytes } from '../../../src/source/cached';
import { concat, hvmEntry, u32 } from '../../fixtures/built/stream';

const NO_FOLDS: Folds = new Map();
/** A file without a byte: elements of arrays are there, and empty. */
const BYTES: Bytes = { peek: () => ({ state: 'ready', bytes: new Uint8Array(0) }) };
const body = (bytes: Uint8Array, length = bytes.length) => ({
  bytes,
  offset: 0,
  length,
  claimed: length,
  littleEndian: true,
});

const opened = (...paths: string[]): Folds => new Map(paths.map((path) => [path, true]));
const labels = (rows: readonly FieldRow[]): string[] =>
  rows.map((row) => (row.kind === 'group' ? row.label : row.kind === 'field' ? row.node.name : row.kind));

/** A list of 524 288 PFNs, of which only the count is loaded. */
const MANY = 524_288;
const pageList = (): FieldNode[] => decodePageData(body(concat(u32(MANY), u32(0)), 8 + MANY * 8));

test('a list of 524 288 PFNs makes a handful of rows, and some hundred for each group that is opened', () => {
  const nodes = pageList();
  const folded = fieldRows(BYTES, nodes, NO_FOLDS);
  expect(folded.length).toBeLessThan(20);
  expect(labels(folded)).toContain('[458\u2009752 – 524\u2009287]');
  const one = fieldRows(BYTES, nodes, opened('2.458752…65536'));
  expect(one.length - folded.length).toBe(256);
  expect(labels(one)).toContain('[524\u2009032 – 524\u2009287]');
  const two = fieldRows(BYTES, nodes, opened('2.458752…65536', '2.524032…'));
  expect(two.length - one.length).toBe(256);
});

test('the last of them is brought into view by its path', () => {
  const nodes = pageList();
  const path = `2.[${MANY - 1}]`;
  expect(fieldRows(BYTES, nodes, NO_FOLDS).some((row) => row.path === path)).toBe(false);
  const rows = fieldRows(BYTES, nodes, revealed(NO_FOLDS, path));
  expect(rows.some((row) => row.path === path)).toBe(true);
  expect(rows.length).toBeLessThan(600);
});

test('an HVM context of 65 536 entries is listed in groups, folded', () => {
  const entry = hvmEntry(19, 0, new Uint8Array(8));
  const all = new Uint8Array(entry.length * 65_536);
  for (let at = 0; at < all.length; at += entry.length) all.set(entry, at);
  const nodes = decodeHvmContext(body(all));
  expect(nodes).toHaveLength(65_536);
  expect(fieldRows(BYTES, nodes, NO_FOLDS)).toHaveLength(256);
  const rows = fieldRows(BYTES, nodes, revealed(NO_FOLDS, '65535.0'));
  expect(rows.some(({ path }) => path === '65535.0')).toBe(true);
  expect(rows.length).toBeLessThan(600);
});

const CPU = decode(
  HVM_CPU,
  body(encode(HVM_CPU, { rip: 0x10_13a8n, cr4: 0x10_0020n, msr_efer: 0xd01n, msr_lstar: 0xffff_ffff_8000_0000n })),
);
/** As in a context: the registers below the name of their entry. */
const CONTEXT: FieldNode[] = ['CPU[0]', 'CPU[1]'].map((name) => ({
  name,
  offset: 0,
  length: 1032,
  value: null,
  text: '',
  children: CPU,
}));

function find(typed: string, nodes: readonly FieldNode[] = CONTEXT, folds = NO_FOLDS): FieldSearch {
  const query = parseQuery(typed);
  if (!query) throw new Error('nothing to look for');
  return searchFields(BYTES, nodes, query, folds);
}
const names = ({ rows }: FieldSearch): string => labels(rows).join(' ');

test.each([
  ['cr4.smep', 'CPU[0] cr4 SMEP CPU[1] cr4 SMEP'],
  ['cpu[1].cr4.smep', 'CPU[1] cr4 SMEP'],
  ['CPU[1] SMEP', 'CPU[1] cr4 SMEP'],
  ['cpu[1].smep.cr4', ''],
  ['IA32_EFER', 'CPU[0] msr_efer CPU[1] msr_efer'],
  ['efer.lma', 'CPU[0] msr_efer LMA CPU[1] msr_efer LMA'],
  ['ia32_lstar', 'CPU[0] msr_lstar CPU[1] msr_lstar'],
  ['eip', 'CPU[0] rip sysenter_eip CPU[1] rip sysenter_eip'],
  ['KERNEL_GS_BASE', 'CPU[0] shadow_gs CPU[1] shadow_gs'],
  ['0x1013a8', 'CPU[0] rip CPU[1] rip'],
  ['1013A8', 'CPU[0] rip CPU[1] rip'],
  // The same in decimal.
  ['1053608', 'CPU[0] rip CPU[1] rip'],
  ['ffffffff80000000', 'CPU[0] msr_lstar CPU[1] msr_lstar'],
  ['nothing of the kind', ''],
])('%s finds "%s"', (typed, wanted) => {
  expect(names(find(typed))).toBe(wanted);
});

test('what is found is counted in order, and can be opened where it stands', () => {
  const closed = find('cr4');
  expect(closed.found).toHaveLength(2);
  expect(closed.rows.map(({ depth }) => depth)).toEqual([0, 1, 0, 1]);
  const [first = ''] = closed.found;
  const open = find('cr4', CONTEXT, opened(first));
  expect(open.found).toEqual(closed.found);
  expect(names(open)).toContain('PAE');
});

test('long arrays are searched up to a limit, which is said', () => {
  const { limits, found } = find('[4095]', pageList());
  expect(found).toEqual(['2.[4095]']);
  expect(limits).toEqual(['only the first 4\u2009096 elements of pfn were looked at']);
  expect(find('[4096]', pageList()).found).toEqual([]);
});

test('a tree without end is searched up to a limit, which is said', () => {
  const leaf: FieldNode = { name: 'leaf', offset: 0, length: 1, value: 0, text: '0' };
  const wide: FieldNode = {
    name: 'wide',
    offset: 0,
    length: 1,
    value: null,
    text: '',
    children: Array.from({ length: 999 }, () => leaf),
  };
  const { found, limits } = find(
    'leaf',
    Array.from({ length: 200 }, () => wide),
  );
  expect(found.length).toBeLessThan(100_000);
  expect(limits).toEqual(['only the first 100\u2009000 fields were looked at']);
});

test('empty text looks for nothing', () => {
  expect(parseQuery('')).toBeUndefined();
  expect(parseQuery(' . ')).toBeUndefined();
});

test.each([
  ['smep', 'SMEP', [0, 4]],
  ['cr4.sm', 'SMEP', [0, 2]],
  ['eip', 'rip', [0, 3]],
  ['0x1013a8', '00000000001013a8', [10, 16]],
  ['zz', 'SMEP', undefined],
])('looking for %s marks %s at %j', (typed, shown, wanted) => {
  const query = parseQuery(typed);
  expect(query && markIn(shown, query)).toEqual(wanted);
});

test('what is said of a field: meaning, bits, the value the other way, where it leads, its source', () => {
  expect(
    aboutField({
      name: 'LMA',
      offset: 0x10,
      length: 8,
      value: 1,
      text: '1',
      bits: [10, 1],
      doc: 'Long mode is active.',
      source: 'Intel SDM',
    }),
  ).toEqual({
    doc: 'Long mode is active.',
    facts: [
      ['bits', '10'],
      ['bytes', '8 B at 0x10'],
      ['source', 'Intel SDM'],
    ],
  });
  expect(
    aboutField({
      name: 'rip',
      offset: 0,
      length: 8,
      value: 0x1013a8n,
      text: '00000000001013a8',
      unit: 'bytes',
      leadsTo: { space: 'va', at: 0x1013a8n },
    }).facts,
  ).toEqual([
    ['unit', 'bytes'],
    ['equals', '1\u2009053\u2009608'],
    ['bytes', '8 B at 0x0'],
    ['leads to', 'address 0x1013a8 (M)'],
  ]);
});
