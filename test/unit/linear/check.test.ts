/** What the check costs where a guest lies about its size, grows, or has a record of very many runs. */
import { expect, test } from 'vitest';
import { check } from '../../../src/check/check';
import type { CheckResult } from '../../../src/check/result';
import { PageIndex } from '../../../src/scan/pages';
import { Scan } from '../../../src/scan/scan';
import { memorySource } from '../../../src/source/memory';
import { assemble, pages, PV_PAGES, pvParts } from '../../fixtures/built/restorable';
import { concat, record, u32, u64, XC } from '../../fixtures/built/stream';

async function judge(image: Uint8Array): Promise<CheckResult> {
  const source = memorySource(image, 'image');
  return check(await new Scan(source).run(), source);
}

test('a P2M that is announced in steps, as that of a guest that grows, covers what each step adds', async () => {
  const parts = pvParts();
  // The page tables, PFNs 6 to 9, come first; what they map lies behind.
  const isEarly = ([pfn]: (typeof PV_PAGES)[number]): boolean => pfn < 10;
  const list = (last: number): Uint8Array => record(XC.P2M_FRAMES, concat(u32(0), u32(last), u64(11)));
  const early = pages(PV_PAGES.filter(isEarly));
  const late = pages(PV_PAGES.filter((one) => !isEarly(one)));
  const steps = concat(list(10), early, list(0x3f), late);
  const whole = await judge(assemble(parts));
  const grown = await judge(assemble({ ...parts, p2m: new Uint8Array(0), pages: steps }));
  expect(grown.verdict).toBe(whole.verdict);
  expect(grown.findings.map(({ id }) => id)).toEqual(whole.findings.map(({ id }) => id));
});

test('a guest that claims 2^32 pages costs what its page tables name', async () => {
  const parts = pvParts();
  // 40 L1 tables, each entry of which maps a page in another 64 Ki: a block for each would be more than a gigabyte.
  const tables = Array.from({ length: 40 }, (_, table) => {
    const entries = Array.from({ length: 512 }, (__, entry) =>
      u64(((BigInt((table * 512 + entry + 2) * 65_536) % 2n ** 32n) << 12n) | 3n),
    );
    return [1000 + table, 9, concat(...entries)] as const;
  });
  const list = record(XC.P2M_FRAMES, concat(u32(0xffff_fe00), u32(0xffff_ffff), u64(1)));
  const before = process.memoryUsage().arrayBuffers;
  const { complete, stages } = await judge(
    assemble({ ...parts, pages: concat(parts['pages'] ?? new Uint8Array(0), list, pages(tables)) }),
  );
  expect(complete).toBe(true);
  expect(stages.flatMap(({ facts }) => facts)).toContain('44 page tables validated, 41 of them pinned');
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(200 * 2 ** 20);
});

test('the page of a byte is found without going over the runs of its record', () => {
  const index = new PageIndex();
  const looks: string[] = [];
  for (let run = 0; run < 20_000; run++)
    index.add(run * 2, 1, run % 3 === 0 ? 0 : 0xf, 7, run, run % 3 === 0 ? 200_000 + (run / 3) * 4096 : -1);
  const run = index.run.bind(index);
  index.run = (at) => {
    looks.push(String(at));
    return run(at);
  };
  expect([index.pfnAt(7, 100, 100 + 19_999 * 8), index.pfnAt(7, 100, 200_000 + 6000 * 4096)]).toEqual([39_998, 36_000]);
  expect(looks.length).toBeLessThan(10);
});
