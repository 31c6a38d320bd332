/** Bytes → values → bytes for every structure of fixed size, in both byte orders. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { HVM_CPU } from '../../../src/format/hvm/cpu';
import { CHAPTERS } from '../../../src/format/reference';
import { fixedSize, type StructField } from '../../../src/format/kit/layout';
import { encode, parse } from '../../../src/format/kit/parse';
import { IMAGE_HEADER } from '../../../src/format/libxc/headers';
import { X86_TSC_INFO } from '../../../src/format/libxc/info';
import { CPUID_LEAF } from '../../../src/format/libxc/policy';
import { LIBXL_HEADER } from '../../../src/format/libxl/header';
import { XL_HEADER } from '../../../src/format/xl/header';
import { latin1, XL_MAGIC } from '../../fixtures/built/stream';

const LAYOUTS = CHAPTERS.flatMap(({ layouts }) => layouts).flatMap((layout): [string, StructField, number][] => {
  const size = fixedSize(layout);
  return size === undefined ? [] : [[`${layout.name}, ${size} bytes`, layout, size]];
});

describe.each(LAYOUTS)('%s', (_name, layout, size) => {
  test.prop([fc.uint8Array({ minLength: size, maxLength: size }), fc.boolean()], { numRuns: 25 })(
    'random bytes',
    (bytes, little) => {
      expect(bytes.length).toBeGreaterThan(0);
      expect(encode(layout, parse(layout, bytes, little), little)).toEqual(bytes);
    },
  );
});

describe('values', () => {
  test('little and big-endian', () => {
    const values = { mode: 1, khz: 0x0102_0304, nsec: 0x1122_3344_5566_7788n, incarnation: 5 };
    const little = encode(X86_TSC_INFO, values, true);
    const big = encode(X86_TSC_INFO, values, false);
    expect(Array.from(little)).toEqual([
      1, 0, 0, 0, 4, 3, 2, 1, 0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11, 5, 0, 0, 0, 0, 0, 0, 0,
    ]);
    expect(Array.from(big)).toEqual([
      0, 0, 0, 1, 1, 2, 3, 4, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0, 0, 0, 5, 0, 0, 0, 0,
    ]);
    expect(parse(X86_TSC_INFO, little, true)).toEqual({ ...values, reserved: 0 });
    expect(parse(X86_TSC_INFO, big, false)).toEqual({ ...values, reserved: 0 });
  });

  test('fields that the format fixes are filled in; big-endian ones stay so', () => {
    expect(Array.from(encode(LIBXL_HEADER, {}, true))).toEqual([...latin1('LibxlFmt'), 0, 0, 0, 2, 0, 0, 0, 0]);
    expect(Array.from(encode(IMAGE_HEADER, { version: 3 }, true))).toEqual([
      ...new Uint8Array(8).fill(0xff),
      ...latin1('XENF'),
      0,
      0,
      0,
      3,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
    ]);
  });

  test('all 64 bits of a register', () => {
    const bytes = encode(HVM_CPU, { rip: 2n ** 64n - 1n, cr3: 2n ** 63n });
    const { rip, cr3 } = parse(HVM_CPU, bytes);
    expect([rip, cr3]).toEqual([0xffff_ffff_ffff_ffffn, 0x8000_0000_0000_0000n]);
  });

  test('u32 above 2^31 stays positive', () => {
    expect(parse(CPUID_LEAF, encode(CPUID_LEAF, { leaf: 0x8000_0021, subleaf: 0xffff_ffff }))).toMatchObject({
      leaf: 2_147_483_681,
      subleaf: 4_294_967_295,
    });
  });

  test('text ends before the NULs at its end: the magic of xl has one inside', () => {
    const bytes = encode(XL_HEADER, { magic: XL_MAGIC, optional_data_len: 7 });
    expect(Array.from(bytes.subarray(0, 36))).toEqual([...latin1(XL_MAGIC), 4, 3, 2, 1]);
    expect(parse(XL_HEADER, bytes)).toMatchObject({
      magic: 'Xen saved domain, xl format\n \0 \r',
      optional_data_len: 7,
    });
  });
});
