/** The layout tables and a second decoder without tables read the same out of every vCPU of every image. */
import { describe, expect, test } from 'vitest';
import { valueAt } from '../../fixtures/nodes';
import { HVM_CPU } from '../../../src/format/hvm/cpu';
import { GUEST_CONTEXT_64 } from '../../../src/format/pv/guest-context-64';
import { decodeNode } from '../../../src/format/kit/decode';
import { plainGuestContext, plainHvmCpu } from '../../fixtures/plain/decoder';
import { samples } from '../../fixtures/samples';
import { scanBytes } from '../../fixtures/scanning';
import { hvmVcpus, pvVcpus } from '../../fixtures/vcpus';

describe.each(samples.filter(({ file }) => !file.startsWith('micro32')))('$file', (sample) => {
  test('both decoders agree', async () => {
    const bytes = sample.open();
    const scan = await scanBytes(bytes);
    const vcpus = sample.isPv ? pvVcpus(bytes, scan) : hvmVcpus(bytes, scan);
    expect(vcpus.length).toBeGreaterThan(0);
    for (const { id, get, context } of vcpus) {
      const plain = sample.isPv ? plainGuestContext(context) : plainHvmCpu(context);
      const other = Object.fromEntries(Object.keys(plain).map((name) => [name, get(name)]));
      expect(other, `vcpu ${id}`).toEqual(plain);
    }
  });
});

test('on bytes that are all different', () => {
  const bytes = Uint8Array.from({ length: 5168 }, (_, index) => (index * 167 + (index >> 8) * 31) & 0xff);
  const body = { bytes, offset: 0, length: 5168, claimed: 5168, littleEndian: true };
  for (const [layout, plain] of [
    [GUEST_CONTEXT_64, plainGuestContext(bytes)],
    [HVM_CPU, plainHvmCpu(bytes)],
  ] as const) {
    const { children = [] } = decodeNode('context', layout, body);
    for (const [name, value] of Object.entries(plain)) expect(BigInt(valueAt(children, name) ?? -1), name).toBe(value);
  }
});
