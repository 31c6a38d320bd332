/**
 * `npm run regress`: what the terminal program says of every image at hand, kept in a folder (`--save`), or held
 * against a folder that another commit's program filled (`--against`). Exit code 1 where something differs.
 */
import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { loadBuilt, loadOutcomes, saveBuilt, saveOutcomes } from './archive';
import type { Outcome } from './outcome';
import { wrapProgram } from './program';
import { POLICIES } from './questions';
import { Report } from './report';
import { builtSubjects, fileSubjects, type Subject } from './subjects';
import type { Answer, Orders } from './worker';

const USAGE = `npm run regress -- --save DIR      keeps what the program says
npm run regress -- --against DIR   prints what it says otherwise than when DIR was made
  --program FILE  the program, dist/cli/xenscope.mjs if not given
  --only TEXT     images whose name or group has this text
  --all           also each of a thousand PAGE_DATA records that are alike, which takes twice as long
  --quick         few of these, and a tenth of what is broken or built
  --jobs N        how many at a time`;

const { values } = parseArgs({
  options: {
    save: { type: 'string' },
    against: { type: 'string' },
    program: { type: 'string' },
    only: { type: 'string' },
    all: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    jobs: { type: 'string' },
  },
});
if (values.save === undefined && values.against === undefined) {
  console.error(USAGE);
  process.exit(2);
}
const save = values.save === undefined ? undefined : resolve(values.save);
const against = values.against === undefined ? undefined : resolve(values.against);
if (against !== undefined && !existsSync(against)) {
  console.error(`${against}: no such folder`);
  process.exit(2);
}
const jobs = Number(values.jobs ?? availableParallelism());
const started = performance.now();
const seconds = (): string => `${((performance.now() - started) / 1000).toFixed(0)} s`;

const built = against === undefined ? await builtSubjects() : loadBuilt(against);
if (save !== undefined) saveBuilt(save, built);
const { only, quick } = values;
const every = values.all ? 'all' : quick ? 'quick' : 'usual';
/** Only then does it tell something that a question is missing. */
const isWhole = only === undefined && values.all;
const wanted = [...fileSubjects(), ...built].filter(
  ({ group, name, depth }, index) =>
    (only === undefined || `${group} ${name}`.includes(only)) &&
    (!quick || depth === 'whole' || depth === 'usage' || index % 10 === 0),
);
const wrapped = wrapProgram(values.program ?? 'dist/cli/xenscope.mjs');
const worker = join(import.meta.dirname, 'worker.mjs');

// Names without folders stand in what is printed, wherever it was run.
const folder = mkdtempSync(join(tmpdir(), 'xenscope-regress-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
process.once('SIGINT', () => process.exit(130));
process.chdir(folder);
for (const [name, source] of [
  [POLICIES.host, 'host-epyc'],
  [POLICIES.lesser, 'lesser-cpu'],
] as const) {
  const path = fileURLToPath(new URL(`../../../shared/samples/truth/${source}/xen-cpuid-p.txt`, import.meta.url));
  if (existsSync(path)) copyFileSync(path, name);
  else writeFileSync(name, '');
}

const report = new Report();
const open = new Map<string, { left: number; readonly outcomes: Outcome[] }>();
for (const { group } of wanted) {
  const known = open.get(group);
  if (known) known.left++;
  else open.set(group, { left: 1, outcomes: [] });
}

function take({ subject, outcomes }: Answer): void {
  const group = open.get(subject.group);
  if (!group) return;
  group.outcomes.push(...outcomes);
  if (--group.left > 0) return;
  open.delete(subject.group);
  console.error(`${seconds().padStart(6)}  ${subject.group}: ${group.outcomes.length} answers`);
  if (save !== undefined) saveOutcomes(save, subject.group, group.outcomes);
  if (against === undefined) return;
  report.compare(loadOutcomes(against, subject.group), group.outcomes, isWhole);
}

/** Gives a worker one subject after another. */
async function work(queue: Subject[]): Promise<void> {
  const one = new Worker(worker, { workerData: { program: wrapped, every } satisfies Orders });
  for (let subject = queue.shift(); subject; subject = queue.shift()) {
    one.postMessage(subject);
    const [answer] = (await once(one, 'message')) as [Answer];
    take(answer);
  }
  await one.terminate();
}

const queue = [...wanted];
await Promise.all(Array.from({ length: jobs }, () => work(queue)));
if (against === undefined) console.log(`Kept in ${save} after ${seconds()}.`);
else report.print();
process.exitCode = report.differing > 0 ? 1 : 0;
