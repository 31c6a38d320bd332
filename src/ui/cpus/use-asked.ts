/** What the worker says of a VCPU, for components: asked once, and again when symbols come. */
import { useEffect, useState } from 'react';
import { fileData } from '../../state/session';
import { useApp } from '../../state/store';

export type Loaded<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly reason: string }
  | { readonly state: 'ready'; readonly value: T };

/** `key` stands for what is asked; an answer with a `reason` is a failure. */
export function useAsked<T>(ask: () => Promise<T | { readonly reason: string }>, key: string): Loaded<T> {
  const data = fileData();
  const symbols = useApp((state) => state.symbols);
  const scanning = useApp((state) => state.phase === 'scanning');
  const [found, setFound] = useState<{ readonly key: string; readonly data: unknown; readonly loaded: Loaded<T> }>();
  useEffect(() => {
    let wanted = true;
    const take = (loaded: Loaded<T>): void => {
      if (wanted) setFound({ key, data, loaded });
    };
    ask().then(
      (got) =>
        take(
          got !== null && typeof got === 'object' && 'reason' in got
            ? { state: 'failed', reason: got.reason }
            : { state: 'ready', value: got },
        ),
      (error: unknown) =>
        take({ state: 'failed', reason: error instanceof Error ? error.message : 'the request failed' }),
    );
    return () => {
      wanted = false;
    };
    // `key` stands for what is asked.
  }, [data, key, symbols, scanning]);
  // What was shown stays while the same is asked again.
  return found?.key === key && found.data === data ? found.loaded : { state: 'loading' };
}
