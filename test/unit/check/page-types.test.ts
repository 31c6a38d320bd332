/** Page tables as Xen validates them: what it takes, in what order it looks, and what its debug builds say. */
import { describe, expect, test } from 'vitest';
import { check } from '../../../src/check/check';
import { matchLog } from '../../../src/check/log/match';
import type { CheckResult } from '../../../src/check/result';
import { Scan } from '../../../src/scan/scan';
import { memorySource } from '../../../src/source/memory';
import { samples } from '../../fixtures/samples';
import { assemble, pages, type Parts, patch, PV_PAGES, pv32Parts, pvParts } from '../../fixtures/built/restorable';
import { concat, record, T, u64, XC, xlHeader } from '../../fixtures/built/stream';

type Page = readonly [pfn: number, type: number, content?: Uint8Array];

const L4 = 4;
const L2 = 2;
const empty = new Uint8Array(4096);
const page = (pfn: number): Uint8Array => PV_PAGES.find(([one]) => one === pfn)?.[2] ?? empty;
const withPages = (...changed: readonly Page[]): Parts => ({
  ...pvParts(),
  pages: pages([
    ...PV_PAGES.map((one) => changed.find(([pfn]) => pfn === one[0]) ?? one),
    ...changed.filter(([pfn]) => PV_PAGES.every(([known]) => known !== pfn)),
  ]),
});
const then = (parts: Parts, ...records: readonly Uint8Array[]): Parts => ({
  ...parts,
  tsc: concat(...records, parts['tsc'] ?? empty),
});

async function judge(parts: Parts, xen = 417): Promise<CheckResult> {
  const source = memorySource(assemble(parts), 'image');
  return check(await new Scan(source).run(), source, { xen });
}
const factsOf = ({ stages }: CheckResult): readonly string[] => stages.find(({ id }) => id === 'tables')?.facts ?? [];
const first = async (parts: Parts): Promise<string | undefined> => (await judge(parts)).first?.message;

test('a width that is not known demands no type of a root', async () => {
  // X86_PV_INFO of one byte: a width of 4, and no levels. All that follows is never reached.
  const { first: stop, findings } = await judge({ ...pv32Parts(), info: record(XC.PV_INFO, Uint8Array.of(4)) });
  expect(stop?.log).toEqual([{ by: 'libxc', text: 'X86_PV_INFO record truncated: length 1, expected 8' }]);
  expect(findings.flatMap(({ log }) => log.map(({ text }) => text)).filter((text) => text.includes('cr3'))).toEqual([]);
});

test('tables are counted once, however often they are used', async () => {
  expect(factsOf(await judge(pvParts()))).toContain('4 page tables validated, 1 of them pinned');
  // Entry 1 of the L2 table leads to the L1 table that entry 0 leads to, which is pinned as well.
  const twice = withPages([8, L2, patch(page(8), 8, u64(0x9025))], [9, 9, page(9)]);
  expect(factsOf(await judge(twice))).toContain('4 page tables validated, 2 of them pinned');
});

describe('linear page tables', () => {
  const to = (pfn: number): Uint8Array => patch(empty, 0, u64(pfn * 4096 + 0x25));
  test('a root may lead to one that was validated before', async () => {
    const { verdict } = await judge(withPages([13, T.L4_PINNED, to(6)]));
    expect(verdict).toBe('ok');
  });
  test('but to none that comes later: that would be an L3 table', async () => {
    // The entry takes PFN 14 for an L3 table, as which it is empty and in order; then it is to be pinned as an L4 table.
    expect(await first(withPages([13, T.L4_PINNED, to(14)], [14, T.L4_PINNED, empty]))).toBe(
      'PFN 0xe is a pinned L4 table according to the stream, but already an L3 table (pinning L4 table 0xe)',
    );
  });
  test('and to none that leads on', async () => {
    expect(await first(withPages([13, T.L4_PINNED, to(6)], [14, T.L4_PINNED, to(13)]))).toBe(
      'L4 table 0xe, entry 0 takes PFN 0xd for an L3 table, but it is an L4 table (pinning L4 table 0xe)',
    );
  });
});

test('the last content before VERIFY counts, with the last type', async () => {
  const bad = patch(page(9), 8, u64(0x9027));
  const again = pages([[9, T.L1, bad]]);
  expect((await judge(then(pvParts(), again))).first?.id).toBe('HP-16');
  expect((await judge(then(pvParts(), record(XC.VERIFY), again))).first).toBeUndefined();
  expect((await judge(then(withPages([9, T.L1, bad]), pages([[9, T.L1, page(9)]])))).first).toBeUndefined();
});

test('a guest with devices of the host may choose how memory is cached', async () => {
  const uncached = withPages([9, T.L1, patch(page(9), 8, u64(0xa037))]);
  const config = (extra: object): Uint8Array =>
    xlHeader(
      `${JSON.stringify({ c_info: { type: 'pv', name: 'guest' }, b_info: { max_vcpus: 2, max_memkb: 4096, 'type.pv': {} }, ...extra })}\0`,
    );
  expect((await judge({ ...uncached, xl: config({}) })).first?.id).toBe('HP-14');
  expect((await judge({ ...uncached, xl: config({ pcidevs: [{ dev: 3 }] }) })).first).toBeUndefined();
});

test('what a configuration decides is no fault without one', async () => {
  const { findings } = await judge({
    ...withPages([9, T.L1, patch(page(9), 8, u64(0xa037))]),
    ...Object.fromEntries(['xl', 'libxl', 'context', 'done'].map((name) => [name, empty.subarray(0, 0)])),
  });
  expect(findings.find(({ id }) => id === 'HP-14')?.severity).toBe('note');
});

test('the log of a debug build leads to the finding, whatever frames the host has', async () => {
  const source = memorySource(assemble(withPages([9, T.L1, patch(page(9), 8, u64(0x9027))])), 'image');
  const scan = await new Scan(source).run();
  const { findings } = await check(scan, source, { xen: 417 });
  const log = [
    '(XEN) mm.c:1014:d0v1 Could not get page type PGT_writable_page',
    '(XEN) mm.c:1040:d0v1 Error getting mfn 12d8b1 (pfn 00009) from L1 entry 800000012d8b1067 for l1e_owner d7, pg_owner d7',
    '(XEN) mm.c:1367:d0v1 Failure -16 in promote_l1_table: slot 0x1',
    '(XEN) mm.c:1367:d0v1 Failure -16 in promote_l1_table: slot 0x2',
  ].join('\n');
  expect(matchLog(log, findings, scan).map(({ finding }) => finding?.id)).toEqual([
    'HP-16',
    'HP-16',
    'HP-16',
    undefined,
  ]);
});

test('tables that lead to each other without end are read once each', async () => {
  const count = 600;
  const all = Array.from({ length: count }, (_, at) => 0x40 + at);
  const full = concat(...Array.from({ length: 512 }, (_, at) => u64((0x40 + (at % count)) * 4096 + 0x25)));
  const parts: Parts = {
    ...pvParts(),
    p2m: record(XC.P2M_FRAMES, concat(new Uint8Array(4), Uint8Array.of(0xff, 3, 0, 0), u64(11), u64(11))),
    pages: concat(pages(PV_PAGES), pages(all.map((pfn, at) => [pfn, [L2, 3, L4, T.L4_PINNED][at % 4] ?? L2, full]))),
  };
  const source = memorySource(assemble(parts), 'image');
  const scan = await new Scan(source).run();
  let bytes = 0;
  const counted = {
    ...source,
    name: source.name,
    size: source.size,
    read: source.read.bind(source),
    readNow: (offset: number, length: number): Uint8Array => {
      bytes += length;
      return source.readNow?.(offset, length) ?? empty;
    },
  };
  expect((await check(scan, counted, { xen: 417 })).verdict).toBe('fails');
  expect(bytes).toBeLessThan(source.size * 8);
});

test('a table that nothing uses may hold anything', async () => {
  const { verdict } = await judge(withPages([13, L4, patch(empty, 0, u64(0x71bf))]));
  expect(verdict).toBe('ok');
});

// Xen names a page a table when it is one, so the tables that it comes by are those that the stream calls so.
const REAL = ['micro32', 'micro64', 'micro64-live', 'micro64-xen413', 'micro64-xen420', 'pv64'];
test.each(samples.filter(({ name }) => REAL.includes(name)))('all tables of $file are validated', async (sample) => {
  const source = memorySource(sample.open(), sample.file);
  const scan = await new Scan(source).run();
  const types = new Map<number, number>();
  for (let index = 0; index < scan.pages.runs; index++) {
    const { pfn, count, type } = scan.pages.run(index);
    for (let at = 0; at < count; at++) types.set(pfn + at, type);
  }
  const tables = [...types.values()].filter((type) => (type >= 1 && type <= 4) || (type >= 9 && type <= 12)).length;
  const facts = factsOf(await check(scan, source));
  expect(facts.find((fact) => fact.includes('validated'))).toContain(`${tables} page tables validated`);
});
