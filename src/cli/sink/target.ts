/** What `-o` names, and how it is written: never over the image, and nothing is removed that was not made here. */
import { accessSync, constants, fstatSync, lstatSync, readlinkSync, statSync, type Stats } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { FileId, NodeFileSource } from '../../source/node-file';
import { CliError } from '../error';
import { systemReason } from '../system-reason';
import { inPlaceSink } from './in-place';
import { newFileSink } from './new-file';
import type { ExportSink } from './sink';

const STANDARD: Readonly<Record<string, number>> = { '-': 1, '/dev/stdin': 0, '/dev/stdout': 1, '/dev/stderr': 2 };
const DESCRIPTOR = /^\/(?:dev|proc\/(?:self|thread-self|(?<pid>\d+)))\/fd\/(?<fd>\d{1,9})$/u;

/** Links that lead to links: as many as Linux follows. */
const LINKS = 40;

/** Returns the number of the descriptor of this program that a path names; undefined for any other path. */
function descriptorOf(path: string): number | undefined {
  const { pid, fd } = DESCRIPTOR.exec(path)?.groups ?? {};
  if (fd !== undefined && (pid === undefined || Number(pid) === process.pid)) return Number(fd);
  return Object.hasOwn(STANDARD, path) ? STANDARD[path] : undefined;
}

/** Returns what `act` returns; undefined where there is no such file. */
function unlessMissing<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Returns the path that symbolic links lead to, whether a file is there or not. */
function linkedPath(path: string): string {
  let at = path;
  for (let left = LINKS; left > 0; left--) {
    const stat = unlessMissing(() => lstatSync(at));
    if (!stat?.isSymbolicLink()) return at;
    at = resolve(dirname(at), readlinkSync(at));
    // A link to /dev/stdout leads to the descriptor, and no further.
    if (descriptorOf(at) !== undefined) return at;
  }
  throw new Error('too many symbolic links');
}

const idOf = (stat: { readonly dev: bigint; readonly ino: bigint }): FileId => ({ dev: stat.dev, ino: stat.ino });
const isSame = (a: FileId, b: FileId | undefined): boolean => b !== undefined && a.dev === b.dev && a.ino === b.ino;
const BIG = { bigint: true } as const;

/** Where an export goes. */
export interface Target {
  /** It is stdout, where nothing else may go then. */
  readonly isStdout: boolean;
  sink(size: number, signal: AbortSignal): ExportSink;
}

/**
 * Finds out what `-o` names. A descriptor is written to as it stands, a pipe or a device in its place, and anything else is
 * a file, whose links are followed. Throws `CliError` for the image itself, a folder, and what may not be written.
 */
export function targetOf(name: string, image: NodeFileSource): Target {
  try {
    const path = descriptorOf(name) === undefined ? linkedPath(name) : name;
    const fd = descriptorOf(path);
    const id = fd === undefined ? unlessMissing(() => statSync(path, BIG)) : fstatSync(fd, BIG);
    if (id && isSame(image.id, idOf(id)))
      throw new CliError(`${name} is the image itself: an export never writes over it`);
    if (fd !== undefined) return { isStdout: fd === 1, sink: (_, signal) => inPlaceSink(fd, name, signal) };
    // The same file by another name: what is in it stays, and what was to follow in it does.
    if (id && isSame(idOf(fstatSync(1, BIG)), idOf(id)))
      return { isStdout: true, sink: (_, signal) => inPlaceSink(1, name, signal) };
    return fileTarget(name, path);
  } catch (error) {
    throw error instanceof CliError ? error : new CliError(`${name}: ${systemReason(error)}`);
  }
}

function fileTarget(name: string, path: string): Target {
  const old = unlessMissing((): Stats => statSync(path));
  if (old?.isDirectory() || path.endsWith('/')) throw new CliError(`${name}: it is a folder`);
  if (old && !old.isFile()) return { isStdout: false, sink: (_, signal) => inPlaceSink(path, name, signal) };
  // It is replaced, which takes no permission to write to it; but that is what the permission is for.
  if (old) accessSync(path, constants.W_OK);
  return { isStdout: false, sink: (size, signal) => newFileSink(path, size, old, signal) };
}
