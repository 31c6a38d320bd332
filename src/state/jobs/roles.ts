/** The search for what pages are used for: run again as the scan comes further. */
import type { WorkerClient } from '../../worker/client';
import { Job, type JobState } from './job';

/** The numbers of records by which the known roles were found, and by which they were last asked for. */
export interface RolesKnown {
  readonly records: number;
  readonly asked: number;
}

/** What the search for roles is at. Progress is in vCPUs. */
export type RolesState = JobState<number, RolesKnown>;

/**
 * Makes the search by a file's worker. It is told how many records there are, and says of how many the answers then
 * are.
 */
export const rolesJob = (worker: WorkerClient): Job<number, number, number, RolesKnown> =>
  new Job<number, number, number, RolesKnown>({
    run: async (_, { signal, onPart, onProgress }) => {
      const { records } = await worker.job('roles', {}, { signal, onProgress });
      onPart(records);
      return records;
    },
    nothing: { records: 0, asked: 0 },
    begin: (asked, { records }) => ({ records, asked }),
    take: ({ asked }, records) => ({ records, asked }),
    failure: 'the page tables could not be read',
  });
