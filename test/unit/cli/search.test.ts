/** `xenscope search`, run as a process. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { jsonLines, xenscope } from '../../fixtures/cli';
import { liveMigration, smallPv } from '../../fixtures/built/images';

let folder = '';
const at = (name: string): string => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'xenscope-search-'));
  writeFileSync(at('small'), smallPv);
  writeFileSync(at('live'), liveMigration);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('with symbols', () => {
  // The hypercall 0x1d of micro64: push rcx; push r11; mov eax, 0x1d.
  const CODE = '51 41 53 b8 1d';
  const given = (): string[] => {
    const packed = readFileSync(new URL('../../../public/samples/micro64.xlsave.gz', import.meta.url));
    writeFileSync(at('micro64'), gunzipSync(packed));
    writeFileSync(at('System.map'), 'ffffffff80000000 T _text\nffffffff800003a0 T sched_op\nffffffff80030000 T _end\n');
    return [at('micro64'), CODE, '--hex', '--symbols', at('System.map')];
  };

  test('where the kernel has a hit, and its name', async () => {
    const { code, stdout, stderr } = await xenscope('search', ...given());
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^ *0x2c29 {2}gpa 0x3a0 va 0xffffffff800003a0 <sched_op> \d+ PAGE_DATA {2}/u);
  });

  test('in JSON: behind the symbol, and null where the kernel has none', async () => {
    const symbols = given().slice(3);
    const { stdout } = await xenscope('search', at('micro64'), '53 b8 1d 00', ...symbols, '--json');
    expect(jsonLines(stdout)).toMatchObject([
      { name: 'PAGE_DATA', pfn: 0, gpa: 0x3a2, va: '0xffffffff800003a2', symbol: 'sched_op+0x2' },
    ]);
    const options = ['--in', 'records', '--limit', '1', '--json'];
    const records = await xenscope('search', at('micro64'), 'Xen', ...symbols, ...options);
    expect(jsonLines(records.stdout)).toMatchObject([{ pfn: null, va: null, symbol: null }]);
  });

  test('of two sources only one', async () => {
    expect(await xenscope('search', ...given(), '--own-symbols')).toMatchObject({
      code: 2,
      stderr: 'xenscope: only one of --symbols and --own-symbols can be given\n',
    });
  });
});

describe('search', () => {
  test('a hit in a record: its record, its field', async () => {
    const { code, stdout, stderr } = await xenscope('search', at('small'), 'Xen saved', '--in', 'records', '--json');
    expect([code, stderr]).toEqual([0, '']);
    expect(jsonLines(stdout)).toEqual([
      {
        offset: 0,
        length: 9,
        record: 0,
        name: 'XL_HEADER',
        field: 'magic',
        pfn: null,
        gpa: null,
        va: null,
        symbol: null,
        older: false,
        parts: null,
        bytes: '58656e207361766564',
      },
    ]);
  });

  test('a hit in memory: its page and address, one a line', async () => {
    // PFN 1 is filled with 0x11 first and with 0x12 last; 64 bytes of the second fit 64 times into a page.
    const sixty4 = '12'.repeat(64);
    const { code, stdout } = await xenscope('search', at('live'), sixty4, '--hex', '--limit', '2');
    expect(code).toBe(0);
    const [first, second] = stdout.trimEnd().split('\n');
    expect(first).toMatch(/^ *0x[\da-f]+ {2}gpa 0x1000 \d+ PAGE_DATA +·{16}\[·{48}\]$/u);
    expect(second).toContain('gpa 0x1040 ');
  });

  test('older copies only where they are asked for', async () => {
    const older = '11'.repeat(64);
    expect((await xenscope('search', at('live'), older, '--hex')).code).toBe(1);
    const { stdout } = await xenscope('search', at('live'), older, '--hex', '--all', '--json');
    const hits = jsonLines(stdout);
    expect(hits).toHaveLength(64);
    expect(hits[0]).toMatchObject({ pfn: 1, gpa: 0x1000, older: true });
  });

  test('after -- stands a pattern, even one like an option', async () => {
    const { code, stderr } = await xenscope('search', at('small'), '--text', '--', '--help');
    expect([code, stderr]).toEqual([1, '']);
  });

  test('a limit that is reached is told', async () => {
    const { code, stderr } = await xenscope('search', at('live'), '0', '--int', '1', '--in', 'file', '--limit', '3');
    expect([code, stderr]).toEqual([0, 'xenscope: stopped after 3 hits: there may be more\n']);
  });

  test('a negative integer is no option', async () => {
    expect((await xenscope('search', at('small'), '-1', '--int=8', '--in=file')).code).toBe(0);
  });

  test('exit code 1 where nothing is found, with nothing printed', async () => {
    expect(await xenscope('search', at('small'), 'no such text')).toEqual({ code: 1, stdout: '', stderr: '' });
  });

  test.each([
    [['PATTERN'], 'search needs an IMAGE and a PATTERN; see xenscope --help'],
    [['small', '4d 5', '--hex'], '4d 5: an odd number of hex digits: two make a byte'],
    [['small', '(a', '--regex'], '(a: a ( without its )'],
    [['small', 'a', '--regex', '--hex'], 'only one of --hex, --text, --utf16, --regex and --int can be given'],
    [['small', '1', '--int', '3'], '--int is 1, 2, 4 or 8 bytes, not 3'],
    [['small', 'a', '--in', 'cpu'], '--in is memory, records or file, not cpu'],
    [['small', 'a', '--limit', 'x'], '--limit is a number of hits, not x'],
    [['small', 'a', '--raw'], 'search takes no --raw; see xenscope --help'],
  ])('%j: exit code 2', async (args, problem) => {
    const [file = '', ...rest] = args;
    const given = file === 'small' ? at(file) : file;
    expect(await xenscope('search', given, ...rest)).toEqual({ code: 2, stdout: '', stderr: `xenscope: ${problem}\n` });
  });
});
