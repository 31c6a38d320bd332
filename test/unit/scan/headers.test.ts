/** Departures from the layouts in headers: each has a finding that points at just the bytes in question. */
import { describe, expect, test } from 'vitest';
import { libvirt, pvXl } from '../../fixtures/built/images';
import { linesOf, scanBytes } from '../../fixtures/scanning';
import { concat, latin1, libxlStream, pvInfo, u32, xlHeader, libxcStream, PV, end } from '../../fixtures/built/stream';

function patched(bytes: Uint8Array, ...edits: readonly (readonly [at: number, by: readonly number[]])[]): Uint8Array {
  const out = bytes.slice();
  for (const [at, by] of edits) out.set(by, at);
  return out;
}

const stream = libxlStream(libxcStream(PV, [pvInfo(), end()]));

// pvXl: xl header 0–80 (configuration at 52), libxl header 80, image header 104, domain header 128.
describe.each<[string, Uint8Array, Record<string, unknown>]>([
  [
    'xl: byte order mark that is none',
    patched(pvXl, [32, [9]]),
    { id: 'bad-byteorder', severity: 'fatal', offset: 32, length: 4, found: '0x01020309' },
  ],
  [
    'xl: a mandatory flag that no xl knows',
    patched(pvXl, [36, [7]]),
    { id: 'unknown-flags', severity: 'fatal', offset: 36, length: 4, found: '0x7' },
  ],
  ['xl: optional flags', patched(pvXl, [40, [1]]), { id: 'optional-flags', severity: 'note', offset: 40, length: 4 }],
  [
    'xl: JSON without closing NUL',
    patched(pvXl, [79, [0x20]]),
    { id: 'config-not-closed', severity: 'warning', offset: 48 },
  ],
  [
    'xl: configuration longer than the data that holds it',
    patched(pvXl, [48, [29]]),
    { id: 'bad-config-length', severity: 'fatal', offset: 48, length: 4, expected: 'at most 28', found: '29' },
  ],
  [
    'libvirt: a version that is none',
    patched(libvirt, [16, [3]]),
    { id: 'bad-version', severity: 'fatal', offset: 16, length: 4, found: '3' },
  ],
  ['libvirt: unused words', patched(libvirt, [63, [1]]), { id: 'reserved', severity: 'note', offset: 24, length: 40 }],
  [
    'libxl: version',
    patched(pvXl, [91, [1]]),
    { id: 'bad-version', severity: 'fatal', offset: 88, length: 4, expected: '2', found: '1' },
  ],
  ['libxl: reserved options', patched(pvXl, [95, [4]]), { id: 'reserved', severity: 'note', offset: 92, length: 4 }],
  [
    'libxc: version',
    patched(pvXl, [119, [4]]),
    { id: 'bad-version', severity: 'fatal', offset: 116, length: 4, expected: '2 or 3', found: '4' },
  ],
  ['libxc: reserved options', patched(pvXl, [120, [1]]), { id: 'reserved', severity: 'note', offset: 120, length: 2 }],
  ['libxc: reserved words', patched(pvXl, [127, [1]]), { id: 'reserved', severity: 'note', offset: 122, length: 6 }],
  [
    'domain: type',
    patched(pvXl, [128, [3]]),
    { id: 'bad-domain-type', severity: 'fatal', offset: 128, length: 4, found: '3' },
  ],
  [
    'domain: page shift',
    patched(pvXl, [132, [13]]),
    { id: 'bad-page-shift', severity: 'fatal', offset: 132, length: 2, expected: '12', found: '13' },
  ],
  ['domain: reserved word', patched(pvXl, [134, [1]]), { id: 'reserved', severity: 'note', offset: 134, length: 2 }],
  [
    'domain: a Xen that does not exist',
    patched(pvXl, [136, [40]]),
    { id: 'odd-xen-version', severity: 'note', offset: 136, length: 8, found: '40.17' },
  ],
  [
    'PAGE_DATA: reserved word',
    patched(pvXl, [284, [1]]),
    { id: 'reserved', severity: 'note', record: 10, offset: 284, length: 4 },
  ],
  [
    'PAGE_DATA: reserved bits of an entry',
    patched(pvXl, [302, [0x10]]),
    { id: 'reserved', severity: 'note', record: 10, offset: 296, length: 8 },
  ],
])('%s', (_name, bytes, finding) => {
  test('one finding, and all records', async () => {
    const scan = await scanBytes(bytes);
    expect(scan.findings).toHaveLength(1);
    expect(scan.findings[0]).toMatchObject(finding);
    expect(scan.records.count).toBe(20);
    expect(scan.image.complete).toBe(true);
  });
});

test('the index knows which PAGE_DATA have entries with reserved bits', async () => {
  const scan = await scanBytes(patched(pvXl, [302, [0x10]]));
  const flagged = Array.from({ length: scan.records.count }, (_, row) => row).filter((row) =>
    scan.records.hasReservedBits(row),
  );
  expect(flagged).toEqual([10]);
});

test('an xl header in big-endian byte order', async () => {
  const scan = await scanBytes(concat(xlHeader('{}\0', { little: false }), stream));
  expect(linesOf(scan).slice(0, 3)).toEqual([
    '0 -1 xl header XL_HEADER 0 55',
    '1 0 libxl header LIBXL_HEADER 55 16',
    '2 1 libxl record LIBXC_CONTEXT 71 0',
  ]);
  expect(scan.findings).toMatchObject([{ id: 'big-endian', severity: 'fatal', layer: 'xl', offset: 32 }]);
});

test('an xl file without configuration', async () => {
  const header = concat(xlHeader('').subarray(0, 44), u32(0));
  const scan = await scanBytes(concat(header, stream));
  expect(scan.image.config).toBeUndefined();
  expect(linesOf(scan)[1]).toBe('1 0 libxl header LIBXL_HEADER 48 16');
  expect(scan.findings).toEqual([]);
});

test('a configuration in the old text form', async () => {
  const scan = await scanBytes(concat(xlHeader('name = "guest"', { flags: 2 }), stream));
  expect(scan.image.config).toEqual({ format: 'cfg', offset: 52, length: 14 });
  expect(scan.findings).toEqual([]);
});

test('a reserved page type is refused by Xen; the page that follows is found all the same', async () => {
  const scan = await scanBytes(patched(pvXl, [295, [0x50]]));
  expect(scan.findings.map(({ id }) => id)).toContain('bad-page-type');
  expect(scan.findings.find(({ id }) => id === 'bad-page-type')).toMatchObject({ offset: 288, length: 8, record: 10 });
  expect(scan.records.row(11)).toMatchObject({ name: 'X86_TSC_INFO', offset: 12_616 });
});

test('two byte orders in one image: each stream is read in its own', async () => {
  const mixed = patched(pvXl, [95, [1]], [103, [1]], [96, [0, 0, 0, 1]]);
  const scan = await scanBytes(patched(mixed, [103, [0]]));
  expect(scan.findings[0]).toMatchObject({ id: 'big-endian', layer: 'libxl', offset: 92 });
  expect(linesOf(scan).slice(2, 6)).toEqual([
    '2 1 libxl record LIBXC_CONTEXT 96 0',
    '3 2 libxc header IMAGE_HEADER 104 24',
    '4 3 libxc header DOMAIN_HEADER 128 16',
    '5 3 libxc record X86_PV_INFO 144 8',
  ]);
});

test('LIBXC_CONTEXT with a body: libxl drops the body and reads on', async () => {
  const bytes = concat(pvXl.subarray(0, 96), u32(1), u32(5), latin1('extra\0\0\0'), pvXl.subarray(104));
  const scan = await scanBytes(bytes);
  expect(linesOf(scan).slice(2, 5)).toEqual([
    '2 1 libxl record LIBXC_CONTEXT 96 5 damaged',
    '3 2 libxc header IMAGE_HEADER 112 24',
    '4 3 libxc header DOMAIN_HEADER 136 16',
  ]);
  expect(scan.findings).toMatchObject([
    { id: 'bad-length', severity: 'warning', offset: 100, expected: '0', found: '5' },
  ]);
});
