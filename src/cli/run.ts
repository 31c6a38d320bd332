/** One run of the program: a command line, what it prints, an exit code. */
import { reasonOf } from '../lib/reason';
import { Scan } from '../scan/scan';
import { ReadError } from '../source/source';
import { type Asked, readArguments } from './arguments';
import { COMMANDS } from './commands';
import { CliError } from './error';
import { open } from './open';
import { complain, flush, print } from './output';
import { commandUsage, usage } from './usage';

/** Runs a command line and returns the exit code. Never rejects: what goes wrong is said in a line on stderr. */
export async function run(argv: readonly string[]): Promise<number> {
  try {
    const asked = readArguments(argv, COMMANDS);
    const code = asked.help ? printUsage(asked) : await runCommand(asked);
    flush();
    return code;
  } catch (error) {
    return failure(error);
  }
}

/** Says why the program ends without an answer, and returns the exit code. */
export function failure(error: unknown): number {
  flush();
  complain(reasonOf(error, String(error)));
  return error instanceof CliError ? error.code : 2;
}

function printUsage({ command }: Asked): number {
  for (const line of (command ? commandUsage(command) : usage(COMMANDS)).split('\n')) print(line);
  return 0;
}

async function runCommand({ command, operands, options }: Asked & { readonly help: false }): Promise<number> {
  const [path = '', operand = ''] = operands;
  const source = open(path);
  let unread: ReadError | undefined;
  try {
    const scan = await new Scan(source).run();
    ({ unread } = scan);
    const { refusal, blanked } = scan.image;
    if (refusal && (command.anyFile !== true || refusal.code === 'unreadable'))
      throw new CliError(`${path}: ${refusal.title}. ${refusal.help}`);
    if (command.readsPages && blanked?.pages === true)
      complain('the pages of this image were blanked: they hold nothing of the guest');
    if (command.readsPages && blanked?.registers === true)
      complain('the registers of this image were scrubbed: they are not those of the guest');
    if (unread && !refusal) complain(`${path}: ${unread.told}; what comes after is not known`);
    const code = await command.run({ scan, source, path, operand, options });
    if (unread) return 2;
    return typeof code === 'number' ? code : 0;
  } catch (error) {
    if (error instanceof ReadError) throw new CliError(`${path}: ${error.told}`);
    // What is not there may be in what could not be read.
    throw unread && error instanceof CliError ? new CliError(error.message, 2) : error;
  } finally {
    source.close();
  }
}
