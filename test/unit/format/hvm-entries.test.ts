/** HVM save records: what fields are said to mean, older and wrong sizes, unknown types. */
import { describe, expect, test } from 'vitest';
import { decodeHvmContext } from '../../../src/format/hvm/context';
import { HVM_LAYOUTS } from '../../../src/format/hvm/layouts';
import { hvmBodyOf } from '../../../src/format/hvm/bodies';
import { HVM_TYPE_NAMES, HvmType } from '../../../src/format/hvm/types';
import { variableRange } from '../../../src/format/hvm/mtrr-ranges';
import { guestOs } from '../../../src/format/hvm/viridian-os';
import { type Field, fixedSize, type IntField } from '../../../src/format/kit/layout';
import { type FieldNode, noteOf } from '../../../src/format/kit/node';
import { itemsOf, nodeAt, walkNodes } from '../../fixtures/nodes';
import { concat, hvmEnd, hvmEntry, hvmHeaderEntry } from '../../fixtures/built/stream';

const contextOf = (bytes: Uint8Array, littleEndian = true): FieldNode[] =>
  decodeHvmContext({ bytes, offset: 0, length: bytes.length, claimed: bytes.length, littleEndian });

/** One entry, its body zeros but for what is written at offsets: numbers of 1, 2, 4 or 8 bytes. */
type Write = readonly [at: number, size: 1 | 2 | 4 | 8, value: bigint];

function bodyWith(size: number, writes: readonly Write[]): Uint8Array {
  const body = new Uint8Array(size);
  for (const [at, length, value] of writes) {
    for (let index = 0; index < length; index++) body[at + index] = Number((value >> BigInt(index * 8)) & 0xffn);
  }
  return body;
}

interface Opened {
  readonly entry: FieldNode;
  /** Field by path; `list#2` is an element. */
  readonly at: (path: string) => FieldNode;
}

function open(type: number, size: number, writes: readonly Write[] = [], instance = 0): Opened {
  const bytes = hvmEntry(type, instance, bodyWith(size, writes));
  const [entry] = contextOf(bytes);
  if (!entry) throw new Error('no entry');
  const at = (path: string): FieldNode => {
    const [list = '', index] = path.split('#');
    const node = nodeAt((entry.children ?? []).slice(3), list);
    const item = index === undefined ? node : itemsOf(bytes, node)[Number(index)];
    if (!item) throw new Error(`no ${path}`);
    return item;
  };
  return { entry, at };
}

/** What is shown of a field: its text for groups, its note for numbers. */
const said = ({ value, text, note }: FieldNode): string | undefined => (value === null ? (note ?? text) : note);

describe('sizes', () => {
  /** Type, length → names of the fields that it had. */
  const OLDER: readonly (readonly [type: number, length: number, fields: readonly string[]])[] = [
    [5, 16, ['apic_base_msr', 'disabled', 'timer_divisor']],
    [5, 24, ['apic_base_msr', 'disabled', 'timer_divisor', 'tdt_msr']],
    [11, 16, ['cmos_data', 'cmos_index', 'pad0']],
    [15, 16, ['hypercall_gpa', 'guest_os_id']],
    [15, 24, ['hypercall_gpa', 'guest_os_id', 'time_ref_count']],
    [17, 8, ['vp_assist_msr']],
    [17, 16, ['vp_assist_msr', 'apic_assist_pending', '_pad']],
    [18, 8, ['caps']],
    [18, 24, ['caps', 'mci_ctl2_bank0', 'mci_ctl2_bank1']],
  ];

  test.each(OLDER)('type %i of %i bytes, as older releases wrote it', (type, length, fields) => {
    const { entry } = open(type, length);
    expect((entry.children ?? []).slice(3).map(({ name }) => name)).toEqual(fields);
    expect([...walkNodes([entry])].filter(({ problem }) => problem !== undefined)).toEqual([]);
  });

  const WRONG: readonly (readonly [type: number, length: number, problem: string])[] = [
    [1, 16, '16 B long: Xen takes 24 B only'],
    [3, 9, '9 B long: Xen takes 8 B only'],
    [4, 392, '392 B long: Xen takes 400 B only'],
    [6, 1025, '1\u2009025 B long: Xen takes 1\u2009024 B only'],
    [12, 24, '24 B long: Xen takes 1\u2009048 B only'],
    [2, 1040, '1\u2009040 B long: Xen takes 1\u2009032 B at most'],
    [2, 512, '512 B long, as no Xen writes it: what is missing is read as zeros'],
    [5, 40, '40 B long: Xen takes 32 B at most'],
    [5, 20, '20 B long, as no Xen writes it: what is missing is read as zeros'],
    [11, 0, '0 B long, as no Xen writes it: what is missing is read as zeros'],
    [16, 599, '599 B long: Xen takes 600 B at least'],
    [20, 8, '8 B long: Xen takes 24 B at least'],
    [20, 32, '32 B long: not 24 B and a multiple of 16 B'],
  ];

  test.each(WRONG)('type %i of %i bytes: %s', (type, length, problem) => {
    expect(open(type, length).entry.problem).toBe(problem);
  });

  test('END may have any length, and 1016 and 1024 bytes of CPU are fine', () => {
    expect(open(0, 4).entry.problem).toBe(undefined);
    expect(open(2, 1016).entry.problem).toBe(undefined);
    expect(open(2, 1024).entry.problem).toBe(undefined);
  });

  test('a count of MSRs that does not fit', () => {
    expect(open(20, 24, [[0, 4, 0xffff_ffffn]]).at('msr').problem).toBe('4294967295 elements announced, room for 1');
  });
});

describe('instances', () => {
  test('vCPUs, PICs and single devices', () => {
    expect(open(5, 32, [], 3).entry).toMatchObject({ name: 'LAPIC[3]', note: 'vCPU 3' });
    expect(open(3, 8, [], 0).entry.note).toBe('master');
    expect(open(3, 8, [], 1).entry.note).toBe('slave');
    expect(open(3, 8, [], 2).entry.note).toBe(undefined);
    expect(open(4, 400).entry.note).toBe(undefined);
  });

  test('an unknown type keeps its bytes', () => {
    const { entry, at } = open(22, 12, [[0, 4, 0x4433_2211n]]);
    expect(entry).toMatchObject({ name: 'type 22[0]', length: 20, problem: 'a type that Xen does not define' });
    expect(at('data')).toMatchObject({ offset: 8, length: 12, text: '11 22 33 44 00 00 00 00 00 00 00 00' });
  });
});

describe('every field says what it means and where that is fixed', () => {
  test.each(HVM_TYPE_NAMES)('%s', (type) => {
    const { layout } = hvmBodyOf(type);
    const size = (layout && fixedSize(layout)) ?? 40;
    const bytes = hvmEntry(HvmType[type], 0, bodyWith(size, type === 'CPU_MSR' ? [[0, 4, 2n]] : []));
    const missing: string[] = [];
    const look = (nodes: readonly FieldNode[], path: string): void => {
      for (const node of nodes) {
        const name = `${path}${node.name}`;
        if (node.doc === undefined || node.source === undefined) missing.push(name);
        look(node.items ? itemsOf(bytes, node) : (node.children ?? []), `${name}.`);
      }
    };
    look(contextOf(bytes), '');
    expect(missing).toEqual([]);
  });
});

/** Integers of a layout that have bits, by path. */
function* withBits(field: Field, path: string): Generator<[path: string, field: IntField]> {
  if (field.kind === 'struct')
    for (const [name, part] of Object.entries(field.fields)) yield* withBits(part, `${path}.${name}`);
  else if (field.kind === 'array') yield* withBits(field.of, `${path}[]`);
  else if (field.kind === 'int' && field.bits) yield [path, field];
}

test.each(HVM_LAYOUTS.flatMap((layout) => [...withBits(layout, layout.name)]))(
  '%s: every bit has one name',
  (_path, field) => {
    const times = Array.from({ length: field.size * 8 }, () => 0);
    for (const bits of Object.values(field.bits ?? {})) {
      const { at, width = 1 } = typeof bits === 'number' ? { at: bits } : bits;
      for (let bit = at; bit < at + width; bit++) times[bit] = (times[bit] ?? 0) + 1;
    }
    expect(times).toEqual(Array.from({ length: field.size * 8 }, () => 1));
  },
);

describe('interrupt controllers', () => {
  test('PIC', () => {
    const { at } = open(3, 8, [[0, 8, 0x01_24_43_37_70_02_b8_10n]]);
    expect(said(at('irr'))).toBe('IR 4');
    expect(said(at('imr'))).toBe('IR 3–5, 7');
    expect(said(at('isr'))).toBe('IR 1');
    expect(said(at('irq_base'))).toBe('IR0–IR7 are vectors 0x70–0x77');
    expect(said(at('init_priority'))).toBe('initialisation in progress, IR3 first');
    expect(said(at('init_priority.init_state'))).toBe('ICW4 next, ICW4, ICW3');
    expect(at('modes').flags).toEqual(['readsel_isr', 'poll', 'is_master']);
    expect(said(at('elcr'))).toBe('IR 2, 5');
    expect(said(at('int_output'))).toBe('high');
  });

  test('redirection entries', () => {
    const { at } = open(4, 400, [
      [8, 4, 0x35n],
      [16, 8, 0x0000_0000_0000_a030n | (1n << 16n)],
      [24, 8, 0x0300_0000_0000_0931n],
      [32, 8, 0x0200_0000_0000_0400n],
      [40, 8, 0x0000_0000_0000_d041n],
      ...Array.from({ length: 44 }, (_, pin): Write => [48 + pin * 8, 8, 1n << 16n]),
    ]);
    expect(said(at('ioregsel'))).toBe('pin 18, high half');
    expect(said(at('redirtbl'))).toBe('unmasked: 1–3');
    expect(said(at('redirtbl#0'))).toBe('vector 0x30 · fixed · level · active low · masked · to APIC 0');
    expect(said(at('redirtbl#1'))).toBe('vector 0x31 · lowest priority · edge · to logical 0x03');
    expect(said(at('redirtbl#2'))).toBe('NMI · edge · to APIC 2');
    expect(said(at('redirtbl#3'))).toBe('vector 0x41 · fixed · level · awaits EOI · pending · to APIC 0');
    expect(at('redirtbl#1').children?.map((part) => [part.name, part.value, noteOf(part)])).toEqual([
      ['vector', 0x31, 'bits 7–0'],
      ['delivery_mode', 1, 'lowest priority'],
      ['dest_mode', 1, 'logical'],
      ['delivery_status', 0, 'bit 12'],
      ['polarity', 0, 'active high'],
      ['remote_irr', 0, 'bit 14'],
      ['trig_mode', 0, 'edge'],
      ['mask', 0, 'bit 16'],
      ['reserve', 0, 'bits 23–17'],
      ['reserved', 0, 'bits 55–24'],
      ['dest_id', 3, 'bits 63–56'],
    ]);
  });

  test('the base of the local APIC', () => {
    const meaning = (msr: bigint): string | undefined => said(open(5, 32, [[0, 8, msr]]).at('apic_base_msr'));
    expect(meaning(0xfee0_0900n)).toBe('xAPIC · boot processor · at 0xfee00000');
    expect(meaning(0xfee0_0c00n)).toBe('x2APIC · at 0xfee00000');
    expect(meaning(0xfee0_0000n)).toBe('disabled · at 0xfee00000');
    expect(meaning(0xfee0_0400n)).toBe('x2APIC but disabled, which is not allowed · at 0xfee00000');
    const { at } = open(5, 32, [
      [8, 4, 2n],
      [12, 4, 16n],
      [24, 4, 0x60n],
    ]);
    expect(at('disabled').flags).toEqual(['SW_DISABLED']);
    expect(said(at('timer_divisor'))).toBe('a tick takes 160 ns');
    expect(at('pending_esr').flags).toEqual(['SENDILL', 'RECVILL']);
  });

  test('registers of the local APIC', () => {
    const { at } = open(6, 1024, [
      [0x20, 4, 0x0200_0000n],
      [0x30, 4, 0x0105_0014n],
      [0x80, 4, 0x50n],
      [0xd0, 4, 0x0400_0000n],
      [0xe0, 4, 0xffff_ffffn],
      [0xf0, 4, 0x1ffn],
      [0x110, 4, 0x1_0000n],
      [0x120, 4, 0x0000_000en],
      [0x270, 4, 0x8000_0001n],
      [0x300, 4, 0xc_4041n],
      [0x310, 4, 0x0300_0000n],
      [0x320, 4, 0x2_00ecn],
      [0x350, 4, 0x1_0700n],
      [0x360, 4, 0x400n],
      [0x380, 4, 62_500n],
      [0x3e0, 4, 0xan],
    ]);
    expect(said(at('ID'))).toBe('xAPIC id 2');
    expect(at('LVR').children?.map(({ value }) => value)).toEqual([0x14, 0, 5, 1, 0]);
    expect(said(at('TASKPRI'))).toBe('class 5');
    expect(said(at('LDR'))).toBe('logical id 0x04');
    expect(said(at('DFR'))).toBe('flat model');
    expect(said(at('SPIV'))).toBe('vector 0xff · enabled');
    expect(said(at('ISR'))).toBe('0x30, 0x41–0x43');
    expect(said(at('ISR.ISR1'))).toBe('0x30');
    expect(said(at('TMR'))).toBe('none');
    expect(said(at('IRR'))).toBe('0xe0, 0xff');
    expect(said(at('ICR'))).toBe('vector 0x41 · fixed · all but self');
    expect(said(at('ICR2'))).toBe('destination 0x03');
    expect(said(at('LVTT'))).toBe('vector 0xec · periodic');
    expect(said(at('LVT0'))).toBe('ExtINT · edge · masked');
    expect(said(at('LVT1'))).toBe('NMI · edge');
    // 62 500 ticks of 128 cycles of 10 ns.
    expect(said(at('TDCR'))).toBe('divide by 128 · a tick takes 1.28 µs · initial count is 80 ms');
  });

  test.each([
    [0b0000, 2],
    [0b0001, 4],
    [0b0010, 8],
    [0b0011, 16],
    [0b1000, 32],
    [0b1001, 64],
    [0b1010, 128],
    [0b1011, 1],
  ])('divide configuration %i is %i', (code, divisor) => {
    expect(said(open(6, 1024, [[0x3e0, 4, BigInt(code)]]).at('TDCR'))).toContain(`divide by ${divisor} ·`);
  });

  test('the APIC page reads as x2APIC where the LAPIC entry of the vCPU says so', () => {
    const registers = bodyWith(1024, [
      [0x20, 4, 0x23n],
      [0xd0, 4, 0x2_0008n],
      [0x310, 4, 0x0000_0105n],
    ]);
    const nodes = contextOf(
      concat(
        hvmHeaderEntry(),
        hvmEntry(5, 0, bodyWith(24, [[0, 8, 0xfee0_0900n]])),
        hvmEntry(5, 1, bodyWith(24, [[0, 8, 0xfee0_0c00n]])),
        hvmEntry(6, 0, registers),
        hvmEntry(6, 1, registers),
        hvmEnd(),
      ),
    );
    const notes = nodes
      .filter(({ name }) => name.startsWith('LAPIC_REGS'))
      .map(({ children = [] }) => ['ID', 'LDR', 'ICR2'].map((name) => nodeAt(children, name).note));
    expect(notes).toEqual([
      ['xAPIC id 0', 'logical id 0x00', 'destination 0x00'],
      ['x2APIC id 35', 'cluster 2, members 3', 'destination 0x105'],
    ]);
  });
});

describe('wires', () => {
  test('PCI: bit device × 4 + INTx', () => {
    const { at } = open(7, 16, [
      [0, 8, (1n << 13n) | (1n << 8n)],
      [8, 8, 1n << 63n],
    ]);
    expect(said(at('i'))).toBe('00:02 INTA, 00:03 INTB, 00:1f INTD');
    expect(at('i.[1]').flags).toEqual(['00:1f INTD']);
  });

  test('ISA and the router', () => {
    expect(said(open(8, 8, [[0, 8, 0x1231n]]).at('i'))).toBe('IRQ 0, 4, 5, 9, 12');
    expect(said(open(9, 8, [[0, 4, 0x00_0b_0a_05n]]).at('route'))).toBe(
      'A → IRQ 5, B → IRQ 10, C → IRQ 11, D → not routed',
    );
    expect(open(9, 8, [[5, 1, 1n]]).at('pad0').problem).toBe('reserved, expected zeros');
  });
});

describe('clocks', () => {
  test('PIT', () => {
    const { at } = open(10, 56, [
      [0, 4, 65_536n],
      [13, 1, 2n],
      [16, 4, 1193n],
      [29, 1, 0xffn],
      [32, 4, 0n],
      [45, 1, 3n],
      [9, 1, 4n],
      [48, 4, 1n],
    ]);
    // 65 536 / 1 193 182 Hz
    expect(at('channels#0').text).toBe('rate generator · 54.925 ms');
    expect(at('channels#1').text).toBe('never set (Xen before 4.19) · 999.847 µs');
    expect(at('channels#2').text).toBe('square wave');
    expect(said(nodeAt(at('channels#0').children ?? [], 'read_state'))).toBe('word: high byte next');
    expect(said(at('speaker_data_on'))).toBe('on');
  });

  /** Seconds, their alarm, minutes, … year, registers A–D. */
  const rtc = (...cmos: readonly number[]): string | undefined =>
    said(
      open(
        11,
        24,
        cmos.map((value, index): Write => [index, 1, BigInt(value)]),
      ).at('cmos_data'),
    );

  test('RTC: BCD and binary, 24 and 12 hours', () => {
    expect(rtc(0x17, 0, 0x56, 0, 0x01, 0, 1, 0x23, 0x11, 0x26, 0x26, 0x02)).toBe('Monday 2026-11-23 01:56:17');
    expect(rtc(17, 0, 56, 0, 13, 0, 1, 23, 11, 26, 0x26, 0x06)).toBe('Monday 2026-11-23 13:56:17');
    expect(rtc(0x17, 0, 0x56, 0, 0x92, 0, 1, 0x23, 0x11, 0x26, 0x26, 0x00)).toBe('Monday 2026-11-23 12:56:17');
    expect(rtc(0x17, 0, 0x56, 0, 0x12, 0, 1, 0x23, 0x11, 0x26, 0x26, 0x00)).toBe('Monday 2026-11-23 00:56:17');
    expect(rtc(17, 0, 56, 0, 0x8b, 0, 1, 23, 11, 26, 0x26, 0x04)).toBe('Monday 2026-11-23 23:56:17');
  });

  test('RTC: alarm, and registers that hold no date', () => {
    expect(rtc(0, 0xc0, 0, 0x30, 0, 0x06, 0, 1, 1, 0, 0x26, 0x22)).toBe(
      'Sunday 2000-01-01 00:00:00 · alarm at 06:30:**',
    );
    expect(rtc(0x6a, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0x26, 0x02)).toBe('14 B');
    expect(rtc(0, 0, 0, 0, 0, 0, 0, 1, 0x13, 0, 0x26, 0x02)).toBe('14 B');
  });

  test('RTC: offset and rate', () => {
    const { at } = open(11, 24, [
      [10, 1, 0x26n],
      [14, 1, 0xbn],
      [16, 8, 2n ** 64n - 3600n],
    ]);
    expect(at('rtc_offset')).toMatchObject({ value: -3600n, note: '−1 h 0 min 0 s' });
    expect(said(at('cmos_index'))).toBe('REG_B');
    // 1024 Hz, as the machine starts with.
    expect(said(at('cmos_data.REG_A.RATE_SELECT'))).toBe('976.562 µs');
    expect(said(at('cmos_data.REG_A.DIV_CTL'))).toBe('32 kHz');
  });

  test('HPET', () => {
    const { at } = open(12, 1048, [
      [0, 8, 0x00f4_2400_8086_a201n],
      [16, 8, 3n],
      [240, 8, 62_500_000n],
      [256, 8, 0x00f0_0000_0000_282en],
      [264, 8, 125_000_000n],
      [1024, 8, 625_000n],
    ]);
    expect(said(at('capability'))).toBe('3 timers · a tick takes 16\u2009000\u2009000 fs');
    expect(at('capability').children?.map(({ name, value }) => [name, value])).toEqual([
      ['REV', 1],
      ['NUMBER', 2],
      ['64BIT', 1],
      ['reserved_14', 0],
      ['LEGSUP', 1],
      ['VENDOR', 0x8086],
      ['PERIOD', 16_000_000],
    ]);
    expect(at('config').flags).toEqual(['ENABLE', 'LEGACY']);
    expect(said(at('mc64'))).toBe('1 s');
    const timer = at('timers#0').children ?? [];
    expect(said(nodeAt(timer, 'config'))).toBe('on · periodic · level · pin 20 · allowed pins 20–23');
    expect(said(nodeAt(timer, 'cmp'))).toBe('at 2 s');
    expect(said(at('period#0'))).toBe('10 ms');
  });

  test('PMTIMER', () => {
    const { at } = open(13, 8, [
      [0, 4, 3_579_545n * 90n],
      [4, 2, 0x101n],
      [6, 2, 0x321n],
    ]);
    expect(said(at('tmr_val'))).toBe('1 min 30 s');
    expect(at('pm1a_sts').flags).toEqual(['TMR_STS', 'PWRBTN_STS']);
    expect(at('pm1a_en').flags).toEqual(['TMR_EN', 'GBL_EN', 'PWRBTN_EN', 'SLPBTN_EN']);
  });
});

describe('MTRR', () => {
  test('PAT, ranges and defaults', () => {
    const { at } = open(14, 240, [
      [0, 8, 0x0007_0406_0007_0406n],
      [8, 8, 0xf000_0000n],
      [16, 8, 0xff_f800_0800n],
      [136, 8, 0x0606_0606_0606_0606n],
      [144, 8, 0x0606_0606_0606_0606n],
      [152, 8, 0x0000_0000_0101_0101n],
      ...Array.from({ length: 8 }, (_, index): Write => [160 + index * 8, 8, 0x0505_0505_0505_0505n]),
      [224, 8, 0x508n],
      [232, 8, 0xc06n],
    ]);
    expect(said(at('msr_pat_cr'))).toBe('WB, WT, UC-, UC, WB, WT, UC-, UC');
    expect(at('msr_mtrr_var#0').text).toBe('0xf0000000–0xf7ffffff UC');
    expect(at('msr_mtrr_var#1').text).toBe('off');
    expect(said(at('msr_mtrr_fixed'))).toBe(
      '0x0–0x9ffff WB, 0xa0000–0xaffff WC, 0xb0000–0xbffff UC, 0xc0000–0xfffff WP',
    );
    expect(said(at('msr_mtrr_fixed.[2]'))).toBe('0xa0000–0xaffff WC, 0xb0000–0xbffff UC');
    expect(at('msr_mtrr_fixed.[10]').children?.[7]).toMatchObject({ name: '0xff000', note: 'WP' });
    expect(at('msr_mtrr_cap').flags).toEqual(['FIX', 'WC']);
    expect(said(at('msr_mtrr_def_type'))).toBe('WB by default');
    // More than a double holds: the low bits count all the same.
    expect(said(open(14, 240, [[232, 8, 0x9000_0000_0000_0c06n]]).at('msr_mtrr_def_type'))).toBe('WB by default');
  });

  test('variable ranges', () => {
    expect(variableRange(0x1_0000_0006n, 0xfff_0000_0800n)).toBe('0x100000000–0x1ffffffff WB');
    expect(variableRange(0x6n, 0x800n)).toBe('all memory WB');
    expect(variableRange(0x1000_0001n, 0xff_f000_f800n)).toBe('addresses whose bits 0xfff000f000 are 0x10000000: WC');
  });
});

describe('Hyper-V and the rest', () => {
  test('what the guest says it is', () => {
    expect(guestOs(0n)).toBe('not said yet');
    expect(guestOs(0x0001_040a_0000_4f7cn)).toBe('Windows NT 10.0, build 20348');
    expect(guestOs(0x0001_0406_0101_1db1n)).toBe('Windows NT 6.1, service pack 1, build 7601');
    expect(guestOs(0x8100_0006_01b8_0000n)).toBe('Linux, version 0x601b8');
    expect(guestOs(0x0002_0101_0000_0005n)).toBe('vendor 0x2, system 1, 1.0, build 5');
  });

  test('VIRIDIAN', () => {
    const domain = open(15, 32, [
      [0, 8, 0x1_2345_6001n],
      [16, 8, 50_000_000n],
      [24, 8, 0x7000n],
    ]);
    expect(domain.at('hypercall_gpa')).toMatchObject({
      note: 'on, page 0x123456',
      leadsTo: { space: 'pfn', at: 0x12_3456n },
    });
    expect(said(domain.at('time_ref_count'))).toBe('5 s');
    expect(said(domain.at('reference_tsc'))).toBe('off');
    const vcpu = open(17, 216, [
      [8, 1, 1n],
      [24, 8, 0x3_0051n],
      [152, 8, 0x2_000bn],
      [160, 8, 0x1d11n],
      [184, 8, 10_000n],
    ]);
    expect(said(vcpu.at('apic_assist_pending'))).toBe('yes');
    expect(said(vcpu.at('sint_msr#0'))).toBe('vector 0x51 · auto EOI · masked');
    expect(said(vcpu.at('stimer_config_msr#0'))).toBe('on · periodic · SINT2');
    expect(said(vcpu.at('stimer_config_msr#1'))).toBe('on · one-shot · vector 0xd1');
    expect(said(vcpu.at('stimer_count_msr#0'))).toBe('1 ms');
  });

  test('machine checks, TSC, MSRs', () => {
    const vmce = open(18, 32, [
      [0, 8, 0x900_0c02n],
      [8, 8, 0x4000_0001n],
      [24, 8, 1n],
    ]);
    expect(said(vmce.at('caps'))).toBe('2 banks');
    expect(vmce.at('caps').flags).toEqual(['CMCI_P', 'TES_P', 'SER_P', 'LMCE_P']);
    expect(vmce.at('mci_ctl2_bank0').flags).toEqual(['CMCI_EN']);
    expect(vmce.at('mcg_ext_ctl').flags).toEqual(['LMCE_EN']);
    expect(said(open(19, 8, [[0, 8, 2n ** 64n - 5n]]).at('tsc_adjust'))).toBe('-5 ticks');
    const { at } = open(20, 40, [
      [0, 4, 2n],
      [8, 4, 0x48n],
      [16, 8, 4n],
      [24, 4, 0xc001_1027n],
      [32, 8, 0xfffn],
    ]);
    expect([at('msr#0').text, at('msr#1').text]).toEqual(['SPEC_CTRL = 0x4', 'DR0_ADDRESS_MASK = 0xfff']);
  });

  test('HEADER and the event of a CPU', () => {
    const header = open(1, 24, [
      [8, 8, 2n ** 64n - 1n],
      [16, 4, 0x0080_0f12n],
    ]);
    expect(said(header.at('changeset'))).toBe('unknown');
    expect(said(header.at('cpuid'))).toBe('family 0x17, model 0x1, stepping 2');
    expect(said(open(1, 24, [[16, 4, 0x0005_0657n]]).at('cpuid'))).toBe('family 0x6, model 0x55, stepping 7');
    const { at } = open(2, 1032, [
      [672, 8, 0x0010_5000n],
      [640, 8, 0xffff_ffff_8100_0000n],
      [888, 4, 0xa09bn],
      [1016, 4, 0x8000_0b0en],
      [1024, 4, 3n],
    ]);
    expect(said(at('pending_event'))).toBe('hardware exception 0x0e, with error code');
    expect(said(at('cs_arbytes'))).toBe('code 64-bit · R · DPL 0 · as in the VMCS');
    expect(at('cr3').leadsTo).toEqual({ space: 'gpa', at: 0x10_5000n });
    expect(at('rip').leadsTo).toEqual({ space: 'va', at: 0xffff_ffff_8100_0000n });
    expect(at('flags').problem).toBe('expected 0x0, found 0x1');
  });
});
