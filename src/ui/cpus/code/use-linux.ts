/** The search for Linux in the guest: once for each file and its symbols, kept while other views are open. */
import { reasonOf } from '../../../lib/reason';
import { useEffect } from 'react';
import { create } from 'zustand';
import type { Linux } from '../../../memory/linux/find-linux';
import { type FileData, fileData, startJob } from '../../../state/session';
import { type Symbols, useApp } from '../../../state/store';

type Search =
  | { readonly state: 'searching'; readonly share: number }
  | { readonly state: 'done'; readonly linux: Linux }
  | { readonly state: 'stopped' }
  | { readonly state: 'failed'; readonly reason: string };

interface State {
  readonly data: FileData | undefined;
  readonly symbols: Symbols | undefined;
  readonly search: Search;
}

const useSearch = create<State>(() => ({ data: undefined, symbols: undefined, search: { state: 'stopped' } }));
let running = new AbortController();

export function searchLinux(): void {
  const data = fileData();
  const { symbols } = useApp.getState();
  running.abort();
  const mine = new AbortController();
  running = mine;
  const show = (search: Search): void => {
    if (running === mine) useSearch.setState({ data, symbols, search });
  };
  show({ state: 'searching', share: 0 });
  startJob(
    'linux',
    {},
    { signal: mine.signal, onProgress: ({ done, total }) => show({ state: 'searching', share: done / total }) },
  ).then(
    (linux) => show({ state: 'done', linux }),
    (error: unknown) =>
      show(
        mine.signal.aborted ? { state: 'stopped' } : { state: 'failed', reason: reasonOf(error, 'the search failed') },
      ),
  );
}

export const stopSearch = (): void => running.abort();

/** Starts it where the file that is open was not looked into yet. */
export function useLinux(): Search {
  const { data, symbols, search } = useSearch();
  const given = useApp((state) => state.symbols);
  const ready = useApp((state) => state.phase !== 'scanning');
  const current = data === fileData() && (symbols === given || given.state !== 'ready');
  useEffect(() => {
    if (ready && !current) searchLinux();
  }, [ready, current]);
  return current ? search : { state: 'searching', share: 0 };
}
