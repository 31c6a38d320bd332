/**
 * `xenscope`: the terminal twin of the page, on the same core. Exit codes: 0 done, 1 an image that would not restore or
 * nothing found, 2 bad usage or unreadable input.
 */
import { Scan } from '../scan/scan';
import { readArguments } from './arguments';
import { COMMANDS } from './commands';
import { CliError } from './error';
import { open } from './open';
import { complain, flush, print } from './output';
import { commandUsage, usage } from './usage';

async function run(argv: readonly string[]): Promise<void> {
  const asked = readArguments(argv, COMMANDS);
  const { command } = asked;
  if (asked.help) {
    print(command ? commandUsage(command) : usage(COMMANDS));
    return;
  }
  const { options, operands } = asked;
  const [path = '', operand = ''] = operands;
  const source = open(path);
  try {
    const scan = await new Scan(source).run();
    const { refusal, blanked } = scan.image;
    if (refusal && (asked.command.anyFile !== true || refusal.code === 'unreadable'))
      throw new CliError(`${path}: ${refusal.title}. ${refusal.help}`);
    if (asked.command.readsPages && blanked?.pages === true)
      complain('the pages of this image were blanked: they hold nothing of the guest');
    if (asked.command.readsPages && blanked?.registers === true)
      complain('the registers of this image were scrubbed: they are not those of the guest');
    const code = await asked.command.run({ scan, source, path, operand, options });
    if (typeof code === 'number') process.exitCode = code;
  } finally {
    source.close();
  }
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // `xenscope list … | head` closes the pipe early: that is no failure.
  if (error.code === 'EPIPE') process.exit(0);
  process.stderr.write(`xenscope: writing the output failed: ${error.message}\n`);
  process.exit(2);
});

try {
  await run(process.argv.slice(2));
  flush();
} catch (error) {
  flush();
  complain(error instanceof Error ? error.message : String(error));
  process.exitCode = error instanceof CliError ? error.code : 2;
}
