/** What whole panels are made of, found bit by bit. Rows 0 and 1 are the headers of a bare libxc stream. */
import { expect, test } from 'vitest';
import { LandmarkFinder } from '../../../src/scan/landmarks';
import {
  cpuidPolicy,
  libxcStream,
  msrPolicy,
  pageData,
  PV,
  record,
  staticDataEnd,
  tscInfo,
  vcpuBasic64,
  XC,
} from '../../fixtures/built/stream';
import { scanBytes } from '../../fixtures/scanning';

const CHECKPOINT = record(XC.CHECKPOINT);
const PAGES = pageData([{ pfn: 1, fill: 1 }]);
const NO_DEADLINE = Number.POSITIVE_INFINITY;

test('checkpoints, policies, and the records that a restore takes', async () => {
  const { records, image } = await scanBytes(
    libxcStream(PV, [
      cpuidPolicy(),
      cpuidPolicy(),
      msrPolicy(),
      staticDataEnd(),
      PAGES,
      vcpuBasic64(0),
      CHECKPOINT,
      PAGES,
      vcpuBasic64(0),
      CHECKPOINT,
      PAGES,
      vcpuBasic64(0),
    ]),
  );
  const finder = new LandmarkFinder(records);
  expect(finder.found).toMatchObject({ policies: [0, 0], checkpoints: [] });
  expect(finder.step(image, NO_DEADLINE)).toBe(true);
  const { found } = finder;
  expect(found.policies).toEqual([2, 1]);
  expect(found.checkpoints).toEqual([8, 11]);
  expect([found.libxc.cpuidPolicy, found.libxc.vcpus.get(0)?.basic]).toEqual([3, 10]);
  // Nothing new: the same object, so that nobody draws again.
  expect(finder.step(image, NO_DEADLINE)).toBe(true);
  expect(finder.found).toBe(found);
});

test('work in slices: a step ends when its time is over, and the next one goes on', async () => {
  const { records, image } = await scanBytes(
    libxcStream(PV, [...Array.from({ length: 5000 }, () => tscInfo()), vcpuBasic64(0), CHECKPOINT]),
  );
  const finder = new LandmarkFinder(records);
  expect(finder.step(image, 0)).toBe(false);
  expect(finder.found).toMatchObject({ checkpoints: [], libxc: { tscInfo: 4095 } });
  expect(finder.step(image, 0)).toBe(true);
  expect(finder.found).toMatchObject({ checkpoints: [5003], libxc: { tscInfo: 5001 } });
});
