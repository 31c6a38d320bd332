/** The timeline's rows: layers, folded runs, contexts, gaps, and positions that agree with them. */
import { describe, expect, test } from 'vitest';
import { HeaderType, type Layer } from '../../../src/format/layers';
import { emptyImage, type ImageInfo } from '../../../src/scan/image';
import { type RecordEntry, RecordIndex } from '../../../src/scan/records';
import type { TimelineRow } from '../../../src/state/timeline/row';
import { Timeline } from '../../../src/state/timeline/timeline';
import { ENTRY } from '../../fixtures/record-entry';

const entry = (layer: Layer, type: number, more: Partial<RecordEntry> = {}): RecordEntry => ({
  ...ENTRY,
  layer,
  type,
  ...more,
});
const header = (layer: Layer, type: number): RecordEntry => entry(layer, type, { kind: 'header' });
const pages = (passStart = false): RecordEntry => entry('libxc', 1, { pages: 1024, passStart });

/** xl, libxl, libxc with three PAGE_DATA, a context of two entries, and both ENDs: records 0–11. */
function plainSave(): { records: RecordIndex; timeline: Timeline; image: ImageInfo } {
  const records = new RecordIndex();
  const rows = [
    header('xl', HeaderType.XL_HEADER),
    header('libxl', HeaderType.LIBXL_HEADER),
    entry('libxl', 1),
    header('libxc', HeaderType.IMAGE_HEADER),
    header('libxc', HeaderType.DOMAIN_HEADER),
    pages(true),
    pages(),
    pages(),
    entry('libxc', 8),
    entry('libxc', 9),
    entry('libxc', 0),
    entry('libxl', 0),
  ];
  for (const row of rows) records.add(row);
  const image = emptyImage();
  image.context.push({ record: 9, typecode: 1, instance: 0, offset: 100, length: 24 });
  image.context.push({ record: 9, typecode: 2, instance: 0, offset: 132, length: 1032 });
  const timeline = new Timeline(records);
  timeline.update(image);
  return { records, timeline, image };
}

const spell = (row: TimelineRow | undefined): string => {
  switch (row?.kind) {
    case 'layer':
      return `${row.depth} ${row.layer}`;
    case 'run':
      return `${row.depth} run ${row.first}+${row.count} ${row.pages}`;
    case 'record':
      return `${row.depth} #${row.record}`;
    case 'entry':
      return `${row.depth} entry ${row.entry.typecode}`;
    case 'gap':
      return `gap ${row.gap.offset}`;
    case undefined:
      return 'nothing';
  }
};
const all = (timeline: Timeline): string[] => Array.from({ length: timeline.rows }, (_, at) => spell(timeline.row(at)));

const OPEN = [
  '0 xl',
  '1 #0',
  '1 libxl',
  '2 #1',
  '2 #2',
  '2 libxc',
  '3 #3',
  '3 #4',
  '3 run 5+3 3072',
  '3 #8',
  '3 #9',
  '4 entry 1',
  '4 entry 2',
  '3 #10',
  '2 #11',
];

describe('a plain save', () => {
  test('nests its layers, folds its pages and unfolds its context', () => {
    const { timeline } = plainSave();
    expect(all(timeline)).toEqual(OPEN);
    expect(timeline.row(OPEN.length)).toBeUndefined();
    expect(timeline.row(-1)).toBeUndefined();
  });

  test('gives every record the row that shows it', () => {
    const { timeline } = plainSave();
    expect(Array.from({ length: 12 }, (_, record) => timeline.position(record))).toEqual([
      1, 3, 4, 6, 7, 8, 8, 8, 9, 10, 13, 14,
    ]);
  });

  test('unfolds a run in its place and folds it again', () => {
    const { timeline } = plainSave();
    const run = timeline.row(8);
    timeline.toggle(run?.block ?? -1);
    expect(all(timeline).slice(8, 13)).toEqual(['3 run 5+3 3072', '4 #5', '4 #6', '4 #7', '3 #8']);
    expect(timeline.position(6)).toBe(10);
    timeline.toggle(run?.block ?? -1);
    expect(all(timeline)).toEqual(OPEN);
  });

  test('hides what a folded layer holds, and reveals it when asked for', () => {
    const { timeline } = plainSave();
    timeline.toggle(timeline.row(5)?.block ?? -1);
    expect(all(timeline)).toEqual(['0 xl', '1 #0', '1 libxl', '2 #1', '2 #2', '2 libxc', '2 #11']);
    expect(timeline.position(8)).toBe(-1);
    timeline.reveal(6);
    expect(spell(timeline.row(timeline.position(6)))).toBe('4 #6');
    timeline.toggle(timeline.row(0)?.block ?? -1);
    expect(all(timeline)).toEqual(['0 xl']);
  });
});

test('rows that arrive bit by bit are the rows that arrive at once', () => {
  const whole = plainSave();
  const records = new RecordIndex();
  const timeline = new Timeline(records);
  for (let index = 0; index < 12; index++) {
    records.append(whole.records.batch(index, index + 1));
    timeline.update(whole.image);
    expect(timeline.rows).toBeGreaterThan(0);
  }
  expect(all(timeline)).toEqual(OPEN);
});

test('a new pass starts a run of its own, and a gap stands where it is', () => {
  const records = new RecordIndex();
  for (const row of [header('libxc', HeaderType.IMAGE_HEADER), pages(true), pages(), pages(true), pages()])
    records.add(row);
  const image = emptyImage();
  image.gaps.push({ offset: 5000, length: 70, before: 3 });
  const timeline = new Timeline(records);
  timeline.update(image);
  expect(all(timeline)).toEqual(['0 libxc', '1 #0', '1 run 1+2 2048', 'gap 5000', '1 run 3+2 2048']);
});

test('a checkpointed stream goes back and forth between its layers without opening them anew', () => {
  const records = new RecordIndex();
  const rows = [
    header('libxl', HeaderType.LIBXL_HEADER),
    header('libxc', HeaderType.IMAGE_HEADER),
    entry('libxc', 14),
    entry('libxl', 4),
    entry('libxc', 8),
    entry('libxc', 14),
  ];
  for (const row of rows) records.add(row);
  const timeline = new Timeline(records);
  timeline.update(emptyImage());
  expect(all(timeline)).toEqual(['0 libxl', '1 #0', '1 libxc', '2 #1', '2 #2', '1 #3', '2 #4', '2 #5']);
});
