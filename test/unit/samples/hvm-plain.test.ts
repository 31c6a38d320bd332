/** The layouts of HVM save records and a second decoder without tables read the same numbers, and all of them. */
import { describe, expect, test } from 'vitest';
import { decodeHvmContext } from '../../../src/format/hvm/context';
import { hvmBodyOf } from '../../../src/format/hvm/bodies';
import { HVM_TYPE_NAMES, HvmType } from '../../../src/format/hvm/types';
import { fixedSize } from '../../../src/format/kit/layout';
import { entriesOf, numbersOf } from '../../fixtures/built/hvm-entries';
import { plainHvmEntry } from '../../fixtures/plain/hvm';
import { samples } from '../../fixtures/samples';
import { scanBytes } from '../../fixtures/scanning';
import { hvmEntry } from '../../fixtures/built/stream';

/** CPU has a plain decoder of its own, CPU_XSAVE is not decoded here, END has no body. */
const ELSEWHERE = [0, 2, 16];

describe.each(samples.filter(({ isPv }) => !isPv))('$file', (sample) => {
  test('both decoders read the same out of every entry', async () => {
    const bytes = sample.open();
    const entries = entriesOf(bytes, await scanBytes(bytes)).filter(({ typecode }) => !ELSEWHERE.includes(typecode));
    expect(entries.length).toBeGreaterThan(10);
    for (const { typecode, node, body, values } of entries) {
      expect(values, node.name).toEqual(plainHvmEntry(typecode, body));
    }
  });
});

const NAMES = HVM_TYPE_NAMES.filter((name) => !ELSEWHERE.includes(HvmType[name]));

test.each(NAMES)('%s on bytes that are all different', (name) => {
  const type = HvmType[name];
  const { layout } = hvmBodyOf(name);
  // Three MSRs for CPU_MSR, whose length is open.
  const size = (layout && fixedSize(layout)) ?? 56;
  const body = Uint8Array.from({ length: size }, (_, index) => (index * 167 + (index >> 8) * 31 + 1) & 0xff);
  if (type === 20) body.set([3, 0, 0, 0]);
  const bytes = hvmEntry(type, 0, body);
  const [entry] = decodeHvmContext({
    bytes,
    offset: 0,
    length: bytes.length,
    claimed: bytes.length,
    littleEndian: true,
  });
  const values = numbersOf((entry?.children ?? []).slice(3), bytes);
  expect(Object.keys(values).length).toBeGreaterThan(0);
  expect(values).toEqual(plainHvmEntry(type, body));
});
