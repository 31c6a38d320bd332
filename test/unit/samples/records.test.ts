/** Real images: the records that the index lists are those that are in the file, as Xen's own checker saw them. */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { originals, samples } from '../../fixtures/samples';
import { rowsOf, runsOf, scanBytes } from '../../fixtures/scanning';
import { verifiedRecords } from '../../fixtures/xen/output';

/** How often each value occurs. */
function tally(values: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}

test('the images of the project are there', () => {
  const files = samples.map(({ file }) => file);
  expect(files.slice(0, 3).toSorted()).toEqual(['micro64-live.migr', 'micro64-remus.migr', 'micro64.xlsave']);
});

test('they are the same as those beside the checkout', () => {
  for (const original of originals) {
    const own = samples.find(({ file }) => file === original.file);
    expect(
      createHash('sha256')
        .update(own?.open() ?? '')
        .digest('hex'),
      original.file,
    ).toBe(original.sha256);
  }
});

describe.each(samples)('$file', (sample) => {
  test('every record, its pages, its order', async () => {
    const bytes = sample.open();
    expect(bytes.length).toBe(sample.bytes);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(sample.sha256);

    const scan = await scanBytes(bytes, { hop: 8448, limit: 65_536 });
    const rows = rowsOf(scan);
    const records = rows.filter(({ kind }) => kind === 'record');
    const wanted = Object.entries(sample.records).map(([name, count]) => [
      name.includes(':') ? name : `libxc:${name}`,
      count,
    ]);
    expect(tally(records.map(({ layer, name }) => `${layer}:${name}`))).toEqual(Object.fromEntries(wanted));

    if (sample.page_types) {
      const types: Record<string, number> = {};
      for (const { type, count } of runsOf(scan)) {
        const key = `0x${type.toString(16)}`;
        types[key] = (types[key] ?? 0) + count;
      }
      expect(types).toEqual(sample.page_types);
    }

    expect(scan.image.libxcVersion).toBe(sample.libxc_version);
    expect(scan.image.domainType).toBe(sample.isPv ? 1 : 2);
    expect(scan.image.gaps).toEqual([]);
    expect(scan.findings.filter(({ severity }) => severity !== 'note')).toEqual([]);

    // Rows touch each other: no byte is skipped, none is in two of them.
    let end = 0;
    for (const { index, kind, offset, length } of rows) {
      expect(offset, `row ${index}`).toBe(end);
      end = kind === 'header' ? offset + length : offset + 8 + Math.ceil(length / 8) * 8;
    }
    expect(end + (scan.image.trailer?.length ?? 0)).toBe(bytes.length);
  });

  const verified = sample.verified === undefined ? undefined : verifiedRecords(sample.verified);
  test.skipIf(!verified)('the order that Xen’s checker saw', async () => {
    const scan = await scanBytes(sample.open(), { hop: 8448, limit: 65_536 });
    const records = rowsOf(scan).filter(({ kind }) => kind === 'record');
    const squashed: [layer: string, name: string, length: number | undefined, count: number][] = [];
    for (const { layer, name, length } of records) {
      const last = squashed.at(-1);
      if (name === 'PAGE_DATA' && last?.[1] === 'PAGE_DATA') last[3]++;
      else squashed.push([layer, name, name === 'PAGE_DATA' ? undefined : length, 1]);
    }
    expect(squashed).toEqual(verified?.map(({ layer, name, length, count }) => [layer, name, length, count]));
  });
});

test('most of the order is confirmed by Xen’s checker', () => {
  const confirmed = samples.filter(({ verified }) => verified !== undefined && verifiedRecords(verified) !== undefined);
  expect(confirmed.length).toBeGreaterThanOrEqual(samples.length - 2);
  expect(confirmed.length).toBeGreaterThanOrEqual(2);
});

const find = (file: string) => {
  const found = samples.find((sample) => sample.file === file);
  if (!found) throw new Error(`${file} is not part of the project`);
  return found;
};

test('the live migration: three passes, then everything once more', async () => {
  const scan = await scanBytes(find('micro64-live.migr').open());
  expect(scan.image.passes.map(({ kind, records }) => [kind, records])).toEqual([
    ['pass', 1],
    ['pass', 1],
    ['pass', 1],
    ['verify', 1],
  ]);
  expect(scan.image.trailer).toMatchObject({ length: 44, text: 'domain is yours, you are cleared to unpause' });
});

test('Remus: eight checkpoints and no end', async () => {
  const scan = await scanBytes(find('micro64-remus.migr').open());
  expect(scan.image).toMatchObject({ checkpoints: 8, complete: false });
  expect(scan.findings.map(({ id }) => id)).toEqual(['open-ended']);
});
