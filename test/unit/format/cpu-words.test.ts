/** What registers and CPUID leaves spell in words. */
import { expect, test } from 'vitest';
import { signature } from '../../../src/format/x86/cpuid/signature';
import { summarise } from '../../../src/format/x86/cpuid/summary';
import { modeLine, pvModeLine } from '../../../src/format/x86/mode';

const registers = {
  cr0: 0x8001_0033n,
  cr4: 0x4_0620n,
  efer: 0xd01n,
  rflags: 0x97n,
  csAttributes: 0xa9b,
  ssAttributes: 0xc93,
};

test.each([
  ['long mode · ring 0 · 4-level paging · interrupts off', {}],
  ['long mode · ring 0 · 5-level paging · interrupts off', { cr4: 0x4_1620n }],
  ['compatibility mode · ring 3 · 4-level paging · interrupts off', { csAttributes: 0xcfb, ssAttributes: 0xcf3 }],
  ['protected mode · ring 0 · PAE paging · interrupts off', { efer: 0n }],
  ['protected mode · ring 0 · 2-level paging · interrupts off', { efer: 0n, cr4: 0n }],
  ['virtual-8086 mode · paging off · interrupts off', { efer: 0n, cr0: 0x11n, rflags: 0x2_0002n }],
  ['long mode · ring 0 · 4-level paging · interrupts on', { rflags: 0x202n }],
  ['real mode · paging off · interrupts off', { efer: 0n, cr0: 0x10n }],
])('%s', (line, change) => {
  expect(modeLine({ ...registers, ...change })).toBe(line);
});

test.each([
  ['kernel mode · ring 3 · 4-level paging', { width: 8, inKernel: true, cs: 0xe033 }],
  ['user mode · ring 3 · 4-level paging', { width: 8, inKernel: false, cs: 0xe033 }],
  ['user mode · 32-bit code · ring 3 · 4-level paging', { width: 8, inKernel: false, cs: 0xe023 }],
  ['kernel mode · ring 1 · PAE paging', { width: 4, inKernel: true, cs: 0xe019 }],
  ['user mode · ring 3 · PAE paging', { width: 4, inKernel: false, cs: 0xe02b }],
] as const)('%s', (line, guest) => {
  expect(pvModeLine(guest)).toBe(line);
});

test('vendor and signature come out of the leaves', () => {
  const leaf = { subleaf: 0xffff_ffff, eax: 0, ebx: 0, ecx: 0, edx: 0 };
  const found = summarise([
    { ...leaf, leaf: 0, eax: 0xd, ebx: 0x6874_7541, edx: 0x6974_6e65, ecx: 0x444d_4163 },
    { ...leaf, leaf: 1, eax: 0x0080_0f12 },
  ]);
  expect(found).toMatchObject({
    vendor: 'AuthenticAMD',
    highest: 13,
    signature: { family: 0x17, model: 1, stepping: 2 },
  });
  expect(signature(0x000a_0652)).toEqual({ family: 6, model: 0xa5, stepping: 2 });
  expect(summarise([])).toEqual({ topology: {}, caches: [], xstate: [] });
});
