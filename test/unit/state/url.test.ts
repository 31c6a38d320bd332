/** Links: what is written can be read back, each key stands by itself, and old links stay valid for ever. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, test as plain } from 'vitest';
import { decodeHash, encodeHash } from '../../../src/state/url/codec';
import { type Link, PAGE_VIEWS, START, TABS } from '../../../src/state/place';

const SAFE = fc.integer({ min: 0, max: 2 ** 52 });
const HEX16 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((value) => value.toString(16).padStart(16, '0'));
const IMAGE = fc.record(
  { name: fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme' }), size: SAFE, fingerprint: HEX16 },
  { requiredKeys: ['name', 'size'] },
);
const RANGE = fc
  .tuple(SAFE, fc.integer({ min: 1, max: 2 ** 40 }))
  .map(([start, length]) => ({ start, end: start + length }));
const PLACE = fc.record(
  {
    record: fc.nat(),
    range: RANGE,
    tab: fc.constantFrom(...TABS),
    pfn: SAFE,
    vcpu: fc.nat(8192),
    layer: fc.constantFrom('sends' as const, 'content' as const, 'role' as const),
    pageView: fc.constantFrom(...PAGE_VIEWS),
    va: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    finding: fc.record({ key: fc.constantFrom('LP-40', 'reserved', 'LX-20.second'), offset: SAFE }),
    xen: fc.integer({ min: 406, max: 423 }),
    filter: fc.string({ maxLength: 80, unit: 'grapheme' }),
    hexScope: fc.constantFrom('record' as const, 'file' as const),
  },
  { requiredKeys: ['tab', 'filter', 'hexScope'] },
);
const LINK = fc.record({ image: IMAGE, place: PLACE }, { requiredKeys: ['place', 'image'] });

test.prop([LINK])('what is written is read back', (link) => {
  const decoded = decodeHash(encodeHash(link));
  expect(decoded).toEqual({ kind: 'link', link });
});

test.prop([fc.string({ maxLength: 200, unit: 'binary' })])('no hash throws', (hash) => {
  expect(['none', 'link', 'newer', 'unreadable']).toContain(decodeHash(hash).kind);
});

test.prop([
  fc.array(
    fc.tuple(
      fc.constantFrom('n', 's', 'f', 'r', 'b', 't', 'p', 'c', 'va', 'q', 'h', 'layer', 'view'),
      fc.constantFrom('n', 's', 'f', 'r', 'b', 't', 'p', 'c', 'va', 'q', 'h', 'fi', 'x'),
      fc.string({ maxLength: 30 }),
    ),
  ),
])('nonsense in a key leaves a place that can be shown', (keys) => {
  const decoded = decodeHash(`#v=1&${keys.map(([key, value]) => `${key}=${encodeURIComponent(value)}`).join('&')}`);
  expect(decoded.kind).toBe('link');
  if (decoded.kind !== 'link') return;
  const { place } = decoded.link;
  expect(TABS).toContain(place.tab);
  for (const number of [place.record, place.pfn, place.vcpu, place.range?.start, place.range?.end]) {
    expect(number === undefined || Number.isSafeInteger(number)).toBe(true);
  }
});

plain('defaults are not written', () => {
  expect(encodeHash({ place: START })).toBe('');
  expect(encodeHash({ image: { name: 'a b', size: 255 }, place: START })).toBe('#v=1&n=a%20b&s=ff');
});

plain('one bad key does not take the others with it', () => {
  const decoded = decodeHash('#v=1&r=banana&t=memory&p=2a10&c=-1&b=10&s=xyz&n=file');
  expect(decoded).toEqual({ kind: 'link', link: { place: { ...START, tab: 'memory', pfn: 0x2a10 } } });
});

plain('links of other versions are told apart from broken ones', () => {
  expect(decodeHash('#v=2&r=1')).toEqual({ kind: 'newer', version: 2 });
  expect(decodeHash('#v=99')).toEqual({ kind: 'newer', version: 99 });
  expect(decodeHash('#r=1')).toEqual({ kind: 'unreadable' });
  expect(decodeHash('#v=one')).toEqual({ kind: 'unreadable' });
  expect(decodeHash('')).toEqual({ kind: 'none' });
});

describe('links made by version 1 mean today what they meant then', () => {
  // Frozen: never change a line here; add one for each new version.
  const FIXTURES: readonly (readonly [hash: string, link: Link])[] = [
    [
      '#v=1&n=pv64.xlsave&s=6034bbe&f=bbcd2ac939435a11&r=36&b=6031e66%2B8',
      {
        image: { name: 'pv64.xlsave', size: 100_879_294, fingerprint: 'bbcd2ac939435a11' },
        place: {
          record: 36,
          range: { start: 0x603_1e66, end: 0x603_1e6e },
          tab: 'record',
          filter: '',
          hexScope: 'record',
        },
      },
    ],
    [
      // A plus that was not escaped, as mail programs leave it.
      '#v=1&r=36&b=6031e66+8&h=file',
      {
        place: {
          record: 36,
          range: { start: 0x603_1e66, end: 0x603_1e6e },
          tab: 'record',
          filter: '',
          hexScope: 'file',
        },
      },
    ],
    [
      '#v=1&n=save%20%C3%A9.img&s=0&t=memory&p=fffffffffffff&q=type%3APAGE_DATA%20vcpu%3A1',
      {
        image: { name: 'save é.img', size: 0 },
        place: { tab: 'memory', pfn: 2 ** 52 - 1, filter: 'type:PAGE_DATA vcpu:1', hexScope: 'record' },
      },
    ],
    [
      '#v=1&t=findings&fi=LP-40%40400c51&x=4.13',
      {
        place: {
          tab: 'findings',
          finding: { key: 'LP-40', offset: 0x400c51 },
          xen: 413,
          filter: '',
          hexScope: 'record',
        },
      },
    ],
    [
      '#v=1&t=findings&fi=LX-20.second%4044',
      {
        place: {
          tab: 'findings',
          finding: { key: 'LX-20.second', offset: 0x44 },
          filter: '',
          hexScope: 'record',
        },
      },
    ],
    // A rule without an offset, a Xen that never read such images: the rest of the link stands.
    ['#v=1&t=findings&fi=LP-40&x=4.5', { place: { tab: 'findings', filter: '', hexScope: 'record' } }],
    [
      '#v=1&t=memory&c=1&va=ffffffff81a442b5',
      { place: { tab: 'memory', vcpu: 1, va: 0xffff_ffff_81a4_42b5n, filter: '', hexScope: 'record' } },
    ],
    [
      '#v=1&t=memory&p=1a&layer=role&view=compare',
      { place: { tab: 'memory', pfn: 0x1a, layer: 'role', pageView: 'compare', filter: '', hexScope: 'record' } },
    ],
    // Names of layers and views that there are not.
    ['#v=1&t=memory&layer=weather&view=', { place: { tab: 'memory', filter: '', hexScope: 'record' } }],
    ['#v=1&t=cpus&c=127', { place: { tab: 'cpus', vcpu: 127, filter: '', hexScope: 'record' } }],
  ];
  for (const [hash, link] of FIXTURES) {
    plain(hash, () => {
      expect(decodeHash(hash)).toEqual({ kind: 'link', link });
    });
  }
});
