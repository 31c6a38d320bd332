/** What is known of the target: its features, its extended state, its machine checks, and what of a PV guest is Xen’s. */
import { describe, expect, test } from 'vitest';
import { isXens, LAST_GIB } from '../../../src/check/simulate/pv/pin/slots';
import { refusesCapabilities, supportedCapabilities } from '../../../src/check/target/machine-check';
import { CpuPolicy } from '../../../src/check/target/policy';
import { isValidXcr0, xcr0Max, xstateSize } from '../../../src/check/target/xstate';

const NO_SUBLEAF = 0xffff_ffff;
const leaf = (
  number: number,
  subleaf: number,
  registers: { eax?: number; ebx?: number; ecx?: number; edx?: number },
) => ({
  leaf: number,
  subleaf,
  eax: 0,
  ebx: 0,
  ecx: 0,
  edx: 0,
  ...registers,
});

test('features of leaves and of ARCH_CAPABILITIES', () => {
  const policy = new CpuPolicy(
    [leaf(1, NO_SUBLEAF, { ecx: 1 << 26, edx: 1 << 6 }), leaf(7, 0, { ecx: 0x8000_0000 })],
    new Map([[0x10a, 0x1n]]),
  );
  expect(['xsave', 'pae', 'pks', 'rdcl-no'].map((name) => policy.has(name as 'xsave'))).toEqual([
    true,
    true,
    true,
    true,
  ]);
  expect(['avx', 'pse', 'pku', 'eibrs'].map((name) => policy.has(name as 'avx'))).toEqual([false, false, false, false]);
});

describe('extended state', () => {
  const has = (...names: readonly string[]) => ({ has: (feature: string) => names.includes(feature) });

  test('what a policy allows', () => {
    expect(xcr0Max(has())).toBe(0n);
    expect(xcr0Max(has('xsave'))).toBe(3n);
    expect(xcr0Max(has('xsave', 'avx', 'avx512f', 'pku'))).toBe(0x2e7n);
  });

  test('what no CPU could have', () => {
    expect([1n, 3n, 7n, 0xe7n, 0x1fn].map(isValidXcr0)).toEqual([true, true, true, true, true]);
    // No x87; AVX without SSE; half of AVX-512; half of MPX; half of AMX.
    expect([2n, 5n, 0x27n, 0xbn, 0x2_0003n].map(isValidXcr0)).toEqual([false, false, false, false, false]);
  });

  test('bytes of the area', () => {
    expect([0n, 3n, 7n, 0xe7n, 0x2e7n].map((xcr0) => xstateSize(xcr0, undefined))).toEqual([0, 576, 832, 2688, 2696]);
    expect(xstateSize(1n << 62n, undefined)).toBeUndefined();
    const amd = new CpuPolicy([leaf(0xd, 9, { eax: 8, ebx: 832 })], new Map());
    expect(xstateSize(0x203n, amd)).toBe(840);
  });
});

// xen/arch/x86/cpu/mcheck/x86_mca.h: SER_P 24, TES_P 11, CMCI_P 10; LMCE_P 27 since 4.10.
describe('machine checks', () => {
  const host = (vendor: string, xen: number) => {
    const letters = new TextEncoder().encode(vendor);
    const word = (at: number): number => new DataView(letters.buffer).getUint32(at, true);
    const policy = new CpuPolicy([leaf(0, NO_SUBLEAF, { ebx: word(0), edx: word(4), ecx: word(8) })], new Map());
    return { xen, target: { host: policy, pvMax: policy, hvmMax: policy }, cpu: undefined };
  };

  test('what a host gives', () => {
    expect(supportedCapabilities(host('GenuineIntel', 417))).toBe(0x0900_0c00n);
    expect(supportedCapabilities(host('GenuineIntel', 409))).toBe(0x0100_0c00n);
    expect(supportedCapabilities(host('AuthenticAMD', 417))).toBe(0n);
  });

  test('banks and MCG_CTL are never looked at; what some host gives is not refused for want of a target', () => {
    expect(refusesCapabilities(0x1ffn, host('AuthenticAMD', 417))).toBe(false);
    expect(refusesCapabilities(0x0100_0c02n, host('AuthenticAMD', 417))).toBe(true);
    expect(refusesCapabilities(0x0100_0c02n, { xen: 417, target: undefined, cpu: undefined })).toBe(false);
    expect(refusesCapabilities(0x0900_0c02n, { xen: 409, target: undefined, cpu: undefined })).toBe(true);
  });
});

// ROOT_PAGETABLE_FIRST_XEN_SLOT 256, ROOT_PAGETABLE_LAST_XEN_SLOT 271; 0xf5800000 is entry 428 of the last L2 table.
test('entries of page tables that are Xen’s own', () => {
  expect([255, 256, 271, 272].map((index) => isXens(4, index, false))).toEqual([false, true, true, false]);
  expect([427, 428, 511].map((index) => isXens(2, index, true))).toEqual([false, true, true]);
  expect([428, 511].map((index) => isXens(2, index, false))).toEqual([false, false]);
  expect(LAST_GIB).toBe(3);
});
