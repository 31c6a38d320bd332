/**
 * `npm run fuzz`: mutants until one breaks something, or so many are done. They are numbered, and a number is all that
 * makes a mutant: the command that repeats it is printed. A mutant that hangs, or takes too much memory, is one that
 * breaks something.
 */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { parseArgs } from 'node:util';
import { noVerdicts } from './run';
import { CURRENT, DONE, type FromWorker, type Order, SLOTS, VERDICT_SLOTS } from './worker-slots';

const MIB = 2 ** 20;
const HANG_SECONDS = 60;
/** Of JavaScript objects, for each worker. */
const HEAP_MIB = 512;
/** Of the whole process. */
const RSS_MIB = 2048;

const { values, positionals } = parseArgs({
  args: process.argv.slice(2),
  allowPositionals: true,
  options: { from: { type: 'string' }, real: { type: 'boolean' }, workers: { type: 'string' } },
});
const count = Number(positionals[0] ?? 1_000_000);
const from = Number(values.from ?? Math.floor(Math.random() * 0x1_0000_0000));
const workers = Math.min(count, Number(values.workers ?? availableParallelism()));
const real = values.real === true;
if (![count, from, workers].every((number) => Number.isSafeInteger(number) && number >= 0)) {
  console.error('npm run fuzz -- [COUNT] [--from NUMBER] [--workers N] [--real]');
  process.exit(2);
}

const grouped = (number: number): string => number.toLocaleString('en-GB');
console.log(`${grouped(count)} mutants from number ${from} on, ${workers} at a time`);
const started = performance.now();
const slots = Array.from({ length: workers }, () => new Int32Array(new SharedArrayBuffer(4 * SLOTS)));
const sum = (slot: number): number => slots.reduce((all, one) => all + Atomics.load(one, slot), 0);
const running: Worker[] = [];
let peak = 0;
let left = workers;

function fail(number: number, what: string): void {
  console.error(`\nFAILED after ${grouped(sum(DONE))} mutants: ${what}`);
  console.error(`Again: npm run fuzz -- 1 --from ${number >>> 0}${real ? ' --real' : ''}`);
  process.exit(1);
}

function status(): string {
  const seconds = (performance.now() - started) / 1000;
  const verdicts = Object.keys(noVerdicts()).map((name, at) => `${name} ${grouped(sum(VERDICT_SLOTS + at))}`);
  const rate = (sum(DONE) / seconds).toFixed(0);
  return `${grouped(sum(DONE))} mutants in ${seconds.toFixed(0)} s (${rate}/s): ${verdicts.join(', ')}; at most ${(peak / MIB).toFixed(0)} MiB`;
}

for (const [index, slot] of slots.entries()) {
  const order: Order = { slot, first: from + index, step: workers, end: from + count, real };
  const worker = new Worker(join(import.meta.dirname, 'worker.mjs'), {
    workerData: order,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MIB },
  });
  worker.on('message', ({ number, stack }: FromWorker) => fail(number, stack));
  worker.on('error', (error) => fail(Atomics.load(slot, CURRENT), String(error)));
  worker.on('exit', () => {
    left--;
    if (left > 0) return;
    clearInterval(watch);
    console.log(`${status()}\nNothing broke.`);
  });
  running.push(worker);
}

/** When each worker was last seen to move on. */
const seen = slots.map(() => ({ done: -1, at: performance.now() }));
let lines = 0;
const watch = setInterval(() => {
  const rss = process.memoryUsage.rss();
  peak = Math.max(peak, rss);
  for (const [index, slot] of slots.entries()) {
    const last = seen[index];
    const done = Atomics.load(slot, DONE);
    if (!last || last.done === done) {
      if (last && left === workers && performance.now() - last.at > HANG_SECONDS * 1000)
        fail(Atomics.load(slot, CURRENT), `a mutant takes more than ${HANG_SECONDS} s`);
      continue;
    }
    last.done = done;
    last.at = performance.now();
  }
  if (rss > RSS_MIB * MIB) {
    const [first] = slots;
    fail(
      first ? Atomics.load(first, CURRENT) : from,
      `${(rss / MIB).toFixed(0)} MiB of memory, at this mutant or at one beside it`,
    );
  }
  if (++lines % 20 === 0) console.log(status());
}, 250);
