/** Places of fields, and masks of bits, out of their tables. */
import { expect, test } from 'vitest';
import { isSet, maskOf, maskOfAll } from '../../../src/format/kit/bits';
import { elementAt, endOf, fieldsOf, spanOf } from '../../../src/format/kit/fields';
import { array, struct, u16, u32, u64 } from '../../../src/format/kit/layout';
import { GUEST_CONTEXT_32 } from '../../../src/format/pv/guest-context-32';
import { GUEST_CONTEXT_64 } from '../../../src/format/pv/guest-context-64';
import { featurePlace } from '../../../src/format/x86/cpuid/features';

const LAYOUT = struct('example', {
  magic: u32(),
  inner: struct('inner', { flags: u16(), count: u16() }),
  list: array(u64(), 4),
});

test('fields, and all from one field to another', () => {
  const field = fieldsOf(LAYOUT, 8);
  expect(field('magic')).toEqual({ offset: 8, length: 4 });
  expect(field('inner.count')).toEqual({ offset: 14, length: 2 });
  expect(field('list[3]')).toEqual({ offset: 40, length: 8 });
  expect(field('magic', 'inner')).toEqual({ offset: 8, length: 8 });
});

test('elements of a list, and what lies between places', () => {
  expect(elementAt(u64(), 3, 16)).toEqual({ offset: 40, length: 8 });
  expect(endOf({ offset: 4, length: 4 })).toBe(8);
  expect(spanOf({ offset: 4, length: 4 }, { offset: 12, length: 4 })).toEqual({ offset: 4, length: 12 });
});

test('masks of a bit, of a range and of a table', () => {
  expect(maskOf(5)).toBe(0x20n);
  expect(maskOf({ at: 12, width: 40 })).toBe(0x000f_ffff_ffff_f000n);
  expect(maskOfAll({ low: 0, range: { at: 4, width: 2 }, high: { at: 63 } })).toBe(0x8000_0000_0000_0031n);
  expect([isSet(4, 2), isSet(4n, 1), isSet(0x30, { at: 4, width: 2 })]).toEqual([true, false, true]);
});

// Offsets of public/arch-x86/xen-x86_64.h and xen-x86_32.h.
test('fields of contexts of PV guests', () => {
  const wide = fieldsOf(GUEST_CONTEXT_64);
  expect(wide('user_regs.rdx')).toEqual({ offset: 616, length: 8 });
  expect(wide('gdt_frames[1]')).toEqual({ offset: 4840, length: 8 });
  expect(wide('ldt_base', 'ldt_ents')).toEqual({ offset: 4816, length: 16 });
  const narrow = fieldsOf(GUEST_CONTEXT_32);
  expect(narrow('user_regs.edx')).toEqual({ offset: 524, length: 4 });
  expect(narrow('gdt_ents').length).toBe(4);
});

// public/arch-x86/cpufeatureset.h
test('features by the names of Xen’s command line', () => {
  const leaf7 = { leaf: 7, subleaf: 0 };
  expect(featurePlace('cet-ss')).toEqual({ ...leaf7, register: 'ecx', bit: 7 });
  expect(featurePlace('amx-tile')).toEqual({ ...leaf7, register: 'edx', bit: 24 });
  expect(featurePlace('xsaves')).toEqual({ leaf: 0xd, subleaf: 1, register: 'eax', bit: 3 });
  expect(featurePlace('auto-ibrs')).toEqual({ leaf: 0x8000_0021, subleaf: 0xffff_ffff, register: 'eax', bit: 8 });
  expect(featurePlace('rdcl-no')).toEqual({ msr: 0x10a, half: 'low', bit: 0 });
});
