/** What bodies say: values, meanings and problems, written out from the specification. */
import { describe, expect, test } from 'vitest';
import { decodeHvmContext } from '../../../src/format/hvm/context';
import type { Body, FieldNode } from '../../../src/format/kit/node';
import { recordSpec } from '../../../src/format/records';
import { decodeRecord } from '../../../src/format/decoders';
import { itemsOf, nodeAt, valueAt } from '../../fixtures/nodes';
import {
  concat,
  emulatorRecord,
  hvmCpuEntry,
  hvmEnd,
  hvmEntry,
  hvmHeaderEntry,
  hvmParams,
  latin1,
  msrPolicy,
  pageData,
  pvInfo,
  T,
  tscInfo,
  u16,
  u32,
  u64,
  vcpuBasic64,
  vcpuMsrs,
  XC,
  XL,
} from '../../fixtures/built/stream';

const bodyOf = (bytes: Uint8Array, littleEndian = true): Body => ({
  bytes,
  offset: 0,
  length: bytes.length,
  claimed: bytes.length,
  littleEndian,
});

/** Decodes a whole record as built; offsets are relative to its body. */
function decoded(record: Uint8Array, layer: 'libxl' | 'libxc' = 'libxc', little = true): FieldNode[] {
  const view = new DataView(record.buffer, record.byteOffset);
  const type = view.getUint32(0, little);
  if (!recordSpec(layer, type)) throw new Error('not a defined type');
  return decodeRecord(layer, type, bodyOf(record.subarray(8, 8 + view.getUint32(4, little)), little));
}

describe('PAGE_DATA', () => {
  const record = pageData([{ pfn: 0x12_3456 }, { pfn: 7, type: T.XTAB }, { pfn: 8, type: T.L4_PINNED }]);
  const nodes = decoded(record);

  test('count and list', () => {
    expect(valueAt(nodes, 'count')).toBe(3);
    expect(nodeAt(nodes, 'pfn')).toMatchObject({ offset: 8, length: 24 });
    const entries = itemsOf(record.subarray(8), nodeAt(nodes, 'pfn'));
    expect(entries.map(({ value }) => value)).toEqual([0x12_3456n, 0xf000_0000_0000_0007n, 0xc000_0000_0000_0008n]);
    expect(entries.map(({ note }) => note)).toEqual(['PFN 123456 · NOTAB', 'PFN 7 · XTAB', 'PFN 8 · L4TAB pinned']);
    expect(entries.map((entry) => valueAt(entry.children ?? [], 'type'))).toEqual([0, 15, 12]);
  });

  test('pages: those whose type has content', () => {
    const pages = nodeAt(nodes, 'pages');
    expect([pages.offset, pages.length, pages.items?.count]).toEqual([32, 8192, 2]);
    expect(pages.problem).toBeUndefined();
  });
});

describe('registers of a PV vCPU', () => {
  const nodes = decoded(vcpuBasic64(1));

  test('id, and values by name', () => {
    expect(valueAt(nodes, 'vcpu_id')).toBe(1);
    expect(valueAt(nodes, 'vcpu_guest_context.user_regs.rip')).toBe(0xffff_ffff_8000_03aan);
    expect(valueAt(nodes, 'vcpu_guest_context.user_regs.rax')).toBe(0xa1n);
    expect(nodeAt(nodes, 'vcpu_guest_context.user_regs.rip')).toMatchObject({
      offset: 8 + 648,
      text: 'ffffffff800003aa',
    });
  });

  test('big-endian', () => {
    const big = decoded(vcpuBasic64(1, false), 'libxc', false);
    expect(valueAt(big, 'vcpu_guest_context.user_regs.rip')).toBe(0xffff_ffff_8000_03aan);
  });

  test('a body without context says only whose it is', () => {
    const only = decodeRecord('libxc', XC.VCPU_BASIC, bodyOf(concat(u32(3), u32(0))));
    expect(only.map(({ name, value }) => [name, value])).toEqual([
      ['vcpu_id', 3],
      ['reserved', 0],
    ]);
  });

  test('MSRs', () => {
    const record = vcpuMsrs(0);
    const entries = itemsOf(record.subarray(8), nodeAt(decoded(record), 'msrs'));
    expect(entries.map(({ text }) => text)).toEqual(['TSC_AUX = 0000000000000077']);
  });
});

/** A context whose CPU entry has one of the lengths that Xen has used. */
const contextWithCpu = (length: number): FieldNode[] => {
  const cpu = new Uint8Array(length);
  const view = new DataView(cpu.buffer);
  view.setBigUint64(640, 0x10_13a8n, true);
  view.setBigUint64(992, 0xd01n, true);
  // Before the MSR TSC_AUX was added, the TSC lay where it is now.
  const tsc = length === 1016 ? 1000 : 1008;
  view.setBigUint64(tsc, 0xc_6020_cc8en, true);
  view.setUint32(tsc + 8, 0x8000_0b0e, true);
  view.setUint32(tsc + 12, 0x1234, true);
  return decodeHvmContext(bodyOf(concat(hvmHeaderEntry(), hvmEntry(2, 0, cpu), hvmEnd())));
};

describe('HVM context', () => {
  test.each([1016, 1024, 1032])('a CPU entry of %i bytes', (length) => {
    const nodes = contextWithCpu(length);
    expect(nodes.map(({ name }) => name)).toEqual(['HEADER[0]', 'CPU[0]', 'END[0]']);
    const cpu = nodes[1]?.children ?? [];
    expect(valueAt(cpu, 'rip')).toBe(0x10_13a8n);
    expect(valueAt(cpu, 'msr_efer')).toBe(0xd01n);
    expect(valueAt(cpu, 'tsc')).toBe(0xc_6020_cc8en);
    expect(valueAt(cpu, 'pending_event')).toBe(0x8000_0b0e);
    expect(valueAt(cpu, 'error_code')).toBe(0x1234);
    expect(cpu.map(({ name }) => name).includes('flags')).toBe(length === 1032);
    expect(cpu.map(({ name }) => name).includes('msr_tsc_aux')).toBe(length !== 1016);
    expect(nodes.some(({ problem }) => problem !== undefined)).toBe(false);
  });

  test('spans: descriptors of 8 bytes, bodies without padding', () => {
    const nodes = decodeHvmContext(
      bodyOf(concat(hvmHeaderEntry(), hvmCpuEntry(0), hvmEntry(77, 3, new Uint8Array(12)), hvmEnd())),
    );
    expect(nodes.map(({ name, offset, length }) => [name, offset, length])).toEqual([
      ['HEADER[0]', 0, 32],
      ['CPU[0]', 32, 1040],
      ['type 77[3]', 1072, 20],
      ['END[0]', 1092, 8],
    ]);
    expect(nodes[2]?.problem).toBe('a type that Xen does not define');
  });

  test('an entry that claims more than there is', () => {
    const nodes = decodeHvmContext(bodyOf(concat(hvmHeaderEntry(), u16(3), u16(0), u32(500), new Uint8Array(8))));
    expect(nodes[1]).toMatchObject({ name: 'PIC[0]', offset: 32, length: 16, problem: 'claims 500 B, has 8 B' });
  });

  test('bytes after END are shown as such', () => {
    const nodes = decodeHvmContext(bodyOf(concat(hvmHeaderEntry(), hvmEnd(), new Uint8Array(5))));
    expect(nodes.at(-1)).toMatchObject({ name: 'rest', offset: 40, length: 5 });
  });

  test('names and numbers of all entries that Xen defines', () => {
    const codes = Array.from({ length: 20 }, (_, index) => index + 1);
    const nodes = decodeHvmContext(
      bodyOf(concat(...codes.map((code) => hvmEntry(code, 0, new Uint8Array(0))), hvmEnd())),
    );
    expect(nodes.map(({ name }) => name.replace('[0]', ''))).toEqual([
      'HEADER',
      'CPU',
      'PIC',
      'IOAPIC',
      'LAPIC',
      'LAPIC_REGS',
      'PCI_IRQ',
      'ISA_IRQ',
      'PCI_LINK',
      'PIT',
      'RTC',
      'HPET',
      'PMTIMER',
      'MTRR',
      'VIRIDIAN_DOMAIN',
      'CPU_XSAVE',
      'VIRIDIAN_VCPU',
      'VMCE_VCPU',
      'TSC_ADJUST',
      'CPU_MSR',
      'END',
    ]);
  });
});

describe('the smaller records', () => {
  test('X86_PV_INFO', () => {
    const nodes = decoded(pvInfo());
    expect(nodeAt(nodes, 'guest_width')).toMatchObject({ value: 8, note: '64-bit guest' });
    expect(nodeAt(nodes, 'pt_levels')).toMatchObject({ value: 4, note: '4-level' });
  });

  test('X86_TSC_INFO', () => {
    const nodes = decoded(tscInfo());
    expect(nodes.map(({ name, value }) => [name, value])).toEqual([
      ['mode', 0],
      ['khz', 2_596_121],
      ['nsec', 5_107_042_910n],
      ['incarnation', 1],
      ['reserved', 0],
    ]);
    expect(nodeAt(nodes, 'khz').text).toBe('2\u2009596\u2009121 kHz');
  });

  test('HVM_PARAMS', () => {
    const record = hvmParams([
      [1, 0xfeffcn],
      [38, 1n],
      [7, 0n],
    ]);
    expect(itemsOf(record.subarray(8), nodeAt(decoded(record), 'param')).map(({ text }) => text)).toEqual([
      'STORE_PFN = 0xfeffc',
      'MCA_CAP = 0x1',
      'parameter 7 = 0x0',
    ]);
  });

  test('X86_MSR_POLICY', () => {
    const record = msrPolicy();
    expect(itemsOf(record.subarray(8), nodeAt(decoded(record), 'msr')).map(({ text }) => text)).toEqual([
      'INTEL_PLATFORM_INFO = 0000000080000000',
    ]);
  });

  test('EMULATOR_XENSTORE_DATA: keys and values, and what is wrong with them', () => {
    const data = latin1('physmap/f0/name\0vga.vram\0/absolute\0x\0loose');
    const entries = nodeAt(decoded(emulatorRecord(XL.XENSTORE_DATA, data), 'libxl'), 'entries').children ?? [];
    expect(entries.map(({ name, value, offset, length }) => [name, value, offset, length])).toEqual([
      ['physmap', null, 8, 25],
      ['', null, 33, 12],
      ['loose', null, 45, 5],
    ]);
    expect(nodeAt(entries, 'physmap.f0.name')).toMatchObject({ value: 'vga.vram', offset: 8, length: 25 });
    expect(nodeAt(entries, 'physmap.f0.name.value')).toMatchObject({ value: 'vga.vram', offset: 24, length: 9 });
    expect(entries.map(({ problem }) => problem)).toEqual([
      undefined,
      'key must be relative, but starts with /',
      'key without closing NUL',
    ]);
  });
});

describe('types that the specification does not assign', () => {
  test('text of 7 bits is shown as text', () => {
    const [node] = decodeRecord('libxc', 0x20, bodyOf(latin1('AMD EPYC Processor\0')));
    expect(node).toMatchObject({ name: 'text', value: 'AMD EPYC Processor', offset: 0, length: 19 });
  });

  test.each([
    ['high bit', latin1('caf\xe9')],
    ['control bytes', Uint8Array.of(0x41, 0x01, 0x42)],
    ['a leading NUL', latin1('\0text')],
  ])('%s: opaque', (_name, bytes) => {
    expect(decodeRecord('libxc', 0x20, bodyOf(bytes))).toMatchObject([{ name: 'data', value: null }]);
  });

  test('markup stays text', () => {
    const [node] = decodeRecord('libxc', 0x20, bodyOf(latin1('<img src=x onerror=alert(1)>')));
    expect(node?.value).toBe('<img src=x onerror=alert(1)>');
  });

  test('no body, no fields', () => {
    expect(decodeRecord('libxc', 0x20, bodyOf(new Uint8Array(0)))).toEqual([]);
  });
});

describe('problems', () => {
  test('reserved fields that are not zero', () => {
    const record = pvInfo();
    record[12] = 1;
    expect(nodeAt(decoded(record), 'reserved').problem).toBe('reserved, expected zeros');
    const tsc = tscInfo();
    tsc[28] = 5;
    expect(nodeAt(decoded(tsc), 'reserved').problem).toBe('expected 0x0, found 0x5');
  });

  test('a structure that is cut short, and one with something behind it', () => {
    const cut = decodeRecord('libxc', XC.TSC_INFO, bodyOf(new Uint8Array(10)));
    expect(cut.map(({ name, problem }) => [name, problem])).toEqual([
      ['mode', undefined],
      ['khz', undefined],
      ['nsec', 'cut short: needs 8 B, has 2 B'],
    ]);
    const long = decodeRecord('libxc', XC.TSC_INFO, bodyOf(new Uint8Array(30)));
    expect(long.at(-1)).toMatchObject({ name: 'rest', offset: 24, length: 6 });
  });

  test('values of 64 bits keep every bit', () => {
    const nodes = decodeRecord('libxc', XC.TSC_INFO, bodyOf(concat(u32(0), u32(0), u64(2n ** 64n - 1n), u64(0))));
    expect(valueAt(nodes ?? [], 'nsec')).toBe(18_446_744_073_709_551_615n);
  });
});
