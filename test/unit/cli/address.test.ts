/** Addresses as they are given to `mem` and `walk`: as wide as those of the vCPU. */
import { expect, test } from 'vitest';
import { addressFor } from '../../../src/cli/address';
import type { PagingRegisters } from '../../../src/format/paging/paging';

const CR0_PE = 1n;
const CR0_PG = 1n << 31n;
const hvm = { kind: 'hvm', cr3: 0x1000n, efer: 0n } as const;

/** Those of 32 bits by the architecture: a 32-bit PV guest, and HVM without EFER.LMA, with paging or not. */
const NARROW: readonly (readonly [string, PagingRegisters])[] = [
  ['32-bit PV', { kind: 'pv32', cr3: 0x1000n }],
  ['real mode', { ...hvm, cr0: 0n, cr4: 0n }],
  ['two levels', { ...hvm, cr0: CR0_PE | CR0_PG, cr4: 0n }],
  ['PAE', { ...hvm, cr0: CR0_PE | CR0_PG, cr4: 1n << 5n }],
];

test.each(NARROW)('%s: what has more than 32 bits is refused, not cut', (_, registers) => {
  const vcpu = { id: 3, memory: { registers } };
  expect(addressFor(vcpu, 0xffff_ffffn)).toBe(0xffff_ffffn);
  expect(() => addressFor(vcpu, 0x1_c000_03a7n)).toThrow('vCPU 3 uses 32-bit addresses; 0x1c00003a7 does not fit');
});

test('64-bit PV and long mode take any', () => {
  const wide: readonly PagingRegisters[] = [
    { kind: 'pv64', cr3: 0x1000n, cr1: 0n, inKernel: true },
    { ...hvm, cr0: CR0_PE | CR0_PG, cr4: 1n << 5n, efer: (1n << 8n) | (1n << 10n) },
  ];
  for (const registers of wide)
    expect(addressFor({ id: 0, memory: { registers } }, 0xffff_ffff_8000_03aan)).toBe(0xffff_ffff_8000_03aan);
});
