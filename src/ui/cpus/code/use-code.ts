/** What a VCPU is at, for components: asked once, and again when symbols come. */
import { useEffect, useState } from 'react';
import type { CodeView, NamedLine } from '../../../memory/code/code-view';
import type { SavedVcpu } from '../../../memory/code/saved-points';
import { fileData, request } from '../../../state/session';
import { useApp } from '../../../state/store';

export type Loaded<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly reason: string }
  | { readonly state: 'ready'; readonly value: T };

/** Instructions shown around the next one. */
const SHOWN = { before: 7, after: 12 };

function useAsked<T>(ask: () => Promise<T | { readonly reason: string }>, key: string): Loaded<T> {
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

export const useCode = (vcpu: SavedVcpu): Loaded<CodeView> =>
  useAsked<CodeView>(() => request('code', { vcpu, shown: SHOWN }), `${vcpu.record}:${vcpu.id}`);

/** Code elsewhere; nothing is asked without an address. */
export const useCodeAt = (vcpu: SavedVcpu, at: bigint | undefined): Loaded<readonly NamedLine[]> =>
  useAsked<readonly NamedLine[]>(
    async () => {
      if (at === undefined) return { reason: '' };
      const got = await request('disassembly', { vcpu, at, shown: SHOWN });
      return 'reason' in got ? got : got.lines;
    },
    `${vcpu.record}:${vcpu.id}:${at ?? ''}`,
  );
