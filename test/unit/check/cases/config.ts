/** Rules of the saved configuration: what libxl takes of it, and the domain that it and Xen make of that. */
import { hvmParts, pvParts } from '../../../fixtures/built/restorable';
import { xlHeader } from '../../../fixtures/built/stream';
import type { RuleCase } from './case';

type Json = Readonly<Record<string, unknown>>;
interface Config {
  readonly create?: Json;
  readonly build?: Json;
  readonly guest?: Json;
  readonly all?: Json;
}

/** The text of a configuration, in the order in which libxl writes it. */
const text = (type: 'pv' | 'hvm', { create = {}, build = {}, guest = {}, all = {} }: Config): string =>
  JSON.stringify({
    c_info: { type, name: 'guest', ...create },
    b_info: { max_vcpus: 2, max_memkb: 4096, target_memkb: 4096, [`type.${type}`]: guest, ...build },
    ...all,
  });
const pv = (config: Config = {}): string => text('pv', config);
const hvm = (config: Config = {}): string => text('hvm', { ...config, build: { max_vcpus: 1, ...config.build } });

const withText = (json: string): { readonly xl: Uint8Array } => ({ xl: xlHeader(`${json}\0`) });
/** Where a text first stands in the file; it starts at 52. */
const place = (json: string, part: string): readonly [string, number] => ['xl', 52 + json.indexOf(part)];

/** A case of a JSON text, with the text that is guilty in it. */
function jsonCase(
  key: string,
  bad: string,
  guilty: string | undefined,
  more: Pick<RuleCase, 'log' | 'xen' | 'unsettled'> & { readonly near?: string } = {},
): RuleCase {
  const isHvm = bad.includes('"type.hvm"');
  const { near = isHvm ? hvm() : pv(), ...rest } = more;
  return {
    key,
    base: isHvm ? hvmParts : pvParts,
    bad: withText(bad),
    near: withText(near),
    ...(guilty === undefined ? {} : { at: place(bad, guilty) }),
    ...rest,
  };
}

const NO_JSON = 'unable to generate libxl__json_object from JSON representation of libxl_domain_config.';
const REFUSED = ['domain creation fail: Invalid argument', 'cannot make domain: -3'];
const DEFAULTS = 'Unable to set domain build info defaults';
const notConverted = (rc: number): string => `unable to convert libxl__json_object to libxl_domain_config. (rc=${rc})`;

/** Values that end the parser before the type of the guest: the text in place of another, and what it returns. */
const NOT_CONVERTED: readonly (readonly [json: string, guilty: string, rc: number])[] = [
  [pv({ create: { type: 'pw' } }), '"pw"', -3],
  [pv({ create: { uuid: '6c731cff-de10-426e-ba5d-fcb7f8a97d7g' } }), '"6c731', -1],
  [pv({ create: { hap: 'Ture' } }), '"Ture"', -3],
  [pv({ create: { ssidref: -1 } }), '-1', -3],
  [pv({ create: { xsdata: { a: 5 } } }), '5}', -3],
  [pv({ build: { max_vcpus: 2 ** 31 } }), '2147483648', -3],
  [pv({ build: { avail_vcpus: [0, '1'] } }), '"1"', -3],
  [pv({ build: { target_memkb: -1 } }), '-1', -3],
  [pv({ build: { cpuid: [5] } }), '5]', -3],
  [pv({ build: { sched_params: { sched: 'credit3' } } }), '"credit3"', -3],
  [pv({ build: { vcpu_hard_affinity: [3] } }), '3]', -3],
  [pv({ build: { vnuma_nodes: [{ pnode: 2 ** 32 }] } }), '4294967296', -3],
];

/** Texts that are no JSON, what yajl says, and where it stops: the text there, or the end. */
const UNREADABLE: readonly (readonly [json: string, error: string, at?: string])[] = [
  [pv().slice(0, -1), 'parse error: premature EOF'],
  [pv().replace('"guest"', '"gu\u0001est"'), 'lexical error: invalid character inside string.', '\u0001est'],
  [
    pv().replace('"name":', '"name",'),
    "parse error: object key and value must be separated by a colon (':')",
    ',"guest"',
  ],
  [
    pv().replace('"max_vcpus":2', '"max_vcpus":02'),
    "parse error: after key and value, inside map, I expect ',' or '}'",
  ],
  [pv().replace('{"c_info"', '{c_info"'), 'lexical error: invalid char in json text.', 'c_info"'],
  [`//\n${pv()}`, 'lexical error: probable comment found in input text, comments are not enabled.', '//'],
];

const NIC = { mac: '00:16:3e:00:00:01' };
const VIDEO: readonly (readonly [kind: string | undefined, kib: number, least: number, line: string])[] = [
  [undefined, 8191, 8192, 'videoram must be at least 8 MB for CIRRUS on QEMU_XEN'],
  ['cirrus', 4095, 8192, 'videoram must be at least 8 MB for CIRRUS on QEMU_XEN'],
  ['std', 8192, 16_384, 'videoram must be at least 16 MB for STDVGA on QEMU_XEN'],
  ['qxl', 16_384, 131_072, '128 Mib videoram is the minimum for qxl default'],
];

export const CONFIG_CASES: readonly RuleCase[] = [
  ...NOT_CONVERTED.map(([json, guilty, rc]) =>
    jsonCase('XL-20', json, guilty, { log: [notConverted(rc), 'Unknown guest type'] }),
  ),
  jsonCase('XL-20', pv({ create: { type: 'pw' } }), '"pw"', {
    xen: 411,
    log: [notConverted(-3), 'invalid domain type', DEFAULTS],
  }),
  ...UNREADABLE.map(([json, error, at]) =>
    jsonCase('XL-16', json, at, { log: [`yajl error: ${error}`, NO_JSON, 'Unknown guest type'] }),
  ),
  jsonCase('XL-16', pv().replace('type.pv', 'type.pw'), undefined, { log: ['Unknown guest type'] }),
  ...(
    [
      [pv().slice(0, -1), 'unexpected end of data'],
      [pv().replace('"max_vcpus":2', '"max_vcpus":2x'), 'number expected'],
      [pv().replace('{"c_info"', '{c_info"'), 'quoted object property name expected'],
    ] as const
  ).map(([json, error]) =>
    jsonCase('XL-16', json, undefined, {
      xen: 421,
      log: [`json-c parse error: ${error}`, NO_JSON, 'Unknown guest type'],
    }),
  ),
  jsonCase('XL-23', `/* by hand */ ${pv()}`, undefined, {
    xen: 421,
    unsettled: true,
    log: [
      'yajl error: lexical error: probable comment found in input text, comments are not enabled.',
      NO_JSON,
      'Unknown guest type',
    ],
  }),
  jsonCase('XL-16', '[]', undefined, { log: ['Unknown guest type'] }),
  jsonCase('XL-16', pv().replace('type.pv', 'type.pw'), undefined, {
    xen: 411,
    log: ['invalid domain type', DEFAULTS],
  }),
  jsonCase('XL-16', pv().replace('type.pv', 'type.pw'), undefined, { xen: 406, log: [DEFAULTS] }),
  jsonCase('XL-21.devices', pv({ all: { nics: [{ mac: '00:16:3e:00:00:0' }, NIC] } }), '"00:16', {
    log: [notConverted(-6)],
    near: pv({ all: { nics: [NIC, NIC] } }),
  }),
  jsonCase('XL-21.settings', pv({ all: { on_crash: 'preserves' } }), '"preserves"', {
    log: [notConverted(-3)],
    near: pv({ all: { on_crash: 'PRESERVE' } }),
  }),
  jsonCase('XL-22.devices', pv({ all: { nicr: [NIC] } }), '"nicr"', { near: pv({ all: { nics: [NIC] } }) }),
  jsonCase('XL-22.settings', pv({ build: { timer_mode: 1 } }), '"timer_mode"', {
    near: pv({ build: { timer_mode: 'no_delay_for_missed_ticks' } }),
  }),
  jsonCase('XL-22.settings', pv().replace('"name"', '"name":"other","name"'), '"name":"guest"'),
  jsonCase('XL-24', pv({ build: { vcpu_hard_affinity: [[0], []] } }), '[]', {
    log: ['vcpu hard affinity map is empty'],
    near: pv({ build: { vcpu_hard_affinity: [[0], [1]] } }),
  }),
  jsonCase('LX-60', pv({ build: { vnuma_nodes: [{}] } }), '[{}]', { log: ['PV vNUMA is not yet supported'] }),
  jsonCase('LX-61', pv({ guest: { kernel: '/a' }, build: { kernel: '/b' } }), undefined, {
    log: ['Unable to copy deprecated fields', DEFAULTS],
    near: pv({ guest: { kernel: '/a' } }),
  }),
  jsonCase('LX-61', hvm({ guest: { apic: 'True' }, build: { apic: 'True' } }), undefined),
  jsonCase('LX-61', hvm({ guest: { nested_hvm: 'True' }, build: { nested_hvm: 'False' } }), undefined),
  jsonCase('LX-61', hvm({ guest: { timer_mode: 'unknown' }, build: { timer_mode: 'unknown' } }), undefined, {
    near: hvm({ build: { timer_mode: 'unknown' } }),
  }),
  jsonCase('LX-62', hvm({ guest: { bios: 'rombios' } }), '"rombios"', {
    log: ['qemu-xen does not support bios=rombios.', DEFAULTS],
    near: hvm({ guest: { bios: 'seabios' } }),
  }),
  jsonCase(
    'LX-62',
    hvm({ guest: { bios: 'ovmf' }, build: { device_model_version: 'qemu_xen_traditional' } }),
    '"ovmf"',
    {
      log: ['qemu-xen-traditional requires bios=rombios.', DEFAULTS],
      near: hvm({ guest: { bios: 'rombios' }, build: { device_model_version: 'qemu_xen_traditional' } }),
    },
  ),
  jsonCase('LX-63', hvm({ build: { cmdline: 'quiet' } }), '"quiet"', {
    log: ['direct boot parameters specified but kernel missing', DEFAULTS],
    near: hvm({ build: { kernel: '/k', cmdline: 'quiet' } }),
  }),
  jsonCase('LX-64', pv({ build: { avail_vcpus: [0, 1024] } }), '[0,1024]', {
    log: ['avail_vcpus bitmap contains too many VCPUS', DEFAULTS],
    near: pv({ build: { avail_vcpus: [0, 1024, 1023] } }),
  }),
  ...VIDEO.map(([kind, kib, least, line]) => {
    const guest = kind === undefined ? {} : { vga: { kind } };
    return jsonCase('LX-65', hvm({ guest, build: { video_memkb: kib } }), String(kib), {
      log: [line, DEFAULTS],
      near: hvm({ guest, build: { video_memkb: least } }),
    });
  }),
  jsonCase('LX-66', hvm({ guest: { usbversion: 2, usbdevice: 'tablet' } }), '"tablet"', {
    log: ['usbversion and/or usbredirection cannot be enabled with usb and/or usbdevice parameters.', DEFAULTS],
    near: hvm({ guest: { usbversion: 2, usb: 'False' } }),
  }),
  jsonCase('LX-66', hvm({ guest: { usb: 'True', spice: { enable: 'True', usbredirection: 4 } } }), '"True"', {
    near: hvm({ guest: { usb: 'True', spice: { usbredirection: 4 } } }),
  }),
  jsonCase('LX-67', pv({ build: { max_grant_version: 16 } }), '16', {
    log: ['max grant version 16 out of range', DEFAULTS],
    near: pv({ build: { max_grant_version: 2 } }),
  }),
  jsonCase('LX-68', hvm({ build: { nested_hvm: 'True', altp2m: 'mixed' } }), '"mixed"', {
    log: ['nestedhvm and altp2mhvm cannot be used together'],
    near: hvm({ build: { nested_hvm: 'True', altp2m: 'disabled' } }),
  }),
  jsonCase('LX-68', hvm({ guest: { altp2m: 'True' }, build: { nested_hvm: 'True' } }), '"True"'),
  jsonCase('LX-33', '{"c_info":{"name":"guest"},"b_info":{"type.pv":{}}}', undefined, { log: [] }),
  jsonCase('LX-33', '{"c_info":{"name":"guest","type":"invalid"},"b_info":{"type.pv":{}}}', undefined, { log: [] }),
  jsonCase('LX-70.create', pv({ build: { max_vcpus: 8193 } }), '8193', {
    log: REFUSED,
    near: pv({ build: { max_vcpus: 8192 } }),
  }),
  jsonCase('LX-70.create', hvm({ build: { max_vcpus: 129 } }), '129', {
    log: REFUSED,
    near: hvm({ build: { max_vcpus: 128 } }),
  }),
  jsonCase('LX-70.create', pv({ build: { max_vcpus: -2 } }), '-2', { log: REFUSED }),
  jsonCase('LX-70.build', hvm({ build: { max_vcpus: 129 } }), '129', {
    xen: 411,
    log: ["Couldn't set max vcpu count", 'cannot (re-)build domain: -3'],
    near: hvm({ build: { max_vcpus: 128 } }),
  }),
  jsonCase('LX-71', pv({ build: { vmtrace_buf_kb: 64 } }), '64}', {
    log: REFUSED,
    near: pv({ build: { vmtrace_buf_kb: 0 } }),
  }),
  jsonCase('LX-71', hvm({ build: { vmtrace_buf_kb: 65_537 } }), '65537', {
    log: REFUSED,
    near: hvm({ build: { vmtrace_buf_kb: 65_536 } }),
  }),
  jsonCase('LX-71', hvm({ build: { vmtrace_buf_kb: 12 } }), '12}', {
    log: REFUSED,
    near: hvm({ build: { vmtrace_buf_kb: 13 } }),
  }),
  jsonCase('LX-72', pv({ build: { max_grant_frames: 0 } }), '0}', {
    log: REFUSED,
    near: pv({ build: { max_grant_frames: 1 } }),
  }),
  jsonCase('LX-72', pv({ build: { max_grant_version: 3 } }), '3}', { log: REFUSED }),
  jsonCase('LX-73', pv({ create: { name: null } }), undefined, {
    log: ['New domain name not specified', 'cannot make domain: -6'],
    near: pv({ create: { name: '' } }),
  }),
  jsonCase('LX-73', pv().replace('"name"', '"nane"'), undefined, {
    xen: 408,
    log: ['new domain name not specified', 'cannot make domain: -6'],
  }),
  jsonCase('LX-74', pv({ build: { vcpu_soft_affinity: [[0], [0], [0]] } }), '[[0]', {
    log: ["setting affinity failed on vcpu `2'", 'cannot (re-)build domain: -3'],
    near: pv({ build: { vcpu_soft_affinity: [[0], [0]] } }),
  }),
  jsonCase('LX-75', pv({ build: { tsc_mode: 'native_paravirt' } }), '"native_paravirt"', {
    log: ['TSC Mode native_paravirt (a.k.a PVRDTSCP) has been removed', 'cannot (re-)build domain: -25'],
    near: pv({ build: { tsc_mode: 'native' } }),
  }),
  jsonCase('LX-76.sedf', pv({ build: { sched_params: { sched: 'sedf' } } }), '"sedf"', {
    log: ['SEDF scheduler no longer available', 'cannot (re-)build domain: -25'],
    near: pv({ build: { sched_params: { sched: 'rtds' } } }),
  }),
  ...[0, 65_536].map((weight) =>
    jsonCase('LX-76.weight', pv({ build: { sched_params: { sched: 'credit', weight } } }), `${weight}}`, {
      log: ['Cpu weight out of range, valid values are within range from 1 to 65535', 'cannot (re-)build domain: -6'],
      near: pv({ build: { sched_params: { sched: 'credit', weight: 65_535 } } }),
    }),
  ),
  jsonCase('LX-76.cap', pv({ build: { sched_params: { sched: 'credit2', cap: 201 } } }), '201', {
    log: [
      'Cpu cap out of range, valid range is from 0 to 200 for specified number of vcpus',
      'cannot (re-)build domain: -6',
    ],
    near: pv({ build: { sched_params: { sched: 'credit2', cap: 200 } } }),
  }),
  jsonCase('LX-78.empty', hvm({ all: { disks: [{ vdev: 'hda', format: 'empty' }] } }), '"empty"', {
    log: ['Disk vdev=hda is empty but not cdrom', 'Unable to set disk defaults for disk 0'],
    near: hvm({ all: { disks: [{ vdev: 'hda', format: 'empty', is_cdrom: 1 }] } }),
  }),
  jsonCase('LX-78.backend', pv({ all: { disks: [{ vdev: 'xvda' }, { vdev: 'xvdb', backend: 'phy' }] } }), '"phy"', {
    log: ['no suitable backend for disk xvdb', 'Unable to set disk defaults for disk 1'],
    near: pv({ all: { disks: [{ vdev: 'xvda', backend: 'phy', format: 'raw' }] } }),
  }),
  jsonCase('LX-78.backend', pv({ all: { disks: [{ vdev: 'sda', backend: 'qdisk', script: 'block-x' }] } }), '"qdisk"', {
    near: pv({ all: { disks: [{ vdev: 'sda', backend: 'qdisk', format: 'qcow2' }] } }),
  }),
  jsonCase('LX-79.unnamed', pv({ all: { disks: [{ vdev: null }] } }), undefined, {
    log: [],
    near: pv({ all: { disks: [{ vdev: 'xvda' }] } }),
  }),
  ...(
    [
      ['hde', 'hdd'],
      ['sdq', 'sdp15'],
      ['sda16', 'sda1'],
      ['xvdA', 'xvdaa'],
      ['xvda01', 'xvda255'],
      ['d0p256', 'd0p255'],
      ['2147483648', '0x7fffffff'],
      ['hd', '768'],
    ] as const
  ).map(([bad, good]) =>
    jsonCase('LX-79.name', pv({ all: { disks: [{ vdev: bad }] } }), `"${bad}"`, {
      log: [`Invalid or unsupported virtual disk identifier ${bad}`, 'unable to add disk devices'],
      near: pv({ all: { disks: [{ vdev: good }] } }),
    }),
  ),
  jsonCase('LX-77.limits', pv({ create: { pool_name: 'fast' }, build: { max_grant_frames: 64 } }), '"fast"', {
    unsettled: true,
  }),
  jsonCase('LX-77.limits', pv({ build: { vcpu_hard_affinity: [[1]], vpmu: 'True' } }), '"True"', { unsettled: true }),
  jsonCase('LX-77.limits', pv({ create: { domid: 32_751 } }), '32751', {
    unsettled: true,
    near: pv({ create: { domid: 32_752, poolid: 0 } }),
  }),
  jsonCase('LX-77.scheduler', pv({ build: { sched_params: { sched: 'credit2' } } }), '"credit2"', {
    unsettled: true,
    log: ['Getting domain sched credit2: Invalid argument', 'cannot (re-)build domain: -3'],
    near: pv({ build: { sched_params: { sched: 'null' } } }),
  }),
];
