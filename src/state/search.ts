/** The search of the open file: what was asked, what was found, which hit is looked at. Kept while other files are opened. */
import { reasonOf } from '../lib/reason';
import { create } from 'zustand';
import { PAGE_SIZE } from '../format/page';
import type { Hit } from '../memory/search/hit';
import type { IntWidth, Kind, Query, Scope } from '../memory/search/query';
import type { SearchResult } from '../memory/search/search';
import { goToOffset, selectPfn } from './actions';
import { startJob } from './session';
import { useApp } from './store';

/** What is typed and chosen. */
export interface Asked {
  readonly text: string;
  /** Guessed from the text if not chosen. */
  readonly kind?: Kind;
  readonly ignoreCase: boolean;
  readonly bigEndian: boolean;
  /** Of an integer, bytes; the smallest that holds it if not chosen. */
  readonly width?: IntWidth;
  readonly scope: Scope;
  /** Also copies of pages that newer ones have replaced. */
  readonly all: boolean;
}

export type Run =
  | { readonly state: 'none' }
  | { readonly state: 'running'; readonly done: number; readonly total: number; readonly elapsedMs: number }
  | { readonly state: 'done'; readonly result: SearchResult; readonly elapsedMs: number }
  | { readonly state: 'cancelled' }
  | { readonly state: 'failed'; readonly reason: string };

export interface SearchState {
  readonly open: boolean;
  /** Rises each time that the box is asked for, so that it takes the focus again. */
  readonly calls: number;
  readonly asked: Asked;
  readonly run: Run;
  /** What the hits are of: as it was asked, and as it was searched for. */
  readonly ran: Asked | undefined;
  readonly query: Query | undefined;
  readonly hits: readonly Hit[];
  /** The hit that is looked at, −1 for none. */
  readonly active: number;
}

export const useSearch = create<SearchState>(() => ({
  open: false,
  calls: 0,
  asked: { text: '', ignoreCase: false, bigEndian: false, scope: 'memory', all: false },
  run: { state: 'none' },
  ran: undefined,
  query: undefined,
  hits: [],
  active: -1,
}));

let running = new AbortController();

export const openSearch = (): void => useSearch.setState(({ calls }) => ({ open: true, calls: calls + 1 }));

export function closeSearch(): void {
  cancelSearch();
  useSearch.setState({ open: false });
}

export const ask = (change: Partial<Asked>): void =>
  useSearch.setState(({ asked }) => ({ asked: { ...asked, ...change } }));

/** Whether the hits that are there are of what is asked now. */
export const isRan = ({ asked, ran }: Pick<SearchState, 'asked' | 'ran'>): boolean =>
  ran !== undefined &&
  ran.text === asked.text &&
  ran.kind === asked.kind &&
  ran.width === asked.width &&
  ran.ignoreCase === asked.ignoreCase &&
  ran.bigEndian === asked.bigEndian &&
  ran.scope === asked.scope &&
  ran.all === asked.all;

/** Chosen by hand, or guessed from the text again. */
export function askKind(kind: Kind | undefined): void {
  useSearch.setState(({ asked }) => {
    const { kind: _chosen, ...rest } = asked;
    return { asked: kind === undefined ? rest : { ...rest, kind } };
  });
}

export function askWidth(width: IntWidth | undefined): void {
  useSearch.setState(({ asked }) => {
    const { width: _chosen, ...rest } = asked;
    return { asked: width === undefined ? rest : { ...rest, width } };
  });
}

/** Searches for what is asked, as `query`; a search that runs is ended. */
export function startSearch(query: Query): void {
  const { asked } = useSearch.getState();
  const { scope, all } = asked;
  running.abort();
  const mine = new AbortController();
  running = mine;
  const started = performance.now();
  const elapsed = (): number => performance.now() - started;
  const show = (change: Partial<SearchState>): void => {
    if (running === mine) useSearch.setState(change);
  };
  show({ ran: asked, query, hits: [], active: -1, run: { state: 'running', done: 0, total: 0, elapsedMs: 0 } });
  startJob(
    'search',
    { query, scope, all: scope === 'memory' && all },
    {
      signal: mine.signal,
      onPart: (found) => show({ hits: [...useSearch.getState().hits, ...found] }),
      onProgress: ({ done, total }) => show({ run: { state: 'running', done, total, elapsedMs: elapsed() } }),
    },
  ).then(
    (result) => show({ run: { state: 'done', result, elapsedMs: elapsed() } }),
    (error: unknown) =>
      show({
        run: mine.signal.aborted
          ? { state: 'cancelled' }
          : { state: 'failed', reason: reasonOf(error, 'the search failed') },
      }),
  );
}

export const cancelSearch = (): void => running.abort();

/** Looks at a hit: at its page where the Memory tab is open, else at its bytes. */
export function showHit(index: number): void {
  const hit = useSearch.getState().hits[index];
  if (!hit) return;
  useSearch.setState({ active: index });
  if (hit.pfn >= 0 && useApp.getState().place.tab === 'memory') selectPfn(hit.pfn);
  else showHitBytes(index);
}

export function showHitBytes(index: number): void {
  const hit = useSearch.getState().hits[index];
  if (!hit) return;
  useSearch.setState({ active: index });
  goToOffset(hit.offset, hit.parts?.[0]?.length ?? hit.length);
}

export function showHitPage(index: number): void {
  const hit = useSearch.getState().hits[index];
  if (!hit || hit.pfn < 0) return;
  useSearch.setState({ active: index });
  selectPfn(hit.pfn);
}

/** The next hit, or the one before, and round again. */
export function stepHit(by: number): void {
  const { hits, active } = useSearch.getState();
  if (hits.length === 0) return;
  const from = active < 0 ? (by > 0 ? -1 : 0) : active;
  showHit((from + by + hits.length) % hits.length);
}

/** Guest-physical address of a hit in a page. */
export const hitAddress = ({ pfn, inPage }: Hit): bigint => BigInt(pfn) * BigInt(PAGE_SIZE) + BigInt(inPage);

// Hits are of one file: with another, or none, they are gone. What was asked stays.
useApp.subscribe((state, before) => {
  if (state.file === before.file) return;
  running.abort();
  running = new AbortController();
  useSearch.setState({ run: { state: 'none' }, ran: undefined, query: undefined, hits: [], active: -1 });
});
