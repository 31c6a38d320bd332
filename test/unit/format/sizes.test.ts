/** Sizes that stand apart from their layouts, held against them. */
import { expect, test } from 'vitest';
import { CPUID_LEAF_SIZE } from '../../../src/format/libxc/cpuid-leaf';
import { CPUID_LEAF } from '../../../src/format/libxc/policy';
import { sizeOf } from '../../../src/format/kit/layout';
import { CONTEXT_SIZE } from '../../../src/format/pv/context-size';
import { GUEST_CONTEXT_32 } from '../../../src/format/pv/guest-context-32';
import { GUEST_CONTEXT_64 } from '../../../src/format/pv/guest-context-64';

test('vcpu_guest_context of both widths', () => {
  expect(CONTEXT_SIZE).toEqual({ pv32: 2800, pv64: 5168 });
  expect(sizeOf(GUEST_CONTEXT_32)).toBe(CONTEXT_SIZE.pv32);
  expect(sizeOf(GUEST_CONTEXT_64)).toBe(CONTEXT_SIZE.pv64);
});

test('a CPUID leaf', () => {
  expect(CPUID_LEAF_SIZE).toBe(24);
  expect(sizeOf(CPUID_LEAF)).toBe(24);
});
