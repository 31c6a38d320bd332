import { expect, test } from 'vitest';
import { ascii, byteRate, byteSize, counted, grouped, hex, hex0x, hexBytes, isPrintable } from '../../../src/lib/text';

test.each([
  [0, '0'],
  [999, '999'],
  [1000, '1\u2009000'],
  [4_202_504, '4\u2009202\u2009504'],
  [2n ** 64n - 1n, '18\u2009446\u2009744\u2009073\u2009709\u2009551\u2009615'],
])('grouped(%s)', (value, text) => {
  expect(grouped(value)).toBe(text);
});

test('hex', () => {
  expect([hex(255), hex(255, 4), hex(0x1234n, 2), hex0x(0), hex0x(0xabc, 8), hex0x(2n ** 64n - 1n)]).toEqual([
    'ff',
    '00ff',
    '1234',
    '0x0',
    '0x00000abc',
    '0xffffffffffffffff',
  ]);
});

test.each([
  [0, '0 B'],
  [1023, '1\u2009023 B'],
  [1_048_575, '1\u2009048\u2009575 B'],
  [1_048_576, '1.0 MiB'],
  [1_572_864, '1.5 MiB'],
  [2 ** 30, '1.0 GiB'],
  [500 * 2 ** 30, '500.0 GiB'],
  [2 ** 40, '1.0 TiB'],
  [2 ** 52, '4.0 PiB'],
])('byteSize(%i)', (bytes, text) => {
  expect(byteSize(bytes)).toBe(text);
});

test.each([
  [252.4, '252 B'],
  [1_048_575.7, '1\u2009048\u2009576 B'],
])('byteSize(%f) has no fraction', (bytes, text) => {
  expect(byteSize(bytes)).toBe(text);
});

test.each([
  [252, 3896, '65 B/s'],
  [4_000_000_000, 1500, '2.5 GiB/s'],
  [0, 5000, '0 B/s'],
  [1000, 99, undefined],
  [1000, 0, undefined],
])('byteRate(%i, %i)', (bytes, ms, text) => {
  expect(byteRate(bytes, ms)).toBe(text);
});

test('printable ASCII is 0x20 to 0x7e', () => {
  const printable = Array.from({ length: 256 }, (_, byte) => byte).filter(isPrintable);
  expect([printable.length, printable[0], printable.at(-1)]).toEqual([95, 0x20, 0x7e]);
});

test('bytes as digits and as text', () => {
  const bytes = Uint8Array.of(0x00, 0x41, 0x7e, 0x7f, 0xff);
  expect(hexBytes(bytes)).toBe('00417e7fff');
  expect(hexBytes(bytes, ' ')).toBe('00 41 7e 7f ff');
  expect(ascii(bytes)).toBe('·A~··');
});

test('counted', () => {
  expect([counted(0, 'page'), counted(1, 'page'), counted(24_576, 'page'), counted(2, 'entry', 'entries')]).toEqual([
    '0 pages',
    '1 page',
    '24\u2009576 pages',
    '2 entries',
  ]);
});
