/** `xenscope export`: parts of an image, the guest's memory, a core file, or the image made fit for sharing. */
import { reasonOf } from '../lib/reason';
import {
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  openSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs';
import { blankPlan } from '../memory/export/blank/blank';
import { type Scrub, SCRUBS } from '../memory/export/blank/scrub';
import { elfPlan } from '../memory/export/elf/elf';
import { pagesPlan, rangePlan, recordPlan } from '../memory/export/pieces';
import { type Exportable, type ExportPlan, ExportRefused } from '../memory/export/plan';
import { rawPlan } from '../memory/export/raw';
import { type Sink, writePlan } from '../memory/export/write';
import { GuestMemory } from '../memory/guest-memory';
import { byteSize } from '../lib/text';
import type { ScanResult } from '../scan/scan';
import type { NodeFileSource } from '../source/node-file';
import { ReadError } from '../source/source';
import { CliError } from './error';

const KINDS = ['--elf', '--raw', '--blank'] as const;
/** What can be exported and how: flags, and options with a value. */
export const EXPORT_FLAGS = [...KINDS, '--machine-frames'] as const;
export const EXPORT_VALUED = ['--record', '--range', '--pfns', '--scrub', '--output', '-o'] as const;

interface ExportInput {
  readonly scan: ScanResult;
  readonly source: NodeFileSource;
  readonly path: string;
  readonly flags: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, string>;
}

const usage = (problem: string): CliError => new CliError(`${problem}; see xenscope --help`);

/** Writes the file; returns the exit code. Throws `CliError`. */
export async function runExport(input: ExportInput, print: (line: string) => void): Promise<number> {
  const { scan, source, path, values } = input;
  const given = values.get('-o') ?? values.get('--output');
  if (given === undefined) throw usage('export needs -o FILE to write to');
  const target = given === '-' ? '/dev/stdout' : given;
  if (isSameFile(path, target)) throw new CliError(`${target} is the image itself: an export never writes over it`);
  const file: Exportable = { ...parts(scan), source, memory: new GuestMemory(source, scan.pages, scan.image) };
  const interrupt = catchSignals();
  try {
    const { signal } = interrupt;
    const plan = await planOf(file, input, { signal, breathe: nextTurn });
    await writePlan(plan, source, fileSink(target, plan.size, signal), {
      signal,
      onProgress: turnByTurn(progressLine()),
    });
    // Where the export itself went nothing else may go.
    if (isStdout(target)) return 0;
    const sparse = plan.content < plan.size ? `, of which ${byteSize(plan.content)} are content` : '';
    print(`${target}: ${byteSize(plan.size)}${sparse}`);
    for (const note of plan.notes) print(`  ${note}`);
    return 0;
  } catch (error) {
    if (error instanceof ExportRefused) throw new CliError(`cannot export this: ${error.message}`);
    if (error instanceof ReadError)
      throw new CliError(
        `reading ${path} at 0x${error.offset.toString(16)} failed: ${error.message}; nothing was kept`,
      );
    throw error;
  } finally {
    interrupt.release();
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Lets what was begun be taken back before a signal ends the process: half a core file looks like a whole one. */
function catchSignals(): { readonly signal: AbortSignal; release(): void } {
  const abort = new AbortController();
  let caught: NodeJS.Signals | undefined;
  const stop = (name: NodeJS.Signals): void => {
    caught = name;
    abort.abort(new CliError('interrupted; nothing was kept'));
  };
  for (const name of SIGNALS) process.once(name, stop);
  const release = (): void => {
    for (const name of SIGNALS) process.off(name, stop);
    // Whoever waits for the process learns that it ended by the signal.
    if (caught) process.kill(process.pid, caught);
  };
  return { signal: abort.signal, release };
}

type Progress = (done: number, total: number) => void;

/** Signals are heard between turns of the event loop only. */
const turnByTurn =
  (progress: Progress) =>
  async (done: number, total: number): Promise<void> => {
    progress(done, total);
    await nextTurn();
  };

const nextTurn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

const parts = ({ records, pages, image }: ScanResult): Pick<Exportable, 'records' | 'pages' | 'image'> => ({
  records,
  pages,
  image,
});

interface Turns {
  readonly signal: AbortSignal;
  readonly breathe: () => Promise<void>;
}

async function planOf(file: Exportable, { flags, values }: ExportInput, turns: Turns): Promise<ExportPlan> {
  const chosen = [...KINDS, '--record', '--range', '--pfns'].filter((name) => flags.has(name) || values.has(name));
  const [what, ...more] = chosen;
  if (what === undefined || more.length > 0)
    throw usage('export needs one of --elf, --raw, --blank, --record, --range and --pfns');
  const scrub = values.get('--scrub');
  if (scrub !== undefined && what !== '--blank') throw usage('--scrub goes with --blank');
  const machineFrames = flags.has('--machine-frames');
  if (machineFrames && what !== '--elf') throw usage('--machine-frames goes with --elf');
  switch (what) {
    case '--elf':
      return elfPlan(file, { ...turns, machineFrames });
    case '--raw':
      return rawPlan(file);
    case '--blank':
      return blankPlan(file, { ...turns, scrub: scrubOf(scrub) });
    case '--record': {
      const [index] = numbers('--record', values.get('--record'), /^(?<first>[^,]+)$/u);
      return recordPlan(file, index ?? 0);
    }
    case '--range': {
      const [offset, length] = numbers('--range', values.get('--range'), /^(?<first>[^,]+),(?<second>[^,]+)$/u);
      return rangePlan(file, offset ?? 0, length ?? 0);
    }
    default: {
      const [first, last] = numbers('--pfns', values.get('--pfns'), /^(?<first>[^-]+)(?:-(?<second>[^-]+))?$/u);
      return pagesPlan(file, first ?? 0, last ?? first ?? 0);
    }
  }
}

/** Decimal, or hex with 0x. */
function numbers(option: string, text: string | undefined, form: RegExp): number[] {
  const groups = form.exec(text ?? '')?.groups;
  const found = Object.values(groups ?? {}).filter((word): word is string => word !== undefined);
  const values = found.map((word) => (/^(?:0x[\da-f]+|\d+)$/iu.test(word) ? Number(word) : Number.NaN));
  if (values.length === 0 || !values.every((value) => Number.isSafeInteger(value)))
    throw usage(`${option} takes ${FORMS[option] ?? 'numbers'}, decimal or 0x…, not ${text}`);
  return values;
}

const FORMS: Readonly<Record<string, string>> = {
  '--record': 'the index of a record',
  '--range': 'OFFSET,LENGTH',
  '--pfns': 'a PFN, or FIRST-LAST',
};

function scrubOf(text: string | undefined): ReadonlySet<Scrub> {
  const words = text === undefined ? [] : text.split(',');
  const wrong = words.find((word) => !SCRUBS.includes(word as Scrub));
  if (wrong !== undefined) throw usage(`--scrub takes ${SCRUBS.join(',')}, not ${wrong}`);
  return new Set(words as Scrub[]);
}

const isSame = (a: Stats, b: Stats): boolean => a.dev === b.dev && a.ino === b.ino;

/** A pipe or file that stdout leads to; it may be gone by now. */
const isStdout = (path: string): boolean => existsSync(path) && isSame(statSync(path), fstatSync(1));

const isSameFile = (image: string, target: string): boolean =>
  existsSync(target) && isSame(statSync(image), statSync(target));

const ZEROS = new Uint8Array(1024 * 1024);

/**
 * A file with holes; removed again if it does not come to its end. Made when the first byte is due. Into a pipe or a
 * device, which was not made here, holes are written as zeros.
 */
function fileSink(path: string, size: number, signal: AbortSignal): Sink {
  let opened: { readonly fd: number; readonly isFile: boolean } | undefined;
  let at = 0;
  const attempt = <T>(act: () => T): T => {
    try {
      return act();
    } catch (error) {
      throw new CliError(`${path}: ${reasonOf(error, 'cannot be written')}`);
    }
  };
  const open = (): { readonly fd: number; readonly isFile: boolean } => {
    if (opened) return opened;
    const fd = attempt(() => openSync(path, 'w'));
    return (opened = { fd, isFile: fstatSync(fd).isFile() });
  };
  const write = (bytes: Uint8Array): void => {
    const { fd, isFile } = open();
    // A pipe has no places.
    for (let done = 0; done < bytes.length;)
      done += attempt(() => writeSync(fd, bytes, done, bytes.length - done, isFile ? at + done : null));
    at += bytes.length;
  };
  return {
    write: async (bytes) => write(bytes),
    skip: async (length) => {
      if (open().isFile) {
        at += length;
        return;
      }
      for (let left = length; left > 0; left -= ZEROS.length) {
        write(ZEROS.subarray(0, Math.min(left, ZEROS.length)));
        // A hole can have terabytes.
        await nextTurn();
        signal.throwIfAborted();
      }
    },
    finish: async () => {
      const { fd, isFile } = open();
      if (isFile) attempt(() => ftruncateSync(fd, size));
      closeSync(fd);
    },
    abandon: async () => {
      if (!opened) return;
      closeSync(opened.fd);
      if (opened.isFile) rmSync(path, { force: true });
    },
  };
}

/** One line on a terminal, written over and over; nothing where none looks. */
function progressLine(): Progress {
  if (!process.stderr.isTTY) return () => undefined;
  let shown = -1;
  return (done, total) => {
    const percent = total === 0 ? 100 : Math.floor((done / total) * 100);
    if (percent === shown) return;
    shown = percent;
    process.stderr.write(`\r${percent} %  ${byteSize(done)} of ${byteSize(total)}${done === total ? '\n' : ''}`);
  };
}
