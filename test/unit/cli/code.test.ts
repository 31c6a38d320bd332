/** `code` and `dmesg` as processes, on the small real image. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { xenscope } from '../../fixtures/cli';

let folder = '';
let image = '';
let map = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'xenscope-cli-'));
  image = join(folder, 'micro64');
  map = join(folder, 'System.map');
  const packed = readFileSync(new URL('../../../public/samples/micro64.xlsave.gz', import.meta.url));
  writeFileSync(image, gunzipSync(packed));
  const symbols = [
    ['ffffffff80000000', '_text'],
    ['ffffffff80000000', '_stext'],
    ['ffffffff800003a0', 'sched_op'],
    ['ffffffff80001000', 'startup'],
    ['ffffffff80001014', 'run'],
    ['ffffffff80002000', '_etext'],
    ['ffffffff80030000', '_end'],
  ] as const;
  writeFileSync(map, symbols.map(([address, name]) => `${address} T ${name}\n`).join(''));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('code', () => {
  test('instructions, stack and call trace as xenctx lays them out', async () => {
    const { code, stdout } = await xenscope('code', image, '--vcpu', '1');
    expect(code).toBe(0);
    expect(stdout.split('\n').map((line) => line.replace(/ +/gu, ' '))).toEqual([
      'vcpu1:',
      'Code (instr addr ffffffff800003aa)',
      ' ffffffff8000039c cc int3 (4 times)',
      ' ffffffff800003a0 51 push rcx',
      ' ffffffff800003a1 41 53 push r11',
      ' ffffffff800003a3 b8 1d 00 00 00 mov eax, 0x1d',
      ' ffffffff800003a8 0f 05 syscall',
      '> ffffffff800003aa 41 5b pop r11',
      ' ffffffff800003ac 59 pop rcx',
      ' ffffffff800003ad c3 ret',
      ' ffffffff800003ae cc int3 (10 times)',
      '',
      'Stack:',
      ' 0000000000000000 0000000000000000 ffffffff80001129',
      '',
      'Call Trace:',
      ' [<ffffffff800003aa>] <--',
      'ffffffff80004ff8: [<ffffffff80001129>]',
      '',
      '',
    ]);
  });

  test('names out of a System.map; the code of xenctx’s kernel is then what lies between its symbols', async () => {
    const { code, stdout } = await xenscope('code', image, '--vcpu=0', '--symbols', map);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^7 symbols; none of the kernel's entry points is where they say/u);
    expect(stdout).toMatch(/^sched_op:\n +ffffffff800003a0 /mu);
    expect(stdout).toMatch(/^Call Trace:\n +\[<ffffffff800003aa>\] sched_op\+0xa <--$/mu);
    const trace = stdout.split('<--\n')[1]?.trim().split('\n');
    expect(trace).toEqual([
      'ffffffff80006f48:   [<ffffffff80000000>] ? _text',
      'ffffffff80006f58:   [<ffffffff80001d5b>] run+0xd47',
      'ffffffff80006ff8:   [<ffffffff80001012>] startup+0x12',
    ]);
  });

  test('as JSON, one vCPU a line', async () => {
    const { stdout } = await xenscope('code', image, '--json');
    const views = stdout
      .trim()
      .split('\n')
      .map(
        (line) => JSON.parse(line) as { vcpu: number; ip: string; code: { va: string; bytes: string; text: string }[] },
      );
    expect(views.map(({ vcpu, ip }) => [vcpu, ip])).toEqual([
      [0, '0xffffffff800003aa'],
      [1, '0xffffffff800003aa'],
    ]);
    expect(views[0]?.code.find(({ va }) => va === '0xffffffff800003aa')).toMatchObject({
      bytes: '415b',
      text: 'pop r11',
    });
  });

  test('bad usage, and files that are none', async () => {
    for (const [args, reason] of [
      [['--vcpu', 'x'], /--vcpu is not a number: x/u],
      [['--symbols', map, '--own-symbols'], /only one of --symbols and --own-symbols can be given/u],
      [['--vcpu', '7'], /no registers of vCPU 7/u],
      [['--symbols', image], /neither a System.map nor an ELF file/u],
      [['--symbols', join(folder, 'none')], /no such file/u],
      [['--own-symbols'], /no table of symbols is where Linux has its kernel/u],
    ] as const) {
      const { code, stderr } = await xenscope('code', image, ...args);
      expect(code).toBe(2);
      expect(stderr).toMatch(reason);
    }
  });
});

test('dmesg of a guest that is no Linux', async () => {
  const { code, stderr } = await xenscope('dmesg', image);
  expect(code).toBe(1);
  expect(stderr).toMatch(/no Linux kernel was found/u);
});
