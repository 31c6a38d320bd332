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
import type { NodeFileSource } from '../source/node-file';
import { open } from './open';
import { Scan, type ScanResult } from '../scan/scan';
import { runCheck } from './check';
import { EXPORT_FLAGS, EXPORT_VALUED, runExport } from './export';
import { runCode } from './code';
import { runDmesg } from './dmesg';
import { list } from './list';
import { mem } from './mem';
import { runSearch, SEARCH_FLAGS, SEARCH_VALUES } from './search';
import { show } from './show';
import type { SymbolOptions } from './symbols';
import { runWalk } from './walk';
import { CliError } from './error';

const USAGE = `Usage:
  xenscope list IMAGE [--json]         every header and record; one JSON object a line with --json
  xenscope show IMAGE REF [--json]     decoded fields of a record; REF = record index, offset:0x…, pfn:0x… or start_info
  xenscope check IMAGE [--json] [--log FILE] [--target-policy FILE] [--xen VERSION]
                                       would it restore, and if not, why; exit code 1 if not
                                         --log            a log of a restore, to find its lines in the image
                                         --target-policy  output of xen-cpuid -p on the host that shall restore
                                         --xen            version of Xen there; that which saved if not given
  xenscope mem IMAGE --pfn|--gpa|--va ADDRESS [--vcpu N] [--length N] [--raw] [--symbols FILE | --own-symbols]
                                       the guest's memory as a hex dump; exit code 1 if none of it is in the image
                                         --va      with symbols also a name: do_syscall_64+0x7b
                                         --vcpu    VCPU whose page tables count, the first if not given
                                         --length  bytes: 256 if not given, a page with --pfn
                                         --raw     the bytes as they are; none, and exit code 1, unless all are there
  xenscope walk IMAGE --va ADDRESS [--vcpu N] [--symbols FILE | --own-symbols] [--json]
                                       how an address is found, table by table; exit code 1 if it leads to no bytes
  xenscope export IMAGE WHAT -o FILE   writes a part of the image, or the guest, to a file; WHAT is one of
                                         --elf            the guest as core file of xl dump-core, for crash, gdb, Volatility
                                         --raw            its physical memory, with holes
                                         --blank          the image for sharing: page contents replaced
                                                          [--scrub registers,config: these too]
                                         --record N       the body of a record
                                         --range OFF,LEN  bytes of the file
                                         --pfns A-B       pages
  xenscope code IMAGE [--vcpu N] [--symbols FILE | --own-symbols] [--json]
                                       instructions at rip, stack and call trace of each VCPU
                                         --symbols      System.map or vmlinux of the guest's kernel
                                         --own-symbols  those that a Linux kernel carries with it
  xenscope dmesg IMAGE [--symbols FILE] [--json]
                                       the kernel log of a Linux guest
  xenscope search IMAGE PATTERN [--hex|--text|--utf16|--regex|--int N] [--in memory|records|file] [--json]
                                       where the guest's memory has these bytes; exit code 1 if nowhere
                                         --hex          4d 5a ?? 0?: ? is any digit; the kind is guessed if not given
                                         --int          an integer of 1, 2, 4 or 8 bytes
                                         --big-endian   an integer, or UTF-16, highest byte first
                                         --ignore-case  letters stand for both cases
                                         --all          also in copies of pages that newer ones have replaced
                                         --limit        ends after so many hits, 10000 if not given
  xenscope --help`;

interface Command {
  readonly operands: number;
  /** What they are, where that is not an image or an image and a record. */
  readonly needs?: string;
  /** Options that take a value. */
  readonly valued?: readonly string[];
  /** Options without a value, besides --json. */
  readonly flags?: readonly string[];
  /** Has no --json. */
  readonly textOnly?: true;
  /** Speaks of what the guest's pages hold. */
  readonly readsPages?: true;
  /** Looks at files that hold no stream too. */
  readonly anyFile?: true;
  /** The exit code, if not 0. */
  readonly run: (input: Input) => number | void | Promise<number>;
}

const COMMANDS: Readonly<Record<string, Command>> = {
  list: { operands: 1, run: ({ scan, json }) => list(scan, json, print) },
  show: { operands: 2, run: ({ scan, source, json, operands }) => show(scan, source, operands[1] ?? '', json, print) },
  check: {
    operands: 1,
    valued: ['--log', '--target-policy', '--xen'],
    anyFile: true,
    run: ({ scan, source, json, operands, values }) =>
      runCheck(
        {
          scan,
          source,
          json,
          path: operands[0] ?? '',
          log: values.get('--log'),
          targetPolicy: values.get('--target-policy'),
          xen: values.get('--xen'),
        },
        print,
      ),
  },
  mem: {
    operands: 1,
    readsPages: true,
    valued: ['--pfn', '--gpa', '--va', '--vcpu', '--length', '--symbols'],
    flags: ['--raw', '--own-symbols'],
    textOnly: true,
    run: ({ scan, source, ...input }) =>
      mem(scan, source, input.values, { ...symbolOptions(input), raw: input.flags.has('--raw') }, output),
  },
  export: {
    operands: 1,
    flags: EXPORT_FLAGS,
    valued: EXPORT_VALUED,
    textOnly: true,
    run: ({ scan, source, operands, flags, values }) =>
      runExport({ scan, source, path: operands[0] ?? '', flags, values }, print),
  },
  walk: {
    operands: 1,
    readsPages: true,
    valued: ['--va', '--vcpu', '--symbols'],
    flags: ['--own-symbols'],
    run: ({ scan, source, json, ...input }) =>
      runWalk(scan, source, input.values, { ...symbolOptions(input), json }, print),
  },
  code: {
    operands: 1,
    readsPages: true,
    valued: ['--vcpu', '--symbols'],
    flags: ['--own-symbols'],
    run: async ({ scan, source, json, ...input }) => {
      await runCode({ scan, source, json, vcpu: input.values.get('--vcpu'), ...symbolOptions(input) }, print);
      return 0;
    },
  },
  dmesg: {
    operands: 1,
    readsPages: true,
    valued: ['--symbols'],
    run: async ({ scan, source, json, values }) => {
      await runDmesg({ scan, source, json, symbols: values.get('--symbols') }, print);
      return 0;
    },
  },
  search: {
    operands: 2,
    readsPages: true,
    needs: 'an IMAGE and a PATTERN',
    valued: SEARCH_VALUES,
    flags: SEARCH_FLAGS,
    run: ({ operands, ...input }) => runSearch({ ...input, pattern: operands[1] ?? '' }, { print, complain }),
  },
};

interface Input {
  readonly scan: ScanResult;
  readonly source: NodeFileSource;
  readonly json: boolean;
  readonly operands: readonly string[];
  readonly values: ReadonlyMap<string, string>;
  readonly flags: ReadonlySet<string>;
}

const symbolOptions = ({ values, flags }: Pick<Input, 'values' | 'flags'>): SymbolOptions => ({
  symbols: values.get('--symbols'),
  own: flags.has('--own-symbols'),
});

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

/** Bytes as they are; not to be changed afterwards. */
function write(bytes: Uint8Array): void {
  flush();
  process.stdout.write(bytes);
}

function complain(line: string): void {
  process.stderr.write(`xenscope: ${line}\n`);
}

const output = { print, write, complain };

const usage = (problem: string): CliError => new CliError(`${problem}; see xenscope --help`);

interface Arguments {
  readonly words: readonly string[];
  readonly flags: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, string>;
}

/** Options may stand anywhere; `--name value` and `--name=value`. */
function readArguments(argv: readonly string[]): Arguments {
  const valued = new Set(Object.values(COMMANDS).flatMap((command) => command.valued ?? []));
  const words: string[] = [];
  const flags = new Set<string>();
  const values = new Map<string, string>();
  for (let at = 0; at < argv.length; at++) {
    const arg = argv[at] ?? '';
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
