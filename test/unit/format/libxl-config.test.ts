/**
 * What libxl takes of a saved configuration. The answers are those of libxenlight of Xen 4.17.7
 * (libxl_domain_config_from_json), which was given every single-bit flip of these two texts and some 6000 others, made
 * of every field of the interface description and then damaged; all were read alike. What is left out: an errno that
 * an earlier number has left, and the length of a bitmap that cannot be converted.
 */
import { expect, test } from 'vitest';
import { type ReadConfig, readConfig } from '../../../src/format/libxl/config/read';
import { JsonTape } from '../../../src/format/text/json-tape';
import { parseYajl } from '../../../src/format/text/yajl';
import { HVM_CONFIG, PV_CONFIG } from '../../fixtures/xen/config';

type Config = ReadConfig['taken'];

const SCHEDULERS = ['unknown', '', '', '', 'sedf', 'credit', 'credit2', 'arinc653', 'rtds', 'null'];
const ACTIONS = ['', 'destroy', 'restart', '', 'preserve', '', '', 'soft_reset'];
const TYPES = ['', 'hvm', 'pv', 'pvh'];
const VGAS = ['unknown', 'cirrus', 'std', 'none', 'qxl'];

/** Values by the names and numbers that Xen's own structure has for them. */
function valuesOf({ c_info: create = {}, b_info: build = {}, on_reboot, on_crash, on_soft_reset }: Config): string[] {
  const { sched, weight, cap } = build.sched_params ?? {};
  const { type } = build;
  const hvm = type?.is === 'hvm' ? [`vga=${VGAS.indexOf(type.fields.vga?.kind?.value ?? 'unknown')}`] : [];
  if (type?.is === 'hvm') hvm.push(`serial=${type.fields.serial?.value ?? '(null)'}`);
  return [
    `ctype=${create.type === undefined ? -1 : TYPES.indexOf(create.type.value)}`,
    `btype=${type === undefined ? -1 : TYPES.indexOf(type.is)}`,
    `vcpus=${build.max_vcpus?.value ?? 0}`,
    `avail=${build.avail_vcpus?.value.size ?? 0}`,
    `max=${build.max_memkb?.value ?? 'default'}`,
    `target=${build.target_memkb?.value ?? 'default'}`,
    `video=${build.video_memkb?.value ?? 'default'}`,
    `sched=${SCHEDULERS.indexOf(sched?.value ?? 'unknown')}`,
    `weight=${weight?.value ?? -1}`,
    `cap=${cap?.value ?? -1}`,
    `reboot=${ACTIONS.indexOf(on_reboot?.value ?? 'destroy')}`,
    `crash=${ACTIONS.indexOf(on_crash?.value ?? 'destroy')}`,
    `soft=${ACTIONS.indexOf(on_soft_reset?.value ?? 'destroy')}`,
    `name=${create.name?.value ?? '(null)'}`,
    `kernel=${build.kernel?.value ?? '(null)'}`,
    ...hvm,
  ];
}

function read(text: Uint8Array, release = 417): ReadConfig | string {
  const parsed = parseYajl(text);
  return parsed instanceof JsonTape ? readConfig(parsed, release) : `yajl error: ${parsed.error}`;
}

function flipped(text: string, at: number, bit: number): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
  const nul = bytes.indexOf(0);
  return nul < 0 ? bytes : bytes.subarray(0, nul);
}

/** What comes of a text: why it is no JSON, where the parser stops, or the values that are not those of the whole one. */
function outcome(text: string, at: number, bit: number): string {
  const result = read(flipped(text, at, bit));
  const whole = read(new TextEncoder().encode(text));
  if (typeof result === 'string') return result;
  if (typeof whole === 'string') return whole;
  const { taken, refusal } = result;
  if (refusal) return `(rc=${refusal.rc}) type=${TYPES.indexOf(taken.b_info?.type?.is ?? 'invalid')}`;
  const before = valuesOf(whole.taken);
  return valuesOf(taken)
    .filter((value) => !before.includes(value))
    .join(' ');
}

/** The byte, the bit of it that is flipped, and what Xen makes of that. */
type Flip = readonly [at: number, bit: number, expected: string];

const PV_FLIPS: readonly Flip[] = [
  [
    7,
    0,
    'ctype=-1 btype=-1 vcpus=0 avail=0 max=default target=default video=default sched=0 weight=-1 cap=-1 name=(null) kernel=(null)',
  ],
  [7, 3, 'ctype=-1 name=(null)'],
  [7, 6, 'ctype=-1 name=(null)'],
  [25, 1, 'yajl error: lexical error: invalid string in json text.'],
  [28, 0, 'ctype=-1'],
  [29, 6, 'ctype=-1'],
  [36, 3, '(rc=-3) type=-1'],
  [36, 4, '(rc=-3) type=-1'],
  [54, 3, "yajl error: parse error: object key and value must be separated by a colon (':')"],
  [60, 1, 'name=micpo64'],
  [63, 6, 'name=micro6t'],
  [65, 0, 'yajl error: lexical error: malformed number, a digit is required after the minus sign.'],
  [68, 4, 'yajl error: parse error: invalid object key (must be a string)'],
  [73, 5, 'yajl error: parse error: premature EOF'],
  [87, 6, '(rc=-1) type=-1'],
  [97, 5, 'yajl error: lexical error: invalid character inside string.'],
  [98, 1, ''],
  [99, 4, 'yajl error: lexical error: malformed number, a digit is required after the exponent.'],
  [100, 3, '(rc=-1) type=-1'],
  [110, 6, "yajl error: parse error: after key and value, inside map, I expect ',' or '}'"],
  [155, 4, '(rc=-3) type=-1'],
  [157, 4, '(rc=-3) type=-1'],
  [175, 6, 'btype=-1 vcpus=0 avail=0 max=default target=default video=default sched=0 weight=-1 cap=-1 kernel=(null)'],
  [177, 0, 'btype=-1 vcpus=0 avail=0 max=default target=default video=default sched=0 weight=-1 cap=-1 kernel=(null)'],
  [195, 1, 'vcpus=0'],
  [195, 4, 'vcpus=0'],
  [211, 7, 'yajl error: lexical error: invalid char in json text.'],
  [218, 6, 'avail=0'],
  [227, 5, 'avail=0'],
  [233, 4, "yajl error: parse error: after array element, I expect ',' or ']'"],
  [246, 1, 'yajl error: lexical error: malformed number, a digit is required after the decimal point.'],
  [257, 4, "yajl error: parse error: after array element, I expect ',' or ']'"],
  [263, 1, 'yajl error: lexical error: invalid character inside string.'],
  [285, 3, 'max=default'],
  [288, 6, 'max=default'],
  [310, 5, 'target=default'],
  [319, 1, 'target=default'],
  [340, 1, 'video=default'],
  [349, 3, 'video=default'],
  [353, 4, 'yajl error: parse error: unallowed token at this point in JSON text'],
  [354, 1, 'yajl error: lexical error: malformed number, a digit is required after the decimal point.'],
  [357, 4, 'yajl error: parse error: invalid object key (must be a string)'],
  [366, 0, 'sched=0 weight=-1 cap=-1'],
  [376, 3, 'sched=0 weight=-1 cap=-1'],
  [396, 6, 'sched=0'],
  [399, 3, 'sched=0'],
  [403, 5, 'yajl error: lexical error: invalid char in json text.'],
  [408, 3, '(rc=-3) type=-1'],
  [409, 4, '(rc=-3) type=-1'],
  [429, 6, 'weight=-1'],
  [438, 2, 'weight=252'],
  [456, 0, 'cap=-1'],
  [456, 4, 'cap=-1'],
  [458, 3, "yajl error: parse error: object key and value must be separated by a colon (':')"],
  [460, 4, 'yajl error: parse error: unallowed token at this point in JSON text'],
  [497, 5, '(rc=-3) type=-1'],
  [498, 1, '(rc=-3) type=-1'],
  [513, 7, 'yajl error: lexical error: invalid bytes in UTF8 string.'],
  [518, 2, 'yajl error: lexical error: probable comment found in input text, comments are not enabled.'],
  [518, 3, 'yajl error: lexical error: probable comment found in input text, comments are not enabled.'],
  [524, 7, 'yajl error: lexical error: invalid bytes in UTF8 string.'],
  [525, 1, 'kernel=/tmr/g/micro64'],
  [527, 1, 'kernel=/tmp/e/micro64'],
  [546, 1, 'yajl error: lexical error: invalid string in json text.'],
  [548, 5, 'btype=-1'],
  [553, 2, 'btype=-1'],
  [591, 4, "yajl error: parse error: after key and value, inside map, I expect ',' or '}'"],
  [651, 1, ''],
  [665, 5, 'yajl error: parse error: premature EOF'],
  [689, 4, 'reboot=1'],
  [693, 2, 'reboot=1'],
  [698, 4, '(rc=-3) type=2'],
  [703, 3, '(rc=-3) type=2'],
  [706, 0, 'yajl error: lexical error: malformed number, a digit is required after the minus sign.'],
  [716, 1, 'crash=1'],
  [719, 5, 'crash=1'],
  [728, 0, '(rc=-3) type=2'],
  [729, 4, '(rc=-3) type=2'],
  [742, 2, 'soft=1'],
  [752, 2, 'soft=1'],
  [759, 1, '(rc=-3) type=2'],
  [763, 2, '(rc=-3) type=2'],
];

const HVM_FLIPS: readonly Flip[] = [
  [
    7,
    0,
    'ctype=-1 btype=-1 vcpus=0 avail=0 max=default target=default video=default sched=0 weight=-1 cap=-1 name=(null)',
  ],
  [10, 2, 'ctype=-1 name=(null)'],
  [10, 3, 'ctype=-1 name=(null)'],
  [30, 0, 'ctype=-1'],
  [30, 1, 'ctype=-1'],
  [35, 1, '(rc=-3) type=-1'],
  [35, 2, '(rc=-3) type=-1'],
  [47, 4, 'yajl error: parse error: invalid object key (must be a string)'],
  [49, 1, 'yajl error: lexical error: invalid string in json text.'],
  [55, 1, "yajl error: parse error: object key and value must be separated by a colon (':')"],
  [59, 4, 'name=hfmbios'],
  [64, 4, 'name=hvmbioc'],
  [108, 6, '(rc=-1) type=-1'],
  [114, 4, '(rc=-1) type=-1'],
  [131, 5, 'yajl error: parse error: premature EOF'],
  [154, 4, "yajl error: parse error: after key and value, inside map, I expect ',' or '}'"],
  [157, 3, '(rc=-3) type=-1'],
  [158, 1, '(rc=-3) type=-1'],
  [177, 3, 'btype=-1 vcpus=0 avail=0 max=default target=default video=default sched=0 weight=-1 cap=-1'],
  [177, 5, 'btype=-1 vcpus=0 avail=0 max=default target=default video=default sched=0 weight=-1 cap=-1'],
  [194, 2, 'vcpus=0'],
  [202, 4, 'vcpus=0'],
  [207, 1, 'yajl error: lexical error: malformed number, a digit is required after the decimal point.'],
  [219, 0, 'avail=0'],
  [227, 1, 'avail=0'],
  [232, 7, 'yajl error: lexical error: invalid char in json text.'],
  [240, 4, "yajl error: parse error: after array element, I expect ',' or ']'"],
  [254, 4, "yajl error: parse error: after array element, I expect ',' or ']'"],
  [287, 0, 'max=default'],
  [288, 2, 'max=default'],
  [295, 3, 'yajl error: parse error: unallowed token at this point in JSON text'],
  [313, 2, 'target=default'],
  [330, 1, 'target=24574'],
  [346, 3, 'video=default'],
  [349, 2, 'video=default'],
  [357, 1, 'yajl error: lexical error: malformed number, a digit is required after the decimal point.'],
  [375, 2, 'sched=0 weight=-1 cap=-1'],
  [377, 1, 'sched=0 weight=-1 cap=-1'],
  [398, 5, 'sched=0'],
  [399, 3, 'sched=0'],
  [411, 1, '(rc=-3) type=-1'],
  [411, 4, '(rc=-3) type=-1'],
  [432, 3, 'weight=-1'],
  [435, 0, 'weight=-1'],
  [439, 3, 'yajl error: parse error: unallowed token at this point in JSON text'],
  [457, 4, 'cap=-1'],
  [458, 6, 'cap=-1'],
  [461, 3, "yajl error: parse error: object key and value must be separated by a colon (':')"],
  [498, 5, 'yajl error: lexical error: invalid char in json text.'],
  [500, 2, '(rc=-3) type=-1'],
  [501, 4, '(rc=-3) type=-1'],
  [507, 1, 'yajl error: lexical error: invalid string in json text.'],
  [518, 5, 'btype=-1'],
  [521, 4, 'btype=-1'],
  [557, 2, '(rc=-3) type=1'],
  [576, 0, 'vga=0'],
  [581, 0, ''],
  [599, 3, 'vga=0'],
  [609, 4, '(rc=-3) type=1'],
  [643, 7, 'yajl error: lexical error: invalid bytes in UTF8 string.'],
  [693, 1, 'yajl error: lexical error: invalid character inside string.'],
  [717, 0, ''],
  [754, 5, 'serial=(null)'],
  [755, 2, 'serial=(null)'],
  [792, 6, '(rc=-3) type=1'],
  [793, 2, '(rc=-3) type=1'],
  [846, 5, 'yajl error: parse error: premature EOF'],
  [870, 4, 'yajl error: parse error: invalid object key (must be a string)'],
  [877, 0, 'yajl error: lexical error: malformed number, a digit is required after the minus sign.'],
  [892, 7, 'yajl error: lexical error: invalid bytes in UTF8 string.'],
  [939, 1, 'yajl error: lexical error: invalid character inside string.'],
  [950, 5, "yajl error: parse error: after key and value, inside map, I expect ',' or '}'"],
  [951, 0, 'yajl error: lexical error: malformed number, a digit is required after the minus sign.'],
  [960, 0, 'reboot=1'],
  [964, 2, 'reboot=1'],
  [986, 1, 'soft=1'],
  [990, 2, 'soft=1'],
  [1008, 1, '(rc=-3) type=1'],
  [1011, 6, '(rc=-3) type=1'],
];

test.each(PV_FLIPS)('PV: bit flipped at %i.%i: %s', (at, bit, expected) => {
  expect(outcome(PV_CONFIG, at, bit)).toBe(expected);
});

test.each(HVM_FLIPS)('HVM: bit flipped at %i.%i: %s', (at, bit, expected) => {
  expect(outcome(HVM_CONFIG, at, bit)).toBe(expected);
});

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const taken = (json: string, release = 417): ReadConfig => {
  const result = read(text(json), release);
  if (typeof result === 'string') throw new Error(result);
  return result;
};

test('a value stands where it stands in the text', () => {
  const json = '{"b_info": {"max_vcpus": 12, "type.pv": {"cmdline": "é quiet"}}}';
  const { b_info: build } = taken(json).taken;
  expect(build?.max_vcpus).toEqual({ value: 12, at: { offset: 25, length: 2 } });
  // é has two bytes.
  expect(build?.type).toMatchObject({
    is: 'pv',
    fields: { cmdline: { value: 'é quiet', at: { offset: 52, length: 10 } } },
  });
});

test('a release takes the fields that it has', () => {
  const json = '{"b_info": {"vmtrace_buf_kb": 64}, "p9s": [{"tag": "a"}], "p9": [{"tag": "b"}]}';
  const told = [406, 409, 410, 415].map((release) => {
    const { taken: config, ignored } = taken(json, release);
    const given = [config.p9?.count, config.p9s?.count, config.b_info?.vmtrace_buf_kb?.value];
    return [release, given, ignored.map(({ path, isDevices }) => [path, isDevices])];
  });
  expect(told).toEqual([
    [
      406,
      [undefined, undefined, undefined],
      [
        ['b_info.vmtrace_buf_kb', false],
        ['p9s', true],
        ['p9', true],
      ],
    ],
    [
      409,
      [1, undefined, undefined],
      [
        ['b_info.vmtrace_buf_kb', false],
        ['p9s', true],
      ],
    ],
    [
      410,
      [undefined, 1, undefined],
      [
        ['b_info.vmtrace_buf_kb', false],
        ['p9', true],
      ],
    ],
    [415, [undefined, 1, 64], [['p9', true]]],
  ]);
});

test('PVH is a type since 4.10', () => {
  const json = '{"c_info": {"type": "pvh"}, "b_info": {"type.pvh": {}}}';
  expect(taken(json, 409).refusal?.path).toBe('c_info.type');
  expect(taken(json, 410).taken.b_info?.type?.is).toBe('pvh');
});

test('what stands behind a value that cannot be converted is lost', () => {
  const json = '{"nics": [{"mac": "00:16:3e:00:00"}, {}], "vkbs": [{}], "disks": [{}], "on_crash": "restart"}';
  const { taken: config, refusal, lost } = taken(json);
  expect(refusal).toEqual({
    path: 'nics[0].mac',
    at: { offset: 18, length: 16 },
    expected: 'six bytes in hex with colons between them',
    rc: -6,
  });
  expect(lost).toEqual(['nics[1]', 'vkbs', 'on_crash']);
  expect([config.disks?.count, config.nics?.count, config.vkbs]).toEqual([1, 2, undefined]);
});

test('the name of a JSON object is no name of JavaScript', () => {
  const { taken: config, ignored } = taken('{"__proto__": {"c_info": {}}, "c_info": {"constructor": 1, "name": "x"}}');
  expect(config.c_info?.name?.value).toBe('x');
  expect(ignored.map(({ path }) => path)).toEqual(['c_info.constructor', '__proto__']);
});

/** A field of b_info or the one in front, the JSON of its value, and what comes of it: the value, or what is returned. */
const VALUES: readonly (readonly [field: string, json: string, expected: unknown])[] = [
  ['b_info.max_vcpus', '-2147483648', -2_147_483_648],
  ['b_info.max_vcpus', '2147483648', 'rc=-3'],
  // Of a number in another form libxl takes the digits in front, or nothing.
  ['b_info.max_vcpus', '2e3', 2],
  ['b_info.max_vcpus', '2.0', undefined],
  ['b_info.max_vcpus', '"2"', undefined],
  ['b_info.max_vcpus', 'null', undefined],
  ['b_info.rtc_timeoffset', '4294967295', 4_294_967_295],
  ['b_info.rtc_timeoffset', '4294967296', 'rc=-3'],
  ['b_info.rtc_timeoffset', '-1', 'rc=-3'],
  ['b_info.target_memkb', '9223372036854775807', 9_223_372_036_854_775_807n],
  ['b_info.target_memkb', '9223372036854775808', undefined],
  ['b_info.target_memkb', '-0', 0n],
  ['b_info.localtime', '"True"', true],
  ['b_info.localtime', '"Falsely"', false],
  ['b_info.localtime', '"true"', 'rc=-3'],
  ['b_info.localtime', 'true', undefined],
  ['b_info.tsc_mode', '"NATIVE"', 'native'],
  ['b_info.tsc_mode', '"nativ\\u0065"', 'native'],
  ['b_info.tsc_mode', '"native\\u0000x"', 'native'],
  ['b_info.tsc_mode', '"natives"', 'rc=-3'],
  ['b_info.tsc_mode', '2', undefined],
  ['b_info.kernel', 'null', undefined],
  ['b_info.kernel', '"a\\n\\"\\/"', 'a\n"/'],
  ['b_info.kernel', '7', undefined],
  ['b_info.avail_vcpus', '[0, 9, 3]', { bits: [0, 3], size: 1 }],
  ['b_info.avail_vcpus', '[]', { bits: [], size: 0 }],
  ['b_info.avail_vcpus', '[0, null]', 'rc=-3'],
  ['b_info.extra', '["-a", "-b"]', ['-a', '-b']],
  ['b_info.extra', '["-a", 1]', 'rc=-3'],
  ['b_info.cpuid', '[{"leaf": 1, "eax": 5}, {}]', 2],
  ['b_info.cpuid', '[1]', 'rc=-3'],
  ['b_info.cpuid', '{"cpuid": [{}], "msr": []}', 1],
  ['b_info.cpuid', '{"cpuid": [{}]}', 'rc=-3'],
  ['c_info.uuid', '"6C731CFF-DE10-426E-BA5D-FCB7F8A97D75"', '6C731CFF-DE10-426E-BA5D-FCB7F8A97D75'],
  ['c_info.uuid', '"6c731cffde10426eba5dfcb7f8a97d75"', 'rc=-1'],
  ['c_info.xsdata', '{"a": "b", "c": null}', { a: 'b', c: undefined }],
  ['c_info.xsdata', '{"a": true}', 'rc=-3'],
];

test.each(VALUES)('%s: %s', (field, json, expected) => {
  const [part = '', name = ''] = field.split('.');
  const { taken: config, refusal } = taken(`{"${part}": {"${name}": ${json}}}`);
  const values: Readonly<Record<string, unknown>> = { ...(part === 'b_info' ? config.b_info : config.c_info) };
  expect(refusal ? `rc=${refusal.rc}` : (values[name] as { readonly value: unknown } | undefined)?.value).toEqual(
    expected,
  );
});
