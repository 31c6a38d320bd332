/** The bands of the layers that say when pages were sent last. */
import { expect, test } from 'vitest';
import { PASS_LAYER, RECORD_LAYER } from '../../../src/memory/map/band-layers';
import type { Pass } from '../../../src/scan/image';

const pass = (kind: Pass['kind'], record: number, records: number): Pass => ({
  kind,
  record,
  records,
  entries: 0,
  pages: 0,
  offset: 0,
});
const shorts = (layer: typeof RECORD_LAYER, passes: readonly Pass[]): string[] =>
  layer.entries({ passes, checkpoints: 0 }).map(({ short }) => short);

test('of few records each that holds pages is a band, and VERIFY between them is none', () => {
  // As in micro64-live: three passes of a record each, VERIFY as record 13, and the pages to verify.
  const passes = [pass('pass', 10, 1), pass('pass', 11, 1), pass('pass', 12, 1), pass('verify', 14, 1)];
  expect(shorts(RECORD_LAYER, passes)).toEqual([
    'Record 10',
    'Record 11',
    'Record 12',
    'Record 14',
    'Sent without data',
  ]);
  expect(shorts(PASS_LAYER, passes)).toEqual(['Pass 1', 'Pass 2', 'Pass 3', 'Verify pass', 'Sent without data']);
});

test('many records are split into eight bands of as many, which end where their records do', () => {
  const passes = [pass('pass', 10, 20), pass('pass', 40, 4)];
  expect(shorts(RECORD_LAYER, passes)).toEqual([
    'Records 10–12',
    'Records 13–15',
    'Records 16–18',
    'Records 19–21',
    'Records 22–24',
    'Records 25–27',
    'Records 28–40',
    'Records 41–43',
    'Sent without data',
  ]);
});

test('without pages there are no bands', () => {
  expect(shorts(RECORD_LAYER, [])).toEqual(['Sent without data']);
});
