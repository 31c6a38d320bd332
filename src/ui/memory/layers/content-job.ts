/** The pass over the contents of all pages: started on demand, runs while other tabs are in front. */
import { reasonOf } from '../../../lib/reason';
import { create } from 'zustand';
import type { ContentPart } from '../../../memory/content/pass';
import { fileData, type FileData, startJob } from '../../../state/session';
import { useApp } from '../../../state/store';

interface ContentJob {
  readonly job: 'idle' | 'running' | 'done' | 'cancelled' | 'failed';
  readonly done: number;
  readonly total: number;
  /** performance.now, and pages done by then: for the estimate. */
  readonly since: { readonly at: number; readonly done: number } | undefined;
  readonly part: ContentPart | undefined;
  readonly reason: string | undefined;
  readonly data: FileData | undefined;
}

const IDLE: ContentJob = {
  job: 'idle',
  done: 0,
  total: 0,
  since: undefined,
  part: undefined,
  reason: undefined,
  data: undefined,
};

const store = create<ContentJob>(() => IDLE);

/** What is known of the open file's contents. */
export function useContent<T>(pick: (state: ContentJob) => T): T {
  useApp((state) => state.file);
  return store((state) => pick(state.data === fileData() ? state : IDLE));
}

let abort: AbortController | undefined;

export function startContent(): void {
  abort?.abort();
  const own = new AbortController();
  abort = own;
  const data = fileData();
  const { data: before, done, total, part } = store.getState();
  // A pass that was cancelled goes on where it was.
  const known = before === data ? { done, total, part } : {};
  store.setState({ ...IDLE, ...known, job: 'running', data });
  const put = (change: Partial<ContentJob>): void => {
    if (abort === own && fileData() === data) store.setState(change);
  };
  const onProgress = (progress: { readonly done: number; readonly total: number }): void => {
    const { since } = store.getState();
    put({
      done: progress.done,
      total: progress.total,
      since: since ?? { at: performance.now(), done: progress.done },
    });
  };
  startJob('content', {}, { signal: own.signal, onProgress, onPart: (now) => put({ part: now }) }).then(
    (now) => put({ job: 'done', part: now }),
    (error: unknown) => (own.signal.aborted ? undefined : put({ job: 'failed', reason: reasonOf(error) })),
  );
}

export function cancelContent(): void {
  abort?.abort();
  store.setState({ job: 'cancelled', since: undefined });
}

/** Seconds to go, by the pace so far; undefined until there is one. */
export function secondsLeft({ done, total, since }: Pick<ContentJob, 'done' | 'total' | 'since'>): number | undefined {
  if (!since || done <= since.done) return undefined;
  return (((performance.now() - since.at) / 1000) * (total - done)) / (done - since.done);
}
