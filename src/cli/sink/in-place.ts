/**
 * What is written to where it stands: a descriptor that the program was given, a pipe with a name, a device. It was there
 * before and stays; nothing can be taken back.
 */
import { closeSync, constants, fstatSync, fsync, open, write } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { isatty } from 'node:tty';
import { promisify } from 'node:util';
import { CliError } from '../error';
import { codeOf, NOT_FOR_TERMINALS, readerGone } from '../output';
import { attempt, type ExportSink } from './sink';

const ZEROS = new Uint8Array(1024 * 1024);
/** How long to wait for a pipe that is full and does not make the writer wait by itself. */
const FULL_MS = 5;

const openFile = promisify(open);
const writeTo = promisify(write);
const syncFile = promisify(fsync);

/** Resolves as `work` does, or rejects with the reason of the signal: who reads a pipe can take for ever. */
const unlessAborted = <T>(signal: AbortSignal, work: Promise<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });

/**
 * Returns a sink that writes to a descriptor from where it stands, or to what has that name. Holes are written as zeros.
 * Writing rejects with `CliError`, or with the reason of the signal; where nobody reads on the program ends.
 */
export function inPlaceSink(place: number | string, name: string, signal: AbortSignal): ExportSink {
  let opened: number | undefined;
  let written = 0;
  /** Neither made nor cut: no flag says so. */
  const openPlace = async (): Promise<number> => {
    const fd = typeof place === 'number' ? place : await unlessAborted(signal, openFile(place, constants.O_WRONLY));
    if (isatty(fd)) throw new CliError(NOT_FOR_TERMINALS);
    return (opened = fd);
  };
  const writeOnce = async (bytes: Uint8Array, from: number): Promise<number> => {
    const fd = opened ?? (await openPlace());
    try {
      const { bytesWritten } = await unlessAborted(signal, writeTo(fd, bytes, from, bytes.length - from, null));
      written += bytesWritten;
      return bytesWritten;
    } catch (error) {
      if (codeOf(error) === 'EPIPE') readerGone();
      if (codeOf(error) !== 'EAGAIN') throw error;
      await setTimeout(FULL_MS);
      return 0;
    }
  };
  const writeAll = (bytes: Uint8Array): Promise<void> =>
    attempt(name, async () => {
      for (let done = 0; done < bytes.length; signal.throwIfAborted()) done += await writeOnce(bytes, done);
    });
  return {
    remains: () => (written > 0 ? 'what was written is not all' : 'nothing was written'),
    write: writeAll,
    skip: async (length) => {
      // A hole can have terabytes.
      for (let left = length; left > 0; left -= ZEROS.length)
        await writeAll(ZEROS.subarray(0, Math.min(left, ZEROS.length)));
    },
    finish: () =>
      attempt(name, async () => {
        const fd = opened ?? (await openPlace());
        const stat = fstatSync(fd);
        if (stat.isBlockDevice() || stat.isFile()) await syncFile(fd);
        if (typeof place === 'string') closeSync(fd);
      }),
    // A write may be under way, and the program ends with this.
    abandon: async () => undefined,
  };
}
