import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import { Lru } from '../../../src/lib/lru';

/** The plain truth: a list, most recent last. */
class SlowLru {
  entries: [key: number, value: number][] = [];
  readonly capacity: number;
  constructor(capacity: number) {
    this.capacity = capacity;
  }
  get(key: number): number | undefined {
    const found = this.entries.find((entry) => entry[0] === key);
    if (found) this.entries = [...this.entries.filter((entry) => entry !== found), found];
    return found?.[1];
  }
  set(key: number, value: number): void {
    this.entries = [...this.entries.filter((entry) => entry[0] !== key), [key, value] as [number, number]].slice(
      -this.capacity,
    );
  }
  delete(key: number): void {
    this.entries = this.entries.filter((entry) => entry[0] !== key);
  }
}

const step = fc.record({
  kind: fc.constantFrom('get', 'set', 'delete'),
  key: fc.integer({ min: 0, max: 12 }),
  value: fc.nat(),
});

test.prop([fc.integer({ min: 1, max: 8 }), fc.array(step, { maxLength: 200 })])(
  'does what a list would do',
  (capacity, steps) => {
    const fast = new Lru<number, number>(capacity);
    const slow = new SlowLru(capacity);
    for (const { kind, key, value } of steps) {
      if (kind === 'get') expect(fast.get(key)).toBe(slow.get(key));
      else if (kind === 'set') {
        fast.set(key, value);
        slow.set(key, value);
      } else {
        fast.delete(key);
        slow.delete(key);
      }
      expect(fast.size).toBe(slow.entries.length);
      expect(fast.size).toBeLessThanOrEqual(capacity);
    }
  },
);

test('what was used longest ago goes first; reading counts as use', () => {
  const lru = new Lru<string, number>(2);
  lru.set('a', 1);
  lru.set('b', 2);
  expect(lru.get('a')).toBe(1);
  lru.set('c', 3);
  expect([lru.get('a'), lru.get('b'), lru.get('c')]).toEqual([1, undefined, 3]);
});
