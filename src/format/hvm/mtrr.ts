/** HVM save record MTRR (14): memory types of a vCPU. Source: public/arch-x86/hvm/save.h (struct hvm_hw_mtrr). */
import { FRAME_MASK } from '../page';
import { hex0x } from '../../lib/text';
import { bitsOf, isSet, withReserved } from '../kit/bits';
import { array, type Bits, struct, toGpa, u64 } from '../kit/layout';
import {
  bytesOf,
  FIXED_RANGES,
  type FixedRange,
  fixedTypes,
  MEMORY_TYPES,
  PHYS_BASE,
  PHYS_MASK,
  typeName,
  variableRange,
} from './mtrr-ranges';

const SOURCE = 'public/arch-x86/hvm/save.h (struct hvm_hw_mtrr); Intel SDM vol. 3A § 13.11, 13.12';

const PAT_BITS: Bits = Object.fromEntries(
  Array.from({ length: 8 }, (_, entry) => [
    `PA${entry}`,
    {
      at: entry * 8,
      width: 8,
      names: MEMORY_TYPES,
      doc: `Type that page-table bits PAT, PCD, PWT select as ${entry}.`,
    },
  ]),
);

/** Bits of MTRRcap. */
export const MTRR_CAP = {
  VCNT: { at: 0, width: 8, doc: 'Variable ranges that there are; Xen refuses more than 8.' },
  FIX: { at: 8, doc: 'There are fixed ranges.' },
  WC: { at: 10, doc: 'Write-combining is supported.' },
  SMRR: { at: 11, doc: 'There is a range for system management mode.' },
} as const satisfies Bits;

/** Bits of MTRRdefType. */
export const MTRR_DEF_TYPE = {
  type: { at: 0, width: 8, names: MEMORY_TYPES, doc: 'Default memory type.' },
  FE: { at: 10, doc: 'Fixed ranges are on.' },
  E: { at: 11, doc: 'MTRRs are on; else all memory is UC.' },
} as const satisfies Bits;

/** One variable range. */
export const MTRR_RANGE = struct(
  'mtrr_var_range',
  {
    base: u64({
      display: 'register',
      doc: 'PHYSBASE: where the range starts, and its type.',
      leadsTo: (value) => toGpa(BigInt(value) & FRAME_MASK),
      bits: withReserved(64, PHYS_BASE),
    }),
    mask: u64({
      display: 'register',
      doc: 'PHYSMASK: which bits of an address must be those of the base.',
      bits: withReserved(64, PHYS_MASK),
    }),
  },
  {
    doc: 'One variable range, as base and mask.',
    source: SOURCE,
    summary: ({ base, mask }) =>
      base === undefined || mask === undefined ? undefined : variableRange(BigInt(base), BigInt(mask)),
  },
);

const fixedRegister = (range: FixedRange) =>
  u64({
    display: 'register',
    doc: `Register ${range.name}: types of eight areas of ${range.size / 1024} KiB from ${hex0x(range.start)} on.`,
    bits: Object.fromEntries(
      Array.from({ length: 8 }, (_, index) => {
        const start = range.start + index * range.size;
        const doc = `Memory type of ${hex0x(start)}–${hex0x(start + range.size - 1)}.`;
        return [hex0x(start, 5), { at: index * 8, width: 8, names: MEMORY_TYPES, doc }];
      }),
    ),
    note: (value) => fixedTypes([[range, value]]),
  });

export const HVM_MTRR = struct(
  'hvm_hw_mtrr',
  {
    msr_pat_cr: u64({
      display: 'register',
      bits: PAT_BITS,
      doc: 'Page attribute table: eight memory types that page-table entries choose from.',
      note: (value) => bytesOf(value).map(typeName).join(', '),
    }),
    msr_mtrr_var: array(MTRR_RANGE, 8, {
      doc: 'Variable ranges, pairs of base and mask. Since 4.12 Xen saves the first pair in the place of every pair.',
      label: (index) => `[${index * 2}, ${index * 2 + 1}]`,
    }),
    msr_mtrr_fixed: struct(
      'msr_mtrr_fixed',
      Object.fromEntries(FIXED_RANGES.map((range, index) => [`[${index}]`, fixedRegister(range)])),
      {
        doc: 'Fixed ranges: types of the first MiB.',
        summary: (registers) => fixedTypes(FIXED_RANGES.map((range, index) => [range, registers[`[${index}]`] ?? 0])),
      },
    ),
    msr_mtrr_cap: u64({
      display: 'hex',
      doc: 'What the MTRRs can do.',
      bits: withReserved(64, MTRR_CAP),
    }),
    msr_mtrr_def_type: u64({
      display: 'hex',
      doc: 'Type of memory that no range covers, and what is switched on.',
      bits: withReserved(64, MTRR_DEF_TYPE),
      note: (value) =>
        isSet(value, MTRR_DEF_TYPE.E) ? `${typeName(bitsOf(value, MTRR_DEF_TYPE.type))} by default` : 'off: all UC',
    }),
  },
  { source: SOURCE },
);
