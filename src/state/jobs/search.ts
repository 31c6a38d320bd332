/** The search of a file: what was asked, and the hits as they are found. */
import type { Hit } from '../../memory/search/hit';
import type { Query } from '../../memory/search/kit/query';
import type { SearchResult } from '../../memory/search/search';
import type { WorkerClient } from '../../worker/client';
import type { SearchAsked } from '../search-box';
import { Job, type JobState } from './job';

/** A search that is to be run: as it was asked, and what that means. */
export interface SearchRun {
  readonly asked: SearchAsked;
  readonly query: Query;
}

/** What was searched for, and the hits so far. */
export interface SearchKnown {
  /** Undefined until something is searched for. */
  readonly ran: SearchRun | undefined;
  readonly hits: readonly Hit[];
}

/** What the search is at. Progress is in bytes. */
export type SearchState = JobState<SearchResult, SearchKnown>;

/** Makes the search of a file by its worker. */
export const searchJob = (worker: WorkerClient): Job<SearchRun, SearchResult, readonly Hit[], SearchKnown> =>
  new Job<SearchRun, SearchResult, readonly Hit[], SearchKnown>({
    run: ({ asked: { scope, all }, query }, tools) =>
      worker.job('search', { query, scope, all: scope === 'memory' && all }, tools),
    nothing: { ran: undefined, hits: [] },
    begin: (ran) => ({ ran, hits: [] }),
    take: ({ ran, hits }, found) => ({ ran, hits: [...hits, ...found] }),
    failure: 'the search failed',
  });
