/** `xenscope export`: parts of an image, the guest's memory, a core file, or the image made fit for sharing. */
import { blankPlan } from '../../memory/export/blank/blank';
import { type Scrub, SCRUBS } from '../../memory/export/blank/scrub';
import { elfPlan } from '../../memory/export/elf/elf';
import { pagesPlan, rangePlan, recordPlan } from '../../memory/export/pieces';
import { type Exportable, type ExportPlan, ExportRefused } from '../../memory/export/kit/plan';
import { rawPlan } from '../../memory/export/raw';
import { writePlan } from '../../memory/export/write';
import { GuestMemory } from '../../memory/guest-memory';
import { reasonOf } from '../../lib/reason';
import { byteSize } from '../../lib/text';
import type { ScanResult } from '../../scan/scan';
import { ReadError } from '../../source/source';
import { command, type Input } from '../command';
import { CliError } from '../error';
import { flag, type Given, valued } from '../option';
import { complain, print } from '../output';
import type { ExportSink } from '../sink/sink';
import { targetOf } from '../sink/target';
import { catchSignals, nextTurn, turnByTurn, progressLine } from '../turns';

const OPTIONS = {
  elf: flag('the guest as a core file like that of xl dump-core, for crash, gdb and Volatility'),
  machineFrames: flag('with the machine frames of the host instead of PFNs, for a PV guest', { with: 'elf' }),
  raw: flag('the guest’s physical memory, with holes'),
  blank: flag('the image for sharing: all is replaced that is not known to be harmless'),
  scrub: valued('registers,config', 'replaces the vCPUs’ registers, the configuration, or both too', { with: 'blank' }),
  keepUnknown: flag('keeps bytes whose meaning is not known, of unknown records say', { with: 'blank' }),
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
  const name = options.output ?? '-';
  const target = targetOf(name, source);
  const file: Exportable = { ...parts(scan), source, memory: new GuestMemory(source, scan.pages, scan.image) };
  const interrupt = catchSignals();
  const { signal } = interrupt;
  let sink: ExportSink | undefined;
  try {
    const plan = await planOf(file, options, { signal, breathe: nextTurn });
    sink = target.sink(plan.size, signal);
    await writePlan(plan, source, sink, { signal, onProgress: turnByTurn(progressLine()) });
    if (target.isStdout) return;
    const sparse = plan.content < plan.size ? `, of which ${byteSize(plan.content)} are content` : '';
    print(`${name}: ${byteSize(plan.size)}${sparse}`);
    for (const note of plan.notes) print(`  ${note}`);
  } catch (error) {
    if (error instanceof ExportRefused) throw new CliError(`cannot export this: ${error.message}`);
    const why = `${whyOf(error, path)}; ${sink?.remains() ?? 'nothing was written'}`;
    // With the signal the program ends before anybody else can say it.
    if (signal.aborted) complain(why);
    throw new CliError(why);
  } finally {
    interrupt.release();
  }
}

/** Returns why an export came to nothing. */
const whyOf = (error: unknown, path: string): string =>
  error instanceof ReadError ? `${path}: ${error.told}` : reasonOf(error);

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
  if (options.blank)
    return blankPlan(file, { ...turns, scrub: scrubOf(options.scrub), keepUnknown: options.keepUnknown });
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

/** Reads the numbers that an option takes, decimal or in hex with 0x. Throws `CliError`. */
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
