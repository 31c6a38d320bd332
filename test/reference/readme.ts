/** The parts of README.md that are made: the keys from the page's table of keys, the usage from the table of commands. */
import { COMMANDS } from '../../src/cli/commands';
import { synopsis } from '../../src/cli/usage';
import { COMMAND_KEYS, type CommandId, keyEntry } from '../../src/ui/commands/keys';
import { keyName } from '../../src/ui/commands/key-text';
import { keysOf } from '../../src/lib/keys-of';

const usageBlock = (): string =>
  ['```', ...COMMANDS.map((command) => synopsis(command, 'npm run -s xenscope --')), '```'].join('\n');

/** Keys as they are printed on a keyboard other than a Mac's. */
const keyCells = (id: CommandId): string => {
  const names = keyEntry(id).keys.map((keys) => keyName(keys, false));
  return [...new Set(names)].map((name) => `\`${name}\``).join(' ');
};

function keyBlock(): string {
  const rows = keysOf(COMMAND_KEYS)
    .filter((id) => keyEntry(id).keys.length > 0)
    .map((id) => [keyCells(id), keyEntry(id).title.replace(/…$/u, '')] as const);
  const [keyWidth, titleWidth] = [0, 1].map((column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const line = (key: string, title: string): string =>
    `| ${key.padEnd(keyWidth ?? 0)} | ${title.padEnd(titleWidth ?? 0)} |`;
  return [
    line('Key', 'What it does'),
    line('-'.repeat(keyWidth ?? 0), '-'.repeat(titleWidth ?? 0)),
    ...rows.map(([key, title]) => line(key, title)),
  ].join('\n');
}

const BLOCKS: Readonly<Record<string, () => string>> = { keys: keyBlock, usage: usageBlock };
const BLOCK = /<!-- made: (?<name>\w+) -->[\s\S]*?<!-- \/made -->/gu;

/** Returns the text of README.md with the parts between `<!-- made: NAME -->` and `<!-- /made -->` made anew. */
export const readmeWithBlocks = (text: string): string =>
  text.replaceAll(BLOCK, (block, name: string) => {
    const made = BLOCKS[name];
    return made ? `<!-- made: ${name} -->\n\n${made()}\n\n<!-- /made -->` : block;
  });
