/** Everything a person can do to the view of a file. What leads somewhere makes a step in the browser's history. */
import { PAGE_SIZE } from '../format/page';
import { upperBound } from '../lib/bisect';
import type { Range } from '../lib/range';
import { hex0x } from '../lib/text';
import type { LayerId } from '../memory/map/layer';
import { keyOfShown, shownFindings } from './findings';
import type { RestoreTarget } from './jobs/check';
import { lead } from './lead';
import type { OpenFile, Step, View } from './open-file';
import type { HexScope, PageView, Place, Tab } from './place';

function go(file: OpenFile, change: Partial<Place>, more: Partial<View> = {}, step: Step = 'push'): void {
  put(file, { ...file.place, ...change }, more, step);
}

function put(file: OpenFile, place: Place, more: Partial<View>, step: Step): void {
  file.view.setState({ place, ...more });
  file.move(step);
}

const without = <K extends keyof Place>(place: Place, ...keys: K[]): Omit<Place, K> => {
  const rest = { ...place };
  for (const key of keys) delete rest[key];
  return rest;
};

/** Selects a record, with its bytes and fields left unselected. */
export function selectRecord(file: OpenFile, record: number, tab: Tab = 'record'): void {
  const { place } = file;
  if (place.record === record && place.tab === tab && !place.range) return;
  put(file, { ...without(place, 'range'), record, tab }, { fieldPath: undefined }, 'push');
}

/** Selects bytes of the file, and the field they belong to if that is known. */
export function selectRange(file: OpenFile, range: Range | undefined, fieldPath?: string): void {
  const { place } = file;
  // Over the whole file the selection leads: the record shown is the one that the bytes are in.
  const record = range && place.hexScope === 'file' ? recordAt(file, range.start) : -1;
  const next: Place = range ? { ...place, range, ...(record < 0 ? {} : { record }) } : without(place, 'range');
  put(file, next, { fieldPath }, 'replace');
}

/** Shows a tab. */
export const showTab = (file: OpenFile, tab: Tab): void => go(file, { tab });

/** Chooses which bytes the hex view goes over. */
export const setHexScope = (file: OpenFile, hexScope: HexScope): void => go(file, { hexScope }, {}, 'replace');

/** Sets the filter over the timeline. */
export const setFilter = (file: OpenFile, filter: string): void => go(file, { filter }, {}, 'replace');

/** Chooses the vCPU that is shown. */
export const selectVcpu = (file: OpenFile, vcpu: number): void => go(file, { vcpu });

/** Shows a page on the map of the guest's pages. */
export const selectPfn = (file: OpenFile, pfn: number): void =>
  put(file, { ...without(file.place, 'va'), pfn, tab: 'memory' }, {}, 'push');

/** Shows linear memory as a vCPU's page tables map it; that of the shown vCPU if none is named. */
export function goToAddress(file: OpenFile, va: bigint, vcpu?: number): void {
  go(file, { va, tab: 'memory', ...(vcpu === undefined ? {} : { vcpu }) });
  jump(file);
}

/** Shows the map of the guest's pages again. */
export const showPhysical = (file: OpenFile): void =>
  put(file, { ...without(file.place, 'va'), tab: 'memory' }, {}, 'push');

/** Chooses what the page map shows. */
export function showLayer(file: OpenFile, layer: LayerId): void {
  const { place } = file;
  put(file, layer === 'type' ? without(place, 'layer') : { ...place, layer }, {}, 'replace');
}

/** Chooses what is shown below the page map. */
export function showPageView(file: OpenFile, view: PageView | undefined): void {
  const { place } = file;
  put(file, view === undefined ? without(place, 'pageView') : { ...place, pageView: view }, {}, 'replace');
}

/** Plays the restore through for another target; the finding that was looked at is not one of this target. */
export function checkOn(file: OpenFile, target: RestoreTarget): void {
  const place = without(file.place, 'finding', 'xen');
  const { xen } = target;
  put(file, xen === undefined ? place : { ...place, xen }, {}, 'replace');
  void file.startCheck(target);
}

/** Runs the check again for the target that it was for. */
export const checkAgain = (file: OpenFile): void => void file.startCheck(file.check.state.known);

/** Looks at a finding, by its place in the list. */
export function chooseFinding(file: OpenFile, finding: number): void {
  const found = shownFindings(file.check.state, file.scan.state)[finding];
  if (!found) {
    go(file, {}, { finding }, 'replace');
    return;
  }
  const { offset, length } = found;
  // Timeline, lens and status bar show where it is.
  const where = placeOf(file, Math.max(0, Math.min(offset, file.size - 1)), length);
  go(file, { ...where, finding: { key: keyOfShown(found), offset } }, { finding, fieldPath: undefined }, 'replace');
}

/** Finds the record whose header or body holds the file offset; −1 before the first. */
export const recordAt = ({ records }: OpenFile, offset: number): number =>
  upperBound(records.count, (index) => records.offsetAt(index), offset) - 1;

/** Returns the first file offset behind a record, its padding included. */
export function endOfRecord({ records, size }: OpenFile, record: number): number {
  return Math.min(size, records.endAt(record));
}

/** Says that the view shall follow, wherever it has been scrolled to. */
const jump = ({ view }: OpenFile): void => view.setState(({ jumps }) => ({ jumps: jumps + 1 }));

/** Bytes of the file as a place: with the record that holds them. */
function placeOf(file: OpenFile, offset: number, length: number) {
  const record = recordAt(file, offset);
  if (record >= 0) file.timeline.reveal(record);
  const range = { start: offset, end: offset + Math.max(1, length) };
  // Bytes that no record holds can only be seen in the file as a whole.
  const outside = record < 0 || range.start >= endOfRecord(file, record);
  return { ...(record >= 0 ? { record } : {}), ...(outside ? { hexScope: 'file' as const } : {}), range };
}

/** Shows a file offset: its record, with `length` bytes selected there. */
export function goToOffset(file: OpenFile, offset: number, length = 1): void {
  go(file, { ...placeOf(file, offset, length), tab: 'record' }, { fieldPath: undefined });
  jump(file);
}

/** Shows a record's row in the timeline and its fields. */
export function goToRecord(file: OpenFile, record: number): void {
  file.timeline.reveal(record);
  selectRecord(file, record);
  jump(file);
}

/** Shows bytes of a page's copy in `record`, from file offset `start` on. */
export function goToPageCopy(file: OpenFile, pfn: number, record: number, { start, end }: Range): void {
  file.timeline.reveal(record);
  go(file, { record, pfn, range: { start, end }, tab: 'record' }, { fieldPath: undefined });
  jump(file);
}

/**
 * Shows the bytes of a PFN that a restore would store, else of its last copy. Returns whether they are shown; a notice
 * tells why not. Never rejects.
 */
export async function goToPageBytes(file: OpenFile, pfn: number): Promise<boolean> {
  const arrival = await lead(
    file,
    async () => {
      const copy = await copyToShow(file, pfn);
      if (!copy) return { found: false, notice: `The image has no bytes for PFN ${hex0x(pfn)}` };
      const { record, offset } = copy;
      return { found: true, go: () => goToPageCopy(file, pfn, record, { start: offset, end: offset + PAGE_SIZE }) };
    },
    (reason) => ({ found: false, notice: `The bytes of PFN ${hex0x(pfn)} could not be looked up: ${reason}` }),
  );
  return arrival?.found ?? false;
}

async function copyToShow(file: OpenFile, pfn: number) {
  const stored = await file.request('page', { pfn });
  if (stored.state === 'here') return stored;
  const { last } = await file.request('history', { pfn });
  return last.findLast(({ offset }) => offset >= 0);
}

/** Milliseconds after the last of many moves in a row until the address names the place. */
const SETTLED_MS = 250;
const settling = new WeakMap<OpenFile, ReturnType<typeof setTimeout>>();

/**
 * Moves the selected PFN or address as the keyboard does: many times a second, without a step in the history for each.
 * The address follows once the place has settled.
 */
export function moveOn(file: OpenFile, change: Pick<Place, 'pfn'> | Pick<Place, 'va'>): void {
  file.turn();
  file.view.setState({ place: { ...file.place, ...change } });
  clearTimeout(settling.get(file));
  settling.set(
    file,
    setTimeout(() => file.move('replace'), SETTLED_MS),
  );
}
