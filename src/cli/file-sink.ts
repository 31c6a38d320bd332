/** Where an export goes: a file, a device, or stdout. */
import {
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  openSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs';
import { reasonOf } from '../lib/reason';
import type { Sink } from '../memory/export/write';
import { CliError } from './error';
import { nextTurn } from './turns';

const isSame = (a: Stats, b: Stats): boolean => a.dev === b.dev && a.ino === b.ino;

/** Tells whether a path is where stdout goes, to a pipe or a file; it may be gone by now. */
export const isStdout = (path: string): boolean => existsSync(path) && isSame(statSync(path), fstatSync(1));

/** Tells whether an export to `target` would write over the image. */
export const isSameFile = (image: string, target: string): boolean =>
  existsSync(target) && isSame(statSync(image), statSync(target));

const ZEROS = new Uint8Array(1024 * 1024);

/**
 * Returns a sink that writes a file with holes. The file is made when the first byte is due, and removed again if the
 * export does not come to its end. To a pipe or a device, which was not made here, holes are written as zeros.
 */
export function fileSink(path: string, size: number, signal: AbortSignal): Sink {
  let opened: { readonly fd: number; readonly isFile: boolean } | undefined;
  let at = 0;
  const attempt = <T>(act: () => T): T => {
    try {
      return act();
    } catch (error) {
      throw new CliError(`${path}: ${reasonOf(error, 'cannot be written')}`);
    }
  };
  const open = (): { readonly fd: number; readonly isFile: boolean } => {
    if (opened) return opened;
    const fd = attempt(() => openSync(path, 'w'));
    return (opened = { fd, isFile: fstatSync(fd).isFile() });
  };
  const write = (bytes: Uint8Array): void => {
    const { fd, isFile } = open();
    // A pipe has no places.
    for (let done = 0; done < bytes.length;)
      done += attempt(() => writeSync(fd, bytes, done, bytes.length - done, isFile ? at + done : null));
    at += bytes.length;
  };
  return {
    write: async (bytes) => write(bytes),
    skip: async (length) => {
      if (open().isFile) {
        at += length;
        return;
      }
      for (let left = length; left > 0; left -= ZEROS.length) {
        write(ZEROS.subarray(0, Math.min(left, ZEROS.length)));
        // A hole can have terabytes.
        await nextTurn();
        signal.throwIfAborted();
      }
    },
    finish: async () => {
      const { fd, isFile } = open();
      if (isFile) attempt(() => ftruncateSync(fd, size));
      closeSync(fd);
    },
    abandon: async () => {
      if (!opened) return;
      closeSync(opened.fd);
      if (opened.isFile) rmSync(path, { force: true });
    },
  };
}
