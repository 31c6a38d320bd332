/** Where fields of the FXSAVE image and of XSAVE areas lie. Numbers: Intel SDM vol. 1 § 10.5.1, 13.4 and 13.5. */
import { describe, expect, test } from 'vitest';
import { sizeOf } from '../../../src/format/kit/layout';
import { FXSAVE } from '../../../src/format/x86/fxsave';
import { HVM_XSAVE, PV_XSAVE, XSAVE_HEADER } from '../../../src/format/x86/xsave-layouts';
import { COMPONENTS } from '../../../src/format/x86/xsave-components';
import { type Places, series, testPlaces } from '../../fixtures/layouts';

const numbers = (count: number, name: (index: number) => string, from = 0): string[] =>
  Array.from({ length: count }, (_, index) => name(index + from));

describe('FXSAVE', () => {
  testPlaces(FXSAVE, 512, {
    fcw: [0, 2],
    fsw: [2, 2],
    ftw: [4, 1],
    rsvd1: [5, 1],
    fop: [6, 2],
    fip: [8, 8],
    fdp: [16, 8],
    mxcsr: [24, 4],
    mxcsr_mask: [28, 4],
    st: [32, 128],
    ...series(
      32,
      16,
      numbers(8, (index) => `st.st${index}`),
    ),
    'st.st7.significand': [144, 8],
    'st.st7.sign_exponent': [152, 2],
    'st.st7.padding': [154, 6],
    xmm: [160, 256],
    ...series(
      160,
      16,
      numbers(16, (index) => `xmm.xmm${index}`),
    ),
    'xmm.xmm15.lo': [400, 8],
    'xmm.xmm15.hi': [408, 8],
    reserved: [416, 48],
    unused: [464, 47],
    fpu_word_size: [511, 1],
  });
});

describe('masks and header', () => {
  testPlaces(PV_XSAVE, 16, { xcr0: [0, 8], xcr0_accum: [8, 8] });
  testPlaces(HVM_XSAVE, 24, { xfeature_mask: [0, 8], xcr0: [8, 8], xcr0_accum: [16, 8] });
  testPlaces(XSAVE_HEADER, 64, { xstate_bv: [0, 8], xcomp_bv: [8, 8], reserved: [16, 48] });
});

const FIELDS: Readonly<Record<number, readonly [size: number, places: Places]>> = {
  2: [
    256,
    {
      ...series(
        0,
        16,
        numbers(16, (index) => `ymm${index}_hi`),
      ),
      'ymm15_hi.hi': [248, 8],
    },
  ],
  3: [
    64,
    {
      ...series(
        0,
        16,
        numbers(4, (index) => `bnd${index}`),
      ),
      'bnd3.lower': [48, 8],
      'bnd3.upper': [56, 8],
    },
  ],
  4: [64, { bndcfgu: [0, 8], bndstatus: [8, 8], reserved: [16, 48] }],
  5: [
    64,
    series(
      0,
      8,
      numbers(8, (index) => `k${index}`),
    ),
  ],
  6: [
    512,
    {
      ...series(
        0,
        32,
        numbers(16, (index) => `zmm${index}_hi`),
      ),
      'zmm1_hi.bits448': [56, 8],
    },
  ],
  7: [
    1024,
    {
      ...series(
        0,
        64,
        numbers(16, (index) => `zmm${index}`, 16),
      ),
      'zmm17.bits0': [64, 8],
    },
  ],
  8: [72, { rtit_ctl: [0, 8], rtit_status: [24, 8], rtit_cr3_match: [32, 8], rtit_addr1_b: [64, 8] }],
  9: [8, { pkru: [0, 4], reserved: [4, 4] }],
  10: [8, { ia32_pasid: [0, 8] }],
  11: [16, { u_cet: [0, 8], pl3_ssp: [8, 8] }],
  12: [24, { pl0_ssp: [0, 8], pl1_ssp: [8, 8], pl2_ssp: [16, 8] }],
  13: [8, { ia32_pm_ctl1: [0, 8] }],
  14: [
    48,
    {
      handler: [0, 8],
      stack_adjust: [8, 8],
      uitt_size: [16, 4],
      uinv: [20, 1],
      uif: [23, 1],
      upid_addr: [24, 8],
      uirr: [32, 8],
      uitt_addr: [40, 8],
    },
  ],
  15: [808, { lbr_ctl: [0, 8], lbr_depth: [8, 8], ler_from_ip: [16, 8], ler_info: [32, 8], branches: [40, 768] }],
  16: [8, { ia32_hwp_request: [0, 8] }],
  17: [64, { palette_id: [0, 1], start_row: [1, 1], colsb: [16, 16], reserved1: [32, 16], rows: [48, 8] }],
  18: [8192, { rows: [0, 8192] }],
  62: [128, { data: [0, 128] }],
};

test('every component that Xen names is described', () => {
  expect(Object.keys(COMPONENTS).map(Number)).toEqual(Object.keys(FIELDS).map(Number));
});

describe.each(Object.entries(FIELDS))('component %s', (component, [size, places]) => {
  const layout = COMPONENTS[Number(component)]?.layout;
  if (!layout) throw new Error(`component ${component} is not described`);
  expect(sizeOf(layout)).toBe(size);
  // Tiles reach past the bytes of the common check.
  if (size < 5000) testPlaces(layout, size, places);
  else test('size only', () => expect(sizeOf(layout)).toBe(8192));
});
