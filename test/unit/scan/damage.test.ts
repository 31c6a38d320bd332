/** Damage in the middle: what came before stays, the damage is shown, and the scan goes on behind it. */
import { describe, expect, test } from 'vitest';
import { Scan } from '../../../src/scan/scan';
import { asyncSource } from '../../fixtures/sources';
import { liveMigration, pvXl, remusHvm } from '../../fixtures/built/images';
import { findingsOf, linesOf, rowsOf, scanBytes } from '../../fixtures/scanning';
import {
  concat,
  end,
  HVM,
  hvmParams,
  libxcStream,
  libxlStream,
  pageData,
  PV,
  record,
  tscInfo,
  u32,
  vcpuExtended,
  XC,
  xlFile,
} from '../../fixtures/built/stream';

// pvXl: PAGE_DATA at 272 (list 288, pages 328–12616), TSC_INFO at 12616, SHARED_INFO at 12648, then vCPUs from 16752.
const JUNK = Uint8Array.from([0xde, 0xad, 0xbe, 0xef, 0x0b, 0xad, 0xf0, 0x0d]);

function overwritten(bytes: Uint8Array, at: number, by: Uint8Array): Uint8Array {
  const out = bytes.slice();
  out.set(by, at);
  return out;
}
const inserted = (bytes: Uint8Array, at: number, what: Uint8Array): Uint8Array =>
  concat(bytes.subarray(0, at), what, bytes.subarray(at));
const deleted = (bytes: Uint8Array, at: number, count: number): Uint8Array =>
  concat(bytes.subarray(0, at), bytes.subarray(at + count));

const names = (rows: ReturnType<typeof rowsOf>): string[] => rows.map(({ name }) => name);

describe('a record header overwritten', () => {
  test('the finding says what was expected and found, and where records go on', async () => {
    const scan = await scanBytes(overwritten(pvXl, 12_648, JUNK));
    const intact = linesOf(await scanBytes(pvXl));
    expect(linesOf(scan).slice(0, 12)).toEqual(intact.slice(0, 12));
    expect(names(rowsOf(scan)).slice(12)).toEqual([
      'X86_PV_VCPU_BASIC',
      'X86_PV_VCPU_EXTENDED',
      'X86_PV_VCPU_XSAVE',
      'X86_PV_VCPU_BASIC',
      'X86_PV_VCPU_MSRS',
      'END',
      'END',
    ]);
    expect(scan.findings).toEqual([
      {
        id: 'no-header',
        severity: 'fatal',
        layer: 'libxc',
        record: undefined,
        offset: 12_648,
        length: 8,
        message: 'no record header where one must be',
        expected: 'a type and length that the format allows',
        found: 'type 0xefbeadde, length 233\u2009876\u2009747',
      },
      {
        id: 'resumed',
        severity: 'warning',
        layer: 'libxc',
        record: undefined,
        offset: 12_648,
        length: 4104,
        message: 'records go on at 0x4170; 4\u2009104 bytes before are not listed',
        found: 'a libxc record',
      },
    ]);
    expect(scan.image.gaps).toEqual([{ offset: 12_648, length: 4104, before: 12 }]);
    expect(scan.image.complete).toBe(true);
  });

  test('every record of an image in turn', async () => {
    const intact = rowsOf(await scanBytes(pvXl));
    // The last ones are too little to start again from: what is left proves nothing.
    for (const row of intact.filter(({ kind, index }) => kind === 'record' && index > 2 && index < 16)) {
      const scan = await scanBytes(overwritten(pvXl, row.offset, JUNK));
      const rows = rowsOf(scan);
      expect(rows.slice(0, row.index), row.name).toEqual(intact.slice(0, row.index));
      expect(rows.map(({ offset }) => offset).slice(row.index), row.name).toEqual(
        intact.map(({ offset }) => offset).slice(row.index + 1),
      );
      expect(findingsOf(scan), row.name).toEqual([
        `no-header fatal ${row.offset}+8`,
        `resumed warning ${row.offset}+${(intact[row.index + 1]?.offset ?? 0) - row.offset}`,
      ]);
    }
  });

  test('where nothing follows that could be a record, the rest is said to be lost', async () => {
    const scan = await scanBytes(overwritten(pvXl, 27_232, JUNK));
    expect(names(rowsOf(scan)).at(-1)).toBe('X86_PV_VCPU_BASIC');
    expect(scan.findings.map(({ id }) => id)).toEqual(['no-header', 'not-resumed']);
    expect(scan.findings[1]).toMatchObject({ severity: 'warning', offset: 27_232, length: 48 });
    expect(scan.image.complete).toBe(false);
  });
});

describe('bytes inserted', () => {
  test.each([1, 7, 8, 100, 4096])('%i bytes between two records', async (count) => {
    const scan = await scanBytes(inserted(pvXl, 12_616, new Uint8Array(count).fill(0xaa)));
    expect(linesOf(scan)[11]).toBe(`11 3 libxc record X86_TSC_INFO ${12_616 + count} 24`);
    expect(scan.records.count).toBe(20);
    expect(scan.findings[0]).toMatchObject({ id: 'no-header', offset: 12_616 });
    expect(scan.findings[1]).toMatchObject({ id: 'resumed', found: 'a libxc record' });
  });

  test.each([8, 100, 4096])('%i bytes among the pages: the next record is found where it now is', async (count) => {
    const scan = await scanBytes(inserted(pvXl, 5000, new Uint8Array(count).fill(0xaa)));
    expect(linesOf(scan).slice(10, 12)).toEqual([
      '10 3 libxc record PAGE_DATA 272 12336 pages=5 pass',
      `11 3 libxc record X86_TSC_INFO ${12_616 + count} 24`,
    ]);
  });
});

describe('bytes deleted', () => {
  test.each([1, 8, 100, 4096])('%i bytes among the pages: the next record is found where it now is', async (count) => {
    const scan = await scanBytes(deleted(pvXl, 5000, count));
    expect(linesOf(scan).slice(10, 12)).toEqual([
      '10 3 libxc record PAGE_DATA 272 12336 pages=5 pass',
      `11 3 libxc record X86_TSC_INFO ${12_616 - count} 24`,
    ]);
    expect(scan.records.count).toBe(20);
    expect(scan.findings[0]).toMatchObject({ id: 'no-header', offset: 12_616 });
  });

  test('a whole record is missing: nothing shows it at this level', async () => {
    const scan = await scanBytes(deleted(pvXl, 12_616, 32));
    expect(scan.records.count).toBe(19);
    expect(scan.findings).toEqual([]);
  });

  test('inside a vCPU: the record after it is found where it now is', async () => {
    const scan = await scanBytes(deleted(pvXl, 17_000, 40));
    expect(linesOf(scan).slice(13, 15)).toEqual([
      '13 3 libxc record X86_PV_VCPU_BASIC 16752 5176 vcpu=0',
      '14 3 libxc record X86_PV_VCPU_EXTENDED 21896 72 vcpu=0',
    ]);
  });
});

describe('lengths that cannot be', () => {
  test('of a fixed record, with the next where the length says: listed, and marked', async () => {
    const image = libxcStream(HVM, [
      record(XC.TSC_INFO, new Uint8Array(32)),
      pageData([{ pfn: 1 }]),
      hvmParams([]),
      end(),
    ]);
    const scan = await scanBytes(image);
    expect(linesOf(scan).slice(2)).toEqual([
      '2 0 libxc record X86_TSC_INFO 40 32 damaged',
      '3 0 libxc record PAGE_DATA 80 4112 pages=1 pass',
      '4 0 libxc record HVM_PARAMS 4200 8',
      '5 0 libxc record END 4216 0',
    ]);
    expect(scan.findings).toMatchObject([{ id: 'bad-length', offset: 44, length: 4, expected: '24', found: '32' }]);
  });

  test('beyond 128 MiB: Xen refuses the record', async () => {
    const image = libxcStream(HVM, [
      concat(u32(XC.HVM_CONTEXT), u32(0x0800_0001)),
      tscInfo(),
      tscInfo(),
      tscInfo(),
      end(),
    ]);
    const scan = await scanBytes(image);
    expect(scan.findings[0]).toMatchObject({
      id: 'bad-length',
      severity: 'fatal',
      offset: 44,
      expected: 'at most 134\u2009217\u2009728',
      found: '134\u2009217\u2009729',
    });
    expect(linesOf(scan).slice(2, 4)).toEqual([
      '2 0 libxc record HVM_CONTEXT 40 134217729 damaged',
      '3 0 libxc record X86_TSC_INFO 48 24',
    ]);
  });

  test('a PAGE_DATA whose length does not fit its list: the list wins where records follow it', async () => {
    const good = pageData([{ pfn: 1 }, { pfn: 2 }]);
    const image = libxcStream(HVM, [overwritten(good, 4, u32(8216 - 4096)), tscInfo(), tscInfo(), end()]);
    const scan = await scanBytes(image);
    expect(linesOf(scan).slice(2)).toEqual([
      '2 0 libxc record PAGE_DATA 40 4120 pages=2 pass damaged',
      '3 0 libxc record X86_TSC_INFO 8264 24',
      '4 0 libxc record X86_TSC_INFO 8296 24',
      '5 0 libxc record END 8328 0',
    ]);
    expect(scan.findings).toMatchObject([
      { id: 'bad-length', offset: 44, expected: '8\u2009216', found: '4\u2009120' },
    ]);
  });

  test('a PAGE_DATA too short for its list', async () => {
    const good = pageData([{ pfn: 1 }, { pfn: 2 }]);
    const image = libxcStream(HVM, [overwritten(good, 8, u32(0x10_0000)), tscInfo(), tscInfo(), end()]);
    const scan = await scanBytes(image);
    expect(scan.findings[0]).toMatchObject({ id: 'bad-length', record: 2, expected: '1\u2009048\u2009576 PFNs' });
    expect(scan.records.row(3)).toMatchObject({ name: 'X86_TSC_INFO', offset: 8264 });
  });

  test('a PAGE_DATA without PFNs starts no pass', async () => {
    const image = libxcStream(HVM, [
      pageData([{ pfn: 1 }]),
      record(XC.PAGE_DATA, new Uint8Array(16)),
      pageData([{ pfn: 2 }]),
      end(),
    ]);
    const scan = await scanBytes(image);
    expect(scan.findings.map(({ id }) => id)).toContain('no-pages');
    expect(scan.image.passes).toMatchObject([{ record: 2, records: 3, entries: 2 }]);
  });
});

describe('zeros where a header must be', () => {
  test('are no END where records go on before them', async () => {
    // A page is missing, and where the next header was now lie the zeros of a later record.
    const pages = pageData([{ pfn: 1 }, { pfn: 2 }, { pfn: 3 }]);
    const shared = record(XC.SHARED_INFO, new Uint8Array(4096));
    const image = xlFile(libxlStream(libxcStream(PV, [pages, tscInfo(), shared, vcpuExtended(0), tscInfo(), end()])));
    const scan = await scanBytes(deleted(image, 3000, 4096));
    expect(names(rowsOf(scan)).slice(5)).toEqual([
      'PAGE_DATA',
      'X86_TSC_INFO',
      'SHARED_INFO',
      'X86_PV_VCPU_EXTENDED',
      'X86_TSC_INFO',
      'END',
      'END',
    ]);
    expect(scan.findings).toMatchObject([
      { id: 'no-header', offset: 144 + 8 + 32 + 3 * 4096, found: 'type 0x00000000, length 0' },
      { id: 'resumed', length: 0 },
    ]);
  });

  test('are an END where nothing else is found; records behind it are listed all the same', async () => {
    const zeros = new Uint8Array(100);
    const image = libxcStream(HVM, [pageData([{ pfn: 1 }]), zeros, tscInfo(), hvmParams([]), tscInfo(), end()]);
    const scan = await scanBytes(image);
    expect(findingsOf(scan)).toEqual(['records-after-end fatal 4260+8']);
    expect(names(rowsOf(scan)).slice(2)).toEqual([
      'PAGE_DATA',
      'END',
      'X86_TSC_INFO',
      'HVM_PARAMS',
      'X86_TSC_INFO',
      'END',
    ]);
    expect(scan.image.gaps).toEqual([{ offset: 4168, length: 92, before: 4 }]);
  });
});

test('ten thousand damaged places', async () => {
  const part = concat(JUNK, JUNK, tscInfo(), tscInfo(), tscInfo());
  const many = new Uint8Array(part.length * 10_000);
  for (let at = 0; at < many.length; at += part.length) many.set(part, at);
  const scan = await scanBytes(libxcStream(HVM, [many, end()]));
  expect(scan.records.count).toBe(2 + 30_000 + 1);
  expect(scan.image.gaps).toHaveLength(10_000);
  expect([scan.findings.length, scan.suppressed]).toEqual([1000, 20_000 - 1000]);
});

test('memory that looks like records is not taken for them', async () => {
  // Small numbers in a row, as tables of a kernel hold them: types, lengths and empty records by the hundred.
  const table = new Uint8Array(4096);
  for (let at = 0; at < table.length; at += 8) table.set(u32((at / 8) % 19), at);
  for (let at = 2048; at < table.length; at += 8) table.set(u32(24), at + 4);
  const page = pageData(Array.from({ length: 40 }, (_, index) => ({ pfn: index })));
  for (let at = 16 + 40 * 8; at < page.length; at += 4096) page.set(table, at);
  const image = libxcStream(HVM, [page, tscInfo(), pageData([{ pfn: 99 }]), hvmParams([]), end()]);
  const cut = deleted(image, 40 + 5000, 1000);
  const scan = await scanBytes(cut);
  expect(linesOf(scan).slice(2)).toEqual([
    '2 0 libxc record PAGE_DATA 40 164168 pages=40 pass',
    '3 0 libxc record X86_TSC_INFO 163216 24',
    '4 0 libxc record PAGE_DATA 163248 4112 pages=1',
    '5 0 libxc record HVM_PARAMS 167368 8',
    '6 0 libxc record END 167384 0',
  ]);
});

test('damage in a checkpointed stream: the search looks in both layers', async () => {
  const intact = rowsOf(await scanBytes(remusHvm));
  const checkpoint = intact.find(({ name }) => name === 'CHECKPOINT');
  const scan = await scanBytes(overwritten(remusHvm, checkpoint?.offset ?? 0, JUNK));
  expect(rowsOf(scan).map(({ layer, name }) => `${layer} ${name}`)).toEqual(
    intact.filter(({ index }) => index !== checkpoint?.index).map(({ layer, name }) => `${layer} ${name}`),
  );
  expect(scan.findings[1]).toMatchObject({ id: 'resumed', layer: 'libxl', found: 'a libxl record' });
});

test('two damaged places, each with its own findings', async () => {
  const scan = await scanBytes(overwritten(overwritten(liveMigration, 8504, JUNK), 49_632, JUNK));
  expect(findingsOf(scan).map((text) => text.split(' ')[0])).toEqual([
    'no-header',
    'resumed',
    'no-header',
    'resumed',
    'migration-go',
  ]);
  expect(scan.image.gaps.map(({ offset, length }) => [offset, length])).toEqual([
    [8504, 16_728 - 8504],
    [49_632, 49_664 - 49_632],
  ]);
});

test('how far the scan has been does not go back where records are found behind it', async () => {
  const image = libxcStream(HVM, [
    pageData(Array.from({ length: 2000 }, (_, pfn) => ({ pfn, fill: 1 }))),
    tscInfo(),
    pageData([{ pfn: 5000, fill: 1 }]),
    hvmParams([]),
    tscInfo(),
    end(),
  ]);
  // Half of the pages are missing: what the list leads to is behind the end of the next record.
  const scan = new Scan(asyncSource(deleted(image, 100_000, 4000)));
  const at: number[] = [];
  const been: number[] = [];
  const look = ({ walk }: Scan): void => {
    at.push(walk.position);
    been.push(walk.reached);
  };
  await scan.run({ sliceMs: 0, onSlice: look });
  look(scan);
  expect(at).not.toEqual(at.toSorted((a, b) => a - b));
  expect(been).toEqual(been.toSorted((a, b) => a - b));
});
