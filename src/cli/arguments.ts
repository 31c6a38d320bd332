/** The command line taken apart. */
import { CliError } from './error';

export const usage = (problem: string): CliError => new CliError(`${problem}; see xenscope --help`);

export interface Arguments {
  readonly words: readonly string[];
  readonly flags: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, string>;
}

/** Options may stand anywhere before `--`; `--name value` and `--name=value`. `valued` are those that take a value. Throws `CliError`. */
export function readArguments(argv: readonly string[], valued: ReadonlySet<string>): Arguments {
  const words: string[] = [];
  const flags = new Set<string>();
  const values = new Map<string, string>();
  for (let at = 0; at < argv.length; at++) {
    const arg = argv[at] ?? '';
    // What follows is no option, whatever it begins with.
    if (arg === '--') {
      words.push(...argv.slice(at + 1));
      break;
    }
    const [name = '', inline] = arg.startsWith('--') ? arg.split(/=(.*)/su, 2) : [arg];
    // A negative number is no option, but what is looked for.
    if (!arg.startsWith('-') || /^-\d/u.test(arg)) words.push(arg);
    else if (valued.has(name)) {
      const value = inline ?? argv[++at];
      if (value === undefined) throw usage(`${name} needs a value`);
      values.set(name, value);
    } else flags.add(arg);
  }
  return { words, flags, values };
}
