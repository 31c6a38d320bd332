/** A file on disk, for the terminal. Node only. */
import { reasonOf } from '../lib/reason';
import { type BigIntStats, closeSync, constants, fstatSync, openSync, read, readSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { type ByteSource, ReadError } from './source';

/** What tells a file from all others, whatever its name. */
export interface FileId {
  readonly dev: bigint;
  readonly ino: bigint;
}

/** A file on disk that is open. */
export interface NodeFileSource extends ByteSource {
  readonly id: FileId;
  readonly readNow: (offset: number, length: number) => Uint8Array;
  close(): void;
}

/** Does not wait for somebody to write to a pipe; without a meaning for files, and on Windows. */
const AT_ONCE = constants.O_NONBLOCK ?? 0;

function otherKind(stat: BigIntStats): string {
  if (stat.isFIFO()) return 'a pipe';
  if (stat.isSocket()) return 'a socket';
  return stat.isBlockDevice() ? 'a block device' : 'a character device';
}

function demandFile(stat: BigIntStats): void {
  if (stat.isDirectory()) throw new Error('it is a directory');
  if (!stat.isFile()) throw new Error(`it is not a regular file, but ${otherKind(stat)}`);
}

/**
 * Opens a file. Throws the system's error where that fails (ENOENT, EACCES, …), and for anything but a file, at once: a
 * pipe is not waited for, and a device not opened.
 */
export function openNodeFile(path: string): NodeFileSource {
  demandFile(statSync(path, { bigint: true }));
  const fd = openSync(path, constants.O_RDONLY | AT_ONCE);
  const stat = fstatSync(fd, { bigint: true });
  try {
    demandFile(stat);
  } catch (error) {
    closeSync(fd);
    throw error;
  }
  const size = Number(stat.size);
  let scratch = new Uint8Array(64 * 1024);

  const fill = (target: Uint8Array, offset: number): void => {
    for (let done = 0; done < target.length;) {
      let count: number;
      try {
        count = readSync(fd, target, done, target.length - done, offset + done);
      } catch (error) {
        throw new ReadError(offset + done, reasonOf(error, 'the read failed'));
      }
      if (count === 0) throw new ReadError(offset + done, 'the file became shorter while it was read');
      done += count;
    }
  };
  const fillInBackground = (target: Uint8Array, offset: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const more = (done: number): void => {
        read(fd, target, done, target.length - done, offset + done, (error, count) => {
          if (error) reject(new ReadError(offset + done, error.message));
          else if (count === 0) reject(new ReadError(offset + done, 'the file became shorter while it was read'));
          else if (done + count === target.length) resolve();
          else more(done + count);
        });
      };
      if (target.length === 0) resolve();
      else more(0);
    });
  const within = (offset: number, length: number): number => Math.max(0, Math.min(length, size - offset));

  return {
    name: basename(path),
    id: { dev: stat.dev, ino: stat.ino },
    size,
    readNow: (offset, length) => {
      const count = within(offset, length);
      if (scratch.length < count) scratch = new Uint8Array(count);
      const target = scratch.subarray(0, count);
      fill(target, offset);
      return target;
    },
    read: async (offset, length) => {
      const target = new Uint8Array(within(offset, length));
      fill(target, offset);
      return target;
    },
    readInto: fillInBackground,
    close: () => closeSync(fd),
  };
}
