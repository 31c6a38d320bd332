/**
 * A file that is there as a whole or not at all: it is written beside its place under another name, and moved there when
 * all of it is on the disk. What stood there before stays until then, whatever ends the program.
 */
import {
  closeSync,
  fchmodSync,
  fchownSync,
  fsync,
  ftruncateSync,
  openSync,
  renameSync,
  rmSync,
  type Stats,
  write,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { attempt, type ExportSink } from './sink';

/** What is exported may hold keys of the guest: for its owner only, as xl dump-core makes its files. */
const MODE = 0o600;
const PERMISSIONS = 0o7777;

const syncFile = promisify(fsync);
const writeAt = promisify(write);

/** Gives the new file the owner and the permissions of the old one; where that cannot be, it stays its maker's alone. */
function takeAfter(fd: number, { uid, gid, mode }: Stats): void {
  try {
    fchownSync(fd, uid, gid);
  } catch {
    return;
  }
  fchmodSync(fd, mode & PERMISSIONS);
}

/**
 * Returns a sink for a file of `size` bytes, with holes. It is made when the first byte is due. `old` is what stands at
 * `path`, which is no symbolic link. Writing rejects with `CliError`, finishing also with the reason of the signal.
 */
export function newFileSink(path: string, size: number, old: Stats | undefined, signal: AbortSignal): ExportSink {
  let made: { readonly name: string; readonly fd: number } | undefined;
  let at = 0;
  const file = () => {
    if (made) return made;
    const name = join(dirname(path), `.xenscope-${crypto.randomUUID()}.part`);
    return (made = { name, fd: openSync(name, 'wx', MODE) });
  };
  return {
    remains: () => 'nothing was kept',
    write: (bytes) =>
      attempt(path, async () => {
        const { fd } = file();
        for (let done = 0; done < bytes.length;) {
          const { bytesWritten } = await writeAt(fd, bytes, done, bytes.length - done, at + done);
          done += bytesWritten;
        }
        at += bytes.length;
      }),
    skip: async (length) => void (at += length),
    finish: () =>
      attempt(path, async () => {
        const { name, fd } = file();
        ftruncateSync(fd, size);
        if (old) takeAfter(fd, old);
        await syncFile(fd);
        signal.throwIfAborted();
        renameSync(name, path);
        made = undefined;
        closeSync(fd);
      }),
    abandon: async () => {
      if (!made) return;
      closeSync(made.fd);
      rmSync(made.name, { force: true });
    },
  };
}
