/** The commands, in the order of the usage. A new one has a file of its own, and a line here. */
import type { Command } from './command';
import { checkCommand } from './commands/check';
import { codeCommand } from './commands/code';
import { dmesgCommand } from './commands/dmesg';
import { exportCommand } from './commands/export';
import { listCommand } from './commands/list';
import { memCommand } from './commands/mem';
import { searchCommand } from './commands/search';
import { showCommand } from './commands/show';
import { walkCommand } from './commands/walk';

export const COMMANDS: readonly Command[] = [
  listCommand,
  showCommand,
  checkCommand,
  memCommand,
  walkCommand,
  codeCommand,
  dmesgCommand,
  searchCommand,
  exportCommand,
];
