/** The target's CPU policy out of an image saved on that host, or out of text; anything else is none. */
import { expect, test } from 'vitest';
import { check } from '../../../src/check/check';
import { parseTarget } from '../../../src/check/target/policy-text';
import { readTarget } from '../../../src/check/target/read-target';
import { Scan } from '../../../src/scan/scan';
import { memorySource } from '../../../src/source/memory';
import { assemble, leaf, pvParts } from '../../fixtures/built/restorable';
import { concat, record, XC } from '../../fixtures/built/stream';
import { type Sample, samples } from '../../fixtures/samples';

function named(name: string): Sample {
  const sample = samples.find(({ file }) => file === `${name}.xlsave`);
  if (!sample) throw new Error(`no sample ${name}`);
  return sample;
}

/** Part of the project: it is always there. */
const micro64 = named('micro64');

const hasPvh = samples.some(({ file }) => file === 'micropvh.xlsave');

test('an image: the policy that xen-cpuid printed of its guest', async () => {
  const target = await readTarget(micro64.open());
  // `00000000:ffffffff -> 0000000d:…` and `80000000:ffffffff -> 8000001e:…` of the truth file.
  expect([target?.host.maxLeaf, target?.pvMax.maxExtended, target?.hvmMax.vendor]).toEqual([
    0xd,
    0x8000_001e,
    'AuthenticAMD',
  ]);
});

test('an image with two policies: the one that its restore takes', async () => {
  const parts = pvParts();
  const leaf0 = (last: number): Uint8Array =>
    record(XC.CPUID_POLICY, leaf(0, 0xffff_ffff, last, 0x6874_7541, 0x444d_4163, 0x6974_6e65));
  const image = assemble({
    ...parts,
    cpuid: concat(leaf0(7), leaf0(9)),
    static: concat(parts['static'] ?? new Uint8Array(0), leaf0(11)),
  });
  expect((await readTarget(image))?.host.maxLeaf).toBe(9);
});

test('neither an image nor such an output', async () => {
  expect(await readTarget(new TextEncoder().encode('Once upon a time.\n'))).toBeUndefined();
  expect(await readTarget(new Uint8Array(0))).toBeUndefined();
});

test.skipIf(!hasPvh)('an image of a PV guest says nothing of what HVM guests get there', async () => {
  const source = memorySource(named('micropvh').open(), 'image');
  const target = await readTarget(micro64.open());
  const { verdict, findings, stages } = await check(await new Scan(source).run(), source, { target });
  // PLATFORM_INFO bit 31 is there for HVM guests alone.
  const [features] = findings.filter(({ id }) => id.startsWith('HO-'));
  expect([verdict, features?.id, features?.counts]).toEqual(['ok', 'HO-12', false]);
  expect(features?.message).toContain('the image given for it is of a PV guest');
  // An HVM guest has no page tables that are pinned.
  expect(stages.map(({ id }) => id)).not.toContain('tables');
});

test('each register that loses features is a finding at its bytes', async () => {
  const source = memorySource(micro64.open(), 'image');
  const given = (micro64.truth('xen-cpuid-p.txt') ?? '').replace(/^Domain 12 policy/mu, 'Host policy');
  // AVX2 (bit 5) out of leaf 7, ebx; AVX (bit 28) and POPCNT (bit 23) out of leaf 1, ecx.
  const lesser = given.replace('00000000:00880129:', '00000000:00880109:').replace(':f6d83203:', ':e6583203:');
  const { findings } = await check(await new Scan(source).run(), source, { target: parseTarget(lesser) });
  const lost = findings
    .filter(({ id }) => id === 'HO-12')
    .map(({ offset, length, message }) => [offset, length, message]);
  expect(lost).toEqual([
    [0x3b9, 4, 'CPU features that the target does not offer: POPCNT (00000001.ecx bit 23), AVX (00000001.ecx bit 28)'],
    [0x445, 4, 'CPU features that the target does not offer: AVX2 (00000007:0.ebx bit 5)'],
  ]);
});
