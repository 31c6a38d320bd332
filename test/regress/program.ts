/**
 * A built terminal program, run many times within this process: a process for each of ten thousand command lines would
 * take an hour. Its text becomes the body of a function that gets a `process` of its own, so that each call starts
 * with fresh state, as a process does. Any commit's program will do: only its arguments and its output are known here.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

export interface Ran {
  readonly code: number;
  readonly stdout: Uint8Array;
  readonly stderr: string;
}

export type Run = (args: readonly string[]) => Promise<Ran>;

type Main = (process: object) => Promise<void>;

/** Writes the program as a function beside itself, where its imports resolve as before; returns the path. */
export function wrapProgram(program: string): string {
  const text = readFileSync(program, 'utf8');
  const lines = text.replace(/^#!.*\n/u, '').split('\n');
  const imports = lines.filter((line) => /^import\b[^(]*["'];?$/u.test(line));
  const body = lines.filter((line) => !imports.includes(line) && !/^export \{[^}]*\};?$/u.test(line));
  const wrapped = join(dirname(resolve(program)), `regress-${process.pid}.mjs`);
  writeFileSync(wrapped, [...imports, 'export default async function (process) {', ...body, '}'].join('\n'));
  process.once('exit', () => rmSync(wrapped, { force: true }));
  return wrapped;
}

/** Loads what `wrapProgram` wrote. */
export async function loadProgram(wrapped: string): Promise<Run> {
  const { default: main } = (await import(pathToFileURL(wrapped).href)) as { default: Main };
  return async (args) => {
    const [stdout, stderr] = [pipe(), pipe()];
    const fake = Object.create(process, {
      argv: { value: [process.execPath, 'xenscope', ...args] },
      stdout: { value: stdout },
      stderr: { value: stderr },
      exitCode: { value: undefined, writable: true },
      exit: { value: exit },
      // Signals are this process' own business.
      once: { value: () => fake },
      off: { value: () => fake },
    }) as { exitCode?: number };
    await main(fake);
    return { code: fake.exitCode ?? 0, stdout: stdout.bytes(), stderr: Buffer.from(stderr.bytes()).toString() };
  };
}

function exit(code: number): never {
  throw new Error(`the program called process.exit(${code})`);
}

/** As much of a stream as the program writes to. */
function pipe() {
  const chunks: Uint8Array[] = [];
  return {
    isTTY: false,
    on: () => undefined,
    write: (chunk: string | Uint8Array) => {
      chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk.slice());
      return true;
    },
    bytes: (): Uint8Array => Buffer.concat(chunks),
  };
}
