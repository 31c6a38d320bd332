/**
 * Offsets and sizes of HVM save records. The numbers are those that a C compiler prints for public/hvm/save.h and
 * public/arch-x86/hvm/save.h of Xen 4.23 (x86-64); registers of the APIC page are those of the Intel SDM.
 */
import { describe, expect, test } from 'vitest';
import { HVM_LAPIC } from '../../../src/format/hvm/apic';
import { HVM_LAPIC_REGS, HVM_LAPIC_REGS_X2APIC } from '../../../src/format/hvm/apic-regs';
import { HVM_BODIES, hvmBodyOf } from '../../../src/format/hvm/bodies';
import { HVM_CPU, HVM_CPU_COMPAT } from '../../../src/format/hvm/cpu';
import { HVM_DESCRIPTOR } from '../../../src/format/hvm/entries';
import { lengthCheck } from '../../../src/format/hvm/length';
import { HVM_HPET } from '../../../src/format/hvm/hpet';
import { HVM_IOAPIC } from '../../../src/format/hvm/ioapic';
import { HVM_ISA_IRQ, HVM_PCI_IRQ, HVM_PCI_LINK } from '../../../src/format/hvm/irqs';
import { HVM_CPU_MSR } from '../../../src/format/hvm/msrs';
import { HVM_MTRR } from '../../../src/format/hvm/mtrr';
import { HVM_PIC } from '../../../src/format/hvm/pic';
import { HVM_PIT } from '../../../src/format/hvm/pit';
import { HVM_PMTIMER } from '../../../src/format/hvm/pmtimer';
import { HVM_RTC } from '../../../src/format/hvm/rtc';
import { HVM_TYPE_NAMES, HvmType, type HvmTypeName } from '../../../src/format/hvm/types';
import { HVM_VIRIDIAN_DOMAIN, HVM_VIRIDIAN_VCPU } from '../../../src/format/hvm/viridian';
import { VMCE_VCPU } from '../../../src/format/x86/vmce';
import { decode } from '../../../src/format/kit/decode';
import { type Field, fixedSize, layoutOfSize, type StructField } from '../../../src/format/kit/layout';
import { HVM_APIC_PLACES } from '../../fixtures/plain/hvm';
import { type Places, series, testPlaces } from '../../fixtures/layouts';
import { itemsOf, nodeAt } from '../../fixtures/nodes';

/** HVM_SAVE_CODE and HVM_SAVE_LENGTH of every type. */
const LENGTHS: readonly (readonly [code: number, name: string, length: number])[] = [
  [1, 'HEADER', 24],
  [2, 'CPU', 1032],
  [3, 'PIC', 8],
  [4, 'IOAPIC', 400],
  [5, 'LAPIC', 32],
  [6, 'LAPIC_REGS', 1024],
  [7, 'PCI_IRQ', 16],
  [8, 'ISA_IRQ', 8],
  [9, 'PCI_LINK', 8],
  [10, 'PIT', 56],
  [11, 'RTC', 24],
  [12, 'HPET', 1048],
  [13, 'PMTIMER', 8],
  [14, 'MTRR', 240],
  [15, 'VIRIDIAN_DOMAIN', 32],
  [17, 'VIRIDIAN_VCPU', 216],
  [18, 'VMCE_VCPU', 32],
  [19, 'TSC_ADJUST', 8],
];

test('codes, names and lengths of all types', () => {
  const fixed = HVM_TYPE_NAMES.flatMap((name) => {
    const { layout } = hvmBodyOf(name);
    const size = layout && fixedSize(layout);
    return size === undefined ? [] : [[HvmType[name], name, size]];
  });
  expect(fixed).toEqual(LENGTHS);
  expect(HVM_BODIES.CPU_XSAVE).toMatchObject({ rule: 'variable', min: 600, step: 1 });
  expect(HVM_BODIES.CPU_MSR).toMatchObject({ rule: 'variable', min: 24, step: 16 });
  expect(HVM_BODIES.END).toMatchObject({ rule: 'any' });
  expect(HVM_TYPE_NAMES).toHaveLength(21);
});

/**
 * What releases of Xen take: HVM_SAVE_LENGTH of their public/arch-x86/hvm/save.h, and which of hvm_load_entry() and
 * hvm_load_entry_zeroextend() their load functions call. A type that is not here is taken alike by all.
 */
const BY_RELEASE: Readonly<Partial<Record<HvmTypeName, Readonly<Record<number, string>>>>> = {
  CPU: { 406: 'strict 1024 1016: 22', 407: 'zeroextended 1032 1016: 22', 423: 'zeroextended 1032 1016: 22' },
  PIC: { 418: 'strict 8: 22', 419: 'strict 8: 61, checked' },
  IOAPIC: { 412: 'strict 400: 1', 413: 'strict 400: 61', 423: 'strict 400: 61' },
  LAPIC: { 417: 'zeroextended 24: 22', 418: 'zeroextended 32: 22', 420: 'zeroextended 32: 61, checked' },
  LAPIC_REGS: { 419: 'strict 1024: 22', 420: 'strict 1024: 61, checked' },
  PCI_LINK: { 418: 'strict 8: 22', 419: 'strict 8: 61, checked' },
  PIT: { 406: 'strict 56: 61', 418: 'strict 56: 61', 419: 'strict 56: 61, checked' },
  RTC: { 413: 'strict 16: 22', 414: 'zeroextended 24: 22' },
  VIRIDIAN_DOMAIN: { 406: 'zeroextended 32: 22', 423: 'zeroextended 32: 22' },
  VIRIDIAN_VCPU: { 406: 'strict 8: 22', 407: 'zeroextended 16: 22', 413: 'zeroextended 216: 22' },
  VMCE_VCPU: { 406: 'zeroextended 24: 1', 409: 'zeroextended 24: 1', 410: 'zeroextended 32: 1' },
};

test.each(HVM_TYPE_NAMES)('what releases take of %s', (name) => {
  const said = (xen: number): string => {
    const { rule, sizes, errno, isChecked } = lengthCheck(HVM_BODIES[name], xen);
    return `${[rule, ...sizes].join(' ')}: ${errno}${isChecked ? ', checked' : ''}`;
  };
  const expected = BY_RELEASE[name];
  if (expected)
    for (const [xen, text] of Object.entries(expected)) expect([xen, said(Number(xen))]).toEqual([xen, text]);
  else {
    const size = LENGTHS.find(([, one]) => one === name)?.[2];
    for (const xen of [406, 412, 417, 423])
      expect(said(xen)).toBe(size === undefined ? 'variable: 22' : `strict ${size}: 22`);
  }
});

const CMOS = ['seconds', 'seconds_alarm', 'minutes', 'minutes_alarm', 'hours', 'hours_alarm', 'day_of_week'];

const LAYOUTS: readonly (readonly [string, Field, number | undefined, Places])[] = [
  ['hvm_save_descriptor', HVM_DESCRIPTOR, 8, { typecode: [0, 2], instance: [2, 2], length: [4, 4] }],
  [
    'hvm_hw_cpu_compat',
    HVM_CPU_COMPAT,
    1016,
    { msr_efer: [992, 8], tsc: [1000, 8], pending_event: [1008, 4], error_code: [1012, 4] },
  ],
  [
    'hvm_hw_cpu of 1024 bytes',
    layoutOfSize(HVM_CPU, 1024),
    1024,
    { msr_tsc_aux: [1000, 8], tsc: [1008, 8], error_code: [1020, 4] },
  ],
  [
    'hvm_hw_vpic',
    HVM_PIC,
    8,
    {
      irr: [0, 1],
      imr: [1, 1],
      isr: [2, 1],
      irq_base: [3, 1],
      init_priority: [4, 1],
      modes: [5, 1],
      elcr: [6, 1],
      int_output: [7, 1],
    },
  ],
  ['hvm_hw_vioapic', HVM_IOAPIC, 400, { base_address: [0, 8], ioregsel: [8, 4], id: [12, 4], redirtbl: [16, 384] }],
  [
    'hvm_hw_lapic',
    HVM_LAPIC,
    32,
    {
      apic_base_msr: [0, 8],
      disabled: [8, 4],
      timer_divisor: [12, 4],
      tdt_msr: [16, 8],
      pending_esr: [24, 4],
      padding: [28, 4],
    },
  ],
  [
    'hvm_hw_lapic_regs',
    HVM_LAPIC_REGS,
    1024,
    Object.fromEntries(HVM_APIC_PLACES.map(([at, path]) => [path, [at, path.startsWith('reserved') ? 16 : 4]])),
  ],
  [
    'hvm_hw_lapic_regs in x2APIC mode',
    HVM_LAPIC_REGS_X2APIC,
    1024,
    Object.fromEntries(HVM_APIC_PLACES.map(([at, path]) => [path, [at, path.startsWith('reserved') ? 16 : 4]])),
  ],
  ['hvm_hw_pci_irqs', HVM_PCI_IRQ, 16, { i: [0, 16], 'i.[0]': [0, 8], 'i.[1]': [8, 8] }],
  ['hvm_hw_isa_irqs', HVM_ISA_IRQ, 8, { i: [0, 8] }],
  ['hvm_hw_pci_link', HVM_PCI_LINK, 8, { route: [0, 4], 'route.[0]': [0, 1], 'route.[3]': [3, 1], pad0: [4, 4] }],
  ['hvm_hw_pit', HVM_PIT, 56, { channels: [0, 48], speaker_data_on: [48, 4], pad0: [52, 4] }],
  [
    'hvm_hw_rtc',
    HVM_RTC,
    24,
    {
      cmos_data: [0, 14],
      ...series(
        0,
        1,
        [...CMOS, 'day_of_month', 'month', 'year', 'REG_A', 'REG_B', 'REG_C', 'REG_D'].map((one) => `cmos_data.${one}`),
      ),
      cmos_index: [14, 1],
      pad0: [15, 1],
      rtc_offset: [16, 8],
    },
  ],
  [
    'hvm_hw_hpet',
    HVM_HPET,
    1048,
    {
      capability: [0, 8],
      res0: [8, 8],
      config: [16, 8],
      res1: [24, 8],
      isr: [32, 8],
      res2: [40, 200],
      mc64: [240, 8],
      res3: [248, 8],
      timers: [256, 96],
      res5: [352, 672],
      period: [1024, 24],
    },
  ],
  ['hvm_hw_pmtimer', HVM_PMTIMER, 8, { tmr_val: [0, 4], pm1a_sts: [4, 2], pm1a_en: [6, 2] }],
  [
    'hvm_hw_mtrr',
    HVM_MTRR,
    240,
    {
      msr_pat_cr: [0, 8],
      msr_mtrr_var: [8, 128],
      msr_mtrr_fixed: [136, 88],
      'msr_mtrr_fixed.[0]': [136, 8],
      'msr_mtrr_fixed.[10]': [216, 8],
      msr_mtrr_cap: [224, 8],
      msr_mtrr_def_type: [232, 8],
    },
  ],
  [
    'hvm_viridian_domain_context',
    HVM_VIRIDIAN_DOMAIN,
    32,
    series(0, 8, ['hypercall_gpa', 'guest_os_id', 'time_ref_count', 'reference_tsc']),
  ],
  [
    'hvm_viridian_vcpu_context',
    HVM_VIRIDIAN_VCPU,
    216,
    {
      vp_assist_msr: [0, 8],
      apic_assist_pending: [8, 1],
      _pad: [9, 7],
      simp_msr: [16, 8],
      sint_msr: [24, 128],
      stimer_config_msr: [152, 32],
      stimer_count_msr: [184, 32],
    },
  ],
  ['hvm_vmce_vcpu', VMCE_VCPU, 32, series(0, 8, ['caps', 'mci_ctl2_bank0', 'mci_ctl2_bank1', 'mcg_ext_ctl'])],
  ['hvm_tsc_adjust', HVM_BODIES.TSC_ADJUST.layout, 8, { tsc_adjust: [0, 8] }],
  ['hvm_msr', HVM_CPU_MSR, undefined, { count: [0, 4], padding: [4, 4] }],
];

describe.each(LAYOUTS)('%s', (_name, layout, size, places) => testPlaces(layout, size, places));

/** Elements of arrays: structure, path, index → fields with their places in the whole structure. */
const ELEMENTS: readonly (readonly [string, StructField, string, number, Places])[] = [
  [
    'channels[1] of the PIT',
    HVM_PIT,
    'channels',
    1,
    {
      count: [16, 4],
      latched_count: [20, 2],
      count_latched: [22, 1],
      status_latched: [23, 1],
      status: [24, 1],
      read_state: [25, 1],
      write_state: [26, 1],
      write_latch: [27, 1],
      rw_mode: [28, 1],
      mode: [29, 1],
      bcd: [30, 1],
      gate: [31, 1],
    },
  ],
  ['timers[2] of the HPET', HVM_HPET, 'timers', 2, series(320, 8, ['config', 'cmp', 'fsb', 'res4'])],
  ['msr_mtrr_var[14] and [15]', HVM_MTRR, 'msr_mtrr_var', 7, series(120, 8, ['base', 'mask'])],
  ['msr[1] of CPU_MSR', HVM_CPU_MSR, 'msr', 1, { index: [24, 4], _rsvd: [28, 4], val: [32, 8] }],
  ['redirtbl[47]', HVM_IOAPIC, 'redirtbl', 47, { '': [392, 8] }],
  ['period[2]', HVM_HPET, 'period', 2, { '': [1040, 8] }],
  ['sint_msr[15]', HVM_VIRIDIAN_VCPU, 'sint_msr', 15, { '': [144, 8] }],
  ['stimer_config_msr[3]', HVM_VIRIDIAN_VCPU, 'stimer_config_msr', 3, { '': [176, 8] }],
  ['stimer_count_msr[3]', HVM_VIRIDIAN_VCPU, 'stimer_count_msr', 3, { '': [208, 8] }],
];

test.each(ELEMENTS)('%s', (_name, layout, path, index, places) => {
  const bytes = new Uint8Array(1100);
  // A count of MSRs.
  bytes[0] = 3;
  const nodes = decode(layout, { bytes, offset: 0, length: 1100, claimed: 1100, littleEndian: true });
  const element = itemsOf(bytes, nodeAt(nodes, path))[index];
  const found = Object.keys(places).map((name) => {
    const node = name === '' ? element : nodeAt(element?.children ?? [], name);
    return [name, [node?.offset, node?.length]];
  });
  expect(found).toEqual(Object.entries(places));
});

/** Bits: bytes of the structure with just that field set to ones, as the compiler lays it out. */
const BITS: readonly (readonly [
  string,
  StructField,
  readonly (readonly [path: string, at: number, byte: number])[],
])[] = [
  [
    'hvm_hw_vpic',
    HVM_PIC,
    [
      ['init_priority.init_state', 4, 0x0f],
      ['init_priority.priority_add', 4, 0xf0],
      ['modes.readsel_isr', 5, 0x01],
      ['modes.poll', 5, 0x02],
      ['modes.auto_eoi', 5, 0x04],
      ['modes.rotate_on_auto_eoi', 5, 0x08],
      ['modes.special_fully_nested_mode', 5, 0x10],
      ['modes.special_mask_mode', 5, 0x20],
      ['modes.is_master', 5, 0x40],
    ],
  ],
  [
    'vioapic_redir_entry',
    HVM_IOAPIC,
    [
      ['vector', 16, 0xff],
      ['delivery_mode', 17, 0x07],
      ['dest_mode', 17, 0x08],
      ['delivery_status', 17, 0x10],
      ['polarity', 17, 0x20],
      ['remote_irr', 17, 0x40],
      ['trig_mode', 17, 0x80],
      ['mask', 18, 0x01],
      ['reserve', 18, 0xfe],
      ['reserved', 19, 0xff],
      ['reserved', 22, 0xff],
      ['dest_id', 23, 0xff],
    ],
  ],
];

describe.each(BITS)('bits of %s', (_name, layout, fields) => {
  test.each(fields)('%s', (path, at, byte) => {
    const bytes = new Uint8Array(400);
    bytes[at] = byte;
    const nodes = decode(layout, { bytes, offset: 0, length: 400, claimed: 400, littleEndian: true });
    const tree = layout === HVM_IOAPIC ? (itemsOf(bytes, nodeAt(nodes, 'redirtbl'))[0]?.children ?? []) : nodes;
    const group = path.includes('.') ? (nodeAt(tree, path.split('.')[0] ?? '').children ?? []) : tree;
    const name = path.split('.').at(-1);
    expect(Number(nodeAt(tree, path).value)).toBeGreaterThan(0);
    const others = group.filter((node) => node.name !== name && node.value !== 0 && node.value !== 0n);
    expect(others.map((node) => node.name)).toEqual([]);
  });
});
