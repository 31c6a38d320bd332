/** `xenscope export`: files written, refusals, and nothing left behind. */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { program, xenscope } from '../../fixtures/cli';
import { assemble, pages, PV_PAGES, pvParts } from '../../fixtures/built/restorable';

const folder = mkdtempSync(join(tmpdir(), 'xenscope-export-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const bytes = assemble(pvParts());
const image = join(folder, 'guest.xlsave');
writeFileSync(image, bytes);
let made = 0;
const target = (): string => join(folder, `out-${made++}`);

test('pages, a record, a range', async () => {
  const out = target();
  const ran = await xenscope('export', image, '--pfns', '0x3-0xc', '-o', out);
  expect(ran).toMatchObject({ code: 0, stderr: '' });
  expect(readFileSync(out)).toEqual(Buffer.concat(PV_PAGES.map(([, , content]) => content)));
  const one = target();
  await xenscope('export', image, '--pfns=11', '--output', one);
  expect(readFileSync(one)).toEqual(Buffer.from(PV_PAGES[8]?.[2] ?? []));
  const range = target();
  await xenscope('export', image, '--range', '0x10,32', '-o', range);
  expect(readFileSync(range)).toEqual(Buffer.from(bytes.subarray(16, 48)));
  const record = target();
  expect((await xenscope('export', image, '--record', '0', '-o', record)).stdout).toContain(record);
  expect(readFileSync(record).subarray(0, 10).toString('latin1')).toBe('Xen saved ');
});

test('raw memory has holes', async () => {
  const out = target();
  const { stdout } = await xenscope('export', image, '--raw', '-o', out);
  expect(stdout).toContain('of which 40');
  expect(statSync(out).size).toBe(13 * 4096);
  expect(readFileSync(out).subarray(0, 3 * 4096)).toEqual(Buffer.alloc(3 * 4096));
});

test('a core file, and the image for sharing, which list takes as it takes the original', async () => {
  const core = target();
  expect((await xenscope('export', image, '--elf', '-o', core)).code).toBe(0);
  expect(readFileSync(core).subarray(0, 4)).toEqual(Buffer.from('\u007fELF', 'latin1'));
  const blank = target();
  expect((await xenscope('export', image, '--blank', '-o', blank)).code).toBe(0);
  const [a, b] = await Promise.all([xenscope('list', image, '--json'), xenscope('list', blank, '--json')]);
  expect(b.stdout).toBe(a.stdout);
  expect((await xenscope('check', blank)).stdout).toContain('SH-01');
  expect((await xenscope('show', blank, 'start_info')).stderr).toContain('the pages of this image were blanked');
  const read = await xenscope('mem', blank, '--pfn', '0x3', '--length', '16');
  expect(read.stderr).toContain('the pages of this image were blanked: they hold nothing of the guest');
  const scrubbed = target();
  expect((await xenscope('export', image, '--blank', '--scrub', 'registers,config', '-o', scrubbed)).code).toBe(0);
  const code = await xenscope('code', scrubbed);
  expect(code.stderr).toContain('the registers of this image were scrubbed: they are not those of the guest');
  const judged = await xenscope('check', scrubbed);
  // A script must not take it for an image that restores.
  expect(judged.code).toBe(1);
  expect(judged.stdout.split('\n')[0]).toMatch(
    /^unknown: whether it would restore cannot be told: registers or the configuration were taken out/u,
  );
});

test('into a pipe, where holes are zeros and nothing else is printed', async () => {
  const out = target();
  await xenscope('export', image, '--raw', '-o', out);
  // A pipe of the shell: what Node makes is a socket, which cannot be opened by a name.
  const line = '"$0" "$1" export "$2" --raw -o /dev/stdout | cat';
  const piped = execFileSync('sh', ['-c', line, process.execPath, program, image]);
  expect(piped).toEqual(readFileSync(out));
});

test('- is stdout, also where that is a file, and nothing else goes there', async () => {
  const [out, redirected] = [target(), target()];
  await xenscope('export', image, '--record', '3', '-o', out);
  execFileSync('sh', [
    '-c',
    '"$0" "$1" export "$2" --record 3 -o - > "$3"',
    process.execPath,
    program,
    image,
    redirected,
  ]);
  expect(readFileSync(redirected)).toEqual(readFileSync(out));
});

/** Interrupts itself with the first bytes that it writes. */
const interrupting = `
  import fs from 'node:fs';
  import { syncBuiltinESMExports } from 'node:module';
  const { write } = fs;
  let isFirst = true;
  fs.write = (...all) => {
    if (isFirst) process.kill(process.pid, 'SIGINT');
    isFirst = false;
    return write(...all);
  };
  Object.defineProperties(fs.write, Object.getOwnPropertyDescriptors(write));
  syncBuiltinESMExports();`;
const preload = `data:text/javascript,${encodeURIComponent(interrupting)}`;

test('interrupted in a hole of 8 TiB that is written as zeros, it ends', async () => {
  const far = join(folder, 'far.xlsave');
  const text = new Uint8Array(4096).fill(0x5a);
  writeFileSync(far, assemble({ ...pvParts(), pages: pages([[0x8000_0000, 0, text]]) }));
  const words = ['--import', preload, program, 'export', far, '--raw', '-o', '/dev/null'];
  const child = spawn(process.execPath, words);
  expect(await new Promise((resolve) => child.on('exit', (code, signal) => resolve(signal ?? code)))).toBe('SIGINT');
});

test.each([
  [['--pfns', '0x3-0x20'], 'PFN 0xd: the image never mentions it'],
  [['--record', '999'], 'there is no record 999'],
  [['--range', '0,99999999'], 'the range goes beyond'],
  [['--range', '5'], '--range takes OFFSET,LENGTH'],
  [['--pfns', 'all'], '--pfns takes a PFN, or FIRST-LAST'],
  [['--elf', '--raw'], 'only one of --elf, --raw, --blank, --record, --range and --pfns can be given'],
  [[], 'needs one of'],
  [['--raw', '--scrub', 'config'], '--scrub goes with --blank'],
  [['--raw', '--machine-frames'], '--machine-frames goes with --elf'],
  [['--blank', '--scrub', 'names'], '--scrub takes registers,config'],
  [['--raw', '--json'], 'takes no --json'],
])('%j is refused, and no file is left', async (words, message) => {
  const out = target();
  const { code, stderr } = await xenscope('export', image, ...words, '-o', out);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
  expect(existsSync(out)).toBe(false);
});

test('without -o nothing is written', async () => {
  expect((await xenscope('export', image, '--raw')).stderr).toContain('needs -o FILE');
});
