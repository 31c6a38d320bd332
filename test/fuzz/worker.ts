/** A worker of the fuzzer: every so-many-th mutant, until one breaks something. */
import { parentPort, workerData } from 'node:worker_threads';
import { noVerdicts, runMutant } from './run';
import { loadSeeds } from './seeds';
import { CURRENT, DONE, type FromWorker, type Order, VERDICT_SLOTS } from './worker-slots';

const { slot, first, step, end, real } = workerData as Order;
const seeds = await loadSeeds(real);
const verdicts = Object.keys(noVerdicts());
for (let number = first; number < end; number += step) {
  Atomics.store(slot, CURRENT, number | 0);
  try {
    Atomics.add(slot, VERDICT_SLOTS + verdicts.indexOf(await runMutant(number, seeds)), 1);
  } catch (error) {
    const told = error instanceof Error ? `${error.message}\n${String((error.cause as Error | undefined)?.stack)}` : '';
    parentPort?.postMessage({ number, stack: told } satisfies FromWorker);
    break;
  }
  Atomics.add(slot, DONE, 1);
}
