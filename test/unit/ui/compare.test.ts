/** Two vCPUs side by side: which is compared with which, and what differs. */
import { expect, test } from 'vitest';
import type { FieldNode } from '../../../src/format/kit/node';
import { countDifferences, differs, pairFields } from '../../../src/ui/cpus/compare';
import { comparedVcpu } from '../../../src/ui/cpus/compare-choice';

const field = (name: string, value: FieldNode['value'], children?: readonly FieldNode[]): FieldNode => ({
  name,
  offset: 0,
  length: 8,
  value,
  text: String(value),
  ...(children ? { children } : {}),
});

test('compared is the one chosen, else the one open before, else vCPU 0, else the first other', () => {
  const ids = [0, 1, 5];
  expect(comparedVcpu(ids, 1, 'auto', undefined)).toBe(0);
  expect(comparedVcpu(ids, 0, 'auto', undefined)).toBe(1);
  expect(comparedVcpu(ids, 0, 'auto', 5)).toBe(5);
  expect(comparedVcpu(ids, 0, 1, 5)).toBe(1);
  expect(comparedVcpu(ids, 1, 1, 5)).toBe(5);
  expect(comparedVcpu(ids, 0, 77, undefined)).toBe(1);
  expect(comparedVcpu(ids, 0, 'none', 5)).toBeUndefined();
  expect(comparedVcpu([3], 3, 'auto', undefined)).toBeUndefined();
});

test('fields of one name are pairs, the nth of them with the nth, bits with bits', () => {
  const ours = [field('pad', 0), field('rax', 1n), field('pad', 1), field('cr0', 3n, [field('PE', 1), field('MP', 1)])];
  const theirs = [
    field('rax', 2n),
    field('pad', 0),
    field('pad', 0),
    field('cr0', 1n, [field('PE', 1), field('MP', 0)]),
  ];
  const pairs = pairFields(ours, theirs);
  expect(ours.map((node) => pairs.get(node))).toEqual([theirs[1], theirs[0], theirs[2], theirs[3]]);
  expect(countDifferences(ours, pairs)).toBe(3);
  const bits = ours[3]?.children ?? [];
  expect(bits.map((bit) => pairs.get(bit)?.value)).toEqual([1, 0]);
});

test('what the other vCPU does not have is no difference', () => {
  const ours = [field('rax', 1n), field('msr_tsc_aux', 1n)];
  const pairs = pairFields(ours, [field('rax', 1n)]);
  expect(countDifferences(ours, pairs)).toBe(0);
});

test('groups differ by what they say, and count by their fields only', () => {
  const [ours, theirs] = [
    { ...field('ISR', null), text: '0x30' },
    { ...field('ISR', null), text: 'none' },
  ];
  expect(differs(ours, theirs)).toBe(true);
  expect(countDifferences([ours], pairFields([ours], [theirs]))).toBe(0);
});
