/** Registers, MSRs and HVM parameters as they read. Bits from Intel SDM vol. 3A, 3B § 19.2 and Xen's headers. */
import { describe, expect, test } from 'vitest';
import { encode } from '../../../src/format/kit/parse';
import { decodeNode } from '../../../src/format/kit/decode';
import { type FieldNode, noteOf } from '../../../src/format/kit/node';
import { DOMAIN_HEADER } from '../../../src/format/libxc/headers';
import { MSR_ENTRY } from '../../../src/format/libxc/policy';
import { GUEST_CONTEXT_32 } from '../../../src/format/pv/guest-context-32';
import { GUEST_CONTEXT_64 } from '../../../src/format/pv/guest-context-64';
import { decodeRecord } from '../../../src/format/decoders';
import { nodeAt } from '../../fixtures/nodes';

const bodyOf = (bytes: Uint8Array) => ({
  bytes,
  offset: 0,
  length: bytes.length,
  claimed: bytes.length,
  littleEndian: true,
});

const context64 = (values: Parameters<typeof encode<typeof GUEST_CONTEXT_64>>[1]) =>
  decodeNode('context', GUEST_CONTEXT_64, bodyOf(encode(GUEST_CONTEXT_64, values))).children ?? [];

const meaningOf = (node: FieldNode, bit: string): string | undefined =>
  node.children?.find(({ name }) => name === bit)?.note;

describe('debug registers', () => {
  const nodes = context64({ debugreg: { dr6: 0xffff_0ff1n, dr7: 0x000d_0602n } });

  test('dr7: what stops where', () => {
    const dr7 = nodeAt(nodes, 'debugreg.dr7');
    // 0x602: G0, GE and the bit that is always set; 0xd at bit 16: data writes of 4 bytes.
    expect(dr7.flags).toEqual(['G0', 'GE']);
    expect(meaningOf(dr7, 'RW0')).toBe('data write');
    expect(meaningOf(dr7, 'LEN0')).toBe('4 bytes');
    expect(meaningOf(dr7, 'LEN1')).toBe('1 byte');
  });

  test('dr6: bits that read as ones are no flags, and inverted ones are neither', () => {
    const dr6 = nodeAt(nodes, 'debugreg.dr6');
    expect(dr6.flags).toEqual(['B0']);
    expect(meaningOf(dr6, 'RTM')).toBe('it was not');
    expect(dr6.problem).toBeUndefined();
  });

  test('what must be 0 and is not', () => {
    const odd = context64({ debugreg: { dr7: 0x4400n } });
    expect(nodeAt(odd, 'debugreg.dr7.reserved_14').problem).toBe('expected 0x0, found 0x1');
  });
});

test('a register of 32 bits has no bits beyond', () => {
  const { children = [] } = decodeNode('context', GUEST_CONTEXT_32, bodyOf(new Uint8Array(2800)));
  const cr0 = nodeAt(children, 'ctrlreg.cr0').children ?? [];
  expect(cr0.at(-1)?.name).toBe('PG');
  const last = nodeAt(children, 'user_regs.eflags').children?.at(-1);
  expect(last && noteOf(last)).toBe('bits 31–22');
});

test('where values lead', () => {
  const nodes = context64({
    user_regs: { rip: 0xffff_ffff_8000_1000n },
    ctrlreg: { cr1: 0x12_3001n, cr3: 0x45_6000n },
    gdt_ents: 600n,
    gdt_frames: [0x10n, 0x11n],
  });
  expect(nodeAt(nodes, 'user_regs.rip').leadsTo).toEqual({ space: 'va', at: 0xffff_ffff_8000_1000n });
  expect(nodeAt(nodes, 'ctrlreg.cr1').leadsTo).toEqual({ space: 'pfn', at: 0x123n });
  expect(nodeAt(nodes, 'ctrlreg.cr3').leadsTo).toEqual({ space: 'pfn', at: 0x456n });
  const frames = nodeAt(nodes, 'gdt_frames').items;
  const frame = (bytes: readonly number[]) => frames?.decode(1, Uint8Array.from(bytes)).leadsTo;
  expect(frame([0x11, 0, 0, 0, 0, 0, 0, 0])).toEqual({ space: 'pfn', at: 0x11n });
  expect(frame([0, 0, 0, 0, 0, 0, 0, 0])).toBeUndefined();
});

test('only the rdx of vCPU 0 leads to start_info', () => {
  const vcpu = (id: number) => {
    const bytes = new Uint8Array(8 + 5168);
    bytes[0] = id;
    bytes.set(encode(GUEST_CONTEXT_64, { user_regs: { rdx: 0x17n } }), 8);
    return nodeAt(decodeRecord('libxc', 4, bodyOf(bytes)), 'vcpu_guest_context.user_regs.rdx');
  };
  expect(vcpu(0)).toMatchObject({ note: 'PFN of start_info', leadsTo: { space: 'pfn', at: 0x17n } });
  expect(vcpu(1).leadsTo).toBeUndefined();
});

test('a trap table entry by the name of its exception', () => {
  const nodes = context64({ trap_ctxt: [{}, {}, { vector: 14, flags: 4, cs: 0xe033, address: 0xffff_8800n }] });
  const { items } = nodeAt(nodes, 'trap_ctxt');
  const entry = items?.decode(2, Uint8Array.from([14, 4, 0x33, 0xe0, 0, 0, 0, 0, 0, 0x88, 0xff, 0xff, 0, 0, 0, 0]));
  expect(entry?.text).toBe('vector 0e #PF page fault → e033:00000000ffff8800');
  expect(nodeAt(entry?.children ?? [], 'cs').note).toBe('ring 3 · FLAT_RING3_CS64');
  expect(items?.decode(0, new Uint8Array(16)).text).toBe('unused');
});

const msr = (idx: number, val: bigint) => {
  const { children = [] } = decodeNode('msr', MSR_ENTRY, bodyOf(encode(MSR_ENTRY, { idx, val })));
  return nodeAt(children, 'val');
};

describe('MSRs by their number', () => {
  test.each([
    [0x48, 0x405n, ['IBRS', 'SSBD', 'BHI_DIS_S']],
    [0xce, 0x8000_0000n, ['CPUID_FAULTING']],
    [0x140, 1n, ['CPUID_FAULTING']],
    // RDCL_NO, EIBRS, SKIP_L1DFL, MDS_NO; PB_OPT_CTRL and ITS_NO are in the upper half.
    [0x10a, 0x4000_0001_0000_002bn, ['RDCL_NO', 'EIBRS', 'SKIP_L1DFL', 'MDS_NO', 'PB_OPT_CTRL', 'ITS_NO']],
    [0x6e1, 0xcn, ['AD1', 'WD1']],
    [0xd90, 3n, ['ENABLE', 'PRESERVE']],
    [0xc001_011f, 4n, ['SSBD']],
    [0x1234, 1n, undefined],
  ])('0x%x', (idx, val, flags) => {
    expect(msr(idx, val).flags).toEqual(flags);
  });

  test('DR0_ADDRESS_MASK is a mask', () => {
    expect(nodeAt([msr(0xc001_1027, 0xfffn)], 'val.mask').text).toBe('0xfff');
  });
});

describe('HVM parameters by their index', () => {
  const param = (index: number, value: bigint) => {
    const bytes = new Uint8Array(24);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, 1, true);
    view.setBigUint64(8, BigInt(index), true);
    view.setBigUint64(16, value, true);
    const { items } = nodeAt(decodeRecord('libxc', 10, bodyOf(bytes)), 'param');
    return nodeAt(items?.decode(0, bytes.subarray(8)).children ?? [], 'value');
  };

  test.each([
    [0, 28n, 'GSI 28'],
    [0, 0n, 'none'],
    [0, 0x0100_0000_0000_1800n, 'PCI 0000:00:03.0 INTA'],
    [0, 0x0200_0000_0000_00f3n, 'vector 0xf3'],
    [0, 0x0900_0000_0000_0000n, 'a route that Xen does not know'],
    [10, 1n, 'no_delay_for_missed_ticks'],
    [14, 3n, 'S3: suspended to memory'],
    [19, 1n, '0xb000: as QEMU has them'],
    [31, 3n, 'crash'],
    [35, 2n, 'external'],
    [36, 4n, '32 bits, with selectors'],
  ])('%i: %i', (index, value, note) => {
    expect(param(index, value).note).toBe(note);
  });

  test('VIRIDIAN of a real guest', () => {
    expect(param(9, 0x1865n).flags).toEqual([
      'base_freq',
      'time_ref_count',
      'apic_assist',
      'crash_ctl',
      'no_vp_limit',
      'cpu_hotplug',
    ]);
  });

  test('pages and addresses lead there', () => {
    expect(param(1, 0xfeffcn).leadsTo).toEqual({ space: 'pfn', at: 0xfeffcn });
    expect(param(12, 0xfeff_e000n).leadsTo).toEqual({ space: 'gpa', at: 0xfeff_e000n });
    expect(param(37, 0x0180_fc10_0280n).leadsTo).toEqual({ space: 'gpa', at: 0xfc10_0280n });
    expect(param(33, 8n).leadsTo).toBeUndefined();
  });
});

test('a stream converted from the legacy format says so', () => {
  const header = (major: number) => {
    const bytes = encode(DOMAIN_HEADER, { type: 1, xen_major: major, xen_minor: 1 });
    return decodeNode('header', DOMAIN_HEADER, bodyOf(bytes)).children ?? [];
  };
  expect(nodeAt(header(0), 'xen_major').note).toBe('converted from a legacy stream');
  expect(nodeAt(header(0), 'xen_minor').doc).toBe('Version of the converter.');
  expect(nodeAt(header(4), 'xen_major').note).toBeUndefined();
});

test('page types mean something else to an HVM guest', () => {
  const typeOf = (domainType: number, type: number) => {
    const bytes = new Uint8Array(16);
    bytes[0] = 1;
    bytes[15] = type << 4;
    const nodes = decodeRecord('libxc', 1, { ...bodyOf(bytes), guest: { domainType } });
    const { items } = nodeAt(nodes, 'pfn');
    return nodeAt(items?.decode(0, bytes.subarray(8)).children ?? [], 'type').note;
  };
  expect(typeOf(1, 0x0)).toBe('NOTAB: data, no page table');
  expect(typeOf(2, 0x0)).toBe('NOTAB: memory of the guest');
  expect(typeOf(1, 0xc)).toContain('root of a 64-bit guest');
  expect(typeOf(2, 0xf)).toBe('XTAB: no memory there');
});
