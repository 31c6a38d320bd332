/** What the regression tool says of two answers: nothing where they are the same, one kind for one cause. */
import { describe, expect, test } from 'vitest';
import { differences } from '../../regress/differences';
import { type Outcome, outcomeOf } from '../../regress/outcome';

const answer = (stdout: string, { code = 0, stderr = '', args = ['show', 'image', '1'] } = {}): Outcome =>
  outcomeOf('image', args, { code, stdout: Buffer.from(stdout), stderr });

const kinds = (before: Outcome, after: Outcome): string[] => differences(before, after).map(({ kind }) => kind);

test('the same answer', () => {
  expect(differences(answer('a\nb\n'), answer('a\nb\n'))).toEqual([]);
});

test('exit code and stderr', () => {
  const found = differences(answer(''), answer('', { code: 1, stderr: 'xenscope: no\n' }));
  expect(found.map(({ shown }) => shown)).toEqual(['exit code 0, now 1', 'stderr\n+ xenscope: no']);
});

describe('text', () => {
  test('lines that changed, were added and were removed', () => {
    const found = differences(answer('one\ntwo\nthree\nfour\n'), answer('one\n2\nthree\nfour\nfive\n'));
    expect(found.map(({ shown }) => shown)).toEqual(['\n- two\n+ 2', '\n+ five']);
  });

  test('one cause is one kind, whatever the numbers around it', () => {
    const before = answer('at 0x10: VCPU 0 of 12 has no state\n');
    const after = answer('at 0x10: vCPU 0 of 12 has no state\n');
    const elsewhere = [answer('a VCPU\n'), answer('a vCPU\n')] as const;
    expect(kinds(before, after)).toEqual(['\nVCPU\nvCPU']);
    expect(kinds(...elsewhere)).toEqual(['\nVCPU\nvCPU']);
  });
});

describe('JSON', () => {
  test('a member that is new is one kind, whatever its value', () => {
    const before = '{"findings":[{"id":"A"},{"id":"B"}]}\n';
    const after = '{"findings":[{"id":"A","key":"A.x"},{"id":"B","key":"B"}]}\n';
    expect(kinds(answer(before), answer(after))).toEqual(['.findings[].key is new', '.findings[].key is new']);
  });

  test('a value that changed, by its path', () => {
    const found = differences(answer('{"a":{"b":[1,2]}}\n'), answer('{"a":{"b":[1,3]}}\n'));
    expect(found.map(({ shown }) => shown)).toEqual(['.a.b[1]\n- 2\n+ 3']);
  });

  test('the same values in another order', () => {
    expect(kinds(answer('{"a":1,"b":2}\n'), answer('{"b":2,"a":1}\n'))).toHaveLength(1);
  });

  test('a line more', () => {
    const found = differences(answer('{"a":1}\n{"a":2}\n'), answer('{"a":1}\n{"a":3}\n{"a":2}\n'));
    expect(found.map(({ shown }) => shown)).toEqual(['line[]\n+ {"a":3}']);
  });
});

test('a long list of pages is kept as digests, and a difference far inside is seen', () => {
  const list = (last: string): string =>
    `PAGE_DATA  (record 1)\n${Array.from({ length: 2000 }, (_, at) => `line ${at}`).join('\n')}\n${last}\n`;
  expect(typeof answer(list('a')).stdout).toBe('object');
  expect(differences(answer(list('a')), answer(list('a')))).toEqual([]);
  expect(differences(answer(list('a')), answer(list('b')))).toHaveLength(1);
});
