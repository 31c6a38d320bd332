import { expect, test } from 'vitest';
import { NameIndex } from '../../../src/memory/symbols/name-index';

const indexOf = (all: readonly string[]): NameIndex => {
  const pool = new TextEncoder().encode(all.join(''));
  const places: number[] = [];
  let at = 0;
  for (const name of all) {
    places.push(at, at + name.length);
    at += name.length;
  }
  return new NameIndex(Uint32Array.from(places), pool);
};

test('of symbols of one name the first is found, of others none', () => {
  const index = indexOf(['start', 'schedule', 'start', 'schedul', 'x']);
  expect(['start', 'schedule', 'schedul', 'x', 'sched', ''].map((name) => index.find(name))).toEqual([
    0, 1, 3, 4, -1, -1,
  ]);
  expect(indexOf([]).find('x')).toBe(-1);
});

test('a hundred thousand names, and as many symbols of one name, are found', () => {
  const index = indexOf([
    ...Array.from({ length: 100_000 }, (_, at) => `name${at}`),
    ...Array.from({ length: 100_000 }, () => 'same'),
  ]);
  expect([index.find('name0'), index.find('name99999'), index.find('same'), index.find('name100000')]).toEqual([
    0, 99_999, 100_000, -1,
  ]);
});
