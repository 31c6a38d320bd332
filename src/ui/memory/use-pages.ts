/** What the panel asks of the page index: how many PFNs there are, totals by type, where one page stands. */
import type { RestoredPage } from '../../scan/restored/pages';
import type { PageHistory } from '../../memory/history';
import { MAP_LIMIT } from '../../memory/map/cells';
import { CONTENT_LAYER } from '../../memory/map/content-layer';
import type { PageTotals } from '../../memory/map/index-map';
import type { PagesSummary } from '../../memory/map/summary';
import type { LayerEntry, LayerId } from '../../memory/map/layer';
import type { RoleRange } from '../../memory/roles/role';
import type { OpenFile } from '../../state/open-file';
import { useRolesRun } from './use-roles';
import { contentOf } from '../../state/jobs/content';
import { type Answer, useAnswer } from '../shared/use-answer';
import { useCheck, useContent, useFile, useImage, useProgress } from '../shared/use-file';

const ENTRY_SIZE = 8;

/** Returns how many PFNs the map shows, from 0 on. */
export function usePfns(): number {
  const highest = useProgress((progress) => progress.highestPfn);
  const maxPfn = useImage((image) => image.maxPfn ?? -1);
  const size = useFile().size;
  // A PV stream lists every PFN up to its maximum: one that the file has no room for is a lie.
  const promised = maxPfn >= 0 && (maxPfn + 1) * ENTRY_SIZE <= size ? maxPfn : -1;
  return Math.min(MAP_LIMIT, Math.max(highest, promised) + 1);
}

/**
 * Asks the page index, again while the scan adds to it; nothing without a key. With `keeps` the last answer stays until
 * that to another key has come.
 */
function usePageAnswer<T>(
  key: string | undefined,
  ask: (file: OpenFile) => Promise<T>,
  options: { readonly keeps?: boolean } = {},
): Answer<T> {
  const file = useFile();
  return useAnswer(key, key === undefined ? undefined : () => ask(file), { repeats: true, ...options });
}

/** Changes when other work than the scan may have changed what a layer shows. */
function useFindingsOf(layer: LayerId): string {
  // The worker's answers change with each search for roles that has ended.
  const roles = useRolesRun(layer === 'role');
  const check = useCheck((state) => (layer === 'findings' ? state : undefined));
  const read = useContent((state) => (layer === 'content' || layer === 'type' ? (contentOf(state)?.read ?? 0) : 0));
  const findings = check?.state === 'done' ? check.out.findings.length : '';
  return [roles.known.records, check?.state ?? '', findings, read].join(':');
}

/** Changes when what a layer shows may have changed. */
export function useStamp(layer: LayerId): string {
  const mentions = useProgress((progress) => progress.mentions);
  return `${mentions}:${useFindingsOf(layer)}`;
}

/** Returns how many PFNs are of each state of a layer. */
export function useCounts(layer: LayerId): Answer<Float64Array> {
  const found = useFindingsOf(layer);
  const roles = useRolesRun(layer === 'role');
  const isKnown = layer !== 'role' || roles.known.records > 0;
  const ask = async (file: OpenFile) => ({ layer, ...(await file.request('counts', { layer })) });
  const asked = usePageAnswer(isKnown ? `${layer} ${found}` : undefined, ask, { keeps: true });
  if (layer === 'role' && roles.state === 'failed') return { state: 'failed', reason: roles.reason };
  if (asked.state !== 'ready') return asked;
  // While new counts are on their way the last ones stay: those of the same layer.
  return asked.value.layer === layer ? { state: 'ready', value: asked.value.counts } : { state: 'loading' };
}

/** Returns what a page is used for. */
export function useRoles(pfn: number): Answer<readonly RoleRange[]> {
  const run = useRolesRun(true);
  const { records } = run.known;
  const asked = usePageAnswer(records === 0 ? undefined : `role ${pfn} ${records}`, (file) =>
    file.request('roles', { pfn }),
  );
  return run.state === 'failed' ? { state: 'failed', reason: run.reason } : asked;
}

/** Returns what a page holds; undefined while nobody has looked. */
export function useContentOf(pfn: number): Answer<LayerEntry | undefined> {
  const read = useContent((state) => contentOf(state)?.read ?? 0);
  const query = { layer: 'content', start: pfn, perCell: 1, cells: 1 } as const;
  const asked = usePageAnswer(read === 0 ? undefined : `content ${pfn} ${read}`, (file) => file.request('map', query));
  if (read === 0) return NOBODY_LOOKED;
  if (asked.state !== 'ready') return asked;
  const [state] = asked.value.state;
  const entries = CONTENT_LAYER.entries({ passes: [], checkpoints: 0 });
  return { state: 'ready', value: entries.find((entry) => entry.state === state) };
}
const NOBODY_LOOKED = { state: 'ready', value: undefined } as const;

/** Returns the page that this one is a copy of; asked while `is` says so. */
export function useTwin(pfn: number | undefined, is: boolean): Answer<{ readonly pfn?: number }> {
  const asks = is && pfn !== undefined;
  return usePageAnswer(asks ? `twin ${pfn}` : undefined, (file) => file.request('twin', { pfn: pfn ?? 0 }));
}

/** Returns what is known of the pages that a cell stands for. */
export const useSummary = (start: number | undefined, pages: number): Answer<PagesSummary> =>
  usePageAnswer(start === undefined ? undefined : `${pages} pages from ${start}`, (file) =>
    file.request('summary', { start: start ?? 0, pages }),
  );

/** Tells where the bytes of a page are that a restore would store. */
export const useStored = (pfn: number): Answer<RestoredPage> =>
  usePageAnswer(`page ${pfn}`, (file) => file.request('page', { pfn }));

/** Returns how many pages there are of each kind. */
export const useTotals = (): Answer<PageTotals> => usePageAnswer('totals', (file) => file.request('totals', {}));

/** Tells where in the stream a page stands. */
export const useHistory = (pfn: number | undefined): Answer<PageHistory> =>
  usePageAnswer(pfn === undefined ? undefined : `history ${pfn}`, (file) => file.request('history', { pfn: pfn ?? 0 }));
