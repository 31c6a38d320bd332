/** The pass over the contents of all pages: started on demand, runs while other tabs are in front. */
import type { ContentPart } from '../../memory/content/pass';
import type { WorkerClient } from '../../worker/client';
import { Job, type JobState } from './job';

/** What the pass is at. Progress is in pages. */
export type ContentState = JobState<ContentPart, ContentPart | undefined>;

/** Makes the pass over a file's pages by its worker. One that was cancelled goes on where it was. */
export const contentJob = (worker: WorkerClient): Job<undefined, ContentPart, ContentPart, ContentPart | undefined> =>
  new Job<undefined, ContentPart, ContentPart, ContentPart | undefined>({
    run: (_, tools) => worker.job('content', {}, tools),
    nothing: undefined,
    begin: (_, before) => before,
    take: (_, part) => part,
    resumes: true,
    failure: 'the pages could not be read',
  });

/** Returns what is known of the contents, while the pass runs and after. */
export const contentOf = (state: ContentState): ContentPart | undefined =>
  state.state === 'done' ? state.out : state.known;
