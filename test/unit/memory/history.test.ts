/** What a stream says of one page: how often it was sent, its last mentions, the records that hold it. */
import { expect, test } from 'vitest';
import { historyOf, holdersOf } from '../../../src/memory/history';
import { scanBytes } from '../../fixtures/scanning';
import { end, libxcStream, pageData, PV, record, XC } from '../../fixtures/built/stream';

const SENT = { pfn: 1, type: 0, fill: 1 };
const XTAB = { pfn: 1, type: 0xf };

test('with content, without, and to be verified', async () => {
  const verify = record(XC.VERIFY);
  const { pages, image } = await scanBytes(
    libxcStream(PV, [pageData([SENT]), pageData([XTAB]), pageData([SENT]), verify, pageData([SENT]), end()]),
  );
  const { last, ...facts } = historyOf(pages, image, 1);
  expect(facts).toEqual({ mentions: 4, sent: 2, verified: true });
  // Image and domain header come first, then PV_INFO and what else such a stream starts with.
  const first = last[0]?.record ?? -1;
  expect(last.map(({ record: row, type }) => [row - first, type])).toEqual([
    [0, 0],
    [1, 0xf],
    [2, 0],
    [4, 0],
  ]);
  expect([...holdersOf(pages, 1)].map((row) => row - first)).toEqual([0, 1, 2, 4]);
  expect(historyOf(pages, image, 2)).toEqual({ mentions: 0, sent: 0, verified: false, last: [] });
});

test('of a page that is mentioned over and over: all are counted, the last are named', async () => {
  const often = pageData(Array.from({ length: 1000 }, () => XTAB));
  const { pages, image } = await scanBytes(libxcStream(PV, [pageData([SENT]), often, often, end()]));
  const { mentions, sent, last } = historyOf(pages, image, 1);
  expect([mentions, sent, last.length]).toEqual([2001, 1, 1024]);
  expect([last[0]?.entry, last.at(-1)?.entry]).toEqual([976, 999]);
  expect(holdersOf(pages, 1)).toHaveLength(3);
});
