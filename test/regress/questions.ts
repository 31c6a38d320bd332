/** The command lines that an image is asked. Some follow from what others printed: records, registers. */
import { rmSync } from 'node:fs';
import { type Outcome, outcomeOf } from './outcome';
import type { Run } from './program';
import type { Depth, Subject } from './subjects';

const VERSIONS = ['4.13', '4.17', '4.20'];
/** Files in the working folder. */
export const POLICIES = { host: 'host.policy', lesser: 'lesser.policy' } as const;

interface Row {
  readonly index: number;
  readonly name: string;
  readonly offset: number;
}

interface Code {
  readonly vcpu: number;
  readonly ip: string;
}

const IMAGE = 'IMAGE';
/** Command lines that are wrong, or are about the program itself. */
const USAGE: readonly (readonly string[])[] = [
  [],
  ['--help'],
  ['-h'],
  ['lst', IMAGE],
  ['list'],
  ['list', IMAGE, '--jsn'],
  ['list', IMAGE, '--xen', '4.17'],
  ['list', 'a', 'b'],
  ['list', 'missing'],
  ['show', IMAGE],
  ['check', IMAGE, '--xen'],
  ['check', IMAGE, '--xen', '3.4'],
  ['check', IMAGE, '--log', 'missing'],
  ['check', IMAGE, '--target-policy', 'missing'],
  ['mem', IMAGE],
  ['mem', IMAGE, '--pfn', '1', '--va', '2'],
  ['mem', IMAGE, '--pfn', '1', '--json'],
  ['mem', IMAGE, '--pfn', '1', '--vcpu', '0'],
  ['mem', IMAGE, '--va', 'ffff'],
  ['mem', IMAGE, '--va', 'start_kernel'],
  ['walk', IMAGE],
  ['walk', IMAGE, '--va', '0x0', '--vcpu', '7'],
  ['code', IMAGE, '--vcpu', 'x'],
  ['code', IMAGE, '--vcpu', '7'],
  ['code', IMAGE, '--symbols', 'missing'],
  ['code', IMAGE, '--symbols', 'missing', '--own-symbols'],
  ['search', IMAGE],
  ['search', IMAGE, 'a', '--hex'],
  ['search', IMAGE, 'a', '--in', 'nowhere'],
  ['search', IMAGE, 'a', '--limit', '0'],
  ['search', IMAGE, '--', '-a'],
  ['export', IMAGE],
  ['export', IMAGE, '-o', 'usage.out'],
  ['export', IMAGE, '--elf', '--raw', '-o', 'usage.out'],
  ['export', IMAGE, '--raw', '--scrub', 'config', '-o', 'usage.out'],
  ['export', IMAGE, '--blank', '--scrub', 'all', '-o', 'usage.out'],
  ['export', IMAGE, '--record', 'x', '-o', 'usage.out'],
  ['export', IMAGE, '--raw', '-o', IMAGE],
];

/** Asks, keeps what came, and gives the bare output to follow. */
class Asker {
  readonly outcomes: Outcome[] = [];
  readonly #run: Run;
  readonly subject: string;

  constructor(run: Run, subject: string) {
    this.#run = run;
    this.subject = subject;
  }

  async ask(...args: readonly string[]): Promise<{ readonly code: number; readonly text: string }> {
    const ran = await this.#run(args);
    this.outcomes.push(outcomeOf(this.subject, args, ran));
    return { code: ran.code, text: Buffer.from(ran.stdout).toString() };
  }

  async both(...args: readonly string[]): Promise<{ readonly code: number; readonly text: string }> {
    await this.ask(...args);
    return this.ask(...args, '--json');
  }

  /** An export: its file, called after the options, is digested, then given to `then`. */
  async export(args: readonly string[], then?: (file: string) => Promise<void>): Promise<void> {
    const file = `${args.join('').replaceAll(/[^\w.]+/gu, '-')}.out`;
    const all = ['export', ...args, '-o', file];
    this.outcomes.push(outcomeOf(this.subject, all, await this.#run(all), file));
    await then?.(file);
    rmSync(file, { force: true });
  }
}

const parsed = <T>(text: string): T[] =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as T);

/** All that is asked of a subject, whose image lies in the working folder under its name, its log as `NAME.log`. */
export async function questions(
  run: Run,
  { name, depth, log }: Subject,
  every: Thoroughness,
): Promise<readonly Outcome[]> {
  const asker = new Asker(run, name);
  const ask = asker.ask.bind(asker);
  if (depth === 'usage') {
    for (const args of USAGE) await ask(...args.map((arg) => (arg === IMAGE ? name : arg)));
    return asker.outcomes;
  }
  if (depth === 'check') {
    for (const xen of VERSIONS) await ask('check', name, '--json', '--xen', xen);
    await ask('check', name, '--target-policy', POLICIES.host);
    return asker.outcomes;
  }
  const { code, text } = await asker.both('list', name);
  const rows = code === 0 ? parsed<Row>(text) : [];
  await asker.both('check', name);
  if (log !== undefined) await asker.both('check', name, '--log', `${name}.log`);
  if (rows.length === 0) return asker.outcomes;
  for (const xen of VERSIONS) {
    for (const policy of [undefined, POLICIES.host, ...(depth === 'whole' ? [POLICIES.lesser] : [])]) {
      const args = ['check', name, '--xen', xen, ...(policy === undefined ? [] : ['--target-policy', policy])];
      if (depth === 'whole') await ask(...args);
      await ask(...args, '--json');
    }
  }
  await records(asker, rows, depth, every);
  if (depth === 'whole') {
    await memory(asker, name);
    await exports(asker, name, rows);
  }
  return asker.outcomes;
}

/** An image of an HVM guest has a thousand `PAGE_DATA` records, most of them alike: so many are all shown. */
const PAGE_DATA = { asText: 8, asJson: 32 };

/** How much of what is alike is asked about: all of it, one in 16, or one in 256. */
export type Thoroughness = 'all' | 'usual' | 'quick';
const ONE_IN: Readonly<Record<Thoroughness, number>> = { all: 1, usual: 16, quick: 256 };

async function records(asker: Asker, rows: readonly Row[], depth: Depth, every: Thoroughness): Promise<void> {
  const { subject } = asker;
  let pageData = 0;
  for (const { index, name } of rows) {
    const nth = name === 'PAGE_DATA' ? pageData++ : 0;
    // Of an edited image the lists of pages are those of the image that was edited.
    if (depth === 'verdict' ? name !== 'PAGE_DATA' : nth < PAGE_DATA.asText)
      await asker.ask('show', subject, String(index));
    if (depth === 'whole' && (nth < PAGE_DATA.asJson || nth % ONE_IN[every] === 0))
      await asker.ask('show', subject, String(index), '--json');
  }
  if (depth !== 'whole') return;
  const middle = rows[rows.length >> 1]?.offset ?? 0;
  for (const ref of [`offset:${middle}`, 'pfn:0x1', 'pfn:0x100', 'start_info', String(rows.length), 'nothing'])
    await asker.both('show', subject, ref);
}

const PATTERNS = [
  ['Linux'],
  ['xen', '--ignore-case'],
  ['Xen', '--utf16'],
  ['0f 05 ?? c?'],
  ['/[a-z]{4,}_[a-z]+/'],
  ['0x1000', '--int', '8'],
  ['config', '--in', 'records'],
  ['domain', '--in', 'file'],
  ['the guest', '--all'],
] as const;

async function memory(asker: Asker, name: string): Promise<void> {
  const { text } = await asker.both('code', name);
  await asker.both('dmesg', name);
  for (const { vcpu, ip } of parsed<Code>(text)) {
    for (const va of [ip, '0x0', '0xffff800000000000', '0xffffffff81000000'])
      await asker.both('walk', name, '--va', va, '--vcpu', String(vcpu));
    await asker.ask('mem', name, '--va', ip, '--vcpu', String(vcpu));
    await asker.ask('mem', name, '--va', ip, '--length', '64', '--raw');
  }
  await asker.ask('mem', name, '--pfn', '1');
  await asker.ask('mem', name, '--gpa', '0xff8', '--length', '0x4010');
  await asker.ask('mem', name, '--gpa', '0', '--length', '0x40000');
  for (const pattern of PATTERNS) await asker.both('search', name, ...pattern, '--limit', '50');
  const own = await asker.ask('code', name, '--own-symbols');
  if (own.code === 0) await asker.both('search', name, 'Linux', '--own-symbols', '--limit', '50');
}

async function exports(asker: Asker, name: string, rows: readonly Row[]): Promise<void> {
  await asker.export([name, '--elf']);
  await asker.export([name, '--elf', '--machine-frames']);
  await asker.export([name, '--raw']);
  await asker.export([name, '--blank'], async (file) => void (await asker.both('check', file)));
  await asker.export([name, '--blank', '--scrub', 'registers,config'], async (file) => {
    await asker.ask('list', file);
    await asker.ask('check', file);
    await asker.ask('code', file);
  });
  await asker.export([name, '--record', String(rows.length >> 1)]);
  await asker.export([name, '--range', '16,0x1000']);
  await asker.export([name, '--pfns', '0-15']);
}
