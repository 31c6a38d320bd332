/** What the FPU section is made of, from decoded fields alone. */
import { describe, expect, test } from 'vitest';
import type { Body } from '../../../src/format/kit/node';
import { HVM_CPU } from '../../../src/format/hvm/cpu';
import { decode } from '../../../src/format/kit/decode';
import { decodeHvmXsave, decodePvXsave } from '../../../src/format/x86/xsave';
import { vectorHex } from '../../../src/format/x86/vector';
import { fpuOf } from '../../../src/ui/cpus/fpu/model';
import { concat, u64 } from '../../fixtures/built/stream';

const body = (bytes: Uint8Array): Body => ({
  bytes,
  offset: 0,
  length: bytes.length,
  claimed: bytes.length,
  littleEndian: true,
});

function area(length: number, live: bigint): Uint8Array {
  const bytes = new Uint8Array(length);
  bytes.fill(0x11, 160, 176);
  bytes.fill(0x22, 576);
  bytes.set(u64(live), 512);
  return bytes;
}

const xsave = (accum: bigint, bytes: Uint8Array) => ({
  name: 'X86_PV_VCPU_XSAVE',
  record: 7,
  nodes: decodePvXsave(body(concat(u64(accum), u64(accum), bytes))),
});

function cpu(flags: number) {
  const bytes = new Uint8Array(1032);
  bytes[1024] = flags;
  bytes.fill(0x33, 160, 176);
  return { name: 'CPU', record: 5, nodes: decode(HVM_CPU, body(bytes)) };
}

const texts = (fpu: ReturnType<typeof fpuOf>, index: number): string[] =>
  (fpu?.vectors[index]?.parts ?? []).map(({ bytes }) => vectorHex(bytes));

describe('where it comes from', () => {
  test('the area, if there is one', () => {
    const empty = { name: 'CPU_XSAVE', record: 5, nodes: decodeHvmXsave(body(new Uint8Array(24))) };
    expect(fpuOf([cpu(1), empty])?.source.name).toBe('CPU');
    expect(fpuOf([cpu(1), xsave(7n, area(832, 7n))])?.source.record).toBe(7);
    expect(fpuOf([])).toBeUndefined();
  });

  test('an FPU that Xen starts afresh', () => {
    expect(fpuOf([cpu(1)])?.unused).toBe(false);
    expect(fpuOf([cpu(0)])?.unused).toBe(true);
    expect(fpuOf([cpu(0), xsave(7n, area(832, 7n))])?.unused).toBe(false);
  });
});

describe('vectors', () => {
  test('xmm of an FXSAVE image', () => {
    const fpu = fpuOf([cpu(1)]);
    expect(fpu?.vectors.map(({ name }) => name).slice(-2)).toEqual(['xmm14', 'xmm15']);
    expect(texts(fpu, 0)).toEqual(['33'.repeat(16)]);
  });

  test('ymm, lowest part first; parts in their initial state are zero', () => {
    const fpu = fpuOf([xsave(7n, area(832, 7n))]);
    expect(fpu?.vectors).toHaveLength(16);
    expect(texts(fpu, 0)).toEqual(['11'.repeat(16), '22'.repeat(16)]);
    expect(fpu?.vectors[0]?.parts.map(({ node }) => [node.offset, node.length])).toEqual([
      [176, 16],
      [592, 16],
    ]);
    expect(texts(fpuOf([xsave(7n, area(832, 3n))]), 0)).toEqual(['11'.repeat(16), '00'.repeat(16)]);
    expect(texts(fpuOf([xsave(3n, area(576, 1n))]), 0)).toEqual(['00'.repeat(16)]);
  });

  test('32 zmm, those above 15 in one piece', () => {
    const fpu = fpuOf([xsave(0xe7n, area(2688, 0x67n))]);
    expect(fpu?.vectors.map(({ name }) => name)).toEqual(Array.from({ length: 32 }, (_, index) => `zmm${index}`));
    expect(texts(fpu, 0)).toEqual(['11'.repeat(16), '22'.repeat(16), '22'.repeat(32)]);
    expect(texts(fpu, 31)).toEqual(['00'.repeat(64)]);
    expect(fpu?.components.map(({ name }) => name)).toEqual(['YMM', 'OPMASK', 'ZMM', 'HI_ZMM']);
  });
});
