/** An HVM_CONTEXT that the file cuts: what is there of it is listed and decoded. */
import { expect, test } from 'vitest';
import { decodeRow } from '../../../src/scan/decode-row';
import { hvmLibxc } from '../../fixtures/built/images';
import { rowsOf, scanBytes } from '../../fixtures/scanning';

test('entries before the cut are listed, and the cut one says how much of it there is', async () => {
  const context = rowsOf(await scanBytes(hvmLibxc)).find(({ name }) => name === 'HVM_CONTEXT');
  const start = context?.offset ?? 0;
  // Record header, HEADER entry (8 + 24), descriptor of the CPU entry, and 640 of its 1032 bytes: up to rip.
  const cut = hvmLibxc.subarray(0, start + 8 + 32 + 8 + 640);
  const scan = await scanBytes(cut);
  expect(scan.image.context.map(({ typecode, length }) => [typecode, length])).toEqual([
    [1, 24],
    [2, 1032],
  ]);
  expect(scan.image.context.every(({ record }) => record === context?.index)).toBe(true);
  expect(scan.image.vcpus).toBe(1);
  const row = scan.records.row(context?.index ?? -1);
  if (!row) throw new Error('the cut record is not listed');
  const nodes = decodeRow(row, cut.subarray(row.offset), cut.length, scan.image);
  const cpu = nodes.find(({ name }) => name === 'CPU[0]');
  expect(cpu?.problem).toBe('claims 1\u2009032 B, has 640 B');
  expect(cpu?.children?.find(({ name }) => name === 'r15')?.problem).toBeUndefined();
  expect(cpu?.children?.find(({ name }) => name === 'rip')?.problem).toBe('cut short: needs 8 B, has 0 B');
});
