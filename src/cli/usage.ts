/** What `--help` prints, made from the table of commands. */
import type { Command } from './command';
import { type Option, optionName, type Options, SHARED_OPTIONS } from './option';

const WIDTH = 100;

/** Puts words on lines of at most `WIDTH`; those after the first are indented. */
function wrapped(words: readonly string[], indent: number): string {
  const lines: string[] = [];
  let line = '';
  for (const word of words) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (longer.length <= WIDTH || line === '') line = longer;
    else {
      lines.push(line);
      line = `${' '.repeat(indent)}${word}`;
    }
  }
  return [...lines, line].join('\n');
}

const signature = (key: string, option: Option): string =>
  option.kind === 'flag' ? optionName(key) : `${option.short ?? optionName(key)} ${option.value}`;

/** Lists options that exclude each other: `--a|--b VALUE` where they are alike, `--a FILE | --b` where not. */
function alternatives(options: Options, keys: readonly string[]): string {
  const shown = keys.map((key) => {
    const option = options[key];
    const along = Object.entries(options).filter(([, other]) => other.with === key);
    return [option ? signature(key, option) : '', ...along.map(([other, its]) => `[${signature(other, its)}]`)].join(
      ' ',
    );
  });
  const values = keys.map((key) => (options[key]?.kind === 'valued' ? options[key].value : ''));
  if (new Set(values).size === 1)
    return `${keys.map((key) => optionName(key)).join('|')}${values[0] === '' ? '' : ` ${values[0]}`}`;
  return shown.slice(0, -1).some((one) => one.includes(' ')) ? shown.join(' | ') : shown.join('|');
}

/** Returns the parts of a command line, each of which stays on one line. */
function parts({ name, operand, options, choices = [], required }: Command): string[] {
  const done = new Set<string>();
  const shown = Object.entries(options).flatMap(([key, option]) => {
    if (done.has(key) || option.with !== undefined) return [];
    const choice = choices.find(({ of }) => of.includes(key));
    for (const other of choice?.of ?? []) done.add(other);
    const text = choice ? alternatives(options, choice.of) : signature(key, option);
    const isRequired = key === required || choice?.required;
    if (!isRequired) return [`[${text}]`];
    // A long choice is wrapped between its parts.
    return text.includes(' | ') ? `(${text})`.split(/(?<= \|) /u) : [text];
  });
  return [name, 'IMAGE', ...(operand === undefined ? [] : [operand]), ...shown];
}

/** Returns the command line of a command, with what it takes, behind the words that run the program. */
export function synopsis(command: Command, program: string): string {
  const [name = '', ...rest] = parts(command);
  const first = `${program} ${name}`;
  return wrapped([first, ...rest], first.length + 1);
}

function optionList(options: Options, indent: number): string[] {
  const entries = Object.entries(options);
  const names = entries.map(([key, option]) => signature(key, option));
  const width = Math.max(...names.map((name) => name.length));
  return entries.map(([, { help }], index) => `${' '.repeat(indent)}${(names[index] ?? '').padEnd(width)}  ${help}`);
}

const own = (options: Options): Options =>
  Object.fromEntries(Object.entries(options).filter(([key, option]) => SHARED_OPTIONS[key] !== option));

const exitText = ({ one }: Command): string[] => (one === undefined ? [] : [`Exit code 1: ${one}.`]);

function described(command: Command): string {
  const options = own(command.options);
  return [
    synopsis(command, '  xenscope'),
    ...[command.about, ...exitText(command)].map((line) => `      ${line}`),
    ...(Object.keys(options).length === 0 ? [] : optionList(options, 8)),
  ].join('\n');
}

/** Returns what `xenscope --help` prints. */
export const usage = (commands: readonly Command[]): string =>
  [
    'Usage:',
    commands.map((command) => described(command)).join('\n\n'),
    '',
    'Options of several commands:',
    ...optionList(SHARED_OPTIONS, 2),
    '',
    'Exit codes: 0 done; 1 see above; 2 wrong usage, or a file that cannot be read; 141 nobody reads the output on.',
    'xenscope COMMAND --help explains one command.',
  ].join('\n');

/** Returns what `xenscope COMMAND --help` prints. */
export const commandUsage = (command: Command): string =>
  [
    `Usage: ${synopsis(command, 'xenscope')}`,
    '',
    command.about,
    ...exitText(command),
    '',
    'Options:',
    ...optionList(command.options, 2),
  ].join('\n');
