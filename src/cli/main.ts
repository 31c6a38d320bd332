/** `xenscope`: the terminal twin of the page, on the same core. Exit codes: 0 done, 2 bad usage or unreadable input. */
import { openNodeFile, type NodeFileSource } from '../source/node-file';
import { Scan, type ScanResult } from '../scan/scan';
import { list } from './list';
import { show } from './show';
import { CliError } from './error';

const USAGE = `Usage:
  xenscope list IMAGE [--json]         every header and record; one JSON object a line with --json
  xenscope show IMAGE REF [--json]     decoded fields of a record; REF = record index, offset:0x…, pfn:0x… or start_info
  xenscope --help`;

const COMMANDS: Readonly<Record<string, { readonly operands: number; readonly run: (input: Input) => void }>> = {
  list: { operands: 1, run: ({ scan, json }) => list(scan, json, print) },
  show: { operands: 2, run: ({ scan, source, json, operands }) => show(scan, source, operands[1] ?? '', json, print) },
};

interface Input {
  readonly scan: ScanResult;
  readonly source: NodeFileSource;
  readonly json: boolean;
  readonly operands: readonly string[];
}

let pending: string[] = [];
let pendingSize = 0;

/** Gathers output: a write per line would cost more than the scan. */
function print(line: string): void {
  pending.push(line);
  pendingSize += line.length + 1;
  if (pendingSize > 1 << 16) flush();
}

function flush(): void {
  if (pending.length > 0) process.stdout.write(`${pending.join('\n')}\n`);
  pending = [];
  pendingSize = 0;
}

const usage = (problem: string): CliError => new CliError(`${problem}; see xenscope --help`);

function open(path: string): NodeFileSource {
  try {
    return openNodeFile(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const reason =
      code === 'ENOENT'
        ? 'no such file'
        : code === 'EACCES' || code === 'EPERM'
          ? 'permission denied'
          : error instanceof Error
            ? error.message
            : 'cannot be opened';
    throw new CliError(`${path}: ${reason}`);
  }
}

async function run(argv: readonly string[]): Promise<void> {
  if (argv.includes('--help') || argv.includes('-h')) {
    print(USAGE);
    return;
  }
  const options = argv.filter((arg) => arg.startsWith('-'));
  const [name, ...operands] = argv.filter((arg) => !arg.startsWith('-'));
  const unknown = options.find((option) => option !== '--json');
  if (unknown !== undefined) throw usage(`unknown option ${unknown}`);
  if (name === undefined) throw usage('a command is missing');
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) throw usage(`unknown command ${name}`);
  if (operands.length < command.operands)
    throw usage(`${name} needs ${command.operands === 1 ? 'an IMAGE' : 'an IMAGE and a REF'}`);
  if (operands.length > command.operands) throw usage(`too many arguments for ${name}`);
  const source = open(operands[0] ?? '');
  try {
    const scan = await new Scan(source).run();
    const { refusal } = scan.image;
    if (refusal) throw new CliError(`${operands[0]}: ${refusal.title}. ${refusal.help}`);
    command.run({ scan, source, json: options.length > 0, operands });
  } finally {
    source.close();
  }
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // `xenscope list … | head` closes the pipe early: that is no failure.
  process.exit(error.code === 'EPIPE' ? 0 : 2);
});

try {
  await run(process.argv.slice(2));
  flush();
} catch (error) {
  flush();
  process.stderr.write(`xenscope: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
