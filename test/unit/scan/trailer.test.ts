/** What stands behind the last END. */
import { expect, test } from 'vitest';
import { hvmLibxc, pvXl } from '../../fixtures/built/images';
import { findingsOf, linesOf, rowsOf, scanBytes } from '../../fixtures/scanning';
import { concat, end, HVM, latin1, libxcStream, pageData, tscInfo } from '../../fixtures/built/stream';

test('zeros, as a block device leaves them: no records are read into them', async () => {
  const scan = await scanBytes(concat(pvXl, new Uint8Array(1024 * 1024)));
  expect(scan.records.count).toBe(20);
  expect(scan.image).toMatchObject({ complete: true, trailer: { offset: 27_280, length: 1_048_576 } });
  expect(findingsOf(scan)).toEqual(['trailing-bytes note 27280+1048576']);
});

test('text', async () => {
  const scan = await scanBytes(concat(pvXl, latin1('xl: unexpected end\n')));
  expect(scan.image.trailer).toEqual({ offset: 27_280, length: 19, text: 'xl: unexpected end·' });
});

test('records: the END was no end, and they are listed', async () => {
  const scan = await scanBytes(concat(hvmLibxc, tscInfo(), pageData([{ pfn: 1 }]), tscInfo(), end()));
  expect(findingsOf(scan)).toEqual(['records-after-end fatal 14688+8']);
  expect(linesOf(scan).slice(9)).toEqual([
    '9 0 libxc record END 14680 0',
    '10 0 libxc record X86_TSC_INFO 14688 24',
    '11 0 libxc record PAGE_DATA 14720 4112 pages=1 pass',
    '12 0 libxc record X86_TSC_INFO 18840 24',
    '13 0 libxc record END 18872 0',
  ]);
  expect(scan.image.complete).toBe(true);
});

test('END after END after END, a hundred thousand times', async () => {
  const part = concat(tscInfo(), tscInfo(), tscInfo(), end());
  const many = new Uint8Array(part.length * 100_000);
  for (let at = 0; at < many.length; at += part.length) many.set(part, at);
  const scan = await scanBytes(concat(libxcStream(HVM, []), many));
  expect(rowsOf(scan)).toHaveLength(2 + 4 * 100_000);
  expect(scan.findings).toHaveLength(1000);
  expect(scan.suppressed).toBe(99_999 - 1000);
});
