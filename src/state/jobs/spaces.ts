/** Maps of address spaces: each made when it is first asked for, and kept for as long as the file is open. */
import { SpaceRows } from '../../memory/space/series';
import type { Ranges } from '../../memory/space/ranges';
import type { SpaceResult } from '../../memory/space/space';
import type { WorkerClient } from '../../worker/client';
import type { SpaceQuery } from '../../worker/protocol';
import { Job, type JobState } from './job';

/** What an address space holds, as far as its tables were read. */
export interface SpaceKnown {
  readonly rows: SpaceRows;
  /** How many rows and ranges there are: `rows` itself grows in place. */
  readonly count: number;
  readonly ranges: number;
}

/** What the map of an address space is at. Progress goes to 1. */
export type SpaceState = JobState<SpaceResult, SpaceKnown>;
/** The map of one address space. */
export type SpaceJob = Job<SpaceQuery, SpaceResult, Ranges, SpaceKnown>;

const empty = (): SpaceKnown => ({ rows: new SpaceRows(), count: 0, ranges: 0 });

const spaceJob = (worker: WorkerClient): SpaceJob =>
  new Job<SpaceQuery, SpaceResult, Ranges, SpaceKnown>({
    run: (query, tools) => worker.job('space', query, tools),
    nothing: empty(),
    begin: empty,
    take: ({ rows }, part) => {
      rows.append(part);
      return { rows, count: rows.count, ranges: rows.ranges };
    },
    failure: 'the page tables could not be read',
  });

/** The maps of a file's address spaces, each under a key that names its tables. */
export class SpaceJobs {
  readonly #worker: WorkerClient;
  readonly #jobs = new Map<string, SpaceJob>();

  constructor(worker: WorkerClient) {
    this.#worker = worker;
  }

  /** Returns the map under a key; idle if it was not asked for before. */
  of(key: string): SpaceJob {
    const job = this.#jobs.get(key) ?? spaceJob(this.#worker);
    this.#jobs.set(key, job);
    return job;
  }
}
