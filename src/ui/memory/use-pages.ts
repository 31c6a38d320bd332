/** What the panel asks of the page index: how many PFNs there are, totals by type, where one page stands. */
import { useEffect, useRef, useState } from 'react';
import type { PagePlace } from '../../memory/guest-memory';
import type { PageHistory } from '../../memory/history';
import { MAP_LIMIT } from '../../memory/map/cells';
import { CONTENT_LAYER } from '../../memory/map/content-layer';
import type { PageTotals } from '../../memory/map/index-map';
import type { PagesSummary } from '../../memory/map/summary';
import type { LayerEntry, LayerId } from '../../memory/map/layer';
import type { RoleRange } from '../../memory/roles/role';
import { fileData, request } from '../../state/session';
import { useApp } from '../../state/store';
import { useContent } from './layers/content-job';

const LEAST_PAUSE_MS = 500;
const ENTRY_SIZE = 8;

/** PFNs that the map shows, from 0 on. */
export function usePfns(): number {
  const highest = useApp((state) => state.progress.highestPfn);
  const maxPfn = useApp((state) => state.image.maxPfn ?? -1);
  const size = useApp((state) => state.file?.size ?? 0);
  // A PV stream lists every PFN up to its maximum: one that the file has no room for is a lie.
  const promised = maxPfn >= 0 && (maxPfn + 1) * ENTRY_SIZE <= size ? maxPfn : -1;
  return Math.min(MAP_LIMIT, Math.max(highest, promised) + 1);
}

export type Asked<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly reason: string }
  | { readonly state: 'ready'; readonly value: T };

/** Asks now, again while the scan adds pages (the rarer the dearer the answer), and once more when it has ended. */
export function useAsked<T>(key: unknown, ask: (() => Promise<T>) | undefined): Asked<T> {
  const scanning = useApp((state) => state.phase === 'scanning');
  useApp((state) => state.file);
  const data = fileData();
  const [result, setResult] = useState<{ readonly key: unknown; readonly data: unknown; readonly asked: Asked<T> }>();
  useEffect(() => {
    if (!ask) return undefined;
    let wanted = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const put = (asked: Asked<T>): void => {
      if (wanted) setResult({ key, data, asked });
    };
    const run = async (): Promise<void> => {
      const started = performance.now();
      try {
        put({ state: 'ready', value: await ask() });
      } catch (error) {
        put({ state: 'failed', reason: error instanceof Error ? error.message : 'the request failed' });
      }
      if (wanted && scanning) timer = setTimeout(run, Math.max(LEAST_PAUSE_MS, (performance.now() - started) * 10));
    };
    void run();
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
    // `key` stands for the question, whose function is made anew on every look.
  }, [key, data, scanning]);
  return result && result.key === key && result.data === data ? result.asked : { state: 'loading' };
}

/** Changes when what a layer shows may have changed. */
export function useStamp(layer: LayerId): string {
  const mentions = useApp((state) => state.progress.mentions);
  const records = useApp((state) => (layer === 'role' ? state.progress.records : 0));
  const check = useApp((state) => (layer === 'findings' ? state.check : undefined));
  const read = useContent((state) => (layer === 'content' || layer === 'type' ? (state.part?.read ?? 0) : 0));
  return [
    mentions,
    records,
    check?.state ?? '',
    check?.state === 'done' ? check.result.findings.length : '',
    read,
  ].join(':');
}

/** How many PFNs are of each state of a layer. */
export function useCounts(layer: LayerId): Asked<Float64Array> {
  const stamp = useStamp(layer);
  const asked = useAsked(`${layer} ${stamp.split(':').slice(2).join(':')}`, () => request('counts', { layer }));
  const last = useRef<{ readonly layer: LayerId; readonly counts: Float64Array }>(undefined);
  if (asked.state === 'ready') last.current = { layer, counts: asked.value.counts };
  // While new counts are on their way the last ones stay.
  if (asked.state === 'failed') return asked;
  return last.current?.layer === layer ? { state: 'ready', value: last.current.counts } : { state: 'loading' };
}

export const useRoles = (pfn: number): Asked<readonly RoleRange[]> =>
  useAsked(`role ${pfn}`, () => request('roles', { pfn }));

/** What a page holds; undefined while nobody has looked. */
export function useContentOf(pfn: number): LayerEntry | undefined {
  const read = useContent(({ part }) => part?.read ?? 0);
  const query = { layer: 'content', start: pfn, perCell: 1, cells: 1 } as const;
  const asked = useAsked(`content ${pfn} ${read}`, read === 0 ? undefined : () => request('map', query));
  const state = asked.state === 'ready' ? asked.value.state[0] : undefined;
  return CONTENT_LAYER.entries({ passes: [], checkpoints: 0 }).find((entry) => entry.state === state);
}

/** The page that this one is a copy of; asked while `is` says so. */
export function useTwin(pfn: number | undefined, is: boolean): number | undefined {
  const asks = is && pfn !== undefined;
  const asked = useAsked(asks ? `twin ${pfn}` : undefined, asks ? () => request('twin', { pfn }) : undefined);
  return asks && asked.state === 'ready' ? asked.value.pfn : undefined;
}

/** What is known of the pages that a cell stands for. */
export const useSummary = (start: number | undefined, pages: number): Asked<PagesSummary> =>
  useAsked(
    start === undefined ? undefined : `${pages} pages from ${start}`,
    start === undefined ? undefined : () => request('summary', { start, pages }),
  );

/** Where the bytes of a page are that a restore would store. */
export const useStored = (pfn: number): Asked<PagePlace> => useAsked(`page ${pfn}`, () => request('page', { pfn }));

export const useTotals = (): Asked<PageTotals> => useAsked('totals', () => request('totals', {}));

export const useHistory = (pfn: number | undefined): Asked<PageHistory> =>
  useAsked(pfn, pfn === undefined ? undefined : () => request('history', { pfn }));
