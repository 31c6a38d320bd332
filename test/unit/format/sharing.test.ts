/** What of a body may be shared: sizes against the layouts, and bodies whose every byte is known. */
import { describe, expect, test } from 'vitest';
import { hvmBodyOf } from '../../../src/format/hvm/bodies';
import { HVM_TYPE_NAMES } from '../../../src/format/hvm/types';
import { olderSizes, sizeOf } from '../../../src/format/kit/layout';
import { locate } from '../../../src/format/kit/locate';
import { SHARED_INFO_32, SHARED_INFO_64 } from '../../../src/format/libxc/shared-info';
import { EXT_BUFFER_SIZE, EXT_VCPUCONTEXT } from '../../../src/format/pv/extended';
import { GUEST_CONTEXT_64 } from '../../../src/format/pv/guest-context-64';
import { entryFits } from '../../../src/format/sharing/hvm';
import type { Told } from '../../../src/format/sharing/judge';
import { LIBXC_JUDGES, LIBXL_JUDGES } from '../../../src/format/sharing/judges';
import { EXTENDED_BUFFER, EXTENDED_SIZES, SHARED, TRAPS } from '../../../src/format/sharing/pv';
import { areXenstoreEntries, isConfig } from '../../../src/format/sharing/text';
import { XSTATE_SIZE } from '../../../src/format/sharing/xstate';
import { FXSAVE_SIZE } from '../../../src/format/x86/fxsave';
import { HVM_XSAVE, PV_XSAVE, XSAVE_HEADER } from '../../../src/format/x86/xsave-layouts';
import {
  concat,
  cpuidPolicy,
  emulatorRecord,
  hvmContext,
  hvmCpuEntry,
  hvmEnd,
  hvmEntry,
  hvmHeaderEntry,
  hvmParams,
  latin1,
  msrPolicy,
  p2mFrames,
  sharedInfo,
  tscInfo,
  u32,
  u64,
  vcpuBasic64,
  vcpuExtended,
  vcpuMsrs,
  vcpuXsave,
  XL,
} from '../../fixtures/built/stream';

describe('sizes that stand as numbers are those of the layouts', () => {
  test.each(HVM_TYPE_NAMES.filter((name) => hvmBodyOf(name).layout && hvmBodyOf(name).rule !== 'variable'))(
    'HVM %s',
    (name) => {
      const body = hvmBodyOf(name);
      if (!body.layout) return;
      const compat = body.rule === 'zeroextended' && body.compat ? [sizeOf(body.compat)] : [];
      const known = new Set([sizeOf(body.layout), ...olderSizes(body.layout), ...compat]);
      const sizes = Array.from({ length: 2000 }, (_, length) => length);
      expect(sizes.filter((length) => entryFits(name, new Uint8Array(length), true))).toEqual(
        [...known].toSorted((a, b) => a - b),
      );
    },
  );

  test('of PV guests', () => {
    expect(EXTENDED_SIZES).toEqual([...olderSizes(EXT_VCPUCONTEXT), sizeOf(EXT_VCPUCONTEXT)]);
    expect(EXTENDED_BUFFER).toBe(EXT_BUFFER_SIZE);
    const { at, count, size, hole, address } = TRAPS;
    expect({ offset: at, length: count * size }).toEqual(locate(GUEST_CONTEXT_64, 'trap_ctxt'));
    expect(at + hole).toBe(locate(GUEST_CONTEXT_64, 'trap_ctxt[0].pad').offset);
    expect(at + address).toBe(locate(GUEST_CONTEXT_64, 'trap_ctxt[0].address').offset);
    for (const [width, layout] of [
      [8, SHARED_INFO_64],
      [4, SHARED_INFO_32],
    ] as const) {
      const known = SHARED[width];
      expect(known.size).toBe(locate(layout, 'unused').offset);
      expect({ offset: known.cr2.at, length: known.cr2.size }).toEqual(locate(layout, 'vcpu_info[0].arch.cr2'));
      expect(known.p2m.at).toBe(locate(layout, 'arch.p2m_cr3').offset);
      expect(known.p2m.at + known.p2m.size).toBe(locate(layout, 'arch.p2m_generation').offset);
    }
  });

  test('of the extended state', () => {
    expect(XSTATE_SIZE).toEqual({ legacy: FXSAVE_SIZE, header: sizeOf(XSAVE_HEADER) });
    expect([sizeOf(PV_XSAVE), sizeOf(HVM_XSAVE)]).toEqual([16, 24]);
  });
});

const LITTLE: Told = { little: true };
/** The body of a built record without its padding. */
const bodyOf = (record: Uint8Array): Uint8Array => {
  const length = new DataView(record.buffer, record.byteOffset).getUint32(4, true);
  return record.subarray(8, 8 + length);
};
const JUDGES = { ...LIBXL_JUDGES, ...LIBXC_JUDGES };
/** `0-8 registers:8-16`, or `nothing`. */
function kept(name: keyof typeof JUDGES, body: Uint8Array, told: Told = LITTLE): string {
  const judge = JUDGES[name];
  const stretches = body.length <= judge.most ? judge.keeps(body, told) : undefined;
  if (!stretches) return 'nothing';
  return stretches.map(({ from, to, secret }) => `${secret ? `${secret}:` : ''}${from}-${to}`).join(' ');
}
const withByte = (body: Uint8Array, at: number, value: number): Uint8Array => {
  const out = body.slice();
  out[at] = value;
  return out;
};
const page = (structure: number): Uint8Array => new Uint8Array(4096).fill(7, 0, structure);

describe('bodies', () => {
  const basic = bodyOf(vcpuBasic64(0));
  const extended = bodyOf(vcpuExtended(0));
  const msrs = bodyOf(vcpuMsrs(1));
  const cpuid = bodyOf(cpuidPolicy());
  const msr = bodyOf(msrPolicy());
  const frames = bodyOf(p2mFrames(0x1f, [0x1c]));
  const params = bodyOf(
    hvmParams([
      [1, 0xfeffcn],
      [12, 0xfeffdn],
    ]),
  );
  const area = (reserved: number, accum = 7): Uint8Array => {
    const state = new Uint8Array(832).fill(0x11, 0, 512).fill(0x22, 576);
    state.set(u64(7), 512);
    state[540] = reserved;
    return concat(u32(0), u32(0), u64(accum), u64(accum), state);
  };
  const context = bodyOf(hvmContext([hvmHeaderEntry(), hvmCpuEntry(0), hvmEntry(7, 0, new Uint8Array(16)), hvmEnd()]));
  const odd = bodyOf(
    hvmContext([hvmHeaderEntry(), hvmEntry(77, 0, new Uint8Array(8)), hvmEntry(3, 0, new Uint8Array(9)), hvmEnd()]),
  );
  const qemu = latin1('QEVM\0\0\0\x03\x08\0\x01\0\x04ping\0');
  const section = (name: string, state: Uint8Array, type = 4): Uint8Array =>
    concat(Uint8Array.of(type, 0, 0, 0, state.length & 0xff, name.length), latin1(name), u64(1, false), state);
  const qemuFile = (...parts: Uint8Array[]): Uint8Array =>
    bodyOf(emulatorRecord(XL.EMULATOR_CONTEXT, concat(qemu.subarray(0, 8), ...parts, Uint8Array.of(0))));

  test.each([
    ['X86_PV_INFO', Uint8Array.of(8, 4, 0, 0, 0, 0, 0, 0), '0-8'],
    ['X86_PV_INFO', Uint8Array.of(8, 4, 1, 0, 0, 0, 0, 0), '0-2'],
    ['X86_TSC_INFO', bodyOf(tscInfo()), '0-24'],
    ['X86_TSC_INFO', withByte(bodyOf(tscInfo()), 23, 1), '0-20'],
    ['X86_PV_P2M_FRAMES', frames, '0-16'],
    ['X86_PV_P2M_FRAMES', concat(frames, u64(3)), 'nothing'],
    ['X86_PV_P2M_FRAMES', withByte(frames, 8, 0x20), 'nothing'],
    ['X86_PV_VCPU_BASIC', basic, '0-8 registers:8-5176'],
    ['X86_PV_VCPU_BASIC', concat(basic, u64(0)), 'nothing'],
    ['X86_PV_VCPU_BASIC', withByte(basic, 1, 0x40), 'nothing'],
    ['X86_PV_VCPU_BASIC', withByte(basic, 8 + 720 + 16 * 5, 6), 'nothing'],
    ['X86_PV_VCPU_EXTENDED', extended, '0-8 registers:8-72'],
    ['X86_PV_VCPU_EXTENDED', concat(extended, new Uint8Array(64)), '0-8 registers:8-136'],
    ['X86_PV_VCPU_EXTENDED', concat(extended, new Uint8Array(64).fill(1)), '0-8 registers:8-72'],
    ['X86_PV_VCPU_EXTENDED', concat(extended, u64(0)), 'nothing'],
    ['X86_PV_VCPU_XSAVE', bodyOf(vcpuXsave(0)), '0-8 registers:8-24'],
    ['X86_PV_VCPU_XSAVE', area(0), '0-8 registers:8-856'],
    ['X86_PV_VCPU_XSAVE', area(1), 'nothing'],
    ['X86_PV_VCPU_XSAVE', area(0, 3), 'nothing'],
    ['X86_PV_VCPU_XSAVE', concat(area(0), new Uint8Array(16_384)), 'nothing'],
    ['X86_PV_VCPU_MSRS', msrs, '0-8 registers:8-24'],
    ['X86_PV_VCPU_MSRS', withByte(msrs, 12, 1), 'nothing'],
    ['X86_PV_VCPU_MSRS', concat(msrs, msrs.subarray(8)), 'nothing'],
    ['X86_CPUID_POLICY', cpuid, '0-48'],
    ['X86_CPUID_POLICY', withByte(cpuid, 27, 0x20), 'nothing'],
    ['X86_MSR_POLICY', msr, '0-16'],
    ['X86_MSR_POLICY', withByte(msr, 4, 1), 'nothing'],
    ['HVM_PARAMS', params, '0-32 registers:32-40'],
    ['HVM_PARAMS', withByte(params, 0, 3), 'nothing'],
    ['HVM_PARAMS', withByte(params, 9, 1), 'nothing'],
    ['HVM_CONTEXT', context, '0-8 8-32 32-40 registers:40-1072 1072-1080 1080-1096 1096-1104'],
    ['HVM_CONTEXT', odd, '0-8 8-32 32-40 48-56 65-73'],
    ['HVM_CONTEXT', context.subarray(0, 1096), 'nothing'],
    ['HVM_CONTEXT', context.subarray(32), 'nothing'],
    ['HVM_CONTEXT', withByte(context, 8, 0), 'nothing'],
    ['TOOLSTACK', latin1('opaque'), 'nothing'],
    ['CHECKPOINT_DIRTY_PFN_LIST', u64(3), 'nothing'],
    ['CHECKPOINT_STATE', u32(3), '0-4'],
    ['CHECKPOINT_STATE', u32(4), 'nothing'],
    ['EMULATOR_XENSTORE_DATA', bodyOf(emulatorRecord(2, latin1('physmap/f0/size\0f0\0'))), '0-8 config:8-27'],
    ['EMULATOR_XENSTORE_DATA', bodyOf(emulatorRecord(2, latin1('physmap/f0/size\0f0\x01\0'))), 'nothing'],
    ['EMULATOR_CONTEXT', bodyOf(emulatorRecord(3, qemu)), '0-8 8-16 16-25 25-26'],
    ['EMULATOR_CONTEXT', bodyOf(emulatorRecord(3, qemu.subarray(0, 17))), 'nothing'],
    ['EMULATOR_CONTEXT', bodyOf(emulatorRecord(3, latin1('memory of the guest'))), 'nothing'],
    ['EMULATOR_CONTEXT', qemuFile(section('timer', new Uint8Array(24).fill(9))), '0-8 8-16 16-35 35-59 59-60'],
    ['EMULATOR_CONTEXT', qemuFile(section('cpu', new Uint8Array(24).fill(9))), '0-8 8-16 16-33 registers:33-57 57-58'],
    [
      'EMULATOR_CONTEXT',
      qemuFile(section('0000:00:04.0/rtl8139', new Uint8Array(24).fill(9))),
      '0-8 8-16 16-50 config:50-74 74-75',
    ],
    ['EMULATOR_CONTEXT', qemuFile(section('pc.ram', new Uint8Array(24).fill(9))), '0-8 8-16 16-36 60-61'],
    ['EMULATOR_CONTEXT', qemuFile(section('vga', new Uint8Array(40_001).fill(9))), '0-8 8-16 16-33 40034-40035'],
    ['EMULATOR_CONTEXT', qemuFile(section('ram', new Uint8Array(24).fill(9), 1)), '0-8 8-16'],
  ] as const)('%s', (name, body, expected) => {
    expect(kept(name, body)).toBe(expected);
  });

  test('of the shared page only the structure, without the vCPUs’ cr2 and the P2M’s page tables among the registers', () => {
    const whole = kept('SHARED_INFO', bodyOf(sharedInfo()), { little: true, width: 4 });
    expect(whole.startsWith('0-8 registers:8-12 12-72 registers:72-76 ')).toBe(true);
    expect(whole.endsWith(' registers:1992-1996 1996-2328 registers:2328-2336 2336-4096')).toBe(true);
    expect(kept('SHARED_INFO', page(4096), { little: true, width: 4 }).endsWith(' 2336-2344')).toBe(true);
    expect(kept('SHARED_INFO', page(4096), { little: true, width: 8 }).endsWith(' registers:3112-3128 3128-3136')).toBe(
      true,
    );
  });
});

test.each([
  ['json', '{"c_info":{"name":"guest"}}\0', true],
  ['json', '{"c_info":{"name":"guest"}}', true],
  ['json', '{"c_info":{"name":"guest"}} SECRET\0', false],
  ['json', '{"c_info":{"name":"guest\x01"}}\0', false],
  ['json', '"SECRET"', false],
  ['json', '\0\0', false],
  ['cfg', 'name = "guest"\nvcpus = 2\n# disks\ndisk = [ "a", "b" ]\n', true],
  ['cfg', 'name = "guest"\nSECRET OF THE GUEST\n', false],
  ['cfg', 'name = "guest"\n\x80\x81', false],
  ['xml', '<domain type="xen"/>\0', true],
  ['xml', '<domain type="xen"><name>guest</name></domain>\n\0', true],
  ['xml', '<domain type="xen"/>SECRET\0', false],
  ['xml', '<domain type="xen"><name>guest</name></domain>SECRET\0', false],
  ['xml', 'SECRET</domain>', false],
] as const)('%s text %j: %s', (format, text, expected) => {
  expect(isConfig(latin1(text), format)).toBe(expected);
});

test('a configuration of more than 1 MiB is none', () => {
  const long = (size: number): Uint8Array => latin1(`{"name":"${'x'.repeat(size - 11)}"}`);
  expect(isConfig(long(1024 * 1024), 'json')).toBe(true);
  expect(isConfig(long(1024 * 1024 + 1), 'json')).toBe(false);
});

test('entries of xenstore have a key of plain characters', () => {
  expect(areXenstoreEntries(latin1('a/b\0\0'))).toBe(true);
  expect(areXenstoreEntries(latin1('a b\0c\0'))).toBe(false);
  expect(areXenstoreEntries(latin1('a\0c'))).toBe(false);
});
