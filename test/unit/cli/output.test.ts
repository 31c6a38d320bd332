/**
 * Nothing of an image reaches a terminal but what is seen: every command about images whose texts are made to mislead,
 * with names, patterns and logs of the same kind.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { assemble, pvParts } from '../../fixtures/built/restorable';
import { concat, record } from '../../fixtures/built/stream';
import { FAKE, HOSTILE, hostileImages } from '../../fixtures/built/hostile';
import { jsonLines, program } from '../../fixtures/cli';
import { printedBy } from '../../fixtures/printed';

const folder = mkdtempSync(join(tmpdir(), 'xenscope-output-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A file name can have neither a slash nor a NUL, and 255 bytes at most. */
const NAME = HOSTILE.slice(0, 60);
const odd = join(folder, NAME);
mkdirSync(odd);
const images = Object.entries(hostileImages()).map(([name, bytes]) => {
  const path = join(odd, name);
  writeFileSync(path, bytes);
  return { name, path };
});
const log = join(odd, 'log');
writeFileSync(log, `${HOSTILE}\nxc: error: ${HOSTILE}\nlibxl: ${HOSTILE}\nHVM0 restore: bad ${HOSTILE}\n`);
const systemMap = join(odd, 'System.map');
writeFileSync(systemMap, 'ffffffff82000000 T evil\u001b[31m\u009b\u202e\nffffffff82004000 B _end\u2028\n');

/** Returns what is neither seen nor the end of a line, with what stands around it. */
function unseenIn(bytes: Buffer): string[] {
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  const found = text.matchAll(/[^\p{L}\p{M}\p{N}\p{P}\p{S} \u2009\n]|[\p{Default_Ignorable_Code_Point}\u2800]/gu);
  return Array.from(found, ({ index }) => JSON.stringify(text.slice(Math.max(0, index - 60), index + 20)));
}

const fakeLines = (bytes: Buffer): string[] =>
  bytes
    .toString()
    .split('\n')
    .filter((line) => line.startsWith('FAKE'));

async function expectSeen(commands: readonly (readonly string[])[]): Promise<string> {
  let all = '';
  for (const words of commands) {
    const { stdout, stderr } = await printedBy(...words);
    for (const bytes of [stdout, stderr]) {
      expect([words, unseenIn(bytes).slice(0, 5), fakeLines(bytes)]).toEqual([words, [], []]);
      all += bytes.toString();
    }
  }
  return all;
}

/** What shows that the text came through; that behind the stream, and that of a file which is refused, is not printed. */
const TRACES: Readonly<Record<string, string>> = {
  policy: String.raw`\u001b[31mX\u001b[0m\u009b3`,
  trailer: 'follow',
  refused: '',
};

describe.each(images)('an image with hostile text: $name', ({ name, path }) => {
  test('every command', async () => {
    const { stdout } = await printedBy('list', path, '--json');
    const rows = stdout.length === 0 ? [] : jsonLines(stdout.toString()).map((_, index) => String(index));
    const shown = await expectSeen([
      ['list', path],
      ...rows.map((row) => ['show', path, row]),
      ['check', path],
      ['dmesg', path],
    ]);
    expect(shown.includes(TRACES[name] ?? String.raw`\u009b`)).toBe(true);
    await expectSeen([
      ['list', path, '--json'],
      ...rows.map((row) => ['show', path, row, '--json']),
      ['check', path, '--json'],
      ['check', path, '--log', log],
      ['check', path, '--log', log, '--json'],
      ['check', path, '--target-policy', path],
      ['code', path],
      ['code', path, '--json'],
      ['dmesg', path, '--json'],
      ['mem', path, '--pfn', '0x102'],
      ['walk', path, '--va', '0xffffffff82000010'],
      ['search', path, 'RTL', '--in', 'file'],
      ['search', path, 'RTL', '--in', 'file', '--json'],
      ['search', path, '/.*/', '--in', 'records', '--limit', '200'],
      ['search', path, 'RTL'],
      ['export', path, '--range', '0,10', '-o', join(odd, `${name}.out`)],
      ['export', path, '--blank', '-o', join(odd, `${name}.blank`)],
      ['export', path, '--record', '99', '-o', join(odd, `${name}.out`)],
      ['export', path, '--range', '0,10', '-o', path],
    ]);
  });
});

test('names, operands and options', async () => {
  const [{ path } = { path: '' }] = images;
  const linux = join(odd, 'linux');
  await expectSeen([
    ['list', HOSTILE],
    ['list', odd],
    ['list', join(odd, 'refused')],
    [HOSTILE],
    ['list', path, `--${HOSTILE}`],
    ['list', path, HOSTILE],
    ['show', path, HOSTILE],
    ['show', path, `offset:${HOSTILE}`],
    ['check', path, '--xen', HOSTILE],
    ['check', path, '--log', HOSTILE],
    ['check', path, '--target-policy', HOSTILE],
    ['check', path, '--target-policy', log],
    ['mem', path, '--va', HOSTILE],
    ['mem', linux, '--va', HOSTILE, '--symbols', systemMap],
    ['mem', linux, '--pfn', '1', '--length', HOSTILE],
    ['code', linux, '--symbols', systemMap],
    ['code', linux, '--symbols', systemMap, '--json'],
    ['code', linux, '--symbols', log],
    ['code', linux, '--vcpu', HOSTILE],
    ['walk', linux, '--va', '0xffffffff82000010', '--symbols', systemMap],
    ['walk', linux, '--va', '0xffffffff82000010', '--symbols', systemMap, '--json'],
    ['search', linux, 'RTL', '--symbols', systemMap],
    ['search', linux, 'RTL', '--symbols', systemMap, '--json'],
    ['search', linux, HOSTILE],
    ['search', linux, `/(${HOSTILE}/`],
    ['search', linux, HOSTILE, '--hex'],
    ['search', linux, 'x', '--in', HOSTILE],
    ['search', linux, 'x', '--limit', HOSTILE],
    ['search', linux, '1', '--int', HOSTILE],
    ['export', path, '--pfns', HOSTILE, '-o', 'x'],
    ['export', path, '--blank', '--scrub', HOSTILE, '-o', 'x'],
    ['export', path, '--range', '0,10', '-o', join(folder, 'none', NAME)],
    ['--help', HOSTILE],
  ]);
});

test('a document has its lines, and no other value has', async () => {
  const path = join(odd, 'xml');
  const { stdout } = await printedBy('show', path, '0');
  const lines = stdout.toString().split('\n');
  expect(lines.filter((line) => line.trimStart().startsWith(FAKE)).map((line) => line.search(/\S/u))).toEqual(
    Array.from({ length: 3 }, () => 50),
  );
  expect(lines.find((line) => line.includes('comment'))).toContain(String.raw`x\nFAKE: Xen would restore this image`);
});

test('raw bytes are for files and pipes, not for a terminal', async () => {
  const linux = join(odd, 'linux');
  for (const words of [
    'mem "$2" --pfn 0x102 --raw',
    'export "$2" --pfns 0x102 -o -',
    'export "$2" --pfns 0x102 -o /dev/tty',
  ]) {
    // script(1) gives the program a terminal of its own.
    const line = `"$0" "$1" ${words}; echo "code $?"`;
    const shown = execFileSync(
      'script',
      ['-qec', `sh -c '${line}' '${process.execPath}' '${program}' "$IMAGE"`, '/dev/null'],
      {
        env: { ...process.env, IMAGE: linux },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    expect(unseenIn(Buffer.from(shown.toString('latin1').replaceAll('\r\n', '\n'), 'latin1'))).toEqual([]);
    expect(shown.toString()).toContain('not fit for a terminal');
    expect(shown.toString()).toContain('code 2');
  }
});

test('where nobody reads on the program ends at once, without a word', () => {
  const long = join(folder, 'long');
  writeFileSync(
    long,
    assemble({ ...pvParts(), tsc: concat(...Array.from({ length: 20_000 }, () => record(0x8000_0042))) }),
  );
  for (const words of ['list "$2"', 'list "$2" --json']) {
    const line = `exec 2>&1; { "$0" "$1" ${words}; echo "code $?" >&2; } | head -c 0; wait`;
    const said = execFileSync('bash', ['-c', line, process.execPath, program, long], { encoding: 'utf8' });
    expect([words, said]).toEqual([words, 'code 141\n']);
  }
});
