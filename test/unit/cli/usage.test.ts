/** The usage: made from the table of commands, by which the command line is read too. */
import { expect, test } from 'vitest';
import { readArguments } from '../../../src/cli/arguments';
import { COMMANDS } from '../../../src/cli/commands';
import { optionName } from '../../../src/cli/option';
import { commandUsage, usage } from '../../../src/cli/usage';
import { xenscope } from '../../fixtures/cli';

test('--help names every command, each with every option', async () => {
  const { code, stdout, stderr } = await xenscope('--help');
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toBe(`${usage(COMMANDS)}\n`);
  expect(stdout.match(/^ {2}xenscope \w+/gmu)).toEqual([
    '  xenscope list',
    '  xenscope show',
    '  xenscope check',
    '  xenscope mem',
    '  xenscope walk',
    '  xenscope code',
    '  xenscope dmesg',
    '  xenscope search',
    '  xenscope export',
  ]);
  expect(stdout).toContain(
    '  xenscope check IMAGE [--json] [--log FILE] [--all-lines] [--target-policy FILE] [--reader NAME]\n                 [--xen VERSION]\n',
  );
  // Wider than that a terminal seldom is.
  expect(stdout.split('\n').filter((line) => line.length > 120)).toEqual([]);
});

test.each(COMMANDS.map((command) => [command.name, command] as const))('%s --help', async (name, command) => {
  const { code, stdout, stderr } = await xenscope(name, '--help');
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toBe(`${commandUsage(command)}\n`);
  for (const key of Object.keys(command.options)) if (key !== 'output') expect(stdout).toContain(optionName(key));
});

test('what excludes each other stands in one bracket, what goes with another option behind it', () => {
  const exported = COMMANDS.find(({ name }) => name === 'export');
  expect(exported && commandUsage(exported).split('\n').slice(0, 5)).toEqual([
    'Usage: xenscope export IMAGE (--elf [--machine-frames] | --raw |',
    '                --blank [--scrub registers,config] [--keep-unknown] | --record N |',
    '                --range OFFSET,LENGTH | --pfns FIRST-LAST) -o FILE',
    '',
    'Writes a part of the image, or the guest, to a file.',
  ]);
});

test('an option takes a value in all commands or in none: it may stand in front of the command', () => {
  const kinds = new Map<string, Set<string>>();
  for (const [key, { kind }] of COMMANDS.flatMap(({ options }) => Object.entries(options)))
    kinds.set(key, (kinds.get(key) ?? new Set()).add(kind));
  expect([...kinds].filter(([, seen]) => seen.size > 1)).toEqual([]);
});

test('options by key, wherever they stand and however they are written', () => {
  const expected = { json: true, log: 'a log', targetPolicy: undefined, xen: '4.17' };
  for (const argv of [
    ['check', 'image', '--json', '--log', 'a log', '--xen', '4.17'],
    ['--xen=4.17', '--log=a log', 'check', '--json', 'image'],
    ['--json', '--xen', '4.13', '--xen', '4.17', '--log', 'a log', 'check', '--', 'image'],
  ])
    expect(readArguments(argv, COMMANDS)).toMatchObject({ help: false, operands: ['image'], options: expected });
});

test('--help behind -- is an operand', () => {
  expect(readArguments(['search', 'image', '--', '--help'], COMMANDS)).toMatchObject({
    help: false,
    operands: ['image', '--help'],
  });
});

test.each([
  [['mem', 'image'], 'mem needs one of --pfn, --gpa and --va'],
  [['mem', 'image', '--pfn', '1', '--va', '2'], 'only one of --pfn, --gpa and --va can be given'],
  [['walk', 'image'], 'walk needs --va ADDRESS'],
  [['export', 'image', '--raw'], 'export needs -o FILE'],
  [['export', 'image', '--raw', '--scrub', 'config', '-o', 'file'], '--scrub goes with --blank'],
  [['code', 'image', '--symbols', 'map', '--own-symbols'], 'only one of --symbols and --own-symbols can be given'],
  [['dmesg', 'image', '--own-symbols'], 'dmesg takes no --own-symbols'],
])('%j: %s', (argv, message) => {
  expect(() => readArguments(argv, COMMANDS)).toThrow(message);
});
