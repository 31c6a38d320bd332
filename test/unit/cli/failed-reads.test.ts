/** Reads that fail: each command says which, ends with code 2, and makes nothing up for what it could not read. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Ran } from '../../fixtures/cli';
import { type Failing, onFailingDisk } from '../../fixtures/failing-disk';

let folder = '';
let image = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'xenscope-disk-'));
  image = join(folder, 'micro64');
  const packed = readFileSync(new URL('../../../public/samples/micro64.xlsave.gz', import.meta.url));
  writeFileSync(image, gunzipSync(packed));
});
afterAll(() => rmSync(folder, { recursive: true }));

const out = (): string => join(folder, 'out');

/** All commands that read of the image what they print. */
const COMMANDS: readonly (readonly [string, ...string[]])[] = [
  ['show', '13'],
  ['show', 'start_info'],
  ['check'],
  ['mem', '--va=0xffffffff800003aa'],
  ['mem', '--pfn=0x17'],
  ['walk', '--va=0xffffffff800003aa'],
  ['code'],
  ['dmesg'],
  ['search', 'no such text in the guest'],
  ['search', '--in=file', 'no such text in the guest'],
  ['export', '--raw'],
  ['export', '--elf'],
  ['export', '--blank'],
  ['export', '--record=13'],
];

function run(failing: Failing, [name, ...rest]: readonly [string, ...string[]]): Promise<Ran> {
  const more = name === 'export' ? ['-o', out()] : [];
  return name === 'show' || name === 'search'
    ? onFailingDisk(failing, name, image, ...rest)
    : onFailingDisk(failing, name, image, ...rest, ...more);
}

describe('all reads fail once the image has been scanned', () => {
  test.each(COMMANDS)('%s %s', async (...command) => {
    const given = command.filter((word) => word !== undefined);
    const [name = '', ...rest] = given;
    const { code, stdout, stderr } = await run({ from: 0, to: 2 ** 40, after: 0x40_2561 }, [name, ...rest]);
    expect(stderr).toMatch(/^xenscope: .*EIO: i\/o error, read/mu);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(existsSync(out())).toBe(false);
  });
});

/** From the record behind the pages on: all that says something about vCPUs. */
const BEHIND_PAGES = { from: 0x3f_e889, to: 2 ** 40 };

describe('the scan itself comes upon what cannot be read', () => {
  test.each([['list'], ['show', '10'], ['show', '13'], ...COMMANDS.slice(2)] as readonly (readonly [
    string,
    ...string[],
  ])[])('%s %s', async (...command) => {
    const [name = '', ...rest] = command.filter((word) => word !== undefined);
    const { code, stderr } = await run(BEHIND_PAGES, [name, ...rest]);
    expect(stderr.split('\n')[0]).toBe(
      `xenscope: ${image}: reading at 0x3fe889 failed: EIO: i/o error, read; what comes after is not known`,
    );
    expect(code).toBe(2);
    rmSync(out(), { force: true });
  });

  test('list has all records before it, and says where it ended', async () => {
    const { stdout } = await run(BEHIND_PAGES, ['list']);
    expect(stdout).toContain('10     879     4186120  libxc    0x00000001  PAGE_DATA                   1024 PFNs');
    expect(stdout).toContain('fatal: at 0x3fe889: reading failed: EIO: i/o error, read; nothing after this is listed');
    expect(stdout).toContain('11 records, fingerprint unknown');
  });
});

test('a search that finds something, and could not read all', async () => {
  const { code, stdout, stderr } = await run({ from: 0x3f_6000, to: 0x3f_7000 }, ['search', 'micropv: ready']);
  expect(code).toBe(0);
  expect(stdout).toContain('[micropv: ready]');
  expect(stderr).toContain('could not be read and were not searched');
});

test('nothing at all can be read', async () => {
  const { code, stdout, stderr } = await run({ from: 0, to: 2 ** 40 }, ['list']);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain('Reading at 0x0 failed: EIO: i/o error, read.');
});
