/** The check whether the image would restore: run once the scan has ended, and again for another target. */
import type { CheckResult } from '../../check/result';
import type { ReaderId } from '../../check/kit/reader';
import type { XenVersion } from '../../check/kit/xen-version';
import { given } from '../../lib/given';
import type { WorkerClient } from '../../worker/client';
import { Job, type JobState } from './job';

/** The host that restores, as far as it was told. */
export interface RestoreTarget {
  /** The Xen that restores; that of the image if not given. */
  readonly xen?: XenVersion;
  /** Who restores; the reader that the image was made for if not given. */
  readonly reader?: ReaderId;
  /** CPU policy of the host that restores: what xen-cpuid -p prints or an image saved there, and what to call it. */
  readonly policy?: { readonly name: string; readonly data: Blob };
}

/** What the check is at; `known` is the target that it is for. Progress goes to 1. */
export type CheckState = JobState<CheckResult, RestoreTarget>;

/** Makes the check of a file by its worker. */
export const checkJob = (worker: WorkerClient): Job<RestoreTarget, CheckResult, never, RestoreTarget> =>
  new Job<RestoreTarget, CheckResult, never, RestoreTarget>({
    run: ({ xen, reader, policy }, tools) => worker.job('check', given({ xen, reader, policy: policy?.data }), tools),
    nothing: {},
    begin: (target) => target,
    failure: 'the check failed',
  });
