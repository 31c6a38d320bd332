/**
 * Not one mark of a guest’s memory leaves in an image for sharing: each bit of each header, count, entry and length
 * changed, the file cut anywhere, and random mutants. The marks are made to look like what may be kept.
 */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { changeOf, leakOf, type Mark, marked, type MarkedSeed, MARKS, mutantOf } from '../../../fuzz/privacy';
import { loadSeeds } from '../../../fuzz/seeds';

/** Bytes of a row in which each bit is changed: its header, its count and four entries. */
const BITS_OF = 48;
/** Twenty thousand more are among the mutants that are checked. */
const MUTANTS = 1000;

const problems: string[] = [];
const must = (what: string, problem: string | undefined): void => {
  if (problem !== undefined) problems.push(`${what}: ${problem}`);
};

describe.each(Object.keys(MARKS))('marks like %s', (mark) => {
  let seeds: readonly MarkedSeed[] = [];
  beforeAll(async () => {
    const { built, restorable } = await loadSeeds(false);
    seeds = [...built, ...restorable].map((seed) => marked(seed, mark));
  });
  beforeEach(() => {
    problems.length = 0;
  });

  test('as they are', () => {
    for (const { name, bytes } of seeds) must(name, leakOf(bytes, mark));
    expect(problems).toEqual([]);
  });

  test('each bit of the framing', () => {
    for (const { name, bytes, spots } of seeds.filter((seed) => mark === 'text' || KINDS.has(seed.name))) {
      const ats = new Set(spots.flatMap(({ offset, length }) => range(offset, offset + Math.min(length, BITS_OF))));
      const changed = bytes.slice();
      for (const at of ats) {
        const byte = bytes[at] ?? 0;
        for (const bit of bitsOf(name, mark, at)) {
          changed[at] = byte ^ (1 << bit);
          must(`bit ${bit} of byte ${at} of ${name}`, leakOf(changed, mark));
        }
        changed[at] = byte;
      }
    }
    expect(problems).toEqual([]);
  });

  test('cut', () => {
    for (const { name, bytes, spots } of seeds.filter((seed) => mark === 'text' || KINDS.has(seed.name))) {
      const ends =
        mark === 'text' && bytes.length < 5000
          ? range(0, bytes.length)
          : spots.flatMap(({ offset, end }) => around(offset, end));
      for (const size of ends) must(`the first ${size} bytes of ${name}`, leakOf(bytes.slice(0, size), mark));
    }
    expect(problems).toEqual([]);
  });

  test('what is kept of an image is kept of its copy: bits and cuts, but for one in a hundred', () => {
    let tried = 0;
    for (const { name, bytes, spots } of seeds.filter(({ bytes: { length } }) => length < 15_000)) {
      for (const at of spots.flatMap(({ offset }) => range(offset, offset + 12))) {
        const changed = bytes.slice();
        changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
        tried++;
        must(`byte ${at} of ${name}`, changeOf(changed));
      }
      for (const size of spots.flatMap(({ offset, end }) => around(offset, end))) {
        tried++;
        must(`the first ${size} bytes of ${name}`, changeOf(bytes.slice(0, size)));
      }
    }
    // Where the record before the damage is filled too, a copy may show less of what follows; the export then says so.
    expect(problems.length).toBeLessThan(tried / 100);
  });

  test('mutants', () => {
    for (let number = 0; number < MUTANTS; number++) {
      const { name, bytes } = mutantOf(number, seeds);
      must(`mutant ${number} of ${name}`, leakOf(bytes, mark));
    }
    expect(problems).toEqual([]);
  });
});

/** An image of each kind, of which every bit is changed. */
const KINDS = new Set(['pvLibxc', 'pv32', 'hvmXl', 'liveMigration', 'remus', 'remusHvm', 'libvirt', 'bigEndianPv']);

/** All bits of a byte; of images and marks beyond those one, another at each place. */
const bitsOf = (name: string, mark: Mark, at: number): readonly number[] =>
  mark === 'text' && KINDS.has(name) ? [0, 1, 2, 3, 4, 5, 6, 7] : [(at + mark.length) % 8];

const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);

/** Sizes about the start of a record and its header, within its pages, and about its end. */
const around = (offset: number, end: number): number[] => [
  ...range(offset, offset + 24),
  ...[4096, 4112, 5000].map((more) => offset + more).filter((size) => size < end),
  ...range(Math.max(offset, end - 8), end),
];
