/** What is said of a page that findings are about. */
import { beforeAll, expect, test, vi } from 'vitest';
import { page } from 'vitest/browser';
import { selectPfn } from '../../src/state/actions';
import { shownFindings } from '../../src/state/findings';
import type { OpenFile } from '../../src/state/open-file';
import { PageDetail } from '../../src/ui/memory/page/detail';
import { GIVE_UP, openSample, renderFor } from './sample';
import '../../src/ui/tokens.css';
import '../../src/ui/base.css';

const TABLE = 0x17;

let file: OpenFile;
beforeAll(async () => {
  file = await openSample(1280, 800);
  await vi.waitFor(() => expect(file.check.state.state).toBe('done'), GIVE_UP);
  const check = file.check.state;
  if (check.state !== 'done') throw new Error('the check is done');
  const about = {
    layer: 'libxc',
    certainty: 'certain',
    reached: true,
    counts: true,
    stage: 'memory',
    log: [],
    record: 10,
  } as const;
  const findings = [
    {
      ...about,
      key: 'HP-1',
      id: 'HP-1',
      severity: 'note',
      offset: 0x900,
      length: 8,
      message: 'of another page',
      pfn: 1,
    },
    {
      ...about,
      key: 'HP-2',
      id: 'HP-2',
      severity: 'fatal',
      offset: 0x910,
      length: 8,
      message: `the table is lost, ${'word by word '.repeat(12)}`,
      pfn: TABLE,
    },
  ] as const;
  file.check.amend({ ...check.out, findings });
});

test('its findings are named, and lead to what is said of them', async () => {
  selectPfn(file, TABLE);
  await renderFor(file, <PageDetail pfns={1024} />, { width: 240 });
  await expect.element(page.getByRole('button', { name: /^fatal: the table is lost/u })).toBeVisible();
  // Said in full: on several lines where it is long.
  const row = page.getByRole('definition').last().element();
  expect(row.scrollWidth).toBe(row.clientWidth);
  expect(page.getByText('of another page').elements()).toHaveLength(0);
  await page.getByRole('button', { name: /^fatal: the table is lost/u }).click();
  const { place } = file;
  expect(place.tab).toBe('findings');
  expect(place.finding).toEqual({ key: 'HP-2', offset: 0x910 });
  expect(shownFindings(file.check.state, file.scan.state)[1]?.pfn).toBe(TABLE);
});
