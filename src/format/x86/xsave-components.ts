/**
 * What the components of the extended state hold, from number 2 on. Source: Intel SDM vol. 1 § 13.5 and vol. 4 (the
 * MSRs), AMD APM vol. 2 § 11.5.
 */
import { pageStart } from '../page';
import { hex } from '../../lib/text';
import { array, type Bits, bytes, struct, type StructField, toVa, u16, u32, u64, u8, zeros } from '../kit/layout';
import { address, numbered, reserved, vector128, word } from './fxsave';
import { Component } from './xcr0';
import { AREA_MIN_SIZE } from './xsave-layouts';
import { CET_S, CET_U, HDC, HWP, LBR, PASID, PROC_TRACE, UINTR } from './xsave-supervisor';

const YMM = struct(
  'YMM_Hi128',
  numbered(
    16,
    (index) => `ymm${index}_hi`,
    (index) => vector128('ymm_hi', `Upper half of ymm${index}.`, 128),
  ),
);

const BNDREGS = struct(
  'BNDREGS',
  numbered(
    4,
    (index) => `bnd${index}`,
    (index) =>
      struct(
        'bound',
        {
          lower: address('Lowest address allowed.'),
          upper: u64({
            display: 'register',
            doc: 'Highest address allowed, all its bits inverted.',
            leadsTo: (value) => toVa(BigInt.asUintN(64, ~BigInt(value))),
            note: (value) => `up to ${hex(BigInt.asUintN(64, ~BigInt(value)), 16)}`,
          }),
        },
        { doc: `Bounds ${index}.` },
      ),
  ),
);

const BNDCSR = struct('BNDCSR', {
  bndcfgu: u64({
    display: 'register',
    doc: 'MPX configuration of user mode: flags, and the page of the bound directory.',
    leadsTo: (value) => toVa(pageStart(BigInt(value))),
    bits: {
      EN: { at: 0, doc: 'MPX is on' },
      BNDPRESERVE: { at: 1, doc: 'Bounds outlive jumps without BND prefix' },
      reserved_2: reserved(2, 10),
      base: { at: 12, width: 52, display: 'hex', doc: 'Page of the bound directory' },
    },
  }),
  bndstatus: u64({
    display: 'register',
    doc: 'Reason of the last bound exception, and the directory entry concerned.',
    leadsTo: (value) => toVa(BigInt(value) & ~3n),
    bits: {
      error: {
        at: 0,
        width: 2,
        names: { 0: 'none', 1: 'bound violated', 2: 'invalid directory entry' },
        doc: 'Reason',
      },
      entry: { at: 2, width: 62, display: 'hex', doc: 'Address of the directory entry, divided by 4' },
    },
  }),
  reserved: bytes(48, { reserved: true, doc: 'Reserved.' }),
});

const OPMASK = struct(
  'OPMASK',
  Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`k${index}`, word(`Mask register ${index}.`)])),
);

/** `count` words of 64 bits, the lowest first, that are bits `from` and up of a vector register. */
const words = (name: string, doc: string, count: number, from: number): StructField =>
  struct(
    name,
    Object.fromEntries(
      Array.from({ length: count }, (_, index) => {
        const low = from + index * 64;
        return [`bits${low}`, word(`Bits ${low + 63}–${low}.`)];
      }),
    ),
    {
      doc,
      summary: (values) =>
        Array.from({ length: count }, (_, index) => hex(values[`bits${from + index * 64}`] ?? 0n, 16))
          .toReversed()
          .join(''),
    },
  );

const ZMM = struct(
  'ZMM_Hi256',
  numbered(
    16,
    (index) => `zmm${index}_hi`,
    (index) => words('zmm_hi', `Upper half of zmm${index}.`, 4, 256),
  ),
);

const HI_ZMM = struct(
  'Hi16_ZMM',
  numbered(
    16,
    (index) => `zmm${index + 16}`,
    (index) => words('zmm', `AVX-512 register ${index + 16}.`, 8, 0),
  ),
);

const PKRU_BITS: Bits = Object.fromEntries(
  Array.from({ length: 16 }, (_, key) => [
    [`AD${key}`, { at: key * 2, doc: `Pages with key ${key}: no access` }],
    [`WD${key}`, { at: key * 2 + 1, doc: `Pages with key ${key}: no writes` }],
  ]).flat(),
);

const PKRU = struct('PKRU', {
  pkru: u32({ display: 'register', bits: PKRU_BITS, doc: 'Two bits for each of the 16 protection keys.' }),
  reserved: bytes(4, { reserved: true, doc: 'Reserved.' }),
});

const TILE_CFG = struct('TILECFG', {
  palette_id: u8({ doc: 'Palette; 0: no tiles are configured.' }),
  start_row: u8({ doc: 'Row from which an interrupted instruction goes on.' }),
  reserved0: zeros(14, { doc: 'Reserved.' }),
  colsb: array(u16({ doc: 'Bytes per row.' }), 8, {
    label: (index) => `tmm${index}`,
    doc: 'Bytes per row of each tile.',
  }),
  reserved1: zeros(16, { doc: 'Reserved.' }),
  rows: array(u8({ doc: 'Rows.' }), 8, { label: (index) => `tmm${index}`, doc: 'Rows of each tile.' }),
  reserved2: zeros(8, { doc: 'Reserved.' }),
});

const TILE_DATA = struct('TILEDATA', {
  rows: array(
    struct('row', { low: bytes(32, { doc: 'First half of the row.' }), high: bytes(32, { doc: 'Second half.' }) }),
    128,
    {
      label: (index) => `tmm${index >> 4} row ${index & 15}`,
      doc: 'Eight tiles of 16 rows of 64 bytes.',
    },
  ),
});

/** Lightweight profiling, which only families 15h and 16h of AMD have and no Xen of today uses: shown in words, without names. */
const LWP = struct('LWP', {
  data: array(u64({ display: 'register', doc: 'Eight bytes of profiling state.' }), 16, {
    doc: 'Control block, ring buffer and counters of lightweight profiling.',
  }),
});

interface Component {
  readonly layout: StructField;
  /** Where Intel's CPUs keep it in the standard format; they keep it nowhere else. Undefined for what only XSAVES writes. */
  readonly intel?: number;
  /** Where AMD's CPUs keep it: those with AVX-512, and those before. */
  readonly amd?: number;
  readonly amdOld?: number;
  /** Begins at a multiple of 64 in the compacted format. */
  readonly aligned?: true;
}

const SOURCE = 'Intel SDM vol. 1 § 13.5';
const intel = (layout: StructField): StructField => ({ ...layout, source: SOURCE });

/** Layouts of the components, and where CPUs keep them, by number. */
export const COMPONENTS: Readonly<Record<number, Component>> = {
  [Component.YMM]: { layout: intel(YMM), intel: AREA_MIN_SIZE, amd: AREA_MIN_SIZE, amdOld: AREA_MIN_SIZE },
  [Component.BNDREGS]: { layout: intel(BNDREGS), intel: 960 },
  [Component.BNDCSR]: { layout: intel(BNDCSR), intel: 1024 },
  [Component.OPMASK]: { layout: intel(OPMASK), intel: 1088, amd: 832 },
  [Component.ZMM]: { layout: intel(ZMM), intel: 1152, amd: 896 },
  [Component.HI_ZMM]: { layout: intel(HI_ZMM), intel: 1664, amd: 1408 },
  [Component.PROC_TRACE]: { layout: intel(PROC_TRACE) },
  [Component.PKRU]: { layout: intel(PKRU), intel: 2688, amd: 2432, amdOld: 832 },
  [Component.PASID]: { layout: intel(PASID) },
  [Component.CET_U]: { layout: intel(CET_U) },
  [Component.CET_S]: { layout: intel(CET_S) },
  [Component.HDC]: { layout: intel(HDC) },
  [Component.UINTR]: { layout: intel(UINTR) },
  [Component.LBR]: { layout: intel(LBR) },
  [Component.HWP]: { layout: intel(HWP) },
  [Component.TILE_CFG]: { layout: intel(TILE_CFG), intel: 2752, aligned: true },
  [Component.TILE_DATA]: { layout: intel(TILE_DATA), intel: 2816, aligned: true },
  [Component.LWP]: {
    layout: { ...LWP, source: 'AMD, Lightweight Profiling Specification; size as CPUID tells it' },
    amdOld: 832,
  },
};
