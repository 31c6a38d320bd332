/** Something the caller got wrong or that cannot be read: printed as one line, exit code 2. */
export class CliError extends Error {
  override readonly name = 'CliError';
}
