/** How an export ends: what is at its place then, whatever stops it, and what is never touched. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { assemble, pages, pvParts } from '../../fixtures/built/restorable';
import { program, xenscope } from '../../fixtures/cli';

const root = mkdtempSync(join(tmpdir(), 'xenscope-ends-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const text = new Uint8Array(4096).fill(0x5a);
/** 16 MiB, written 4 MiB at a time. */
const COUNT = 4096;
const bytes = assemble({
  ...pvParts(),
  pages: pages(Array.from({ length: COUNT }, (_, index) => [index + 3, 0, text] as const)),
});
const image = join(root, 'guest.xlsave');
writeFileSync(image, bytes);
const content = Buffer.alloc(COUNT * 4096, 0x5a);
const PFNS = ['--pfns', '3-0x1002'];

let folder = '';
let made = 0;
beforeEach(() => {
  folder = join(root, `folder ${made++}`);
  mkdirSync(folder);
});
const at = (name: string): string => join(folder, name);

/** Runs a line of the shell; `$0 $1` is the program, `$2` the image, `$3` the folder. */
const shell = (line: string, ...before: readonly string[]) => {
  const [command, ...rest] = [...before, 'bash', '-c', line, process.execPath, program, image, folder];
  const { status, stdout, stderr } = spawnSync(command, rest, { maxBuffer: 64 * 1024 * 1024 });
  return { code: status, stdout, stderr: stderr.toString() };
};
const EXPORT = '"$0" "$1" export "$2" --pfns 3-0x1002 -o';

describe('to stdout', () => {
  test('- goes to a pipe', () => {
    const { code, stdout, stderr } = shell(`${EXPORT} - | cat`);
    expect([code, stderr, stdout.equals(content)]).toEqual([0, '', true]);
  });

  test.each(['-', '/dev/stdout', '/dev/fd/1', '/proc/self/fd/1', '"$3/link"'])(
    '%s: what a log has before stays',
    (out) => {
      symlinkSync('/dev/stdout', at('link'));
      writeFileSync(at('log'), 'before\n');
      const { code, stderr } = shell(`exec >> "$3/log"; ${EXPORT} ${out}; echo after`);
      expect([code, stderr]).toEqual([0, '']);
      expect(
        readFileSync(at('log')).equals(Buffer.concat([Buffer.from('before\n'), content, Buffer.from('after\n')])),
      ).toBe(true);
      expect(readdirSync(folder).toSorted()).toEqual(['link', 'log']);
    },
  );

  test('another descriptor', () => {
    const { code, stdout } = shell(`exec 5>> "$3/log"; echo before >&5; ${EXPORT} /dev/fd/5; echo after >&5`);
    expect([code, stdout.toString()]).toEqual([0, `/dev/fd/5: 16.0 MiB\n`]);
    expect(statSync(at('log')).size).toBe(content.length + 13);
  });

  test('a hole is zeros', () => {
    const { stdout } = shell(`"$0" "$1" export "$2" --raw -o - | head -c 12288 | od -An -v -tx8 | sort -u`);
    expect(stdout.toString().trim()).toMatch(/^(?:0{16} +)?0{16}$/u);
  });

  test.each(['-', '/dev/stdout'])('%s: where nobody reads on, it ends with 141 and says nothing', (out) => {
    const { stderr } = shell(`{ ${EXPORT} ${out}; echo "code $?" >&2; } | head -c 100 > /dev/null`);
    expect(stderr).toBe('code 141\n');
  });

  test('a full disk is said in a line, and the device stays', () => {
    const before = lstatSync('/dev/stdout').isSymbolicLink();
    const { code, stderr } = shell(`${EXPORT} - > /dev/full`);
    expect([code, stderr]).toEqual([2, 'xenscope: -: no space left on device; nothing was written\n']);
    expect([before, lstatSync('/dev/stdout').isSymbolicLink()]).toEqual([true, true]);
  });
});

describe('to a file', () => {
  test('the new file is its maker’s alone', async () => {
    expect((await xenscope('export', image, ...PFNS, '-o', at('new'))).code).toBe(0);
    expect(readFileSync(at('new')).equals(content)).toBe(true);
    expect(statSync(at('new')).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['new']);
  });

  test('an old file keeps its permissions', async () => {
    writeFileSync(at('old'), 'old');
    chmodSync(at('old'), 0o640);
    expect((await xenscope('export', image, ...PFNS, '-o', at('old'))).code).toBe(0);
    expect([statSync(at('old')).mode & 0o777, readFileSync(at('old')).equals(content)]).toEqual([0o640, true]);
  });

  test.each(['', 'other/'])('a symbolic link stays, and what it leads to is written: %s', async (other) => {
    mkdirSync(at('other'));
    symlinkSync(`${other}target`, at('link'));
    for (const _ of ['made', 'replaced']) {
      expect((await xenscope('export', image, ...PFNS, '-o', at('link'))).code).toBe(0);
      expect([lstatSync(at('link')).isSymbolicLink(), readFileSync(at(`${other}target`)).equals(content)]).toEqual([
        true,
        true,
      ]);
    }
    expect(readdirSync(at('other'))).toEqual(other === '' ? [] : ['target']);
  });

  test('a name as long as names can be', async () => {
    expect((await xenscope('export', image, ...PFNS, '-o', at('n'.repeat(255)))).code).toBe(0);
  });

  test.each([
    ['a folder', 'folder', 'it is a folder'],
    ['a folder that is not there', 'none/', 'it is a folder'],
    ['a file in no folder', 'none/x', 'no such file or directory'],
    ['a file in a file', 'file/x', 'not a directory'],
    ['a link to itself', 'loop', 'too many symbolic links'],
    ['a name that is too long', 'n'.repeat(256), 'name too long'],
  ])('%s', async (_, name, reason) => {
    mkdirSync(at('folder'));
    writeFileSync(at('file'), 'old');
    symlinkSync('loop', at('loop'));
    const { code, stderr } = await xenscope('export', image, ...PFNS, '-o', at(name));
    expect([code, stderr.split('\n').length]).toEqual([2, 2]);
    expect(stderr).toContain(`${at(name)}: ${reason}`);
    expect(readdirSync(folder).toSorted()).toEqual(['file', 'folder', 'loop']);
    expect(readFileSync(at('file'), 'utf8')).toBe('old');
  });
});

describe('never over the image', () => {
  test.each([
    ['its name', (own: string) => own],
    ['a symbolic link', (own: string) => (symlinkSync(own, at('link')), at('link'))],
    ['a hard link', (own: string) => (linkSync(own, at('hard')), at('hard'))],
    ['a link to a link', (own: string) => (symlinkSync(own, at('a')), symlinkSync('a', at('b')), at('b'))],
    ['its descriptor', () => '/dev/fd/7'],
    ['its descriptor by process', () => '/proc/self/fd/7'],
    ['stdin', () => '/dev/stdin'],
  ])('%s', (_, nameOf) => {
    const own = at('own');
    writeFileSync(own, bytes);
    const out = nameOf(own);
    const line = '"$0" "$1" export "$3/own" --pfns 3-4 -o "$OUT" 7<> "$3/own" < "$3/own"';
    const { code, stderr } = shell(line, 'env', `OUT=${out}`);
    expect([code, stderr]).toEqual([2, `xenscope: ${out} is the image itself: an export never writes over it\n`]);
    expect(readFileSync(own).equals(Buffer.from(bytes))).toBe(true);
  });

  test('nor where stdout is the image', () => {
    writeFileSync(at('own'), bytes);
    const { code, stderr } = shell('"$0" "$1" export "$3/own" --pfns 3-4 -o - >> "$3/own"');
    expect([code, stderr.includes('is the image itself')]).toEqual([2, true]);
    expect(readFileSync(at('own')).equals(Buffer.from(bytes))).toBe(true);
  });
});

/** Does something with the second piece that is written: code that has `fs`, and the arguments of the write. */
const atSecondWrite = (act: string): string =>
  `data:text/javascript,${encodeURIComponent(`
  import fs from 'node:fs';
  import { syncBuiltinESMExports } from 'node:module';
  const { write } = fs;
  let count = 0;
  fs.write = (...all) => {
    count++;
    if (count === 2) { ${act} }
    return write(...all);
  };
  Object.defineProperties(fs.write, Object.getOwnPropertyDescriptors(write));
  syncBuiltinESMExports();`)}`;

const failing = (code: string, words: string): string =>
  atSecondWrite(`const error = Object.assign(new Error('${code}: ${words}, write'), { code: '${code}' });
    return process.nextTick(() => all.at(-1)(error));`);

function runWith(preload: string, target: string, of = image): Promise<{ ended: unknown; stderr: string }> {
  const child = spawn(process.execPath, ['--import', preload, program, 'export', of, ...PFNS, '-o', target]);
  let stderr = '';
  child.stderr.on('data', (data) => (stderr += String(data)));
  return new Promise((resolve) => child.on('close', (code, signal) => resolve({ ended: signal ?? code, stderr })));
}

describe('stopped in the middle', () => {
  test.each([
    ['SIGINT', atSecondWrite("process.kill(process.pid, 'SIGINT')"), 'SIGINT', 'interrupted'],
    ['SIGTERM', atSecondWrite("process.kill(process.pid, 'SIGTERM')"), 'SIGTERM', 'interrupted'],
    ['SIGHUP', atSecondWrite("process.kill(process.pid, 'SIGHUP')"), 'SIGHUP', 'interrupted'],
    ['a full disk', failing('ENOSPC', 'no space left on device'), 2, 'TARGET: no space left on device'],
    ['a quota', failing('EDQUOT', 'disk quota exceeded'), 2, 'TARGET: disk quota exceeded'],
    ['a fault of the disk', failing('EIO', 'i/o error'), 2, 'TARGET: i/o error'],
    [
      'an image that becomes shorter',
      atSecondWrite(`fs.truncateSync(process.argv[3], 100)`),
      2,
      `${join(root, 'short')}: reading at 0x`,
    ],
  ])('by %s: nothing new is there, and a good old file stays', async (what, preload, how, why) => {
    for (const old of ['', 'a good old file']) {
      if (old !== '') writeFileSync(at('out'), old);
      if (what.startsWith('an image')) writeFileSync(join(root, 'short'), bytes);
      const { ended, stderr } = await runWith(
        preload,
        at('out'),
        what.startsWith('an image') ? join(root, 'short') : image,
      );
      expect(ended).toBe(how);
      expect(stderr).toContain(`xenscope: ${why.replace('TARGET', at('out'))}`);
      expect(stderr).toMatch(/^[^\n]+; nothing was kept\n$/u);
      expect(readdirSync(folder)).toEqual(old === '' ? [] : ['out']);
      if (old !== '') expect(readFileSync(at('out'), 'utf8')).toBe(old);
    }
  });

  test('by SIGKILL, which nobody hears: a good old file stays', async () => {
    writeFileSync(at('out'), 'a good old file');
    expect((await runWith(atSecondWrite("process.kill(process.pid, 'SIGKILL')"), at('out'))).ended).toBe('SIGKILL');
    expect(readFileSync(at('out'), 'utf8')).toBe('a good old file');
  });

  test('while nobody reads on in a pipe that is full', async () => {
    execFileSync('mkfifo', [at('fifo')]);
    // Holds the pipe open at both ends, and tells when there is something in it.
    const holder = spawn('bash', ['-c', 'exec 3<> "$0"; echo open; head -c 1 <&3; read -r', at('fifo')], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const next = (): Promise<string> =>
      new Promise((resolve) => holder.stdout.once('data', (data) => resolve(String(data))));
    expect(await next()).toBe('open\n');
    const filled = next();
    const child = spawn(process.execPath, [program, 'export', image, ...PFNS, '-o', at('fifo')]);
    const ended = new Promise((resolve) => child.on('close', (code, signal) => resolve(signal ?? code)));
    let stderr = '';
    child.stderr.on('data', (data) => (stderr += String(data)));
    expect(await filled).toBe('Z');
    child.kill('SIGTERM');
    expect([await ended, stderr]).toEqual(['SIGTERM', 'xenscope: interrupted; nothing was written\n']);
    holder.kill();
    expect(lstatSync(at('fifo')).isFIFO()).toBe(true);
  });
});

describe('to what is no file', () => {
  test('/dev/null stays what it is', async () => {
    const { code, stdout } = await xenscope('export', image, ...PFNS, '-o', '/dev/null');
    expect([code, stdout]).toEqual([0, '/dev/null: 16.0 MiB\n']);
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  test('/dev/full fails in a line and stays', async () => {
    const { code, stderr } = await xenscope('export', image, ...PFNS, '-o', '/dev/full');
    expect([code, stderr]).toEqual([2, 'xenscope: /dev/full: no space left on device; nothing was written\n']);
    expect(statSync('/dev/full').isCharacterDevice()).toBe(true);
  });

  test('a pipe with a name is written to', () => {
    const { code, stdout } = shell(`mkfifo "$3/fifo"; ${EXPORT} "$3/fifo" > /dev/null & cat "$3/fifo"; wait`);
    expect([code, stdout.equals(content)]).toEqual([0, true]);
    expect(lstatSync(at('fifo')).isFIFO()).toBe(true);
  });

  test('a program of the shell', () => {
    const { stdout } = shell(`${EXPORT} >(sha256sum) | cat`);
    const { stdout: wanted } = shell(`head -c 16777216 /dev/zero | tr '\\0' Z | sha256sum`);
    expect(stdout.toString()).toContain(wanted.toString().trim());
  });
});

describe('where others may write', () => {
  /** Root may write anywhere; the tests may run as root. */
  const asNobody = process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : [];

  test.runIf(existsSync('/usr/bin/setpriv'))('a folder that is not writable, and a file that is not', () => {
    for (const path of [root, folder]) chmodSync(path, 0o755);
    appendFileSync(at('old'), 'old');
    const { code, stderr } = shell(`${EXPORT} "$3/new"; ${EXPORT} "$3/old"`, ...asNobody);
    expect([code, stderr.split('\n')]).toEqual([
      2,
      [`xenscope: ${at('new')}: permission denied; nothing was kept`, `xenscope: ${at('old')}: permission denied`, ''],
    ]);
    expect(readdirSync(folder)).toEqual(['old']);
    chmodSync(folder, 0o777);
    chmodSync(at('old'), 0o444);
    expect(shell(`${EXPORT} "$3/old"`, ...asNobody).stderr).toBe(`xenscope: ${at('old')}: permission denied\n`);
    expect(readFileSync(at('old'), 'utf8')).toBe('old');
  });
});

test.each([
  ['a directory', () => undefined],
  ['a pipe', (path: string) => execFileSync('mkfifo', [path])],
  ['a character device', (path: string) => symlinkSync('/dev/zero', path)],
])('%s as an image is refused at once', async (what, make) => {
  const path = what === 'a directory' ? folder : at('odd');
  make(path);
  for (const words of [
    ['list', path],
    ['check', path],
    ['export', path, ...PFNS, '-o', at('out')],
    ['check', image, '--target-policy', path],
  ])
    expect(await xenscope(...words)).toEqual({
      code: 2,
      stdout: '',
      stderr: `xenscope: ${path}: it is ${what === 'a directory' ? what : `not a regular file, but ${what}`}\n`,
    });
});

test('a pipe by its descriptor', () => {
  const { code, stderr } = shell('cat /dev/null | "$0" "$1" list /dev/stdin');
  expect([code, stderr]).toEqual([2, 'xenscope: /dev/stdin: it is not a regular file, but a pipe\n']);
});
