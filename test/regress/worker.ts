/** A worker of the regression tool: puts the image it is given into the working folder and asks about it. */
import { rmSync, writeFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import type { Outcome } from './outcome';
import { loadProgram } from './program';
import { questions, type Thoroughness } from './questions';
import { bytesOf, type Subject } from './subjects';

export interface Answer {
  readonly subject: Subject;
  readonly outcomes: readonly Outcome[];
}

export interface Orders {
  /** What `wrapProgram` wrote. */
  readonly program: string;
  readonly every: Thoroughness;
}

const { program, every } = workerData as Orders;
const run = await loadProgram(program);

async function answer(subject: Subject): Promise<Answer> {
  const { name, log } = subject;
  writeFileSync(name, bytesOf(subject));
  if (log !== undefined) writeFileSync(`${name}.log`, log);
  try {
    return { subject, outcomes: await questions(run, subject, every) };
  } finally {
    for (const file of [name, `${name}.log`]) rmSync(file, { force: true });
  }
}

parentPort?.on('message', async (subject: Subject) => {
  // What is thrown is a fault of this tool or a crash of the program: the worker ends by it, and so does the run.
  parentPort?.postMessage(await answer(subject));
});
