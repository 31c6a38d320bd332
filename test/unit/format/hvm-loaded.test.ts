/** What Xen has of an entry once it is loaded, whichever release wrote it, and where its fields stand. */
import { describe, expect, test } from 'vitest';
import { HVM_LAPIC } from '../../../src/format/hvm/apic';
import { HVM_LAPIC_REGS_X2APIC } from '../../../src/format/hvm/apic-regs';
import { HVM_CPU, HVM_CPU_COMPAT } from '../../../src/format/hvm/cpu';
import { HVM_PCI_LINK } from '../../../src/format/hvm/irqs';
import { loadedCpu, loadedFields } from '../../../src/format/hvm/loaded';
import { HVM_CPU_MSR } from '../../../src/format/hvm/msrs';
import { HVM_MTRR } from '../../../src/format/hvm/mtrr';
import { HVM_PIT } from '../../../src/format/hvm/pit';
import { HVM_TYPE_NAMES, HVM_TYPES, hvmTypeName, isPerVcpu } from '../../../src/format/hvm/types';
import { bitsOf, isSet, maskOf, mustBeZero } from '../../../src/format/kit/bits';
import { fieldsOf } from '../../../src/format/kit/fields';
import { olderSizes, sizeInRelease } from '../../../src/format/kit/layout';
import { EXT_VCPUCONTEXT } from '../../../src/format/pv/extended';
import { CR0 } from '../../../src/format/x86/registers';

/** An entry with a number of 8 or 4 bytes at some offsets. */
function entry(size: number, ...written: readonly (readonly [at: number, value: bigint | number])[]): Uint8Array {
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  for (const [at, value] of written) {
    if (typeof value === 'bigint') view.setBigUint64(at, value, true);
    else view.setUint32(at, value, true);
  }
  return bytes;
}

describe('registers of a vCPU', () => {
  const common = [
    [640, 0x1234n],
    [992, 0xd01n],
  ] as const;

  test('as the newest Xen writes them', () => {
    const cpu = loadedCpu(entry(1032, ...common, [1000, 7n], [1008, 99n], [1016, 0x8000_0030], [1024, 1]));
    expect(cpu).toMatchObject({ rip: 0x1234n, msr_efer: 0xd01n, msr_tsc_aux: 7n, tsc: 99n });
    expect(cpu).toMatchObject({ pending_event: 0x8000_0030, flags: 1, pad0: 0 });
  });

  test('before Xen 4.7: without flags', () => {
    const cpu = loadedCpu(entry(1024, ...common, [1000, 7n], [1008, 99n], [1016, 0x8000_0030]));
    expect(cpu).toMatchObject({ rip: 0x1234n, msr_tsc_aux: 7n, tsc: 99n, pending_event: 0x8000_0030, flags: 0 });
  });

  test('before Xen 4.0: without TSC_AUX, what follows lies 8 bytes earlier', () => {
    const cpu = loadedCpu(entry(1016, ...common, [1000, 99n], [1008, 0x8000_0030], [1012, 5]));
    expect(cpu).toMatchObject({ rip: 0x1234n, msr_efer: 0xd01n, msr_tsc_aux: 0n, tsc: 99n });
    expect(cpu).toMatchObject({ pending_event: 0x8000_0030, error_code: 5, flags: 0 });
  });

  test('cut in the middle: what is missing is zeros', () => {
    expect(loadedCpu(entry(648, [640, 0x1234n]))).toMatchObject({ rip: 0x1234n, cr0: 0n, msr_efer: 0n });
    expect(loadedCpu(entry(644, [640, 0x1234]))).toMatchObject({ rip: 0x1234n });
  });

  test('big-endian, as no Xen writes it', () => {
    const bytes = new Uint8Array(1032);
    bytes.set([0, 0, 0, 0, 0, 0, 0x12, 0x34], 640);
    expect(loadedCpu(bytes, false).rip).toBe(0x1234n);
  });
});

test('an entry that is longer than its structure', () => {
  expect(loadedFields(HVM_LAPIC, entry(40, [0, 0xfee0_0900n], [32, 1n]))).toMatchObject({
    apic_base_msr: 0xfee0_0900n,
    tdt_msr: 0n,
  });
});

test('places of fields behind the descriptor of 8 bytes', () => {
  expect(fieldsOf(HVM_CPU, 8)('cr0')).toEqual({ offset: 664, length: 8 });
  expect(fieldsOf(HVM_CPU, 8)('dr6', 'dr7')).toEqual({ offset: 728, length: 16 });
  expect(fieldsOf(HVM_CPU, 8)('pending_event')).toEqual({ offset: 1024, length: 4 });
  expect(fieldsOf(HVM_CPU_COMPAT, 8)('pending_event')).toEqual({ offset: 1016, length: 4 });
  expect(fieldsOf(HVM_PIT, 8)('channels[2].gate')).toEqual({ offset: 55, length: 1 });
  expect(fieldsOf(HVM_PCI_LINK, 8)('route.[3]')).toEqual({ offset: 11, length: 1 });
  expect(fieldsOf(HVM_MTRR, 8)('msr_mtrr_fixed.[10]')).toEqual({ offset: 224, length: 8 });
  expect(fieldsOf(HVM_MTRR, 8)('msr_mtrr_var[7].mask')).toEqual({ offset: 136, length: 8 });
  expect(fieldsOf(HVM_CPU_MSR, 8)('msr[3]')).toEqual({ offset: 64, length: 16 });
  expect(fieldsOf(HVM_LAPIC_REGS_X2APIC, 8)('LDR')).toEqual({ offset: 0xd8, length: 4 });
});

test('sizes of structures that grew, also at their end', () => {
  expect(olderSizes(EXT_VCPUCONTEXT)).toEqual([32, 40, 56]);
  expect([401, 402, 403, 409, 410, 423].map((xen) => sizeInRelease(EXT_VCPUCONTEXT, xen))).toEqual([
    32, 40, 56, 56, 64, 64,
  ]);
});

test('bits by name', () => {
  expect(maskOf(CR0.PG)).toBe(0x8000_0000n);
  expect(mustBeZero(CR0)).toBe(0xffff_ffff_1ffa_ffc0n);
  expect(isSet(0x11n, CR0.ET)).toBe(true);
  expect(isSet(0x11, CR0.PG)).toBe(false);
  expect(bitsOf(0xffff_1234_ffff_ffffn, { at: 32, width: 16 })).toBe(0x1234);
});

test('whose state each entry is', () => {
  const of = (owner: string): string[] => HVM_TYPE_NAMES.filter((name) => HVM_TYPES[name].owner === owner);
  expect(of('context')).toEqual(['END', 'HEADER']);
  // What `--scrub registers` takes out of an image.
  expect(of('vcpu')).toEqual([
    'CPU',
    'LAPIC',
    'LAPIC_REGS',
    'MTRR',
    'CPU_XSAVE',
    'VIRIDIAN_VCPU',
    'VMCE_VCPU',
    'TSC_ADJUST',
    'CPU_MSR',
  ]);
  // What a PVH guest does not have: vpic_load(), ioapic_load(), pit_load(), rtc_load(), hpet_load(), acpi_load().
  expect(of('board')).toEqual(['PIC', 'IOAPIC', 'PIT', 'RTC', 'HPET', 'PMTIMER']);
  expect(of('domain')).toEqual(['PCI_IRQ', 'ISA_IRQ', 'PCI_LINK', 'VIRIDIAN_DOMAIN']);
  expect([isPerVcpu(2), isPerVcpu(3), isPerVcpu(21)]).toEqual([true, false, false]);
  expect([hvmTypeName(18), hvmTypeName(21)]).toEqual(['VMCE_VCPU', 'type 21']);
});
