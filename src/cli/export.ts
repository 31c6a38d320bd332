/** `xenscope export`: parts of an image, the guest's memory, a core file, or the image made fit for sharing. */
import { closeSync, existsSync, fstatSync, ftruncateSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
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

/** What can be exported: flags, and options with a value. */
export const EXPORT_FLAGS = ['--elf', '--raw', '--blank'] as const;
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
  const target = values.get('-o') ?? values.get('--output');
  if (target === undefined) throw usage('export needs -o FILE to write to');
  if (isSameFile(path, target)) throw new CliError(`${target} is the image itself: an export never writes over it`);
  const file: Exportable = { ...parts(scan), source, memory: new GuestMemory(source, scan.pages, scan.image) };
  try {
    const plan = await planOf(file, input);
    await writePlan(plan, source, fileSink(target, plan.size), { onProgress: progressLine() });
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
  }
}

const parts = ({ records, pages, image }: ScanResult): Pick<Exportable, 'records' | 'pages' | 'image'> => ({
  records,
  pages,
  image,
});

async function planOf(file: Exportable, { flags, values }: ExportInput): Promise<ExportPlan> {
  const chosen = [...EXPORT_FLAGS, '--record', '--range', '--pfns'].filter(
    (name) => flags.has(name) || values.has(name),
  );
  const [what, ...more] = chosen;
  if (what === undefined || more.length > 0)
    throw usage('export needs one of --elf, --raw, --blank, --record, --range and --pfns');
  const scrub = values.get('--scrub');
  if (scrub !== undefined && what !== '--blank') throw usage('--scrub goes with --blank');
  switch (what) {
    case '--elf':
      return elfPlan(file);
    case '--raw':
      return rawPlan(file);
    case '--blank':
      return blankPlan(file, { scrub: scrubOf(scrub) });
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

function isSameFile(image: string, target: string): boolean {
  if (!existsSync(target)) return false;
  const [a, b] = [statSync(image), statSync(target)];
  return a.dev === b.dev && a.ino === b.ino;
}

/** A file with holes; removed again if it does not come to its end. Made when the first byte is due. */
function fileSink(path: string, size: number): Sink {
  let fd: number | undefined;
  let at = 0;
  const open = (): number => {
    try {
      return (fd ??= openSync(path, 'w'));
    } catch (error) {
      throw new CliError(`${path}: ${error instanceof Error ? error.message : 'cannot be written'}`);
    }
  };
  return {
    write: async (bytes) => {
      for (let done = 0; done < bytes.length;) done += writeSync(open(), bytes, done, bytes.length - done, at + done);
      at += bytes.length;
    },
    skip: async (length) => {
      at += length;
    },
    finish: async () => {
      ftruncateSync(open(), size);
      closeSync(open());
    },
    abandon: async () => {
      if (fd === undefined) return;
      // A pipe or a device was not made here.
      const isFile = fstatSync(fd).isFile();
      closeSync(fd);
      if (isFile) rmSync(path, { force: true });
    },
  };
}

/** One line on a terminal, written over and over; nothing where none looks. */
function progressLine(): (done: number, total: number) => void {
  if (!process.stderr.isTTY) return () => undefined;
  let shown = -1;
  return (done, total) => {
    const percent = total === 0 ? 100 : Math.floor((done / total) * 100);
    if (percent === shown) return;
    shown = percent;
    process.stderr.write(`\r${percent} %  ${byteSize(done)} of ${byteSize(total)}${done === total ? '\n' : ''}`);
  };
}
