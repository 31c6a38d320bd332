/** What the panel asks of the page index: how many PFNs there are, totals by type, where one page stands. */
import { useRef } from 'react';
import type { PagePlace } from '../../memory/guest-memory';
import type { PageHistory } from '../../memory/history';
import { MAP_LIMIT } from '../../memory/map/cells';
import { CONTENT_LAYER } from '../../memory/map/content-layer';
import type { PageTotals } from '../../memory/map/index-map';
import type { PagesSummary } from '../../memory/map/summary';
import type { LayerEntry, LayerId } from '../../memory/map/layer';
import type { RoleRange } from '../../memory/roles/role';
import { request } from '../../state/session';
import { useApp } from '../../state/store';
import { type Answer, useAnswer } from '../shared/use-answer';
import { useContent } from './layers/content-job';

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

/** Asks the page index, again while the scan adds to it. */
const usePageAnswer = <T>(key: unknown, ask: (() => Promise<T>) | undefined): Answer<T> =>
  useAnswer(key, ask, { repeats: true });

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
export function useCounts(layer: LayerId): Answer<Float64Array> {
  const stamp = useStamp(layer);
  const asked = usePageAnswer(`${layer} ${stamp.split(':').slice(2).join(':')}`, () => request('counts', { layer }));
  const last = useRef<{ readonly layer: LayerId; readonly counts: Float64Array }>(undefined);
  if (asked.state === 'ready') last.current = { layer, counts: asked.value.counts };
  // While new counts are on their way the last ones stay.
  if (asked.state === 'failed') return asked;
  return last.current?.layer === layer ? { state: 'ready', value: last.current.counts } : { state: 'loading' };
}

export const useRoles = (pfn: number): Answer<readonly RoleRange[]> =>
  usePageAnswer(`role ${pfn}`, () => request('roles', { pfn }));

/** What a page holds; undefined while nobody has looked. */
export function useContentOf(pfn: number): LayerEntry | undefined {
  const read = useContent(({ part }) => part?.read ?? 0);
  const query = { layer: 'content', start: pfn, perCell: 1, cells: 1 } as const;
  const asked = usePageAnswer(`content ${pfn} ${read}`, read === 0 ? undefined : () => request('map', query));
  const state = asked.state === 'ready' ? asked.value.state[0] : undefined;
  return CONTENT_LAYER.entries({ passes: [], checkpoints: 0 }).find((entry) => entry.state === state);
}

/** The page that this one is a copy of; asked while `is` says so. */
export function useTwin(pfn: number | undefined, is: boolean): number | undefined {
  const asks = is && pfn !== undefined;
  const asked = usePageAnswer(asks ? `twin ${pfn}` : undefined, asks ? () => request('twin', { pfn }) : undefined);
  return asks && asked.state === 'ready' ? asked.value.pfn : undefined;
}

/** What is known of the pages that a cell stands for. */
export const useSummary = (start: number | undefined, pages: number): Answer<PagesSummary> =>
  usePageAnswer(
    start === undefined ? undefined : `${pages} pages from ${start}`,
    start === undefined ? undefined : () => request('summary', { start, pages }),
  );

/** Where the bytes of a page are that a restore would store. */
export const useStored = (pfn: number): Answer<PagePlace> =>
  usePageAnswer(`page ${pfn}`, () => request('page', { pfn }));

export const useTotals = (): Answer<PageTotals> => usePageAnswer('totals', () => request('totals', {}));

export const useHistory = (pfn: number | undefined): Answer<PageHistory> =>
  usePageAnswer(pfn, pfn === undefined ? undefined : () => request('history', { pfn }));
