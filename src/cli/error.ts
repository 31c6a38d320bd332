/** Why a command ends without an answer, printed as one line. Exit code 2: bad usage, or what cannot be read. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly code: 1 | 2;

  constructor(message: string, code: 1 | 2 = 2) {
    super(message);
    this.code = code;
  }
}
