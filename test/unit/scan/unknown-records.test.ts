/** Records of types that are not assigned: a reader steps over optional ones, however many, and the framing of all holds. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { memorySource } from '../../../src/source/memory';
import { hvmXl, libvirt, pvXl, remusHvm } from '../../fixtures/built/images';
import { Random } from '../../fuzz/random';
import { findingsOf, linesOf, rowsOf, scanBytes, scanSource } from '../../fixtures/scanning';
import {
  concat,
  emulatorRecord,
  end,
  HVM,
  hvmParams,
  libxcStream,
  libxlStream,
  pageData,
  record,
  sharedInfo,
  tscInfo,
  XC,
  u32,
  XL,
  xlFile,
} from '../../fixtures/built/stream';

const names = (rows: ReturnType<typeof rowsOf>): string[] => rows.map(({ name }) => name);
const many = (count: number, type: (index: number) => number, bytes = 8): Uint8Array =>
  concat(...Array.from({ length: count }, (_, index) => record(type(index), new Uint8Array(bytes).fill(0x55))));
const JUNK = Uint8Array.from([0xde, 0xad, 0xbe, 0xef, 0x0b, 0xad, 0xf0, 0x0d]);

test('two optional records in a row, in an image that restores', async () => {
  const packed = readFileSync(new URL('../../fixtures/two-optional.xlsave.gz', import.meta.url));
  const scan = await scanBytes(new Uint8Array(gunzipSync(packed)));
  expect(linesOf(scan).slice(8, 13)).toEqual([
    '8 3 libxc record STATIC_DATA_END 2129 0',
    '9 3 libxc record 0x80000001 2137 8 optional',
    '10 3 libxc record 0x80000002 2153 8 optional',
    '11 3 libxc record X86_PV_P2M_FRAMES 2169 24',
    '12 3 libxc record PAGE_DATA 2201 4186120 pages=1024 pass',
  ]);
  expect(findingsOf(scan)).toEqual(['optional-record note 2137+4', 'optional-record note 2153+4']);
  expect(scan.image.gaps).toEqual([]);
});

describe.each([
  ['optional', (index: number) => 0x8000_0001 + index],
  ['optional, of high numbers', (index: number) => 0xffff_ff00 - index],
  ['mandatory', (index: number) => 0x20 + index],
  ['of one type', () => 0x8000_0001],
])('%s', (_, type) => {
  test.each([1, 2, 3, 7, 100, 5000])('%i in a row', async (count) => {
    const image = libxcStream(HVM, [pageData([{ pfn: 1 }]), many(count, type), tscInfo(), hvmParams([]), end()]);
    const scan = await scanBytes(image);
    const rows = names(rowsOf(scan));
    expect(rows).toHaveLength(3 + count + 3);
    expect(rows.slice(3 + count)).toEqual(['X86_TSC_INFO', 'HVM_PARAMS', 'END']);
    expect(scan.image.gaps).toEqual([]);
  });

  test.each([2, 40])('%i in front of the END', async (count) => {
    const image = libxcStream(HVM, [pageData([{ pfn: 1 }]), many(count, type), tscInfo(), many(count, type), end()]);
    const scan = await scanBytes(image);
    expect(scan.records.count).toBe(3 + count + 1 + count + 1);
    expect(scan.image.gaps).toEqual([]);
  });

  test('between any two records', async () => {
    const some = many(3, type, 5);
    const parts = [pageData([{ pfn: 1 }]), tscInfo(), hvmParams([]), sharedInfo(), tscInfo(), end()];
    const image = libxcStream(
      HVM,
      parts.flatMap((part) => [some, part]),
    );
    const scan = await scanBytes(image);
    expect(scan.records.count).toBe(2 + 6 * 4);
    expect(scan.image.gaps).toEqual([]);
  });
});

test('optional ones in front of the END, in a file that goes on behind it', async () => {
  const some = many(3, (index) => 0x8000_0001 + index);
  const image = concat(libxcStream(HVM, [pageData([{ pfn: 1 }]), some, end()]), new Uint8Array(4096));
  const scan = await scanBytes(image);
  expect(names(rowsOf(scan)).at(-1)).toBe('END');
  expect(scan.records.count).toBe(3 + 3 + 1);
});

test('records without a body among others', async () => {
  const empty = record(0x8000_0007);
  const image = libxcStream(HVM, [
    empty,
    empty,
    pageData([{ pfn: 1 }]),
    empty,
    empty,
    empty,
    tscInfo(),
    hvmParams([]),
    end(),
  ]);
  const scan = await scanBytes(image);
  expect(scan.records.count).toBe(2 + 9);
  expect(scan.image.gaps).toEqual([]);
});

test('in front of records whose bodies can be anything', async () => {
  const image = libxcStream(HVM, [
    many(2, () => 0x8000_0001),
    record(XC.TOOLSTACK, new Uint8Array(20)),
    pageData([{ pfn: 1 }]),
    tscInfo(),
    hvmParams([]),
    end(),
  ]);
  const scan = await scanBytes(image);
  expect(names(rowsOf(scan))[4]).toBe('TOOLSTACK');
  expect(scan.records.count).toBe(2 + 7);
  expect(scan.image.gaps).toEqual([]);
});

test('in the stream of libxl, in front of the context and behind it', async () => {
  const some = many(3, (index) => 0x40 + index);
  const libxl = libxlStream(libxcStream(HVM, [pageData([{ pfn: 1 }]), hvmParams([]), end()]), [
    some,
    emulatorRecord(XL.EMULATOR_CONTEXT, new Uint8Array(32)),
    some,
  ]);
  // The header of the stream takes 16 bytes.
  const image = xlFile(concat(libxl.subarray(0, 16), some, libxl.subarray(16)));
  const scan = await scanBytes(image);
  expect(rowsOf(scan).map(({ layer, name }) => `${layer} ${name}`)).toEqual([
    'xl XL_HEADER',
    'libxl LIBXL_HEADER',
    'libxl 0x00000040',
    'libxl 0x00000041',
    'libxl 0x00000042',
    'libxl LIBXC_CONTEXT',
    'libxc IMAGE_HEADER',
    'libxc DOMAIN_HEADER',
    'libxc PAGE_DATA',
    'libxc HVM_PARAMS',
    'libxc END',
    'libxl 0x00000040',
    'libxl 0x00000041',
    'libxl 0x00000042',
    'libxl EMULATOR_CONTEXT',
    'libxl 0x00000040',
    'libxl 0x00000041',
    'libxl 0x00000042',
    'libxl END',
  ]);
  expect(scan.image.gaps).toEqual([]);
});

/** A record of an unassigned type, of any length and with any bytes. */
function unassigned(random: Random, isOptional: boolean): Uint8Array {
  const type = isOptional
    ? 0x8000_0000 + random.below(random.pick([20, 0x1_0000, 0x7fff_ffff]))
    : 0x20 + random.below(0x7fff_0000);
  const body = new Uint8Array(8 + random.below(random.pick([1, 200, 9000])));
  const value = random.pick([() => 0, () => 0xff, () => random.below(256), () => random.below(19)]);
  for (let at = 0; at < body.length; at++) body[at] = value();
  return record(type, body);
}

test.each(Object.entries({ pvXl, hvmXl, remusHvm, libvirt }))(
  '%s with others between its records',
  async (_, image) => {
    const rows = rowsOf(await scanBytes(image)).filter(({ kind }) => kind === 'record');
    const headers = (await scanBytes(image)).records.count - rows.length;
    for (let seed = 1; seed <= 60; seed++) {
      const random = new Random(seed);
      const parts: Uint8Array[] = [];
      let [at, added] = [0, 0];
      for (const { offset, layer } of rows) {
        if (random.below(3) > 0) continue;
        parts.push(image.subarray(at, offset));
        at = offset;
        for (let count = 1 + random.below(random.pick([3, 30])); count > 0; count--, added++)
          parts.push(unassigned(random, layer === 'libxc' && random.below(2) === 0));
      }
      const scan = await scanBytes(concat(...parts, image.subarray(at)));
      expect([scan.records.count, scan.image.gaps.length], `seed ${seed}`).toEqual([headers + rows.length + added, 0]);
    }
  },
);

test('where a file ends between unknown records, those before it are listed', async () => {
  const image = libxcStream(HVM, [pageData([{ pfn: 1 }]), tscInfo(), many(4, (index) => 0x8000_0001 + index)]);
  const scan = await scanBytes(image);
  expect(scan.records.count).toBe(2 + 2 + 4);
  expect(scan.findings.map(({ id }) => id).at(-1)).toBe('no-end');
});

test('after damage, the search takes records with optional ones between them', async () => {
  const one = many(1, () => 0x8000_0001);
  const image = libxcStream(HVM, [
    pageData([{ pfn: 1 }]),
    JUNK,
    JUNK,
    tscInfo(),
    one,
    sharedInfo(),
    one,
    hvmParams([]),
    end(),
  ]);
  const scan = await scanBytes(image);
  expect(names(rowsOf(scan)).slice(3)).toEqual([
    'X86_TSC_INFO',
    '0x80000001',
    'SHARED_INFO',
    '0x80000001',
    'HVM_PARAMS',
    'END',
  ]);
  expect(scan.image.gaps.map(({ length }) => length)).toEqual([16]);
});

describe('what only looks like unknown records', () => {
  test('small numbers in memory lead to small numbers, and are not believed', async () => {
    // 64-bit numbers: each reads as an empty record of an unassigned type, some as STATIC_DATA_END or VERIFY.
    const numbers = new Uint8Array(4096);
    for (let at = 0; at < numbers.length; at += 8) numbers.set(u32(at % 80 === 0 ? 0x10 : 100 + at), at);
    const page = pageData(Array.from({ length: 4 }, (_, index) => ({ pfn: index })));
    for (let at = 16 + 4 * 8; at < page.length; at += 4096) page.set(numbers, at);
    // A page less than the list says: the record behind it stands 4096 bytes earlier.
    const image = libxcStream(HVM, [page, tscInfo(), sharedInfo(), hvmParams([]), end()]);
    const cut = concat(image.subarray(0, 1000), image.subarray(1000 + 800));
    const scan = await scanBytes(cut);
    expect(names(rowsOf(scan)).slice(2)).toEqual(['PAGE_DATA', 'X86_TSC_INFO', 'SHARED_INFO', 'HVM_PARAMS', 'END']);
  });

  test('a long row that leads nowhere is gone over once, and not for each damage in it', async () => {
    // Unknown records with records in their bodies, in a row that ends in junk: each is damage that is recovered from.
    const reads = async (count: number): Promise<number> => {
      const row = many(count, () => 0x77, 96);
      for (let at = 8; at < row.length; at += 104) row.set(concat(tscInfo(), tscInfo(), tscInfo()), at);
      const bytes = libxcStream(HVM, [pageData([{ pfn: 1 }]), row, JUNK, JUNK, JUNK]);
      let done = 0;
      const { readNow, ...source } = memorySource(bytes);
      const counted = (offset: number, length: number): Uint8Array => {
        done++;
        return readNow?.(offset, length) ?? new Uint8Array(0);
      };
      const scan = await scanSource({ ...source, readNow: counted }, { hop: 64, limit: 64 });
      expect(scan.records.count).toBe(3 + 3 * count);
      return done;
    };
    expect((await reads(8000)) / (await reads(4000))).toBeLessThan(2.2);
  });
});
