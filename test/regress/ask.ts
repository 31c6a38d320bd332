/** Asks a program about many images, in workers, and hands out the answers group by group. */
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Outcome } from './outcome';
import { wrapProgram } from './program';
import { POLICIES, type Thoroughness } from './questions';
import type { Subject } from './subjects';
import type { Answer, Orders } from './worker';

interface Options {
  readonly program: string;
  readonly every: Thoroughness;
  /** How many at a time. */
  readonly jobs: number;
  /** Called with all answers about the subjects of a group. */
  readonly onGroup: (group: string, outcomes: readonly Outcome[]) => void;
}

/** Makes a working folder and goes there: names without folders stand in what is printed, wherever it was run. */
function enterFolder(): void {
  const folder = mkdtempSync(join(tmpdir(), 'xenscope-regress-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  process.once('SIGINT', () => process.exit(130));
  process.chdir(folder);
  for (const [name, host] of [
    [POLICIES.host, 'host-epyc'],
    [POLICIES.lesser, 'lesser-cpu'],
  ] as const) {
    const path = fileURLToPath(new URL(`../../../shared/samples/truth/${host}/xen-cpuid-p.txt`, import.meta.url));
    if (existsSync(path)) copyFileSync(path, name);
    else writeFileSync(name, '');
  }
}

/** Asks about all subjects. Rejects where the program crashes. */
export async function askAll(subjects: readonly Subject[], { program, every, jobs, onGroup }: Options): Promise<void> {
  const wrapped = wrapProgram(program);
  enterFolder();
  const open = new Map<string, { left: number; readonly outcomes: Outcome[] }>();
  for (const { group } of subjects) {
    const known = open.get(group);
    if (known) known.left++;
    else open.set(group, { left: 1, outcomes: [] });
  }
  const take = ({ subject, outcomes }: Answer): void => {
    const group = open.get(subject.group);
    group?.outcomes.push(...outcomes);
    if (group && --group.left === 0) onGroup(subject.group, group.outcomes);
  };
  const queue = [...subjects];
  const work = async (): Promise<void> => {
    const orders: Orders = { program: wrapped, every };
    const worker = new Worker(join(import.meta.dirname, 'worker.mjs'), { workerData: orders });
    for (let subject = queue.shift(); subject; subject = queue.shift()) {
      worker.postMessage(subject);
      const [answer] = (await once(worker, 'message')) as [Answer];
      take(answer);
    }
    await worker.terminate();
  };
  await Promise.all(Array.from({ length: jobs }, work));
}
