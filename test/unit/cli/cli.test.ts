/** The terminal program, run as a process: output formats, references, and what it says when it cannot. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bigEndianPv, hvmXl, liveMigration, optionalRecord, pvXl, smallPv } from '../../fixtures/built/images';
import { jsonLines, xenscope } from '../../fixtures/cli';

let folder = '';
const at = (name: string): string => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'xenscope-cli-'));
  const files = {
    pv: pvXl,
    hvm: hvmXl,
    live: liveMigration,
    small: smallPv,
    optional: optionalRecord,
    big: bigEndianPv,
    empty: new Uint8Array(0),
    gz: gzipSync(pvXl),
    text: new TextEncoder().encode('Once upon a time there was a hypervisor.\n'),
    cut: pvXl.slice(0, 20_000),
  };
  for (const [name, bytes] of Object.entries(files)) writeFileSync(at(name), bytes);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('list --json', () => {
  test('one object a line, with just these members in this order', async () => {
    const { code, stdout, stderr } = await xenscope('list', at('small'), '--json');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.split('\n')).toEqual([
      '{"index":0,"parent":null,"layer":"xl","kind":"header","type":null,"name":"XL_HEADER","offset":0,"length":80,"vcpu":null,"pages":null}',
      '{"index":1,"parent":0,"layer":"libxl","kind":"header","type":null,"name":"LIBXL_HEADER","offset":80,"length":16,"vcpu":null,"pages":null}',
      '{"index":2,"parent":1,"layer":"libxl","kind":"record","type":1,"name":"LIBXC_CONTEXT","offset":96,"length":0,"vcpu":null,"pages":null}',
      '{"index":3,"parent":2,"layer":"libxc","kind":"header","type":null,"name":"IMAGE_HEADER","offset":104,"length":24,"vcpu":null,"pages":null}',
      '{"index":4,"parent":3,"layer":"libxc","kind":"header","type":null,"name":"DOMAIN_HEADER","offset":128,"length":16,"vcpu":null,"pages":null}',
      '{"index":5,"parent":3,"layer":"libxc","kind":"record","type":2,"name":"X86_PV_INFO","offset":144,"length":8,"vcpu":null,"pages":null}',
      '{"index":6,"parent":3,"layer":"libxc","kind":"record","type":17,"name":"X86_CPUID_POLICY","offset":160,"length":48,"vcpu":null,"pages":null}',
      '{"index":7,"parent":3,"layer":"libxc","kind":"record","type":18,"name":"X86_MSR_POLICY","offset":216,"length":16,"vcpu":null,"pages":null}',
      '{"index":8,"parent":3,"layer":"libxc","kind":"record","type":16,"name":"STATIC_DATA_END","offset":240,"length":0,"vcpu":null,"pages":null}',
      '{"index":9,"parent":3,"layer":"libxc","kind":"record","type":3,"name":"X86_PV_P2M_FRAMES","offset":248,"length":16,"vcpu":null,"pages":null}',
      '{"index":10,"parent":3,"layer":"libxc","kind":"record","type":1,"name":"PAGE_DATA","offset":272,"length":4120,"vcpu":null,"pages":2}',
      '{"index":11,"parent":3,"layer":"libxc","kind":"record","type":8,"name":"X86_TSC_INFO","offset":4400,"length":24,"vcpu":null,"pages":null}',
      '{"index":12,"parent":3,"layer":"libxc","kind":"record","type":5,"name":"X86_PV_VCPU_EXTENDED","offset":4432,"length":72,"vcpu":0,"pages":null}',
      '{"index":13,"parent":3,"layer":"libxc","kind":"record","type":6,"name":"X86_PV_VCPU_XSAVE","offset":4512,"length":24,"vcpu":0,"pages":null}',
      '{"index":14,"parent":3,"layer":"libxc","kind":"record","type":12,"name":"X86_PV_VCPU_MSRS","offset":4544,"length":24,"vcpu":0,"pages":null}',
      '{"index":15,"parent":3,"layer":"libxc","kind":"record","type":0,"name":"END","offset":4576,"length":0,"vcpu":null,"pages":null}',
      '{"index":16,"parent":1,"layer":"libxl","kind":"record","type":0,"name":"END","offset":4584,"length":0,"vcpu":null,"pages":null}',
      '',
    ]);
  });

  test('an optional type above 2^31 is a positive number, and the name is its number', async () => {
    const { stdout } = await xenscope('list', at('optional'), '--json');
    expect(jsonLines(stdout)[4]).toEqual({
      index: 4,
      parent: 0,
      layer: 'libxc',
      kind: 'record',
      type: 2_147_483_714,
      name: '0x80000042',
      offset: 12_392,
      length: 21,
      vcpu: null,
      pages: null,
    });
  });

  test('a damaged file is listed as far as it goes', async () => {
    const { code, stdout } = await xenscope('list', at('cut'), '--json');
    expect(code).toBe(0);
    expect(jsonLines(stdout)).toHaveLength(14);
  });

  test('the option may come first', async () => {
    const [first, last] = await Promise.all([
      xenscope('--json', 'list', at('small')),
      xenscope('list', at('small'), '--json'),
    ]);
    expect(first).toEqual(last);
  });
});

describe('list as text', () => {
  test('a line each, then the findings and the fingerprint', async () => {
    const { code, stdout } = await xenscope('list', at('live'));
    expect(code).toBe(0);
    const lines = stdout.split('\n');
    expect(lines[0]).toBe(' #  offset      length  layer    type        name');
    expect(lines[1]).toBe(' 0       0          80  xl                   XL_HEADER');
    expect(lines[13]).toBe('12    4158        8216  libxc    0x00000001  PAGE_DATA                   2 PFNs');
    expect(lines[20]).toBe('19    d208        5176  libxc    0x00000004  X86_PV_VCPU_BASIC           vCPU 0');
    expect(lines.at(-3)).toBe(
      'note: at 0xfb28: a captured migration that succeeded: the sender’s go-ahead follows the stream',
    );
    expect(lines.at(-2)).toMatch(/^26 records, fingerprint [\da-f]{16}$/u);
  });

  test('a finding says what was expected and found', async () => {
    const { stdout } = await xenscope('list', at('cut'));
    expect(stdout).toContain('DAMAGED');
    expect(stdout).toContain(
      'fatal: at 0x4170: the file ends inside X86_PV_VCPU_BASIC (expected 5\u2009176 bytes, found 3\u2009240 bytes)',
    );
  });
});

describe('show', () => {
  const tscInfo = {
    index: 11,
    name: 'X86_TSC_INFO',
    offset: 4400,
    length: 24,
    fields: [
      {
        name: 'record header',
        offset: 4400,
        length: 8,
        value: null,
        text: '8 B',
        fields: [
          { name: 'type', offset: 4400, length: 4, value: 8, text: '0x8 · X86_TSC_INFO' },
          { name: 'body_length', offset: 4404, length: 4, value: 24, text: '24 B' },
        ],
      },
      {
        name: 'mode',
        offset: 4408,
        length: 4,
        value: 0,
        text: '0 · default: emulated where the host’s TSC would not do',
      },
      { name: 'khz', offset: 4412, length: 4, value: 2_596_121, text: '2\u2009596\u2009121 kHz' },
      {
        name: 'nsec',
        offset: 4416,
        length: 8,
        value: 5_107_042_910,
        text: '5\u2009107\u2009042\u2009910 ns · 5.107 s',
      },
      { name: 'incarnation', offset: 4424, length: 4, value: 1, text: '1' },
      { name: 'reserved', offset: 4428, length: 4, value: 0, text: '0x0' },
    ],
  };

  test.each(['11', 'rec:11', 'offset:4400', 'offset:0x1130', 'offset:0x114f'])('--json, by %s', async (ref) => {
    const { code, stdout, stderr } = await xenscope('show', at('small'), ref, '--json');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.endsWith('}\n')).toBe(true);
    expect(JSON.parse(stdout)).toEqual(tscInfo);
  });

  test('values wider than 53 bits are written in hex', async () => {
    const { stdout } = await xenscope('show', at('pv'), '13', '--json');
    expect(stdout).toContain(
      '{"name":"rip","offset":17416,"length":8,"value":"0xffffffff800003aa","text":"ffffffff800003aa"}',
    );
    expect(stdout).toContain('"name":"rax","offset":17368,"length":8,"value":160,');
  });

  test('the same values of a big-endian image', async () => {
    const { stdout } = await xenscope('show', at('big'), '13', '--json');
    expect(stdout).toContain(
      '{"name":"rip","offset":17416,"length":8,"value":"0xffffffff800003aa","text":"ffffffff800003aa"}',
    );
  });

  test.each([
    ['pfn:0x1', 15],
    ['pfn:31', 16],
    ['pfn:0x1f', 16],
  ])('%s: the record that mentions the page last', async (ref, index) => {
    const { stdout } = await xenscope('show', at('live'), ref, '--json');
    expect(JSON.parse(stdout)).toMatchObject({ index, name: 'PAGE_DATA' });
  });

  test('a header', async () => {
    const { stdout } = await xenscope('show', at('small'), '4', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      name: 'DOMAIN_HEADER',
      offset: 128,
      length: 16,
      fields: [
        { name: 'type', offset: 128, value: 1, text: '1 · x86 PV' },
        { name: 'page_shift', offset: 132, value: 12 },
        { name: 'reserved', offset: 134, value: 0 },
        { name: 'xen_major', offset: 136, value: 4 },
        { name: 'xen_minor', offset: 140, value: 17 },
      ],
    });
  });

  test('every row of an image, and no byte of it twice or outside', async () => {
    const rows = jsonLines((await xenscope('list', at('hvm'), '--json')).stdout);
    expect(rows).toHaveLength(16);
    for (const index of rows.keys()) {
      const { code, stdout } = await xenscope('show', at('hvm'), String(index), '--json');
      const { offset, length, fields } = JSON.parse(stdout) as {
        offset: number;
        length: number;
        fields: { offset: number; length: number }[];
      };
      expect(code).toBe(0);
      let end = offset;
      for (const field of fields) {
        expect(field.offset, `row ${index}`).toBe(end);
        end = field.offset + field.length;
      }
      const framed = (rows[index] as { kind: string }).kind === 'record' ? 8 + Math.ceil(length / 8) * 8 : length;
      expect(end, `row ${index}`).toBe(offset + framed);
    }
  });

  test('text', async () => {
    const { code, stdout } = await xenscope('show', at('small'), '11');
    expect(code).toBe(0);
    expect(stdout.split('\n').slice(0, 5)).toEqual([
      'X86_TSC_INFO  (record 11, libxc record, at 0x1130, 24 bytes)',
      '      0x1130  record header                       8 B',
      '      0x1130    type                              0x8 · X86_TSC_INFO',
      '      0x1134    body_length                       24 B',
      '      0x1138  mode                                0 · default: emulated where the host’s TSC would not do',
    ]);
  });

  test('text of long lists is cut, JSON is not', async () => {
    const [text, json] = await Promise.all([
      xenscope('show', at('pv'), '13'),
      xenscope('show', at('pv'), '13', '--json'),
    ]);
    expect(text.stdout).toContain('… 192 more');
    expect(json.stdout).toContain('"name":"[255]"');
  });
});

describe('what it cannot do: one line on stderr, nothing on stdout, exit 2', () => {
  test.each<[string, () => string[], string]>([
    ['no command', () => [], 'xenscope: a command is missing; see xenscope --help'],
    ['unknown command', () => ['lst', at('pv')], 'xenscope: unknown command lst; see xenscope --help'],
    ['a name of Object', () => ['constructor', at('pv')], 'xenscope: unknown command constructor; see xenscope --help'],
    ['unknown option', () => ['list', at('pv'), '--jsn'], 'xenscope: unknown option --jsn; see xenscope --help'],
    ['no image', () => ['list'], 'xenscope: list needs an IMAGE; see xenscope --help'],
    ['no reference', () => ['show', at('pv')], 'xenscope: show needs an IMAGE and a REF; see xenscope --help'],
    ['too much', () => ['list', at('pv'), at('hvm')], 'xenscope: too many arguments for list; see xenscope --help'],
    ['missing file', () => ['list', at('nothing')], 'nothing: no such file'],
    ['a folder', () => ['list', folder], ': it is a directory'],
    ['a device', () => ['list', '/dev/null'], '/dev/null: it is not a regular file'],
    ['an empty file', () => ['list', at('empty')], 'empty: The file is empty.'],
    ['a compressed file', () => ['list', at('gz'), '--json'], 'gz: The file is compressed with gzip. Unpack it first'],
    ['not Xen', () => ['show', at('text'), '0'], 'text: This is not a Xen image.'],
    ['no such record', () => ['show', at('small'), '17'], 'xenscope: no record 17: the image has 17'],
    ['a reference that is none', () => ['show', at('small'), 'first'], 'xenscope: record is not a number: first'],
    ['a negative reference', () => ['show', at('small'), 'offset:-1'], 'xenscope: offset is not a number: -1'],
    ['a fraction', () => ['show', at('small'), '1.5'], 'xenscope: record is not a number: 1.5'],
    ['behind the last record', () => ['show', at('small'), 'offset:0x11f0'], 'xenscope: no record at offset 0x11f0'],
    ['a page that is not there', () => ['show', at('small'), 'pfn:0x99'], 'xenscope: PFN 0x99 is not in the image'],
  ])('%s', async (_name, args, message) => {
    const { code, stdout, stderr } = await xenscope(...args());
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
    expect(stderr.startsWith('xenscope: ')).toBe(true);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  test('a file without permission', async () => {
    const { getuid } = process;
    writeFileSync(at('secret'), pvXl);
    chmodSync(at('secret'), 0o000);
    const { code, stderr } = await xenscope('list', at('secret'));
    // The superuser may read everything.
    if (getuid?.() === 0) expect(code).toBe(0);
    else expect([code, stderr]).toEqual([2, `xenscope: ${at('secret')}: permission denied\n`]);
  });
});

test('--help', async () => {
  const { code, stdout, stderr } = await xenscope('--help');
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain('xenscope list');
  expect(stdout).toContain('xenscope show');
});
