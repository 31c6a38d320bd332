/** Rules of xl, libxl and the device model. */
import { hvmParts, emulator, patch, pvParts, qemu } from '../../../fixtures/built/restorable';
import { concat, latin1, record, u32, XL, xlHeader } from '../../../fixtures/built/stream';
import type { RuleCase } from './case';

const pv = pvParts();
const hvm = hvmParts();
const part = (parts: Readonly<Record<string, Uint8Array>>, name: string): Uint8Array =>
  parts[name] ?? new Uint8Array(0);
const xl = part(pv, 'xl');
const JSON_LENGTH = xl.length - 52;
const head = (length: number): Uint8Array => concat(xl.subarray(0, 44), u32(length));
const config = xl.subarray(52);
const withConfig = (json: string): Uint8Array => xlHeader(`${json}\0`);
const xenstore = (text: string): Uint8Array => emulator(XL.XENSTORE_DATA, latin1(text));

/** QEMU's state with one device more. */
const withDevice = (name: string): Uint8Array =>
  concat(
    qemu.subarray(0, -1),
    Uint8Array.of(4),
    u32(1, false),
    Uint8Array.of(name.length),
    latin1(name),
    u32(0, false),
    u32(3, false),
    new Uint8Array(300),
    Uint8Array.of(0),
  );
const hvmConfig = (hvmInfo: object, nics: readonly object[], build: object = {}, all: object = {}): Uint8Array =>
  withConfig(
    JSON.stringify({
      c_info: { type: 'hvm', name: 'guest' },
      b_info: { max_vcpus: 1, max_memkb: 4096, target_memkb: 4096, 'type.hvm': hvmInfo, ...build },
      nics,
      ...all,
    }),
  );

export const XL_CASES: readonly RuleCase[] = [
  {
    key: 'XL-02',
    base: pvParts,
    bad: {},
    near: {},
    cut: 47,
    nearCut: 48,
    log: ['file/stream truncated reading header from image'],
  },
  {
    key: 'XL-03',
    base: pvParts,
    bad: { xl: patch(xl, 0, 0x59) },
    near: {},
    log: ['File has wrong magic number - corrupt or for a different tool?'],
    at: ['xl', 0],
  },
  {
    key: 'XL-04',
    base: pvParts,
    bad: { xl: patch(xl, 32, u32(0x0403_0201)) },
    near: {},
    log: ['File has wrong byte order'],
    at: ['xl', 32],
  },
  {
    key: 'XL-06',
    base: pvParts,
    bad: { xl: patch(xl, 36, u32(7)) },
    near: { xl: patch(xl, 36, u32(3)) },
    log: ['Savefile has mandatory flag(s) 0x4 which are not supported; need newer xl'],
    at: ['xl', 36],
  },
  {
    key: 'XL-08',
    base: pvParts,
    bad: { xl: patch(xl, 40, u32(1)) },
    near: {},
    at: ['xl', 40],
  },
  {
    key: 'XL-09',
    base: pvParts,
    bad: {},
    near: {},
    cut: 51,
    nearCut: xl.length,
    log: ['file/stream truncated reading optdata from image'],
    at: ['xl', 44],
  },
  {
    key: 'XL-10',
    base: pvParts,
    bad: { xl: concat(head(3), new Uint8Array(3)) },
    near: { xl: concat(head(4), u32(0)) },
    log: ['Savefile truncated.'],
    at: ['xl', 44],
  },
  {
    key: 'XL-11',
    base: pvParts,
    bad: { xl: patch(xl, 48, u32(JSON_LENGTH + 1)) },
    near: { xl: patch(xl, 48, u32(JSON_LENGTH)) },
    log: ['Savefile truncated.'],
    at: ['xl', 48],
  },
  {
    key: 'XL-12',
    base: pvParts,
    bad: { xl: concat(head(4 + JSON_LENGTH + 8), u32(JSON_LENGTH), config, new Uint8Array(8)) },
    near: {},
    at: ['xl', xl.length],
  },
  {
    key: 'XL-14',
    base: pvParts,
    bad: { xl: head(0) },
    near: { xl: concat(head(4), u32(0)) },
    log: ['Config file not specified and none in save file'],
    at: ['xl', 44],
  },
  {
    key: 'XL-17',
    base: pvParts,
    bad: { xl: xlHeader('{"c_info":{"type":"pv","name":"guest"},"b_info":{"max_vcpus":2,"type.pv":{}}}') },
    near: {},
    at: ['xl', 52],
  },
  {
    key: 'XL-18',
    base: pvParts,
    bad: { xl: patch(xl, 48, u32(0x8000_0000)) },
    near: { xl: patch(xl, 48, u32(0x7fff_ffff)) },
    log: ['xl: Unable to malloc 18446744071562067968 bytes.'],
    at: ['xl', 48],
  },
  {
    key: 'XL-19',
    base: pvParts,
    bad: { xl: patch(xl, 36, u32(2)) },
    near: { xl: xlHeader('type = "pv"\nvcpus = 2\n', { flags: 2 }) },
    log: ['Failed to parse config: Invalid argument'],
  },
  ...(
    [
      [{}, ['unknown device model version', 'Unable to set domain build info defaults']],
      [{ bios: 'rombios' }, []],
    ] as const
  ).map(([info, log]): RuleCase => ({
    key: 'LX-53',
    base: hvmParts,
    xen: 421,
    bad: { xl: hvmConfig(info, [], { device_model_version: 'qemu_xen_traditional' }) },
    near: { xl: hvmConfig(info, [], { device_model_version: 'qemu_xen' }) },
    log,
  })),
  {
    key: 'LX-54',
    base: hvmParts,
    bad: { xl: hvmConfig({}, [], { nested_hvm: 'True' }) },
    near: { xl: hvmConfig({}, [], { nested_hvm: 'False' }) },
  },
  {
    key: 'LX-55',
    unsettled: true,
    base: hvmParts,
    bad: { xl: hvmConfig({}, [], {}, { pcidevs: [{ bus: 1, dev: 0, func: 0 }] }) },
    near: { xl: hvmConfig({}, [], {}, { pcidevs: [] }) },
  },
  {
    key: 'LX-29',
    base: pvParts,
    bad: { xl: patch(xl, 36, u32(1)) },
    near: {},
    log: ['conversion helper [N] exited with error status 1'],
    at: ['libxl', 0],
  },
  {
    key: 'LX-01.other-ident',
    base: pvParts,
    bad: { libxl: patch(part(pv, 'libxl'), 7, 0x75) },
    near: {},
    log: ['Invalid ident: expected 0x4c6962786c466d74, got 0x4c6962786c466d75'],
    at: ['libxl', 0],
  },
  {
    key: 'LX-02',
    base: pvParts,
    bad: { libxl: patch(part(pv, 'libxl'), 8, u32(1, false)) },
    near: {},
    log: ['Unexpected Version: expected 2, got 1'],
    at: ['libxl', 8],
  },
  {
    key: 'LX-03',
    base: pvParts,
    bad: { libxl: patch(part(pv, 'libxl'), 12, u32(1, false)) },
    near: { libxl: patch(part(pv, 'libxl'), 12, u32(2, false)) },
    log: ['Unable to handle big endian streams'],
    at: ['libxl', 12],
  },
  {
    key: 'LX-04',
    base: pvParts,
    bad: { libxl: patch(part(pv, 'libxl'), 12, u32(4, false)) },
    near: { libxl: patch(part(pv, 'libxl'), 12, u32(2, false)) },
    at: ['libxl', 12],
  },
  { key: 'LX-05', base: pvParts, bad: { done: undefined }, near: {} },
  {
    key: 'LX-45',
    base: hvmParts,
    bad: { done: undefined },
    near: { done: undefined },
    cut: -100,
  },
  {
    // Of an END nothing is lost.
    key: 'LX-45',
    base: hvmParts,
    bad: { done: record(3, new Uint8Array(24)) },
    near: { done: record(0, new Uint8Array(24)) },
    cut: -8,
    nearCut: -8,
  },
  {
    key: 'LX-08',
    base: pvParts,
    bad: { done: concat(record(6), part(pv, 'done')) },
    near: {},
    log: ['Unrecognised record 0x00000006'],
    at: ['done', 0],
  },
  {
    key: 'LX-10',
    base: pvParts,
    bad: { done: record(XL.END, new Uint8Array(8)) },
    near: {},
    at: ['done', 4],
  },
  {
    key: 'LX-11',
    base: pvParts,
    bad: { done: concat(xenstore('a\0b\0'), part(pv, 'done')) },
    near: {},
    log: ['Received a xenstore emulator record when none was expected'],
    at: ['done', 0],
  },
  {
    key: 'LX-12',
    base: hvmParts,
    bad: { done: concat(record(XL.XENSTORE_DATA, new Uint8Array(7)), part(hvm, 'done')) },
    near: { done: concat(record(XL.XENSTORE_DATA, new Uint8Array(8)), part(hvm, 'done')) },
    log: ['Emulator xenstore data record too short to contain header'],
    at: ['done', 4],
  },
  ...(
    [
      ['LX-13', 'key', 'key\0value\0', 'Key in xenstore data not NUL terminated', 16],
      ['LX-14', '\0value\0', 'k\0\0', 'empty key found in xenstore data', 16],
      ['LX-15', 'a\0b\0/key\0value\0', 'a\0/b\0', 'Key in xenstore data not relative', 20],
      ['LX-16', 'key\0value', 'key\0value\0', 'Val in xenstore data not NUL terminated', 20],
    ] as const
  ).map(([key, bad, near, line, offset]): RuleCase => ({
    key,
    base: hvmParts,
    bad: { emulator: concat(xenstore(bad), part(hvm, 'emulator')) },
    near: { emulator: concat(xenstore(near), part(hvm, 'emulator')) },
    log: [line],
    at: ['emulator', offset],
  })),
  {
    key: 'LX-17',
    base: pvParts,
    bad: { done: concat(emulator(XL.EMULATOR_CONTEXT, qemu), part(pv, 'done')) },
    near: {},
    log: ['Received an emulator context record when none was expected'],
    at: ['done', 0],
  },
  {
    key: 'LX-18',
    base: hvmParts,
    bad: { emulator: record(XL.EMULATOR_CONTEXT, new Uint8Array(4)) },
    near: {},
    log: ['Emulator record too short to contain header'],
    at: ['emulator', 4],
  },
  {
    key: 'LX-20.missing',
    base: hvmParts,
    bad: { emulator: undefined },
    near: {},
    log: [
      'domain N device model: spawn failed (rc=-3)',
      'Post DM startup configs failed, rc=-3',
      'device model did not start: -3',
    ],
    at: ['done', 0],
  },
  {
    key: 'LX-20.second',
    base: hvmParts,
    bad: { emulator: concat(part(hvm, 'emulator'), part(hvm, 'emulator')) },
    near: {},
    log: [],
  },
  {
    key: 'LX-21',
    base: pvParts,
    bad: { done: concat(record(XL.CHECKPOINT_END), part(pv, 'done')) },
    near: {},
    log: ['Unexpected CHECKPOINT_END record in stream'],
    at: ['done', 0],
  },
  {
    key: 'LX-22',
    base: pvParts,
    bad: { done: concat(record(XL.CHECKPOINT_STATE, u32(1)), part(pv, 'done')) },
    near: {},
    log: ['Unexpected CHECKPOINT_STATE record in stream'],
    at: ['done', 0],
  },
  {
    key: 'LX-46',
    base: hvmParts,
    bad: { libxl: concat(part(hvm, 'libxl'), part(hvm, 'emulator')), emulator: undefined },
    near: {},
    at: ['libxl', 16],
  },
  {
    key: 'LX-50',
    base: hvmParts,
    bad: {
      emulator: concat(record(XL.EMULATOR_CONTEXT, concat(u32(2), u32(0), qemu)).subarray(0, -1), Uint8Array.of(1)),
    },
    near: {},
  },
  {
    key: 'LX-51',
    base: hvmParts,
    bad: { emulator: record(XL.EMULATOR_CONTEXT, concat(u32(3), u32(0), qemu)) },
    near: { emulator: record(XL.EMULATOR_CONTEXT, concat(u32(1), u32(0), qemu)) },
    at: ['emulator', 8],
  },
  {
    key: 'LX-47',
    base: pvParts,
    bad: { libxl: concat(part(pv, 'libxl'), record(XL.END)) },
    near: {},
    log: ['domain N console tty: timed out'],
    at: ['libxl', 16],
  },
  {
    key: 'LX-48',
    base: pvParts,
    bad: { done: concat(part(pv, 'done'), latin1('domain is yours, you are cleared to unpause\0')) },
    near: {},
    at: ['done', 8],
  },
  {
    key: 'LX-49',
    base: pvParts,
    bad: { done: concat(part(pv, 'done'), latin1('something')) },
    near: { done: concat(part(pv, 'done'), latin1('domain is yours, you are cleared to unpause\0')) },
    at: ['done', 8],
  },
  ...(
    [
      ['0000:00:02.0/cirrus_vga', { vga: { kind: 'std' } }, { vga: { kind: 'cirrus' } }, []],
      ['0000:00:03.0/e1000', {}, {}, [{ model: 'e1000' }]],
      // A card without a model is an rtl8139.
      ['0000:00:04.0/rtl8139', { nics: [{ model: 'e1000' }] }, {}, [{ mac: '00:16:3e:00:00:01' }]],
    ] as const
  ).map(([name, other, same, nics]): RuleCase => ({
    key: 'QM-03',
    base: hvmParts,
    bad: { xl: hvmConfig(other, []), emulator: emulator(XL.EMULATOR_CONTEXT, withDevice(name)) },
    near: { xl: hvmConfig(same, nics), emulator: emulator(XL.EMULATOR_CONTEXT, withDevice(name)) },
    log: [
      'domain N device model: spawn failed (rc=-3)',
      'Post DM startup configs failed, rc=-3',
      'device model did not start: -3',
      `Unknown savevm section or instance '${name}' 0. Make sure that your current VM setup matches your saved VM setup, including any hotplugged devices`,
      'load of migration failed: Invalid argument',
    ],
    at: ['emulator', 16 + qemu.length - 1],
  })),
  ...(
    [
      ['QM-01', patch(qemu, 0, 0x52), ['Not a migration stream', 'load of migration failed: Invalid argument'], 0],
      [
        'QM-02',
        patch(qemu, 4, u32(2, false)),
        ['Unsupported migration stream version', 'load of migration failed: Operation not supported'],
        4,
      ],
      [
        'QM-06',
        patch(qemu, 8, 0x2a),
        ['Unknown savevm section type 42', 'load of migration failed: Invalid argument'],
        8,
      ],
      ['QM-05', qemu.subarray(0, 300), [], 8],
    ] as const
  ).map(([key, state, lines, offset]): RuleCase => ({
    key,
    base: hvmParts,
    bad: { emulator: emulator(XL.EMULATOR_CONTEXT, state) },
    near: { emulator: emulator(XL.EMULATOR_CONTEXT, concat(qemu, new Uint8Array(4))) },
    log: [
      'domain N device model: spawn failed (rc=-3)',
      'Post DM startup configs failed, rc=-3',
      'device model did not start: -3',
      ...lines,
    ],
    at: ['emulator', 16 + offset],
  })),
];
