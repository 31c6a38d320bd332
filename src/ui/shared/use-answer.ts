/** Questions that components ask, of the worker or of the file, and what has come of them so far. */
import { useEffect, useState } from 'react';
import { reasonOf } from '../../lib/reason';
import { fileData } from '../../state/session';
import { useApp } from '../../state/store';

export type Answer<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly reason: string }
  | { readonly state: 'ready'; readonly value: T };

interface Options {
  /** Asked again while the scan goes on: the rarer the dearer the answer. */
  readonly repeats?: boolean;
  /** The last answer stays until that to another key is there: for what would flicker otherwise. */
  readonly keeps?: boolean;
  /** Asked again whenever this changes; the last answer stays meanwhile. */
  readonly again?: unknown;
}

const LOADING = { state: 'loading' } as const;
const LEAST_PAUSE_MS = 500;

/**
 * Asks anew for another key, for another file, and once the scan has ended. `key` stands for the question, whose function
 * is made anew on every look; nothing is asked without one.
 */
export function useAnswer<T>(key: unknown, ask: (() => Promise<T>) | undefined, options: Options = {}): Answer<T> {
  const { repeats = false, keeps = false, again } = options;
  const scanning = useApp((state) => state.phase === 'scanning');
  useApp((state) => state.file);
  const data = fileData();
  const [result, setResult] = useState<{ readonly key: unknown; readonly data: unknown; readonly answer: Answer<T> }>();
  useEffect(() => {
    if (!ask) return undefined;
    let wanted = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const put = (answer: Answer<T>): void => {
      if (wanted) setResult({ key, data, answer });
    };
    const run = async (): Promise<void> => {
      const started = performance.now();
      try {
        put({ state: 'ready', value: await ask() });
      } catch (error) {
        put({ state: 'failed', reason: reasonOf(error, 'the request failed') });
      }
      if (wanted && scanning && repeats)
        timer = setTimeout(run, Math.max(LEAST_PAUSE_MS, (performance.now() - started) * 10));
    };
    void run();
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [key, data, scanning, again]);
  return result && (keeps || result.key === key) && result.data === data ? result.answer : LOADING;
}

interface Refusal {
  readonly reason: string;
}

/** For questions that are answered with a reason where there is no answer: that is a failure like any other. */
export async function orFail<T extends object>(asked: Promise<T | Refusal>): Promise<T> {
  const got = await asked;
  if ('reason' in got) throw new Error(got.reason);
  return got;
}
