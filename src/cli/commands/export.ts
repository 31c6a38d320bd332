/** `xenscope export`: parts of an image, the guest's memory, a core file, or the image made fit for sharing. */
import { reasonOf } from '../../lib/reason';
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
import { blankPlan } from '../../memory/export/blank/blank';
import { type Scrub, SCRUBS } from '../../memory/export/blank/scrub';
import { elfPlan } from '../../memory/export/elf/elf';
import { pagesPlan, rangePlan, recordPlan } from '../../memory/export/pieces';
import { type Exportable, type ExportPlan, ExportRefused } from '../../memory/export/kit/plan';
import { rawPlan } from '../../memory/export/raw';
import { type Sink, writePlan } from '../../memory/export/write';
import { GuestMemory } from '../../memory/guest-memory';
import { byteSize } from '../../lib/text';
import type { ScanResult } from '../../scan/scan';
import { ReadError } from '../../source/source';
import { command, type Input } from '../command';
import { CliError } from '../error';
import { flag, type Given, valued } from '../option';
import { print } from '../output';

const OPTIONS = {
  elf: flag('the guest as a core file like that of xl dump-core, for crash, gdb and Volatility'),
  machineFrames: flag('with the machine frames of the host instead of PFNs, for a PV guest', { with: 'elf' }),
  raw: flag('the guest’s physical memory, with holes'),
  blank: flag('the image for sharing, its page contents replaced'),
  scrub: valued('registers,config', 'replaces the vCPUs’ registers, the configuration, or both too', { with: 'blank' }),
  record: valued('N', 'the body of a record'),
  range: valued('OFFSET,LENGTH', 'bytes of the file'),
  pfns: valued('FIRST-LAST', 'the guest’s pages with these PFNs'),
  output: valued('FILE', 'the file to write; - is stdout', { short: '-o' }),
};

export const exportCommand = command({
  name: 'export',
  about: 'Writes a part of the image, or the guest, to a file.',
  options: OPTIONS,
  choices: [{ of: ['elf', 'raw', 'blank', 'record', 'range', 'pfns'], required: true }],
  required: 'output',
  run: runExport,
});

/** Writes the file. Throws `CliError`. */
async function runExport({ scan, source, path, options }: Input<typeof OPTIONS>): Promise<void> {
  const target = options.output === undefined || options.output === '-' ? '/dev/stdout' : options.output;
  if (isSameFile(path, target)) throw new CliError(`${target} is the image itself: an export never writes over it`);
  const file: Exportable = { ...parts(scan), source, memory: new GuestMemory(source, scan.pages, scan.image) };
  const interrupt = catchSignals();
  try {
    const { signal } = interrupt;
    const plan = await planOf(file, options, { signal, breathe: nextTurn });
    await writePlan(plan, source, fileSink(target, plan.size, signal), {
      signal,
      onProgress: turnByTurn(progressLine()),
    });
    // Where the export itself went nothing else may go.
    if (isStdout(target)) return;
    const sparse = plan.content < plan.size ? `, of which ${byteSize(plan.content)} are content` : '';
    print(`${target}: ${byteSize(plan.size)}${sparse}`);
    for (const note of plan.notes) print(`  ${note}`);
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

function planOf(file: Exportable, options: Given<typeof OPTIONS>, turns: Turns): ExportPlan | Promise<ExportPlan> {
  const { machineFrames, record, range, pfns } = options;
  if (options.elf) return elfPlan(file, { ...turns, machineFrames });
  if (options.raw) return rawPlan(file);
  if (options.blank) return blankPlan(file, { ...turns, scrub: scrubOf(options.scrub) });
  if (record !== undefined) {
    const [index = 0] = numbers('record', record, /^(?<first>[^,]+)$/u);
    return recordPlan(file, index);
  }
  if (range !== undefined) {
    const [offset = 0, length = 0] = numbers('range', range, /^(?<first>[^,]+),(?<second>[^,]+)$/u);
    return rangePlan(file, offset, length);
  }
  const [first = 0, last = first] = numbers('pfns', pfns ?? '', /^(?<first>[^-]+)(?:-(?<second>[^-]+))?$/u);
  return pagesPlan(file, first, last);
}

/** Decimal, or hex with 0x. */
function numbers(option: keyof typeof FORMS, text: string, form: RegExp): number[] {
  const found = Object.values(form.exec(text)?.groups ?? {}).filter((word): word is string => word !== undefined);
  const values = found.map((word) => (/^(?:0x[\da-f]+|\d+)$/iu.test(word) ? Number(word) : Number.NaN));
  if (values.length === 0 || !values.every((value) => Number.isSafeInteger(value)))
    throw new CliError(`--${option} takes ${FORMS[option]}, decimal or 0x…, not ${text}; see xenscope --help`);
  return values;
}

const FORMS = { record: 'the index of a record', range: 'OFFSET,LENGTH', pfns: 'a PFN, or FIRST-LAST' } as const;

function scrubOf(text: string | undefined): ReadonlySet<Scrub> {
  const words = text === undefined ? [] : text.split(',');
  const wrong = words.find((word) => !SCRUBS.includes(word as Scrub));
  if (wrong !== undefined) throw new CliError(`--scrub takes ${SCRUBS.join(',')}, not ${wrong}; see xenscope --help`);
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
