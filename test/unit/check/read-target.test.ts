/** The target's CPU policy out of an image saved on that host, or out of text; anything else is none. */
import { expect, test } from 'vitest';
import { readTarget } from '../../../src/check/target/read-target';
import { samples } from '../../fixtures/samples';

const micro64 = samples.find(({ file }) => file === 'micro64.xlsave');

test('an image: the policy that xen-cpuid printed of its guest', async () => {
  const target = await readTarget(micro64?.open() ?? new Uint8Array(0));
  // `00000000:ffffffff -> 0000000d:…` and `80000000:ffffffff -> 8000001e:…` of the truth file.
  expect([target?.host.maxLeaf, target?.pvMax.maxExtended, target?.hvmMax.vendor]).toEqual([
    0xd,
    0x8000_001e,
    'AuthenticAMD',
  ]);
});

test('neither an image nor such an output', async () => {
  expect(await readTarget(new TextEncoder().encode('Once upon a time.\n'))).toBeUndefined();
  expect(await readTarget(new Uint8Array(0))).toBeUndefined();
});
