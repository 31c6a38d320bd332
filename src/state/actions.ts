/** Everything a person can do to the view. Actions that lead somewhere make a step in the browser's history. */
import { PAGE_SIZE } from '../format/page';
import { upperBound } from '../lib/bisect';
import type { Range } from '../lib/range';
import { endOf } from '../format/framing';
import { shownFindings } from './findings';
import { closeFile, fileData, openFile, request, startCheck } from './session';
import { type AppState, type Target, useApp } from './store';
import type { LayerId } from '../memory/map/layer';
import { type HexScope, type PageView, type Place, START, type Tab } from './url/link';
import { writeHistory } from './url/history';

function go(change: Partial<Place>, more: Partial<AppState> = {}, step: 'push' | 'replace' = 'push'): void {
  const { place } = useApp.getState();
  const next: { -readonly [K in keyof Place]: Place[K] } = { ...place, ...change };
  useApp.setState({ place: next, ...more });
  writeHistory(step);
}

const without = <K extends keyof Place>(place: Place, ...keys: K[]): Omit<Place, K> => {
  const rest = { ...place };
  for (const key of keys) delete rest[key];
  return rest;
};

/** Selects a record, with its bytes and fields left unselected. */
export function selectRecord(record: number, tab: Tab = 'record'): void {
  const { place } = useApp.getState();
  if (place.record === record && place.tab === tab && !place.range) return;
  const next: Place = { ...without(place, 'range'), record, tab };
  useApp.setState({ place: next, fieldPath: undefined });
  writeHistory('push');
}

/** Selects bytes of the file, and the field they belong to if that is known. */
export function selectRange(range: Range | undefined, fieldPath?: string): void {
  const { place } = useApp.getState();
  // Over the whole file the selection leads: the record shown is the one that the bytes are in.
  const record = range && place.hexScope === 'file' ? recordAt(range.start) : -1;
  const next: Place = range ? { ...place, range, ...(record < 0 ? {} : { record }) } : without(place, 'range');
  useApp.setState({ place: next, fieldPath });
  writeHistory('replace');
}

export const showTab = (tab: Tab): void => go({ tab });
export const setHexScope = (hexScope: HexScope): void => go({ hexScope }, {}, 'replace');
export const setFilter = (filter: string): void => go({ filter }, {}, 'replace');
export const selectVcpu = (vcpu: number): void => go({ vcpu });

/** Shows a page on the map of the guest's pages. */
export function selectPfn(pfn: number): void {
  useApp.setState({ place: { ...without(useApp.getState().place, 'va'), pfn, tab: 'memory' } });
  writeHistory('push');
}

/** Shows linear memory as a VCPU's page tables map it; the shown VCPU if none is named. */
export function goToAddress(va: bigint, vcpu?: number): void {
  go({ va, tab: 'memory', ...(vcpu === undefined ? {} : { vcpu }) });
  jump();
}

/** Shows the map of the guest's pages again. */
export function showPhysical(): void {
  useApp.setState({ place: { ...without(useApp.getState().place, 'va'), tab: 'memory' } });
  writeHistory('push');
}

/** What the page map shows. */
export function showLayer(layer: LayerId): void {
  const { place } = useApp.getState();
  useApp.setState({ place: layer === 'type' ? without(place, 'layer') : { ...place, layer } });
  writeHistory('replace');
}

/** What is shown below the page map. */
export function showPageView(view: PageView | undefined): void {
  const { place } = useApp.getState();
  useApp.setState({ place: view === undefined ? without(place, 'pageView') : { ...place, pageView: view } });
  writeHistory('replace');
}

/** Plays the restore through for another target; what was looked at of the one before is not of this one. */
export function checkOn(target: Target): void {
  const place = without(useApp.getState().place, 'finding', 'xen');
  useApp.setState({ place: target.xen === undefined ? place : { ...place, xen: target.xen } });
  writeHistory('replace');
  startCheck(target);
}

/** Looks at a finding, by its place in the list. */
export function chooseFinding(finding: number): void {
  const found = shownFindings(useApp.getState())[finding];
  if (!found) {
    go({}, { finding }, 'replace');
    return;
  }
  const { id, offset, length } = found;
  const size = useApp.getState().file?.size ?? 0;
  // Timeline, lens and status bar show where it is.
  const where = placeOf(Math.max(0, Math.min(offset, size - 1)), length);
  go({ ...where, finding: { id, offset } }, { finding, fieldPath: undefined }, 'replace');
}

export const notify = (notice: string | undefined): void => useApp.setState({ notice });

export function openDropped(file: File): void {
  const { expected, expectedPlace } = useApp.getState();
  // A link's place waits for its file; without one, a new file starts at its beginning.
  const place = expected ? expectedPlace : START;
  useApp.setState({ place, linkProblem: undefined });
  openFile(file);
  writeHistory('replace');
}

export function leaveFile(): void {
  closeFile();
  useApp.setState({ place: START, expected: undefined, linkProblem: undefined });
  writeHistory('push');
}

/** Record whose header or body holds the file offset; −1 before the first. */
export function recordAt(offset: number): number {
  const { records } = fileData();
  return upperBound(records.count, (index) => records.offsetAt(index), offset) - 1;
}

/** First file offset behind a record, its padding included. */
export function endOfRecord(record: number): number {
  const { records, source } = fileData();
  const [offset, length] = [records.offsetAt(record), records.lengthAt(record)];
  return Math.min(source.size, records.isHeader(record) ? offset + length : endOf(offset, length));
}

/** Says that the view shall follow, wherever it has been scrolled to. */
const jump = (): void => useApp.setState(({ jumps }) => ({ jumps: jumps + 1 }));

/** Bytes of the file as a place: with the record that holds them. */
function placeOf(offset: number, length: number) {
  const record = recordAt(offset);
  if (record >= 0) fileData().timeline.reveal(record);
  const range = { start: offset, end: offset + Math.max(1, length) };
  // Bytes that no record holds can only be seen in the file as a whole.
  const outside = record < 0 || range.start >= endOfRecord(record);
  return { ...(record >= 0 ? { record } : {}), ...(outside ? { hexScope: 'file' as const } : {}), range };
}

/** Shows a file offset: its record, with `length` bytes selected there. */
export function goToOffset(offset: number, length = 1): void {
  go({ ...placeOf(offset, length), tab: 'record' }, { fieldPath: undefined });
  jump();
}

/** Shows a record's row in the timeline and its fields. */
export function goToRecord(record: number): void {
  fileData().timeline.reveal(record);
  selectRecord(record);
  jump();
}

/** Shows bytes of a page's copy in `record`, from file offset `start` on. */
export function goToPageCopy(pfn: number, record: number, { start, end }: Range): void {
  fileData().timeline.reveal(record);
  go({ record, pfn, range: { start, end }, tab: 'record' }, { fieldPath: undefined });
  jump();
}

/** Shows the bytes of a PFN that a restore would store, else of its last copy. False if the stream has none. */
export async function goToPageBytes(pfn: number): Promise<boolean> {
  const stored = await request('page', { pfn });
  const last =
    stored.state === 'here' ? stored : (await request('history', { pfn })).last.findLast(({ offset }) => offset >= 0);
  if (!last) return false;
  goToPageCopy(pfn, last.record, { start: last.offset, end: last.offset + PAGE_SIZE });
  return true;
}
