/** What an export costs where one PFN of a list is damaged, and what it says of it. */
import { expect, test } from 'vitest';
import { rawPlan } from '../../../src/memory/export/raw';
import { PageIndex } from '../../../src/scan/pages';
import { exportable } from '../../fixtures/exporting';
import { end, HVM, libxcStream, pageData } from '../../fixtures/built/stream';

test('one PFN far off costs no walk over what lies before it', () => {
  const index = new PageIndex();
  index.add(5, 1, 0, 0, 0, 4096);
  index.add(2 ** 32 - 1, 1, 0, 0, 1, 8192);
  expect([...index.granules(2 ** 22)]).toEqual([0, 2 ** 22 - 1]);
  expect([...index.granules(2 ** 22, 1)]).toEqual([2 ** 22 - 1]);
});

test('that pages from PFN 2^32 on are left out is told', async () => {
  const image = libxcStream(HVM, [pageData([{ pfn: 0 }, { pfn: 2 ** 32 }]), end()]);
  const plan = rawPlan(await exportable(image));
  expect(plan.size).toBe(4096);
  expect(plan.notes).toContain('Pages from PFN 0x100000000 on, which only a damaged list names, are left out.');
});
