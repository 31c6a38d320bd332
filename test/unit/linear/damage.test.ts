/** What damage costs: bytes are read a few times at most, and places looked at far ahead have a limit. */
import { describe, expect, test } from 'vitest';
import type { ByteSource } from '../../../src/source/source';
import { hvmContextRecord, hvmEntries } from '../../fixtures/built/restorable';
import {
  concat,
  end,
  HVM,
  hvmEntry,
  libxcStream,
  pageData,
  record,
  T,
  tscInfo,
  u32,
  u64,
  XC,
} from '../../fixtures/built/stream';
import type { ScanResult } from '../../../src/scan/scan';
import { scanSource } from '../../fixtures/scanning';

/** Scans, and counts the bytes and reads that the scan asks for. */
async function costOf(bytes: Uint8Array): Promise<{ readonly read: number; readonly reads: number; scan: ScanResult }> {
  let [read, reads] = [0, 0];
  const readNow = (offset: number, length: number): Uint8Array => {
    read += length;
    reads++;
    return bytes.subarray(offset, offset + length);
  };
  const source: ByteSource = {
    name: 'x',
    size: bytes.length,
    read: async (at, length) => readNow(at, length),
    readNow,
  };
  const scan = await scanSource(source);
  return { read, reads, scan };
}

/** Costs at twice the size are at most twice as high, and a little. */
const grows = (less: number, more: number): number => more / less;

/** Records that each claim to go on to the end of all, with three sound ones before the next: nested `count` deep. */
function nested(count: number, header: (claimed: number) => Uint8Array, room: number, behind: number): Uint8Array {
  const sound = concat(tscInfo(), tscInfo(), tscInfo());
  const size = sound.length + room;
  const levels = Array.from({ length: count }, (_, level) => {
    const claimed = (count - level) * size - sound.length - 8 + behind;
    return concat(sound, header(claimed));
  });
  return libxcStream(HVM, [...levels, new Uint8Array(4096).fill(0xee)]);
}

const header =
  (type: number, ...words: number[]) =>
  (claimed: number) =>
    concat(u32(type), u32(claimed), ...words.map((word) => u32(word)));

describe('lengths that lie, one in the body of another', () => {
  const kinds: readonly (readonly [string, (count: number) => Uint8Array])[] = [
    ['of XSAVE, to where nonsense stands', (count) => nested(count, header(XC.VCPU_XSAVE, 0, 0), 16, 0)],
    ['of XSAVE, behind the end of the file', (count) => nested(count, header(XC.VCPU_XSAVE, 0, 0), 16, 2 ** 20)],
    ['of an HVM context, to nonsense', (count) => nested(count, header(XC.HVM_CONTEXT, 1, 24), 16, 0)],
    ['of an HVM context, behind the end', (count) => nested(count, header(XC.HVM_CONTEXT, 1, 24), 16, 2 ** 16)],
    ['of a PAGE_DATA, behind the end', (count) => nested(count, header(XC.PAGE_DATA, 2 ** 20, 0), 16, 2 ** 24)],
  ];
  test.each(kinds)('%s', async (_, make) => {
    const [less, more] = [await costOf(make(1000)), await costOf(make(2000))];
    expect(more.scan.records.count).toBeGreaterThan(5000);
    expect(grows(less.read, more.read)).toBeLessThan(2.2);
    expect(grows(less.reads, more.reads)).toBeLessThan(2.2);
  });
});

test('places that look like records and lead far away are followed up to a limit, and the search goes on', async () => {
  const count = 20_000;
  const far = 2 ** 21;
  // Each leads somewhere else, and all of them to nonsense.
  const places = concat(
    ...Array.from({ length: count }, (_, at) => concat(u32(XC.VCPU_XSAVE), u32(far - 8 * at), u64(0))),
  );
  const rest = new Uint8Array(far).fill(0xee);
  const image = libxcStream(HVM, [new Uint8Array(8).fill(0xee), places, rest, tscInfo(), tscInfo(), tscInfo(), end()]);
  const { reads, scan } = await costOf(image);
  expect(scan.records.count).toBe(2 + 4);
  expect(scan.findings.map(({ id }) => id)).toEqual(['search-limit', 'no-header', 'resumed']);
  expect(reads).toBeLessThan(1500);
});

test('gaps are listed up to a limit, which is told', async () => {
  const part = concat(new Uint8Array(8).fill(0xee), tscInfo(), tscInfo(), tscInfo());
  const many = new Uint8Array(part.length * 10_050);
  for (let at = 0; at < many.length; at += part.length) many.set(part, at);
  const { scan } = await costOf(libxcStream(HVM, [many, end()]));
  expect(scan.image.gaps).toHaveLength(10_000);
  expect(scan.findings.at(-1)?.message).toBe(
    'the list of gaps holds 10\u2009000 and takes no more; later gaps are not shown',
  );
});

test('contexts cost their bytes, however many there are', async () => {
  const context = hvmContextRecord({ header: hvmEntries()['header'] ?? hvmEntry(1, 0, new Uint8Array(24)) });
  const make = (count: number): Uint8Array =>
    libxcStream(HVM, [...Array.from({ length: count }, () => context), end()]);
  const [less, more] = [await costOf(make(10_000)), await costOf(make(20_000))];
  expect(grows(less.read, more.read)).toBeLessThan(2.2);
  expect(more.read).toBeLessThan(3 * make(20_000).length);
});

test('no byte of a sound image is read three times', async () => {
  const image = libxcStream(HVM, [
    ...Array.from({ length: 50 }, (_, at) => pageData([{ pfn: at, type: T.NOTAB, fill: 1 }])),
    record(XC.HVM_CONTEXT, new Uint8Array(100_000)),
    tscInfo(),
    end(),
  ]);
  expect((await costOf(image)).read).toBeLessThan(3 * image.length);
});
