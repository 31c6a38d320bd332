/** Opening files, with what stands in the way said in words. */
import { openNodeFile, type NodeFileSource } from '../source/node-file';
import { CliError } from './error';

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
          : error instanceof Error
            ? error.message
            : 'cannot be opened';
    throw new CliError(`${path}: ${reason}`);
  }
}
