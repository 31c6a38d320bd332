/**
 * Where output goes: lines and bytes to stdout, complaints and progress to stderr. Nothing else writes there, so no text
 * gets to a terminal but through `visible`: a line is what the program ends, never what a file has a line end in.
 */
import { writeSync } from 'node:fs';
import { isatty } from 'node:tty';
import { reasonOf } from '../lib/reason';
import { visible } from '../lib/visible';
import { CliError } from './error';

const STDOUT = 1;
const STDERR = 2;
/** Exit code of a program whose reader has gone, as the shell reports one that SIGPIPE ended. */
const READER_GONE = 141;
/** How long to wait for a pipe that is full and does not make the writer wait by itself, in milliseconds. */
const FULL_MS = 5;

export const NOT_FOR_TERMINALS = 'these bytes are not fit for a terminal: send them to a file or a pipe';

let pending: string[] = [];
let pendingSize = 0;
/** The line on stderr has not ended. */
let isProgressOpen = false;

/** Returns the code of an error of the system, such as `EPIPE`. */
export const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);

/** Writes all of the bytes, to a pipe or a file that is open. Throws the system's error. */
function writeAll(fd: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) {
    try {
      done += writeSync(fd, bytes, done);
    } catch (error) {
      if (codeOf(error) !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, FULL_MS);
    }
  }
}

/** Ends the program where nobody reads its output any more, as SIGPIPE ends others. */
export function readerGone(): never {
  process.exit(READER_GONE);
}

/**
 * Writes bytes to stdout as they are. Where they cannot be written the program ends: without a word where nobody reads
 * on, as in `xenscope list … | head`.
 */
function toStdout(bytes: Uint8Array): void {
  try {
    writeAll(STDOUT, bytes);
  } catch (error) {
    if (codeOf(error) === 'EPIPE') readerGone();
    toStderr(`xenscope: writing the output failed: ${visible(reasonOf(error))}\n`);
    process.exit(2);
  }
}

function toStderr(text: string): void {
  try {
    writeAll(STDERR, new TextEncoder().encode(text));
  } catch {
    // There is nobody left who could be told.
  }
}

/** Prints a line. Lines are gathered, as a write for each would cost more than the scan. */
export function print(line: string): void {
  printPart(line);
  pending.push('\n');
}

/** Prints a part of a line that is too long to be made as a whole; `print` ends it. */
export function printPart(text: string): void {
  pending.push(visible(text));
  pendingSize += text.length + 1;
  if (pendingSize > 1 << 16) flush();
}

/** Writes what `print` has gathered. */
export function flush(): void {
  const parts = pending;
  pending = [];
  pendingSize = 0;
  if (parts.length > 0) toStdout(new TextEncoder().encode(parts.join('')));
}

/** Writes bytes of the guest or the image as they are. Throws `CliError` where stdout is a terminal, which would obey them. */
export function write(bytes: Uint8Array): void {
  if (isatty(STDOUT)) throw new CliError(NOT_FOR_TERMINALS);
  flush();
  toStdout(bytes);
}

/** Prints a line on stderr, with the program's name, after what was printed before: on a terminal both stand in one place. */
export function complain(line: string): void {
  flush();
  toStderr(`${isProgressOpen ? '\n' : ''}xenscope: ${visible(line)}\n`);
  isProgressOpen = false;
}

/** Tells whether somebody watches stderr. */
export const isWatched = (): boolean => isatty(STDERR);

/** Shows a line on stderr in the place of the one that it showed before; the last one stays. */
export function showProgress(line: string, isLast: boolean): void {
  toStderr(`\r${visible(line)}${isLast ? '\n' : ''}`);
  isProgressOpen = !isLast;
}
