/** The layers of the page index against a plain count over every PFN. */
import { fc, test } from '@fast-check/vitest';
import { expect, test as plain } from 'vitest';
import { hasPageData } from '../../../src/format/page';
import { IndexMap } from '../../../src/memory/map/index-map';
import { type MapFacts, NOTHING } from '../../../src/memory/map/layer';
import { LAYERS } from '../../../src/memory/map/layers';
import { NO_CONTENT } from '../../../src/memory/map/sent-layers';
import { PageIndex } from '../../../src/scan/pages';

type Run = readonly [pfn: number, count: number, type: number];
const breathe = (): Promise<void> => Promise.resolve();

/** Every run is a record of its own. */
const indexOf = (runs: readonly Run[]): PageIndex => {
  const pages = new PageIndex();
  for (const [record, [pfn, count, type]] of runs.entries()) pages.add(pfn, count, type, record, 0, -1);
  return pages;
};

/** Passes of ten records; those of the run `verify` and behind it are sent for comparison. */
const factsOf = (runs: readonly Run[], verify?: number): MapFacts => ({
  checkpoints: 0,
  ...(verify === undefined ? {} : { firstVerify: verify }),
  passes: Array.from({ length: Math.max(1, Math.ceil(runs.length / 10)) }, (_, pass) => ({
    kind: pass * 10 === verify ? ('verify' as const) : ('pass' as const),
    record: pass * 10,
    records: 10,
    entries: 0,
    pages: 0,
    offset: 0,
  })),
});

/** The same of a checkpointed stream whose last complete checkpoint ends at a row. */
const checkpointedAt = (runs: readonly Run[], record: number): IndexMap =>
  new IndexMap(indexOf(runs), () => ({ ...factsOf(runs), lastCheckpoint: { record, end: record } }));

const mapOf = (runs: readonly Run[], verify?: number): IndexMap =>
  new IndexMap(indexOf(runs), () => factsOf(runs, verify));

plain('what a stretch of pages holds, in figures', () => {
  const map = mapOf([
    [0, 100, 0x0],
    [100, 20, 0x1],
    [10, 5, 0x0],
    [10, 2, 0x0],
    [200, 1000, 0xf],
  ]);
  expect(map.summary(0, 2048)).toEqual({
    types: [
      { type: 0xf, pages: 1000 },
      { type: 0x0, pages: 100 },
      { type: 0x1, pages: 20 },
    ],
    sent: 120,
    copies: 127,
    most: 3,
    withoutContent: 1000,
    never: 928,
  });
  // PFNs 11 to 13: one sent three times, two sent twice.
  expect(map.summary(11, 3)).toMatchObject({ types: [{ type: 0x0, pages: 3 }], sent: 3, copies: 7, most: 3, never: 0 });
  expect(map.summary(5000, 16)).toEqual({ types: [], sent: 0, copies: 0, most: 0, withoutContent: 0, never: 16 });
});

const RUNS = fc.array(
  fc.tuple(
    fc.integer({ min: 0, max: 4000 }),
    fc.integer({ min: 1, max: 1024 }),
    fc.constantFrom(0x0, 0x1, 0x9, 0xc, 0xd, 0xe, 0xf),
  ),
  { maxLength: 30 },
);

/** Steps of the layer of sends, as its legend reads. */
const stepOf = (sends: number): number => (sends >= 10 ? 4 : sends >= 5 ? 3 : sends >= 3 ? 2 : sends === 2 ? 1 : 0);

test.prop([RUNS, fc.integer({ min: 0, max: 5000 })])('one cell a PFN holds what was said of it last', (runs, start) => {
  const map = mapOf(runs);
  const states = (layer: 'type' | 'sends' | 'presence' | 'pass'): Uint8Array =>
    map.cells({ layer, start, perCell: 1, cells: 300 });
  const [type, sends, presence, pass] = [states('type'), states('sends'), states('presence'), states('pass')];
  for (let cell = 0; cell < 300; cell++) {
    const mentions = [...runs.entries()].filter(
      ([, [pfn, count]]) => start + cell >= pfn && start + cell < pfn + count,
    );
    const copies = mentions.filter(([, [, , found]]) => hasPageData(found));
    const none = mentions.length === 0 ? NOTHING : NO_CONTENT;
    expect(type[cell]).toBe(mentions.at(-1)?.[1][2] ?? NOTHING);
    expect(sends[cell]).toBe(copies.length === 0 ? none : stepOf(copies.length));
    expect(presence[cell]).toBe(copies.length === 0 ? none : 0);
    expect(pass[cell]).toBe(copies.length === 0 ? none : Math.floor((copies.at(-1)?.[0] ?? 0) / 10));
  }
});

test.prop([RUNS, fc.integer({ min: 0, max: 30 })])(
  'of a checkpoint that is not complete only how often pages were sent is shown',
  (runs, end) => {
    const map = checkpointedAt(runs, end);
    const states = (layer: 'type' | 'sends' | 'presence' | 'pass'): Uint8Array =>
      map.cells({ layer, start: 0, perCell: 1, cells: 5024 });
    const [type, sends, presence, pass] = [states('type'), states('sends'), states('presence'), states('pass')];
    for (let pfn = 0; pfn < 5024; pfn++) {
      const mentions = [...runs.entries()].filter(([, [first, count]]) => pfn >= first && pfn < first + count);
      const taken = mentions.filter(([record]) => record < end);
      const stored = taken.filter(([, [, , found]]) => hasPageData(found)).at(-1);
      const sent = mentions.filter(([, [, , found]]) => hasPageData(found)).length;
      const none = mentions.length === 0 ? NOTHING : NO_CONTENT;
      expect(type[pfn]).toBe((taken.at(-1) ?? mentions.at(-1))?.[1][2] ?? NOTHING);
      expect(sends[pfn]).toBe(sent === 0 ? none : stepOf(sent));
      expect(presence[pfn]).toBe(stored ? 0 : taken.length === 0 && mentions.length > 0 ? 1 : none);
      expect(pass[pfn]).toBe(stored ? Math.floor(stored[0] / 10) : none);
    }
  },
);

test.prop([RUNS])('the totals count every PFN once', async (runs) => {
  const last = new Map<number, number>();
  const times = new Map<number, number>();
  for (const [pfn, count, type] of runs) {
    for (let at = pfn; at < pfn + count; at++) {
      last.set(at, type);
      if (hasPageData(type)) times.set(at, (times.get(at) ?? 0) + 1);
    }
  }
  const totals = await mapOf(runs).totals(breathe);
  const resent = [...times].filter(([, count]) => count > 1);
  expect(totals.pfns).toBe(last.size);
  expect(totals.sent).toBe([...times.values()].reduce((sum, count) => sum + count, 0));
  expect(totals.sentPfns).toBe(times.size);
  expect(totals.mentions).toBe(runs.reduce((sum, [, count]) => sum + count, 0));
  expect(totals.resentPfns).toBe(resent.length);
  expect(totals.resent.map(({ pfn, sends }) => [pfn, sends])).toEqual(
    resent.toSorted(([pfn, count], [other, more]) => more - count || pfn - other).slice(0, 256),
  );
  for (let type = 0; type < 16; type++) {
    expect(totals.byState.type?.[type]).toBe([...last.values()].filter((found) => found === type).length);
  }
  expect(totals.byState.presence?.[0]).toBe(times.size);
});

test.prop([RUNS, fc.constantFrom(4, 1024, 4096), fc.constantFrom(...LAYERS.filter(({ value }) => value))], {
  numRuns: 40,
})('a coarser cell shows the most telling state of its pages', (runs, perCell, layer) => {
  const map = mapOf(runs);
  const fine = map.cells({ layer: layer.id, start: 0, perCell: 1, cells: 8192 });
  const coarse = map.cells({ layer: layer.id, start: 0, perCell, cells: 8192 / perCell });
  for (let cell = 0; cell < coarse.length; cell++) {
    const states = [...fine.subarray(cell * perCell, (cell + 1) * perCell)].filter((state) => state !== NOTHING);
    const [best = NOTHING] = states.toSorted((one, other) => layer.rank(one) - layer.rank(other));
    expect(coarse[cell]).toBe(best);
  }
});

plain('what is sent to be verified is no copy', async () => {
  const runs: Run[] = Array.from({ length: 20 }, () => [7, 1, 0]);
  const map = mapOf(runs, 10);
  expect((await map.totals(breathe)).resent).toEqual([{ pfn: 7, sends: 10 }]);
  expect(map.cells({ layer: 'pass', start: 7, perCell: 1, cells: 1 })).toEqual(Uint8Array.of(0));
});

plain('a PFN far off costs nothing', async () => {
  const pages = new PageIndex();
  for (let run = 0; run < 2000; run++) pages.add(2 ** 32 - 1 - run * 3000, 1, 0, run, 0, -1);
  const map = new IndexMap(pages, () => factsOf([]));
  expect((await map.totals(breathe)).pfns).toBe(2000);
  expect(map.cells({ layer: 'type', start: 2 ** 32 - 4, perCell: 1, cells: 4 })).toEqual(
    Uint8Array.of(255, 255, 255, 0),
  );
});

plain('the map follows an index that grows', () => {
  const pages = indexOf([[0, 2048, 0]]);
  const map = new IndexMap(pages, () => factsOf([]));
  const cells = (): number[] => [...map.cells({ layer: 'type', start: 0, perCell: 1024, cells: 3 })];
  expect(cells()).toEqual([0, 0, NOTHING]);
  pages.add(1030, 1, 4, 1, 0, -1);
  pages.add(2050, 1, 1, 1, 0, -1);
  expect(cells()).toEqual([0, 4, 1]);
});

plain('every state of a layer has one name, colour and rank', () => {
  const facts = factsOf(Array.from({ length: 200 }, () => [0, 1, 0]));
  for (const layer of LAYERS) {
    const states = layer.entries(facts).map(({ state }) => state);
    expect(new Set(states).size, layer.id).toBe(states.length);
    expect(new Set(states.map((state) => layer.rank(state))).size, layer.id).toBe(states.length);
    for (const state of states) expect(layer.rank(state), `${layer.id} ${state}`).toBeGreaterThanOrEqual(0);
  }
});

plain('many passes are put into bands', () => {
  const facts = factsOf(Array.from({ length: 200 }, () => [0, 1, 0]));
  const names = LAYERS.find(({ id }) => id === 'pass')
    ?.entries(facts)
    .map(({ short }) => short);
  expect(names).toEqual([
    'Passes 1–2',
    'Passes 3–5',
    'Passes 6–7',
    'Passes 8–10',
    'Passes 11–12',
    'Passes 13–15',
    'Passes 16–17',
    'Passes 18–20',
    'Sent without data',
  ]);
});
