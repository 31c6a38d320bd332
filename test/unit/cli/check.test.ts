/** `xenscope check`, run as a process: exit codes, the fixed JSON, logs, the host and the version that restore. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { xenscope } from '../../fixtures/cli';
import { assemble, hvmParts, patch, pvParts } from '../../fixtures/built/restorable';
import { readTruth } from '../../fixtures/broken';
import { originals, samples } from '../../fixtures/samples';
import { concat, record, u32 } from '../../fixtures/built/stream';
import { HOST } from '../check/cases/libxc';

let folder = '';
const at = (name: string): string => join(folder, name);

const pv = pvParts();
const childNamed = (name: string): Uint8Array => pv[name] ?? new Uint8Array(0);
/** File offset of a part of the PV image. */
function startOf(name: string): number {
  let sum = 0;
  for (const [one, bytes] of Object.entries(pv)) {
    if (one === name) return sum;
    sum += bytes.length;
  }
  return Number.NaN;
}

const LOG = `Loading new save file /tmp/pv (new xl fmt info 0x3/0x0/1234)
xc: error: Mandatory record 0x33 (Reserved) not handled: Internal error
xc: error: Restore failed (95 = Operation not supported): Internal error

Something else altogether
`;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'xenscope-check-'));
  const unknown = concat(record(0x33), childNamed('tsc'));
  const files = {
    pv: assemble(pv),
    hvm: assemble(hvmParts()),
    unknown: assemble({ ...pv, tsc: unknown }),
    // Leaf 7 says that there are two subleaves more than the host has.
    newer: assemble({ ...pv, cpuid: patch(childNamed('cpuid'), 8 + 48 + 8, u32(2)) }),
    suspect: assemble({ ...pv, shared: new Uint8Array(0) }),
    text: new TextEncoder().encode('Once upon a time there was a hypervisor, and below it a machine.\n'),
    gz: gzipSync(assemble(pv)),
    empty: new Uint8Array(0),
    host: new TextEncoder().encode(HOST),
    log: new TextEncoder().encode(LOG),
    none: new TextEncoder().encode('no policy at all'),
  };
  for (const [name, bytes] of Object.entries(files)) writeFileSync(at(name), bytes);
});
afterAll(() => rmSync(folder, { recursive: true }));

async function json(...args: readonly string[]) {
  const { code, stdout, stderr } = await xenscope('check', ...args, '--json');
  expect(stderr).toBe('');
  // One object, one line.
  expect(stdout.trimEnd().split('\n')).toHaveLength(1);
  return { code, report: JSON.parse(stdout) as Record<string, unknown> };
}

describe('exit codes', () => {
  test.each<[string, string, number, string]>([
    [
      'an image that would restore',
      'pv',
      0,
      'ok: no fault found in the image: it would restore (xl restore, as Xen 4.17)',
    ],
    ['one whose guest would be damaged', 'suspect', 0, 'suspect: it would restore, but the guest would be damaged'],
    ['one that would not restore', 'unknown', 1, 'fails: it would not restore (xl restore, as Xen 4.17)'],
    ['a file that xl would refuse', 'text', 1, 'fails: it would not restore'],
    ['an empty file', 'empty', 1, 'fails: it would not restore'],
  ])('%s', async (_name, file, expected, first) => {
    const { code, stdout, stderr } = await xenscope('check', at(file));
    expect([code, stderr]).toEqual([expected, '']);
    expect(stdout.split('\n')[0]).toContain(first);
  });

  test.each<[string, () => string[], string]>([
    ['no image', () => ['check'], 'check needs an IMAGE'],
    ['no such image', () => ['check', at('nothing')], 'nothing: no such file'],
    ['a folder', () => ['check', folder], 'it is a directory'],
    ['two images', () => ['check', at('pv'), at('hvm')], 'too many arguments for check'],
    ['an unknown option', () => ['check', at('pv'), '--verbose'], 'unknown option --verbose'],
    ['a compressed image', () => ['check', at('gz')], 'The file is compressed with gzip'],
    ['no such reader', () => ['check', at('pv'), '--reader', 'xm'], 'no reader of that name: xm'],
    ['no log', () => ['check', at('pv'), '--log', at('nothing')], 'the log /'],
    ['no policy', () => ['check', at('pv'), '--target-policy', at('nothing')], 'nothing: no such file'],
    [
      'a policy that is none',
      () => ['check', at('pv'), '--target-policy', at('none')],
      'neither the output of xen-cpuid -p',
    ],
    ['a value missing', () => ['check', at('pv'), '--xen'], '--xen needs a value'],
    ['a version too old', () => ['check', at('pv'), '--xen', '4.5'], 'no version of Xen that reads such images: 4.5'],
    [
      'a version of something',
      () => ['check', at('pv'), '--xen', 'five'],
      'no version of Xen that reads such images: five',
    ],
    ['a version without a number', () => ['check', at('pv'), '--xen='], 'no version of Xen that reads such images:'],
    ['an option of another command', () => ['list', at('pv'), '--xen', '4.17'], 'list takes no --xen'],
  ])('2 for %s, with one line on stderr', async (_name, args, message) => {
    const { code, stdout, stderr } = await xenscope(...args());
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});

describe('--json', () => {
  test('the members of the contract, in this order', async () => {
    const { code, report } = await json(at('unknown'));
    expect(code).toBe(1);
    expect(Object.keys(report)).toEqual(['schema', 'image', 'verdict', 'reader', 'first', 'findings']);
    expect([report['schema'], report['verdict']]).toEqual([1, 'fails']);
    expect(report['first']).toEqual({
      id: 'LC-17',
      key: 'LC-17.not-handled',
      severity: 'fatal',
      layer: 'libxc',
      certainty: 'certain',
      record: 11,
      offset: startOf('tsc'),
      length: 4,
      message: expect.any(String) as string,
      log: ['Mandatory record 0x33 (Reserved) not handled'],
      by: ['libxc'],
    });
    expect(report['findings']).toContainEqual(report['first']);
    expect(report['image']).toEqual({
      name: 'unknown',
      size: assemble(pv).length + 8,
      fingerprint: expect.stringMatching(/^[\da-f]{16}$/u) as string,
      container: 'xl',
      domain: 'x86 PV',
      libxcVersion: 3,
      savedBy: '4.17',
      checkedAs: '4.17',
    });
  });

  test('of an image that would restore first is null', async () => {
    const { code, report } = await json(at('pv'));
    expect([code, report['verdict'], report['first']]).toEqual([0, 'ok', null]);
    expect(report['findings']).toMatchObject([{ id: 'HO-12', severity: 'note', certainty: 'target', log: [] }]);
  });

  test('of a file that is no image', async () => {
    const { code, report } = await json(at('text'));
    expect([code, report['verdict']]).toEqual([1, 'fails']);
    expect(report['first']).toMatchObject({ id: 'XL-03', layer: 'xl', record: null, offset: 0 });
    expect(report['image']).toMatchObject({ container: null, domain: null, libxcVersion: null, savedBy: null });
  });
});

describe('--log', () => {
  test('each line with what it is about', async () => {
    const { code, report } = await json(at('unknown'), '--log', at('log'));
    expect(code).toBe(1);
    const lines = report['log'] as Record<string, unknown>[];
    expect(lines.map(({ finding }) => finding)).toEqual([null, 'LC-17', null, null]);
    expect(lines[1]).toEqual({
      line: 'xc: error: Mandatory record 0x33 (Reserved) not handled: Internal error',
      text: 'Mandatory record 0x33 (Reserved) not handled',
      finding: 'LC-17',
      rule: 'LC-17',
      key: 'LC-17.not-handled',
      record: 11,
      offset: startOf('tsc'),
      length: 4,
      note: null,
    });
    expect(lines[2]).toMatchObject({ note: 'libxc gives up: the line before tells why', offset: null });
    expect(lines[3]).toMatchObject({ text: 'Something else altogether', finding: null, rule: null, offset: null });
  });

  test('in words', async () => {
    const { stdout } = await xenscope('check', at('unknown'), '--log', at('log'));
    expect(stdout).toContain('The log:');
    expect(stdout).toContain('  →   Mandatory record 0x33 (Reserved) not handled');
    expect(stdout).toContain('2 lines of 4 tell of a failure; --all-lines prints the rest');
    expect(stdout).not.toContain('Something else altogether');
    const all = await xenscope('check', at('unknown'), '--log', at('log'), '--all-lines');
    expect(all.stdout).toContain('      Something else altogether');
  });
});

describe('--xen and --target-policy', () => {
  test('subleaves more than the host has is a note, until the host is given', async () => {
    const alone = await json(at('newer'));
    expect([alone.code, alone.report['verdict']]).toEqual([0, 'ok']);
    const { code, report } = await json(at('newer'), '--target-policy', at('host'));
    expect([code, report['verdict']]).toEqual([1, 'fails']);
    expect(report['first']).toMatchObject({
      id: 'HO-09',
      certainty: 'target',
      log: ['Failed to set CPUID policy: leaf 00000007, subleaf 00000000, msr ffffffff (22 = Invalid argument)'],
    });
  });

  test('the policy may be that of an image', async () => {
    const { code } = await json(at('pv'), '--target-policy', at('hvm'));
    expect(code).toBe(0);
  });

  test('all releases in a row each', async () => {
    const { code, stdout } = await xenscope('check', at('pv'), '--xen', 'all');
    expect(code).toBe(0);
    expect(stdout.trimEnd().split('\n')).toHaveLength(18);
    expect(stdout).toContain('4.13  Would fail      LC-05: a stream of version 3, which Xen reads since 4.14\n');
    expect(stdout).toContain('4.17  Would restore   (which saved it)\n');
    const told = await xenscope('check', at('pv'), '--xen', 'all', '--json');
    const rows = JSON.parse(told.stdout) as readonly Record<string, unknown>[];
    expect(rows.find(({ xen }) => xen === '4.13')).toEqual({
      xen: '4.13',
      verdict: 'fails',
      key: 'LC-05',
      message: 'a stream of version 3, which Xen reads since 4.14',
    });
  });

  test('the reader decides what is looked at first', async () => {
    const { report } = await json(at('pv'), '--reader', 'virsh');
    expect([report['verdict'], report['reader'], report['first']]).toMatchObject(['fails', 'virsh', { id: 'LV-02' }]);
  });

  test('a version that does not read version 3 of the stream', async () => {
    const { code, report } = await json(at('pv'), '--xen=4.13.1');
    expect([code, report['verdict']]).toEqual([1, 'fails']);
    expect(report['first']).toMatchObject({ id: 'LC-05', layer: 'libxc' });
    expect(report['image']).toMatchObject({ savedBy: '4.17', checkedAs: '4.13' });
  });
});

/** Images on the host that saved them, and on one with a lesser CPU, as a real Xen took them. */
const real = [...originals, ...samples];
const policies = ['host-epyc', 'lesser-cpu'].map((host) => [host, readTruth(`${host}/xen-cpuid-p.txt`)] as const);

describe.each(policies.flatMap(([host, text]) => (text === undefined ? [] : [{ host, text }])))(
  '$host',
  ({ host, text }) => {
    test.each(real.filter(({ name }) => name === 'micro64' || name === 'micropvh').slice(0, 2))(
      '$name',
      async (sample) => {
        writeFileSync(at(sample.name), sample.open());
        writeFileSync(at(host), text);
        const { code, report } = await json(at(sample.name), '--xen', '4.17', '--target-policy', at(host));
        expect([code, report['verdict']]).toEqual(host === 'host-epyc' ? [0, 'ok'] : [1, 'fails']);
      },
    );
  },
);
