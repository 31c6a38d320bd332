/** The page map of real images against a plain count over their records, and roles against what xenctx printed. */
import { describe, expect, test } from 'vitest';
import { verifyPages } from '../../../src/memory/compare/verify';
import { ContentMap } from '../../../src/memory/content/content-map';
import { contentPass } from '../../../src/memory/content/pass';
import { contentState } from '../../../src/memory/map/content-layer';
import { GuestMap } from '../../../src/memory/guest-map';
import { ROLES } from '../../../src/memory/map/role-layer';
import { findRoles } from '../../../src/memory/roles/find';
import { memorySource } from '../../../src/source/memory';
import { memoryOf } from '../../fixtures/memory';
import { plainMentions } from '../../fixtures/plain/mentions';
import { samples } from '../../fixtures/samples';
import { scanBytes } from '../../fixtures/scanning';

const breathe = (): Promise<void> => Promise.resolve();
const tools = {
  signal: new AbortController().signal,
  onPart: () => undefined,
  onProgress: () => undefined,
  breathe,
};

async function open(bytes: Uint8Array) {
  const scan = await scanBytes(bytes);
  const map = new GuestMap({ pages: scan.pages, image: scan.image, findings: () => [] });
  return { scan, map, source: memorySource(bytes), memory: memoryOf(bytes, scan) };
}

describe.each(samples)('$file', (sample) => {
  const bytes = sample.open();
  const mentions = plainMentions(bytes);
  const zero = Buffer.alloc(4096);

  test('pages by type, and how often they were sent', async () => {
    const { map } = await open(bytes);
    const totals = await map.index.totals(breathe);
    const last = new Map(mentions.map(({ pfn, type }) => [pfn, type]));
    const types = new Float64Array(256);
    for (const type of last.values()) types[type] = (types[type] ?? 0) + 1;
    expect(totals.byState.type).toEqual(types);
    const sends = new Map<number, number>();
    for (const { pfn, type, verify } of mentions) if (type < 0xd && !verify) sends.set(pfn, (sends.get(pfn) ?? 0) + 1);
    const resent = [...sends].filter(([, count]) => count > 1);
    expect(totals.sentPfns).toBe(sends.size);
    expect(totals.resentPfns).toBe(resent.length);
    expect(totals.resent.map(({ pfn, sends: count }) => [pfn, count])).toEqual(
      resent.toSorted(([pfn, count], [other, more]) => more - count || pfn - other).slice(0, 256),
    );
    const steps = totals.byState.sends ?? new Float64Array(256);
    expect([...steps.subarray(0, 5)]).toEqual(
      [
        (count: number) => count === 1,
        (count: number) => count === 2,
        (count: number) => count === 3 || count === 4,
        (count: number) => count >= 5 && count < 10,
        (count: number) => count >= 10,
      ].map((fits) => [...sends.values()].filter(fits).length),
    );
  });

  test('pages that are all zero', async () => {
    const { scan, source } = await open(bytes);
    const map = new ContentMap();
    const { counts, read, zeroOrdinary } = await contentPass({ ...scanOf(scan), source }, map, tools);
    const checkpoint = scan.image.lastCheckpoint?.record;
    const end = checkpoint === undefined ? bytes.length : scan.records.offsetAt(checkpoint);
    const stored = new Map(
      mentions.filter(({ at, verify }) => at >= 0 && !verify && at < end).map((mention) => [mention.pfn, mention]),
    );
    const zeros = [...stored.values()].filter(({ at }) => zero.equals(bytes.subarray(at, at + 4096)));
    expect(read).toBe(stored.size);
    expect(counts[contentState('zero')]).toBe(zeros.length);
    expect(zeroOrdinary).toBe(zeros.filter(({ type }) => type === 0).length);
  });
});

const scanOf = ({ pages, image }: Awaited<ReturnType<typeof open>>['scan']) => ({ pages, image });

const named = (name: string) => samples.filter((sample) => sample.name === name);

test.each(named('micro64-live'))(
  '$file: 42 pages were sent three times, and nothing differed in the end',
  async (sample) => {
    const { map, scan, source } = await open(sample.open());
    const { resent, resentPfns } = await map.index.totals(breathe);
    expect(resentPfns).toBe(43);
    expect(resent.filter(({ sends }) => sends === 3)).toHaveLength(42);
    // Row 13 is the VERIFY.
    expect(await verifyPages({ pages: scan.pages, source }, 13, tools)).toMatchObject({ pages: 1020, differ: 0 });
  },
);

test.each(named('micropvh-live'))('$file: 132 pages were sent six times', async (sample) => {
  const { map } = await open(sample.open());
  const { resent, resentPfns } = await map.index.totals(breathe);
  expect(resentPfns).toBe(132);
  expect(resent.every(({ sends }) => sends === 6)).toBe(true);
});

/** Roles of each page that is named, with who gives them. */
async function rolesOf(bytes: Uint8Array): Promise<Map<number, (string | number)[][]>> {
  const { scan, source, memory } = await open(bytes);
  const roles = await findRoles({ records: scan.records, image: scan.image, source }, memory, breathe);
  const pages = [...roles.pages().keys()];
  return new Map(
    pages.map((pfn) => [
      pfn,
      roles.of(pfn).map(({ role, by, vcpu }) => [role, by, ...(vcpu === undefined ? [] : [vcpu])]),
    ]),
  );
}

test.each(named('micro64'))('$file: what its pages are', async (sample) => {
  // cr3 1a000 and rip ffffffff800003aa of both vCPUs, start_info in rdx: so says xenctx of this domain.
  const roles = await rolesOf(sample.open());
  expect(roles.get(0x1a)).toEqual([
    ['root', 'cr3', 0],
    ['root', 'cr3', 1],
  ]);
  expect(roles.get(0)).toEqual([
    ['code', 'rip', 0],
    ['code', 'rip', 1],
  ]);
  expect(roles.get(0x17)).toEqual([['start-info', 'rdx', 0]]);
  expect(roles.get(0x18)).toEqual([['xenstore', 'start_info']]);
  expect(roles.get(0x19)).toEqual([['console', 'start_info']]);
});

test.each(named('micropvh'))('$file: what its pages are', async (sample) => {
  // cr3 104000, rip 1013a8, rsp 1077f8 and 107ff8, gdtr 102000: so says xen-hvmctx of this domain.
  const roles = await rolesOf(sample.open());
  expect(roles.get(0x104)).toEqual([
    ['root', 'cr3', 0],
    ['root', 'cr3', 1],
  ]);
  expect(roles.get(0x101)).toEqual([
    ['code', 'rip', 0],
    ['code', 'rip', 1],
  ]);
  expect(roles.get(0x107)).toEqual([
    ['stack', 'rsp', 0],
    ['stack', 'rsp', 1],
  ]);
  expect(roles.get(0x102)).toContainEqual(['gdt', 'GDTR', 0]);
  expect(roles.get(0xfee00)).toEqual([['mmio', 'local APIC']]);
});

test.each(samples)(
  '$file: every page has one role, and each of the layer’s counts is that of its cells',
  async (sample) => {
    const bytes = sample.open();
    const { map, scan, source, memory } = await open(bytes);
    map.roles = await findRoles({ records: scan.records, image: scan.image, source }, memory, breathe);
    const counts = await map.counts('role', breathe);
    const cells = map.cells({ layer: 'role', start: 0, perCell: 1, cells: scan.pages.highest + 1 }).state;
    const counted = new Float64Array(256);
    for (const state of cells) if (state !== 0xff) counted[state] = (counted[state] ?? 0) + 1;
    for (const [state, role] of ROLES.entries()) expect([role, counts[state]]).toEqual([role, counted[state]]);
  },
);
