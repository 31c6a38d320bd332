/** The search for Linux in the guest: its banner and its log. */
import type { Linux } from '../../memory/linux/find-linux';
import type { SymbolsInfo } from '../../memory/kernel/fit';
import type { WorkerClient } from '../../worker/client';
import { Job, type JobState } from './job';

/** What the search is at; `known` is the symbols that were at hand for it: with others it may find more. */
export type LinuxState = JobState<Linux, SymbolsInfo | undefined>;

/** Makes the search for Linux by a file's worker, which is given the symbols that are at hand. */
export const linuxJob = (worker: WorkerClient): Job<SymbolsInfo | undefined, Linux, never, SymbolsInfo | undefined> =>
  new Job<SymbolsInfo | undefined, Linux, never, SymbolsInfo | undefined>({
    run: (_, tools) => worker.job('linux', {}, tools),
    nothing: undefined,
    begin: (symbols) => symbols,
    failure: 'the search failed',
  });
