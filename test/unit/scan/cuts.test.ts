/** A file that ends too early, at every byte it could end at. */
import { describe, expect, test } from 'vitest';
import { liveMigration, pvLibxc, smallHvm, smallPv } from '../../fixtures/built/images';
import { LibxcType } from '../../../src/format/libxc/types';
import { Scan } from '../../../src/scan/scan';
import { assemble, pvParts } from '../../fixtures/built/restorable';
import { asyncSource } from '../../fixtures/sources';
import { mentionsOf, linesOf, rowsOf, scanBytes } from '../../fixtures/scanning';
import { libvirtFile, libxlStream } from '../../fixtures/built/stream';

const IMAGES = {
  'PV in an xl file': smallPv,
  'HVM with a device model in an xl file': smallHvm,
  'PV in a libvirt file': libvirtFile(libxlStream(pvLibxc)).subarray(0, 400),
};

const endOf = ({ kind, offset, length }: { kind: string; offset: number; length: number }): number =>
  kind === 'header' ? offset + length : offset + 8 + Math.ceil(length / 8) * 8;

describe.each(Object.entries(IMAGES))('%s', (_name, bytes) => {
  test('cut at every byte: what is before the cut stays, nothing is made up, and the cut is found', async () => {
    const whole = await scanBytes(bytes);
    const lines = linesOf(whole);
    const ends = rowsOf(whole).map(endOf);
    for (let size = 1; size < bytes.length; size++) {
      const scan = await scanBytes(bytes.slice(0, size));
      const kept = ends.filter((end) => end <= size).length;
      const at = `cut at ${size}`;
      expect(linesOf(scan).slice(0, kept), at).toEqual(lines.slice(0, kept));
      expect(scan.records.count, at).toBeLessThanOrEqual(kept + 1);
      if (scan.image.refusal) {
        expect(scan.records.count, at).toBe(0);
        continue;
      }
      const found = scan.findings.filter(({ severity }) => severity !== 'note');
      expect(found.length, at).toBeGreaterThan(0);
      for (const { offset, length } of scan.findings) expect(offset + length, at).toBeLessThanOrEqual(size);
      expect(scan.image.complete, at).toBe(false);
    }
  });
});

test('nothing is looked for behind the end: a file that is cut behind the header of registers', async () => {
  const image = assemble(pvParts());
  const { records } = await scanBytes(image);
  const basic = Array.from({ length: records.count }, (_, index) => index).findLast(
    (index) => records.typeAt(index) === LibxcType.X86_PV_VCPU_BASIC && !records.isHeader(index),
  );
  const offset = records.offsetAt(basic ?? -1);
  // 8 bytes of header, then 8 of reserved and vCPU id: the source throws for reads from behind its end.
  for (const size of [offset + 8, offset + 15]) {
    const scan = await new Scan(asyncSource(image.slice(0, size))).run();
    expect(scan.image.blanked).toBeUndefined();
  }
});

const findings = async (size: number) => (await scanBytes(smallPv.slice(0, size))).findings;

// smallPv: PAGE_DATA at 272 (list 288–304, page 304–4400), TSC_INFO at 4400, END of libxc at 4576, END of libxl at 4584.
describe('where the cut is, and what is said of it', () => {
  test('inside a record header', async () => {
    expect(await findings(4405)).toMatchObject([
      { id: 'file-ends', severity: 'fatal', offset: 4400, length: 5, expected: '8 bytes', found: '5 bytes' },
    ]);
  });

  test('inside a body', async () => {
    const [first] = await findings(4420);
    expect(first).toMatchObject({
      id: 'file-ends',
      layer: 'libxc',
      record: 11,
      offset: 4400,
      length: 8,
      expected: '24 bytes',
      found: '12 bytes',
    });
    expect(first?.message).toContain('X86_TSC_INFO');
  });

  test.each([
    ['between its count and its list', 285],
    ['inside its count', 282],
    ['right after its header', 280],
    ['inside its list', 290],
    ['inside its page', 3000],
  ])('inside a PAGE_DATA, %s: the length is not blamed', async (_where, size) => {
    const found = await findings(size);
    expect(found[0]).toMatchObject({ id: 'file-ends', severity: 'fatal', record: 10, offset: 272 });
    expect(found.map(({ id }) => id)).not.toContain('bad-length');
    expect(found.map(({ id }) => id)).not.toContain('no-pages');
  });

  test('the PFNs that are there are on the map', async () => {
    const scan = await scanBytes(smallPv.slice(0, 297));
    expect(scan.records.row(10)).toMatchObject({ name: 'PAGE_DATA', pages: 1, damaged: true, length: 4120 });
    expect(mentionsOf(scan.pages, 3)).toEqual([{ pfn: 3, type: 0, record: 10, entry: 0, offset: -1 }]);
  });

  test('after the END of libxc: xl takes the end of the file for the END of libxl', async () => {
    expect(await findings(4584)).toMatchObject([{ id: 'no-end', severity: 'warning', layer: 'libxl', offset: 4584 }]);
  });

  test('before the END of libxc', async () => {
    expect(await findings(4576)).toMatchObject([{ id: 'no-end', severity: 'fatal', layer: 'libxc', offset: 4576 }]);
  });

  test('inside the padding of a record', async () => {
    // smallHvm: EMULATOR_XENSTORE_DATA at 1344, 45 bytes, padding 1397–1400.
    const scan = await scanBytes(smallHvm.slice(0, 1398));
    expect(scan.findings[0]).toMatchObject({ id: 'file-ends', layer: 'libxl', record: 11, offset: 1397, length: 1 });
  });

  test.each([
    ['the configuration', 60, 44],
    ['the libxl header', 90, 80],
    ['the image header', 110, 104],
    ['the domain header', 140, 128],
  ])('inside %s', async (_what, size, offset) => {
    expect((await findings(size))[0]).toMatchObject({ id: 'file-ends', severity: 'fatal', offset });
  });
});

test('a migration whose go-ahead is cut is an image with something behind it', async () => {
  const scan = await scanBytes(liveMigration.slice(0, liveMigration.length - 20));
  expect(scan.image.complete).toBe(true);
  expect(scan.findings).toMatchObject([{ id: 'trailing-bytes', severity: 'note', offset: 64_296, length: 24 }]);
});
