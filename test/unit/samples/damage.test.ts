/** Real images with a page cut out of the memory of a guest: kernels and firmware must not pass for records. */
import { describe, expect, test } from 'vitest';
import { samples } from '../../fixtures/samples';
import { rowsOf, scanBytes } from '../../fixtures/scanning';
import { concat } from '../../fixtures/built/stream';

const chosen = samples.filter(({ file }) => /^(?:micro64|pv64|hvmbios)\.xlsave$/u.test(file));

test('there is an image to damage', () => {
  expect(chosen.map(({ file }) => file)).toContain('micro64.xlsave');
});

describe.each(chosen)('$file', (sample) => {
  test('the scan goes on at the very next record', async () => {
    const bytes = sample.open();
    const intact = await scanBytes(bytes);
    const [batch] = rowsOf(intact).filter(({ name, length }) => name === 'PAGE_DATA' && length > 100_000);
    if (!batch) throw new Error('no PAGE_DATA with pages');
    const at = batch.offset + 20_000;
    const scan = await scanBytes(concat(bytes.subarray(0, at), bytes.subarray(at + 4096)));
    expect(scan.findings.map(({ id }) => id)).toEqual(['no-header', 'resumed']);
    expect(rowsOf(scan).map(({ offset }) => offset)).toEqual(
      rowsOf(intact).map(({ offset }) => (offset > at ? offset - 4096 : offset)),
    );
  });
});
