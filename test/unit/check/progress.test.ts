/** How far a check says it is: by records, then by what is read once the stream of a PV guest has ended. */
import { expect, test } from 'vitest';
import { progressOf } from '../../../src/check/simulate/progress';
import { simulate } from '../../../src/check/simulate/run';
import { Simulation } from '../../../src/check/simulate/simulation';
import { Reader } from '../../../src/scan/reader';
import { assemble, hvmParts, pages, PV_PAGES, pvParts } from '../../fixtures/built/restorable';
import { scanBytes } from '../../fixtures/scanning';
import { T } from '../../fixtures/built/stream';

/** Position and progress whenever the check asks for bytes, and at its end. */
async function steps(image: Uint8Array): Promise<readonly (readonly [position: number, progress: number])[]> {
  const scan = await scanBytes(image);
  // A window of nothing ahead: each look at the image is a step.
  const sim = new Simulation(scan, new Reader(image.length, { hop: 1, limit: 1 }), {
    fileName: 'image',
    xen: 417,
    restoredBy: 'xl',
  });
  const seen: (readonly [number, number])[] = [];
  const run = simulate(sim);
  for (let step = run.next(); !step.done;) {
    seen.push([sim.position, progressOf(sim)]);
    const { offset, length } = step.value;
    step = run.next(image.slice(offset, offset + length));
  }
  return [...seen, [sim.position, progressOf(sim)]];
}

test('records count by their place in the file', async () => {
  const image = assemble(hvmParts());
  for (const [position, progress] of await steps(image)) expect(progress).toBeCloseTo(position / image.length, 12);
});

test('page tables and P2M of a PV guest, read behind the end of its stream, count as much as records', async () => {
  const parts = pvParts();
  // PFNs 13 to 32: empty page tables, pinned.
  const empty = Array.from({ length: 20 }, (_, index) => [13 + index, T.L1 | 8, new Uint8Array(4096)] as const);
  const image = assemble({ ...parts, pages: pages([...PV_PAGES, ...empty]) });
  const all = await steps(image);
  const end = image.length - 8;
  const behind = all.filter(([position]) => position === end).map(([, progress]) => progress);
  // 18 headers and records, 24 tables, one frame of the P2M: at the end of the stream about half is done.
  expect(behind[0]).toBeCloseTo((18 * end) / image.length / (18 + 24 + 1), 12);
  expect(new Set(behind).size).toBeGreaterThan(20);
  expect(behind).toEqual(behind.toSorted((a, b) => a - b));
  expect(all.at(-1)).toEqual([image.length, 1]);
});
