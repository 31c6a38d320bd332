/** The command line taken apart by the table of commands. */
import type { AnyGiven, Command } from './command';
import { CliError } from './error';
import { type Option, optionName, type Options } from './option';

/** Makes the error of a command line that is wrong. */
const wrong = (problem: string): CliError => new CliError(`${problem}; see xenscope --help`);

/** What the command line asks for. */
export type Asked =
  | { readonly help: true; readonly command: Command | undefined }
  | {
      readonly help: false;
      readonly command: Command;
      readonly operands: readonly string[];
      readonly options: AnyGiven;
    };

interface Words {
  readonly words: readonly string[];
  /** What was given, by the name that was written; undefined where there is no value. */
  readonly given: ReadonlyMap<string, string | undefined>;
}

/**
 * Options may stand anywhere before `--`, in front of the command too; `--name value` and `--name=value`. `valued` are
 * the names that take a value, whatever the command. Throws `CliError`.
 */
function partWords(argv: readonly string[], valued: ReadonlySet<string>): Words {
  const words: string[] = [];
  const given = new Map<string, string | undefined>();
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
      if (value === undefined) throw wrong(`${name} needs a value`);
      given.set(name, value);
    } else given.set(arg, undefined);
  }
  return { words, given };
}

/** Returns the names of an option on the command line. */
const namesOf = (key: string, option: Option): string[] =>
  option.kind === 'valued' && option.short !== undefined ? [optionName(key), option.short] : [optionName(key)];

/** Reads a command line by the table of commands. Throws `CliError`. */
export function readArguments(argv: readonly string[], commands: readonly Command[]): Asked {
  const all = commands.flatMap(({ options }) => Object.entries(options));
  const valued = all.filter(([, { kind }]) => kind === 'valued').flatMap(([key, option]) => namesOf(key, option));
  const end = argv.indexOf('--');
  const help = argv.slice(0, end < 0 ? undefined : end).find((arg) => arg === '--help' || arg === '-h');
  if (help !== undefined)
    return { help: true, command: commands.find(({ name }) => name === argv.find((arg) => !arg.startsWith('-'))) };
  const { words, given } = partWords(argv, new Set(valued));
  const [name, ...operands] = words;
  const known = new Set(all.flatMap(([key, option]) => namesOf(key, option)));
  const unknown = [...given.keys()].find((option) => !known.has(option));
  if (unknown !== undefined) throw wrong(`unknown option ${unknown}`);
  if (name === undefined) throw wrong('a command is missing');
  const command = commands.find((one) => one.name === name);
  if (!command) throw wrong(`unknown command ${name}`);
  checkOperands(command, operands);
  return { help: false, command, operands, options: optionsOf(command, given) };
}

/** Returns the options of a command by key. Throws `CliError` for what it does not take, and for what does not go together. */
function optionsOf(command: Command, given: Words['given']): AnyGiven {
  const { name, options, choices = [], required } = command;
  const entries = Object.entries(options);
  const taken = new Set(entries.flatMap(([key, option]) => namesOf(key, option)));
  const foreign = [...given.keys()].find((option) => !taken.has(option));
  if (foreign !== undefined) throw wrong(`${name} takes no ${foreign}`);
  const isGiven = (key: string): boolean => {
    const option = options[key];
    return option !== undefined && namesOf(key, option).some((one) => given.has(one));
  };
  for (const { of, required: needed } of choices) {
    const count = of.filter((key) => isGiven(key)).length;
    if (count === 0 && needed) throw wrong(`${name} needs one of ${listed(of)}`);
    if (count > 1) throw new CliError(`only one of ${listed(of)} can be given`);
  }
  if (required !== undefined && !isGiven(required)) throw wrong(`${name} needs ${optionText(required, options)}`);
  for (const [key, option] of entries)
    if (option.with !== undefined && isGiven(key) && !isGiven(option.with))
      throw wrong(`${optionName(key)} goes with ${optionName(option.with)}`);
  return Object.fromEntries(
    entries.map(([key, option]) => [
      key,
      option.kind === 'flag'
        ? isGiven(key)
        : namesOf(key, option)
            .map((one) => given.get(one))
            .findLast((value) => value !== undefined),
    ]),
  );
}

function optionText(key: string, options: Options): string {
  const option = options[key];
  return option?.kind === 'valued' ? `${option.short ?? optionName(key)} ${option.value}` : optionName(key);
}

/** Lists options: `--a, --b and --c`. */
function listed(keys: readonly string[]): string {
  const names = keys.map((key) => optionName(key));
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

const articled = (word: string): string => `${/^[AEIO]/u.test(word) ? 'an' : 'a'} ${word}`;

function checkOperands({ name, operand }: Command, operands: readonly string[]): void {
  const wanted = ['IMAGE', ...(operand === undefined ? [] : [operand])];
  if (operands.length < wanted.length)
    throw wrong(`${name} needs ${wanted.map((word) => articled(word)).join(' and ')}`);
  if (operands.length > wanted.length) throw wrong(`too many arguments for ${name}`);
}
