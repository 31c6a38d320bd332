/** Opening files, with what stands in the way said in words. */
import { openNodeFile, type NodeFileSource } from '../source/node-file';
import { CliError } from './error';
import { systemReason } from './system-reason';

/** Opens a file for reading. Throws `CliError` with the reason in words. */
export function open(path: string): NodeFileSource {
  try {
    return openNodeFile(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const reason =
      code === 'ENOENT'
        ? 'no such file'
        : code === 'EACCES' || code === 'EPERM'
          ? 'permission denied'
          : systemReason(error);
    throw new CliError(`${path}: ${reason}`);
  }
}
