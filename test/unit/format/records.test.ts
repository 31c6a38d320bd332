/** The tables of record types against the specifications: libxc-migration-stream, libxl-migration-stream. */
import { describe, expect, it, test } from 'vitest';
import { HeaderType } from '../../../src/format/layers';
import { fitsRule } from '../../../src/format/record-spec';
import { headerSpec, libxcSpec, recordNames, recordSpec } from '../../../src/format/records';

/** Number, name, who takes it, version of the stream, lengths that fit and that do not. */
const LIBXC = [
  [0x00, 'END', 'all', 2, [0], [1, 8]],
  [0x01, 'PAGE_DATA', 'all', 2, [16, 24, 4112], [0, 8, 17]],
  [0x02, 'X86_PV_INFO', 'pv', 2, [8], [7, 9, 16]],
  [0x03, 'X86_PV_P2M_FRAMES', 'pv', 2, [16, 24], [8, 17]],
  [0x04, 'X86_PV_VCPU_BASIC', 'pv', 2, [8, 5176, 2808], [7]],
  [0x05, 'X86_PV_VCPU_EXTENDED', 'pv', 2, [8, 136], [7, 137]],
  [0x06, 'X86_PV_VCPU_XSAVE', 'pv', 2, [8, 24, 600], [7]],
  [0x07, 'SHARED_INFO', 'pv', 2, [4096], [4095, 4097]],
  [0x08, 'X86_TSC_INFO', 'all', 2, [24], [23, 32]],
  [0x09, 'HVM_CONTEXT', 'hvm', 2, [1, 9000], [0]],
  [0x0a, 'HVM_PARAMS', 'hvm', 2, [8, 24], [7, 17]],
  [0x0b, 'TOOLSTACK', 'none', 2, [0, 1, 77], []],
  [0x0c, 'X86_PV_VCPU_MSRS', 'pv', 2, [8, 24, 40], [7, 16]],
  [0x0d, 'VERIFY', 'all', 2, [0], [8]],
  [0x0e, 'CHECKPOINT', 'all', 2, [0], [8]],
  [0x0f, 'CHECKPOINT_DIRTY_PFN_LIST', 'none', 2, [0, 8, 16], [4]],
  [0x10, 'STATIC_DATA_END', 'all', 3, [0], [8]],
  [0x11, 'X86_CPUID_POLICY', 'all', 3, [24, 48], [0, 16]],
  [0x12, 'X86_MSR_POLICY', 'all', 3, [16, 32], [0, 24]],
] as const;

const LIBXL = [
  [0, 'END', 'all', [0], [8]],
  [1, 'LIBXC_CONTEXT', 'all', [0], [8]],
  [2, 'EMULATOR_XENSTORE_DATA', 'hvm', [8, 100], [7]],
  [3, 'EMULATOR_CONTEXT', 'hvm', [8, 100], [7]],
  [4, 'CHECKPOINT_END', 'all', [0], [8]],
  [5, 'CHECKPOINT_STATE', 'none', [4], [0, 8]],
] as const;

describe('libxc', () => {
  test.each(LIBXC)('type %i is %s', (type, name, takenFor, stream, right, wrong) => {
    const spec = libxcSpec(type);
    expect(spec).toMatchObject({ name, takenFor, stream });
    expect(recordSpec('libxc', type)).toBe(spec);
    const fits = (length: number): boolean => spec !== undefined && fitsRule(spec.length, length);
    expect(right.filter((length) => !fits(length))).toEqual([]);
    expect(wrong.filter(fits)).toEqual([]);
  });

  it('has the type of a vCPU at the start of four records', () => {
    expect(LIBXC.filter(([type]) => libxcSpec(type)?.perVcpu === true).map(([type]) => type)).toEqual([4, 5, 6, 12]);
  });

  it('defines no others', () => {
    expect(libxcSpec(0x13)).toBeUndefined();
    expect(libxcSpec(0x8000_0001)).toBeUndefined();
  });
});

describe('libxl', () => {
  test.each(LIBXL)('type %i is %s', (type, name, takenFor, right, wrong) => {
    const spec = recordSpec('libxl', type);
    expect(spec).toMatchObject({ name, takenFor });
    const fits = (length: number): boolean => spec !== undefined && fitsRule(spec.length, length);
    expect(right.filter((length) => !fits(length))).toEqual([]);
    expect(wrong.filter(fits)).toEqual([]);
  });

  it('defines no others', () => {
    expect(recordSpec('libxl', 6)).toBeUndefined();
  });
});

test('layers that are a header only have no records', () => {
  expect(recordSpec('xl', 0)).toBeUndefined();
  expect(recordSpec('libvirt', 1)).toBeUndefined();
});

test('headers by their number', () => {
  expect(Object.values(HeaderType).map((type) => headerSpec(type)?.name)).toEqual([
    'XL_HEADER',
    'LIBVIRT_HEADER',
    'LIBXL_HEADER',
    'IMAGE_HEADER',
    'DOMAIN_HEADER',
  ]);
  expect(headerSpec(5)).toBeUndefined();
});

test('each name once, END of both streams too', () => {
  const names = recordNames();
  expect(names).toHaveLength(5 + 6 + 19 - 1);
  expect(new Set(names).size).toBe(names.length);
});
