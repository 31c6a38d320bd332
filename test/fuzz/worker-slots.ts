/** What the fuzzer and its workers share. */

/** Elements of the shared array of a worker: number of the mutant at hand, mutants done, then one for each verdict. */
export const CURRENT = 0;
export const DONE = 1;
export const VERDICT_SLOTS = 2;
export const SLOTS = 6;

export interface Order {
  readonly slot: Int32Array;
  readonly first: number;
  readonly step: number;
  readonly end: number;
  readonly real: boolean;
}

/** A mutant that broke something. */
export interface FromWorker {
  readonly number: number;
  readonly stack: string;
}
