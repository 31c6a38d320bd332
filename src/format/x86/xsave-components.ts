/**
 * What the components of the extended state hold, from number 2 on. Source: Intel SDM vol. 1 § 13.5 and vol. 4 (the
 * MSRs), AMD APM vol. 2 § 11.5.
 */
import { hex } from '../../lib/text';
import { array, type Bits, bytes, struct, type StructField, toVa, u16, u32, u64, u8, zeros } from '../kit/layout';
import { numbered, vector128 } from './fxsave';

const word = (doc: string) => u64({ display: 'register', doc });
const address = (doc: string) => u64({ display: 'register', doc, target: toVa });

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
    bits: { EN: { at: 0, doc: 'MPX is on' }, BNDPRESERVE: { at: 1, doc: 'Bounds outlive jumps without BND prefix' } },
  }),
  bndstatus: u64({
    display: 'register',
    doc: 'Reason of the last bound exception, and the directory entry concerned.',
    bits: {
      error: {
        at: 0,
        width: 2,
        names: { 0: 'none', 1: 'bound violated', 2: 'invalid directory entry' },
        doc: 'Reason',
      },
    },
  }),
  reserved: bytes(48, { doc: 'Reserved.' }),
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

const PROC_TRACE = struct('PT', {
  rtit_ctl: word('IA32_RTIT_CTL: what is traced.'),
  rtit_output_base: word('IA32_RTIT_OUTPUT_BASE: where packets go.'),
  rtit_output_mask_ptrs: word('IA32_RTIT_OUTPUT_MASK_PTRS: size of the output, and how far it is filled.'),
  rtit_status: word('IA32_RTIT_STATUS: state of the trace.'),
  rtit_cr3_match: word('IA32_RTIT_CR3_MATCH: address space traced.'),
  rtit_addr0_a: address('Start of the first range.'),
  rtit_addr0_b: address('End of the first range.'),
  rtit_addr1_a: address('Start of the second range.'),
  rtit_addr1_b: address('End of the second range.'),
});

const PKRU_BITS: Bits = Object.fromEntries(
  Array.from({ length: 16 }, (_, key) => [
    [`AD${key}`, { at: key * 2, doc: `Pages with key ${key}: no access` }],
    [`WD${key}`, { at: key * 2 + 1, doc: `Pages with key ${key}: no writes` }],
  ]).flat(),
);

const PKRU = struct('PKRU', {
  pkru: u32({ display: 'register', bits: PKRU_BITS, doc: 'Two bits for each of the 16 protection keys.' }),
  reserved: bytes(4, { doc: 'Reserved.' }),
});

const PASID = struct('PASID', {
  ia32_pasid: u64({
    display: 'register',
    doc: 'IA32_PASID: address space that ENQCMD names to a device.',
    bits: { pasid: { at: 0, width: 20, display: 'hex', doc: 'Number' }, valid: { at: 31, doc: 'The number counts' } },
  }),
});

const CET_U = struct('CET_U', {
  u_cet: u64({
    display: 'register',
    doc: 'IA32_U_CET: control-flow enforcement of user mode.',
    bits: {
      SH_STK_EN: { at: 0, doc: 'Shadow stack on' },
      WR_SHSTK_EN: { at: 1, doc: 'WRSS instructions allowed' },
      ENDBR_EN: { at: 2, doc: 'Indirect branches must land on ENDBR' },
      LEG_IW_EN: { at: 3, doc: 'Legacy code bitmap counts' },
      NO_TRACK_EN: { at: 4, doc: 'NOTRACK prefix counts' },
      SUPPRESS_DIS: { at: 5, doc: 'Tracking cannot be suppressed' },
      SUPPRESS: { at: 10, doc: 'Tracking is suppressed' },
      TRACKER: { at: 11, doc: 'An ENDBR is due' },
    },
  }),
  pl3_ssp: address('Shadow stack pointer of ring 3.'),
});

const CET_S = struct('CET_S', {
  pl0_ssp: address('Shadow stack pointer of ring 0.'),
  pl1_ssp: address('Shadow stack pointer of ring 1.'),
  pl2_ssp: address('Shadow stack pointer of ring 2.'),
});

const HDC = struct('HDC', {
  ia32_pm_ctl1: u64({
    display: 'register',
    doc: 'IA32_PM_CTL1.',
    bits: { HDC_ALLOW_BLOCK: { at: 0, doc: 'The CPU may be forced idle' } },
  }),
});

const UINTR = struct('UINTR', {
  handler: address('Handler of user interrupts.'),
  stack_adjust: word('What is taken from rsp, or the new rsp where bit 0 is set.'),
  uitt_size: u32({ doc: 'Highest index of the target table.' }),
  uinv: u8({ display: 'hex', doc: 'Vector that notifies of user interrupts.' }),
  pad: bytes(2, { doc: 'Reserved.' }),
  uif: u8({ display: 'hex', doc: 'Flags.', bits: { UIF: { at: 7, doc: 'User interrupts are on' } } }),
  upid_addr: address('Descriptor of posted user interrupts.'),
  uirr: word('User interrupts requested, a bit each.'),
  uitt_addr: word('Target table of SENDUIPI; bit 0: valid.'),
});

const LBR_ENTRY = struct(
  'branch',
  {
    from: address('Where the branch was.'),
    to: address('Where it led.'),
    info: word('Cycles, kind, and whether it was predicted.'),
  },
  { summary: ({ from = 0n, to = 0n }) => `${hex(from, 16)} → ${hex(to, 16)}` },
);

const LBR = struct('LBR', {
  lbr_ctl: word('IA32_LBR_CTL: which branches are recorded.'),
  lbr_depth: word('IA32_LBR_DEPTH: how many.'),
  ler_from_ip: address('Last branch before an exception: from.'),
  ler_to_ip: address('Last branch before an exception: to.'),
  ler_info: word('Last branch before an exception: about it.'),
  branches: array(LBR_ENTRY, 32, { doc: 'Branches, the latest first.' }),
});

const HWP = struct('HWP', {
  ia32_hwp_request: u64({
    display: 'register',
    doc: 'IA32_HWP_REQUEST: performance asked for.',
    bits: {
      minimum: { at: 0, width: 8, doc: 'Lowest performance level wanted' },
      maximum: { at: 8, width: 8, doc: 'Highest performance level wanted' },
      desired: { at: 16, width: 8, doc: 'Level wanted; 0: the CPU chooses' },
      energy_preference: { at: 24, width: 8, doc: 'From 0, performance, to 255, saving' },
      activity_window: { at: 32, width: 10, doc: 'Time over which the CPU looks at the load; 0: it chooses' },
      package_control: { at: 42, doc: 'The request for the package counts instead' },
    },
  }),
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

/** Of families 15h and 16h only, and used by no Xen of today: shown in words, without names. */
const LWP = struct('LWP', {
  data: array(u64({ display: 'register', doc: 'Eight bytes of profiling state.' }), 16, {
    doc: 'Control block, ring buffer and counters of lightweight profiling.',
  }),
});

interface Component {
  readonly layout: StructField;
  /** Where Intel's CPUs keep it in the standard format; they keep it nowhere else. Undefined for what only XSAVES writes. */
  readonly intel?: number;
  /** The same for AMD's: those with AVX-512, and those before. */
  readonly amd?: number;
  readonly amdOld?: number;
  /** Begins at a multiple of 64 in the compacted format. */
  readonly aligned?: true;
}

export const COMPONENTS: Readonly<Record<number, Component>> = {
  2: { layout: YMM, intel: 576, amd: 576, amdOld: 576 },
  3: { layout: BNDREGS, intel: 960 },
  4: { layout: BNDCSR, intel: 1024 },
  5: { layout: OPMASK, intel: 1088, amd: 832 },
  6: { layout: ZMM, intel: 1152, amd: 896 },
  7: { layout: HI_ZMM, intel: 1664, amd: 1408 },
  8: { layout: PROC_TRACE },
  9: { layout: PKRU, intel: 2688, amd: 2432, amdOld: 832 },
  10: { layout: PASID },
  11: { layout: CET_U },
  12: { layout: CET_S },
  13: { layout: HDC },
  14: { layout: UINTR },
  15: { layout: LBR },
  16: { layout: HWP },
  17: { layout: TILE_CFG, intel: 2752, aligned: true },
  18: { layout: TILE_DATA, intel: 2816, aligned: true },
  62: { layout: LWP, amdOld: 832 },
};
