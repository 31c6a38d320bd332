/**
 * `npm run regress`: what the terminal program says of every image at hand, kept in a folder (`--save`), or held
 * against a folder that another commit's program filled (`--against`). Exit code 1 where something differs.
 */
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadBuilt, loadOutcomes, saveBuilt, savedGroups, saveOutcomes } from './archive';
import { askAll } from './ask';
import type { Outcome } from './outcome';
import { Report } from './report';
import { builtSubjects, fileSubjects } from './subjects';

const USAGE = `npm run regress -- --save DIR      keeps what the program says
npm run regress -- --against DIR   prints what it says otherwise than when DIR was made
  --facts         only exit codes, exported files, and JSON without the words in it
  --answers DIR   compares answers that were kept, instead of asking anew
  --program FILE  the program; dist/cli/xenscope.mjs if not given
  --only TEXT     only images whose name or group has this text
  --all           also each of a thousand PAGE_DATA records that are alike, which takes twice as long
  --quick         few of these, and a tenth of what is broken or built
  --jobs N        how many at a time`;

const { values } = parseArgs({
  options: {
    save: { type: 'string' },
    against: { type: 'string' },
    facts: { type: 'boolean', default: false },
    answers: { type: 'string' },
    program: { type: 'string', default: 'dist/cli/xenscope.mjs' },
    only: { type: 'string', default: '' },
    all: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    jobs: { type: 'string', default: String(availableParallelism()) },
  },
});

const fail = (problem: string): never => {
  console.error(problem);
  process.exit(2);
};
/** The folder that an option names; undefined where it was not given. */
const folderOf = (name: string | undefined, mustBe: boolean): string | undefined => {
  if (name === undefined) return undefined;
  return mustBe && !existsSync(name) ? fail(`${name}: no such folder`) : resolve(name);
};

const { only, quick } = values;
const save = folderOf(values.save, false);
const against = folderOf(values.against, true);
const answers = folderOf(values.answers, true);
if (save === undefined && against === undefined) fail(USAGE);

const report = new Report(values.facts);
const started = performance.now();
const seconds = (): string => `${((performance.now() - started) / 1000).toFixed(0)} s`;

function take(group: string, outcomes: readonly Outcome[]): void {
  if (answers === undefined) console.error(`${seconds().padStart(6)}  ${group}: ${outcomes.length} answers`);
  if (save !== undefined) saveOutcomes(save, group, outcomes);
  // That a question is missing tells something only where all of them were asked.
  if (against !== undefined) report.compare(loadOutcomes(against, group), outcomes, only === '' && values.all);
}

if (answers === undefined) {
  const built = against === undefined ? await builtSubjects() : loadBuilt(against);
  if (save !== undefined) saveBuilt(save, built);
  const subjects = [...fileSubjects(), ...built].filter(
    ({ group, name, depth }, index) =>
      `${group} ${name}`.includes(only) && (!quick || depth === 'whole' || depth === 'usage' || index % 10 === 0),
  );
  const every = values.all ? 'all' : quick ? 'quick' : 'usual';
  await askAll(subjects, { program: values.program, every, jobs: Number(values.jobs), onGroup: take });
} else
  for (const group of savedGroups(answers))
    if (group.includes(only)) take(group, [...loadOutcomes(answers, group).values()]);

if (against === undefined) console.log(`Kept in ${save} after ${seconds()}.`);
else report.print();
process.exitCode = report.differing > 0 ? 1 : 0;
