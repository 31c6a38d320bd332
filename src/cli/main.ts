/**
 * `xenscope`: the terminal twin of the page, on the same core. Exit codes: 0 done, 1 an image that would not restore or
 * nothing found, 2 bad usage or unreadable input.
 */
import { Scan } from '../scan/scan';
import { readArguments, usage } from './arguments';
import { COMMANDS } from './commands';
import { CliError } from './error';
import { open } from './open';
import { complain, flush, print } from './output';
import { USAGE } from './usage';

async function run(argv: readonly string[]): Promise<void> {
  const options = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;
  if (options.includes('--help') || options.includes('-h')) {
    print(USAGE);
    return;
  }
  const all = Object.values(COMMANDS);
  const { words, flags, values } = readArguments(argv, new Set(all.flatMap((command) => command.valued ?? [])));
  const [name, ...operands] = words;
  const known = new Set(['--json', ...all.flatMap((command) => command.flags ?? [])]);
  const unknown = [...flags].find((option) => !known.has(option));
  if (unknown !== undefined) throw usage(`unknown option ${unknown}`);
  if (name === undefined) throw usage('a command is missing');
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) throw usage(`unknown command ${name}`);
  const taken = [...(command.valued ?? []), ...(command.flags ?? []), ...(command.textOnly === true ? [] : ['--json'])];
  const foreign = [...values.keys(), ...flags].find((option) => !taken.includes(option));
  if (foreign !== undefined) throw usage(`${name} takes no ${foreign}`);
  if (operands.length < command.operands)
    throw usage(`${name} needs ${command.needs ?? (command.operands === 1 ? 'an IMAGE' : 'an IMAGE and a REF')}`);
  if (operands.length > command.operands) throw usage(`too many arguments for ${name}`);
  const source = open(operands[0] ?? '');
  try {
    const scan = await new Scan(source).run();
    const { refusal } = scan.image;
    if (refusal && (command.anyFile !== true || refusal.code === 'unreadable'))
      throw new CliError(`${operands[0]}: ${refusal.title}. ${refusal.help}`);
    if (command.readsPages && scan.image.blanked?.pages === true)
      complain('the pages of this image were blanked: they hold nothing of the guest');
    if (command.readsPages && scan.image.blanked?.registers === true)
      complain('the registers of this image were scrubbed: they are not those of the guest');
    const code = await command.run({ scan, source, json: flags.has('--json'), operands, values, flags });
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
