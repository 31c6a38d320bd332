/** The comparison of what was sent to be verified with what was sent before. */
import type { Verified } from '../../memory/compare/verify';
import type { WorkerClient } from '../../worker/client';
import { Job, type JobState } from './job';

/** What the comparison is at. Progress is in runs of pages. */
export type VerifyState = JobState<Verified, Verified | undefined>;

/** Makes the comparison of a file's pages by its worker. */
export const verifyJob = (worker: WorkerClient): Job<undefined, Verified, Verified, Verified | undefined> =>
  new Job<undefined, Verified, Verified, Verified | undefined>({
    run: (_, tools) => worker.job('verify', {}, tools),
    nothing: undefined,
    begin: () => undefined,
    take: (_, part) => part,
    failure: 'the pages could not be compared',
  });

/** Returns what is known of the pages, while the comparison runs and after. */
export const verifiedOf = (state: VerifyState): Verified | undefined =>
  state.state === 'done' ? state.out : state.known;
