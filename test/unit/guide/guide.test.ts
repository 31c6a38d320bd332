/**
 * The worked examples of CONTRIBUTING.md lead where they say: made step by step in a copy of the sources, the compiler
 * says what is printed there, and in the end nothing.
 */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CHECK_RULE } from './check-rule';
import { CONTAINER } from './container';
import type { Edit, Example } from './example';
import { HVM_ENTRY } from './hvm-entry';
import { RECORD_TYPE } from './record-type';

const run = promisify(execFile);
let copy = '';

beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'guide-'));
  for (const name of ['src', 'tsconfig.json', 'package.json', 'vite.iced.ts'])
    await cp(name, join(copy, name), { recursive: true });
  await symlink(resolve('node_modules'), join(copy, 'node_modules'));
  const compilerOptions = { incremental: true, tsBuildInfoFile: './.info' };
  await writeFile(
    join(copy, 'tsconfig.guide.json'),
    JSON.stringify({ extends: './tsconfig.json', include: ['src'], compilerOptions }),
  );
});
afterAll(() => rm(copy, { recursive: true }));

/** Returns what the compiler says of the copy, without lines and columns. */
async function complaints(): Promise<string[]> {
  const said = await run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.guide.json'], {
    cwd: copy,
  }).then(
    () => '',
    ({ stdout }: { readonly stdout: string }) => stdout,
  );
  return said.split('\n').flatMap((line) => {
    const match = /^(src\S+)\(\d+,\d+\): error (TS\d+: .*)$/u.exec(line);
    return match ? [`${match[1]}: ${match[2]}`] : [];
  });
}

async function make({ file, before, insteadOf, text }: Edit): Promise<void> {
  const path = join(copy, file);
  await mkdir(dirname(path), { recursive: true });
  const mark = before ?? insteadOf;
  if (mark === undefined) return writeFile(path, text);
  const old = await readFile(path, 'utf8');
  const at = old.indexOf(mark);
  expect(at, `${file} has no ${mark}`).toBeGreaterThan(0);
  await writeFile(path, old.slice(0, at) + text + old.slice(at + (insteadOf?.length ?? 0)));
}

/** The lines of a fenced block, without what it is indented by. */
function dedented(block: string): string[] {
  const lines = block.split('\n').filter((line) => line.trim() !== '');
  const indent = Math.min(...lines.map((line) => line.length - line.trimStart().length));
  return lines.map((line) => line.slice(indent));
}

/** The fenced blocks of a section: those of the compiler, and those with code. */
async function blocksOf(heading: string): Promise<{ readonly said: readonly string[][]; readonly code: string[][] }> {
  const text = await readFile('CONTRIBUTING.md', 'utf8');
  const section = text.split(`\n### ${heading}\n`)[1]?.split('\n### ')[0] ?? '';
  const blocks = Array.from(section.matchAll(/^ *```(\w*)\n(.*?)^ *```$/gmsu), ([, language, block = '']) => ({
    language,
    lines: dedented(block),
  }));
  return {
    said: blocks.filter(({ lines: [first = ''] }) => first.startsWith('src/')).map(({ lines }) => lines),
    code: blocks.filter(({ language }) => language === 'ts').map(({ lines }) => lines),
  };
}

/** Tells whether a line is the one that is printed, which may be cut at `…`. */
const isPrinted = (line: string, printed: string): boolean =>
  printed.endsWith('…') ? line.startsWith(printed.slice(0, -1).trimEnd()) : line === printed;

async function follow({ heading, steps, files, tests = '' }: Example): Promise<void> {
  const edits = steps.flat();
  const touched = new Set(edits.map(({ file }) => file));
  expect(touched.size).toBe(files);
  const { said, code } = await blocksOf(heading);
  const written = [...edits.map(({ text }) => text), tests].map((text) => dedented(text).join('\n')).join('\n');
  for (const lines of code) expect(written).toContain(lines.join('\n'));
  const heard: string[][] = [];
  for (const step of steps) {
    for (const edit of step) await make(edit);
    heard.push(await complaints());
  }
  expect(heard.pop()).toEqual([]);
  for (const [index, lines] of heard.entries()) {
    const printed = said[index] ?? [];
    const fits = lines.length === printed.length && printed.every((one) => lines.some((line) => isPrinted(line, one)));
    if (!fits) expect(lines).toEqual(printed);
  }
  expect(said.length).toBe(heard.length);
  for (const file of touched) {
    await rm(join(copy, file));
    await cp(file, join(copy, file)).catch(() => undefined);
  }
}

test('the examples lead where CONTRIBUTING.md says', async () => {
  for (const example of [RECORD_TYPE, HVM_ENTRY, CHECK_RULE, CONTAINER]) await follow(example);
});
