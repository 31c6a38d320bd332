/** Questions that components ask, of the worker or of the file, and what has come of them so far. */
import { useEffect, useEffectEvent, useState } from 'react';
import { reasonOf } from '../../lib/reason';
import type { OpenFile } from '../../state/open-file';
import { useFile, useIsScanning } from './use-file';

export type Answer<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly reason: string }
  | { readonly state: 'ready'; readonly value: T };

interface Options {
  /** Asked again while the scan goes on: the rarer the dearer the answer. */
  readonly repeats?: boolean;
  /** The last answer stays until that to another key is there, for what would flicker otherwise. */
  readonly keeps?: boolean;
  /** Asked again whenever this changes; the last answer to the same key stays meanwhile. */
  readonly again?: unknown;
}

interface Result<T> {
  readonly key: unknown;
  readonly again: unknown;
  readonly file: OpenFile;
  readonly answer: Answer<T>;
}

const LOADING = { state: 'loading' } as const;
const LEAST_PAUSE_MS = 500;

/**
 * Asks a question, in the one way in which components do: anew for another key, for another file, and once the scan has ended. `key` stands
 * for the question, whose function is made anew on every look. While there is no question the answer is on its way. One
 * that fails has its reason, which is to be shown where the answer would have been.
 */
export function useAnswer<T>(key: unknown, ask: (() => Promise<T>) | undefined, options: Options = {}): Answer<T> {
  const file = useFile();
  const { repeats = false, keeps = false, again } = options;
  const scanning = useIsScanning();
  const [result, setResult] = useState<Result<T>>();
  const isAsked = ask !== undefined;
  // The question as it is when it is put; a change of `again` alone puts it once more.
  const put = useEffectEvent(async (_again: unknown): Promise<T> => {
    if (!ask) throw new Error('nothing is asked');
    return ask();
  });
  useEffect(() => {
    if (!isAsked) return undefined;
    let wanted = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const take = (answer: Answer<T>): void => {
      if (wanted) setResult({ key, again, file, answer });
    };
    const run = async (): Promise<void> => {
      const started = performance.now();
      try {
        take({ state: 'ready', value: await put(again) });
      } catch (error) {
        take({ state: 'failed', reason: reasonOf(error, 'the request failed') });
      }
      if (wanted && scanning && repeats)
        timer = setTimeout(run, Math.max(LEAST_PAUSE_MS, (performance.now() - started) * 10));
    };
    void run();
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [key, file, scanning, repeats, again, isAsked]);
  if (!isAsked || result?.file !== file) return LOADING;
  return result.key === key || (keeps && result.again === again) ? result.answer : LOADING;
}

interface Refusal {
  readonly reason: string;
}

/** Returns the answer to a question that may be refused; a refusal is thrown as an error with its reason. */
export async function orFail<T extends object>(asked: Promise<T | Refusal>): Promise<T> {
  const got = await asked;
  if ('reason' in got) throw new Error(got.reason);
  return got;
}
