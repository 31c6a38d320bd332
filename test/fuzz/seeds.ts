/** What mutants are made of: the built images, whole ones that a restore takes, and the real ones of the project. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { assemble, hvmParts, pv32Parts, pvhParts, pvParts } from '../fixtures/built/restorable';
import { IMAGES } from '../fixtures/built/images';
import { samples } from '../fixtures/samples';
import { scanBytes } from '../fixtures/scanning';
import { LibxcType } from '../../src/format/libxc/types';
import { loadLength } from '../../src/scan/load-length';
import { endOf } from '../../src/format/framing';
import type { Seed, Spot } from './mutate';
import { type Mark, marked, type MarkedSeed, MARKS } from './privacy';
import type { Random } from './random';

/** Real images that are part of the project: the same wherever the fuzzer runs, so that a number repeats a mutant. */
const OWN = ['micro64', 'micro64-live', 'micro64-remus'];
const PVH = new URL('../fixtures/micropvh-no-pages.xlsave.gz', import.meta.url);
/** One mutant in so many is of a large seed, which costs as much as hundreds of small ones. */
const LARGE_EVERY = 1000;
const LARGE_EVERY_REAL = 4;

export interface Seeds {
  /** Of every shape; most of them are refused at once for what they leave out. */
  readonly built: readonly Seed[];
  /** Those that a restore takes, so that a mutant comes far. */
  readonly restorable: readonly Seed[];
  readonly large: readonly Seed[];
  readonly largeEvery: number;
  /** Small ones with marks in place of memory. */
  readonly marked: readonly { readonly mark: Mark; readonly seeds: readonly MarkedSeed[] }[];
}

/** Records, headers, and the entries of HVM contexts, which are framed as records are. */
async function spotsOf(bytes: Uint8Array): Promise<Spot[]> {
  const { records, image } = await scanBytes(bytes);
  const spots: Spot[] = [];
  for (let index = 0; index < records.count; index++) {
    const row = records.row(index);
    if (!row) continue;
    const { offset } = row;
    const end = row.kind === 'header' ? offset + row.length : endOf(offset, row.length);
    spots.push({ offset, length: Math.min(loadLength(row), bytes.length - offset), end: Math.min(end, bytes.length) });
    if (row.type !== LibxcType.HVM_CONTEXT || row.layer !== 'libxc') continue;
    for (const { record, offset: at, length } of image.context)
      if (record === index) spots.push({ offset: at, length: 8 + length, end: at + 8 + length });
  }
  return spots;
}

const seedsOf = (images: Readonly<Record<string, Uint8Array>>): Promise<Seed[]> =>
  Promise.all(Object.entries(images).map(async ([name, bytes]) => ({ name, bytes, spots: await spotsOf(bytes) })));

/** `real` takes the images beside the checkout too, as far as they are there. */
export async function loadSeeds(real: boolean): Promise<Seeds> {
  const opened = samples.filter(({ name }) => real || OWN.includes(name)).map((one) => [one.name, one.open()] as const);
  const built = await seedsOf(IMAGES);
  const restorable = await seedsOf({
    restorablePv: assemble(pvParts()),
    restorablePv32: assemble(pv32Parts()),
    restorableHvm: assemble(hvmParts()),
    restorablePvh: assemble(pvhParts()),
    micropvhNoPages: gunzipSync(readFileSync(fileURLToPath(PVH))),
  });
  return {
    built,
    restorable,
    marked: Object.keys(MARKS).map((mark) => ({
      mark,
      seeds: [...built, ...restorable].map((seed) => marked(seed, mark)),
    })),
    large: await seedsOf(Object.fromEntries(opened)),
    largeEvery: real ? LARGE_EVERY_REAL : LARGE_EVERY,
  };
}

export function pickSeed({ built, restorable, large, largeEvery }: Seeds, random: Random): Seed {
  if (random.below(largeEvery) === 0) return random.pick(large);
  return random.pick(random.below(2) === 0 ? built : restorable);
}
