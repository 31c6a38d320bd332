/** Every command once: feeds the keys, the palette and the sheet of keys. */
import type { Tab } from '../../state/url/link';
import { TABS } from '../../state/url/link';
import { goToRecord, leaveFile, selectRange, showPhysical, showTab } from '../../state/actions';
import { cancelCheck, cancelScan, fileData, startCheck } from '../../state/session';
import { openExport } from '../../state/export';
import { openSearch, stepHit, useSearch } from '../../state/search';
import { type AppState, useApp } from '../../state/store';
import { shownFindings } from '../../state/findings';
import { stepFinding } from '../findings/choose';
import { copyLink } from '../shared/clipboard';
import { chooseFile, openSample } from './open';
import { nextTheme } from './theme';

export interface Command {
  readonly id: string;
  readonly title: string;
  /** In the notation of tinykeys; the first is the one shown. */
  readonly keys: readonly string[];
  readonly run: () => void;
  readonly when?: (state: AppState) => boolean;
}

const hasFindings = (state: AppState): boolean => shownFindings(state).length > 0;
const hasRecords = (state: AppState): boolean => state.progress.records > 0;

const hasHits = (): boolean => useSearch.getState().open && useSearch.getState().hits.length > 0;

function step(by: number): void {
  const { place } = useApp.getState();
  const { records } = fileData();
  const next = place.record === undefined ? 0 : Math.max(0, Math.min(records.count - 1, place.record + by));
  if (records.count > 0) goToRecord(next);
}

const inView = (selector: string): boolean => document.querySelector(selector)?.checkVisibility() ?? false;

/** Frames to wait for a panel that is loaded. */
const PATIENCE = 30;

/** At once where it is there: the next key may come before the next frame. */
function focusOn(selector: string, frames = PATIENCE): void {
  const element = document.querySelector<HTMLElement>(selector);
  if (element) element.focus();
  else if (frames > 0) requestAnimationFrame(() => focusOn(selector, frames - 1));
}

const TAB_TITLES: Readonly<Record<Tab, string>> = {
  record: 'Record',
  memory: 'Memory',
  cpus: 'CPUs',
  policy: 'Policy',
  config: 'Config',
  findings: 'Findings',
};

export const COMMANDS: readonly Command[] = [
  {
    id: 'palette',
    title: 'Command palette and go to',
    keys: ['$mod+KeyK', 'KeyG'],
    run: () => useApp.setState({ dialog: 'palette' }),
  },
  { id: 'keys', title: 'Show all keys', keys: ['Shift+?', '?'], run: () => useApp.setState({ dialog: 'keys' }) },
  { id: 'open', title: 'Open a file…', keys: ['$mod+KeyO'], run: chooseFile },
  { id: 'sample', title: 'Open the sample', keys: [], run: () => void openSample() },
  { id: 'close', title: 'Close the file', keys: [], run: leaveFile, when: (state) => state.file !== undefined },
  { id: 'cancel', title: 'Cancel the scan', keys: [], run: cancelScan, when: (state) => state.phase === 'scanning' },
  {
    id: 'cancel-check',
    title: 'Cancel the check',
    keys: [],
    run: cancelCheck,
    when: (state) => state.check.state === 'running',
  },
  {
    id: 'check',
    title: 'Check again whether it would restore',
    keys: [],
    run: () => startCheck(useApp.getState().target),
    when: ({ check }) => check.state === 'cancelled' || check.state === 'failed',
  },
  { id: 'next', title: 'Next record', keys: ['KeyJ'], run: () => step(1), when: hasRecords },
  { id: 'previous', title: 'Previous record', keys: ['KeyK'], run: () => step(-1), when: hasRecords },
  { id: 'next-finding', title: 'Next finding', keys: ['Period'], run: () => stepFinding(1), when: hasFindings },
  { id: 'previous-finding', title: 'Previous finding', keys: ['Comma'], run: () => stepFinding(-1), when: hasFindings },
  {
    id: 'filter',
    title: 'Filter the records',
    keys: ['Slash'],
    run: () => document.querySelector<HTMLElement>('#filter')?.focus(),
    when: hasRecords,
  },
  {
    id: 'focus-timeline',
    title: 'Go to the list of records',
    keys: ['KeyL'],
    run: () => document.querySelector<HTMLElement>('#timeline')?.focus(),
    when: hasRecords,
  },
  {
    id: 'find-field',
    title: 'Find a field of the record',
    keys: ['KeyF'],
    run: () => {
      showTab('record');
      requestAnimationFrame(() => document.querySelector<HTMLInputElement>('#find-field')?.select());
    },
    when: hasRecords,
  },
  {
    id: 'search',
    title: 'Search memory, records or the file',
    keys: ['$mod+KeyF', 'KeyS'],
    run: openSearch,
    when: hasRecords,
  },
  { id: 'next-hit', title: 'Next hit', keys: ['KeyN', 'F3'], run: () => stepHit(1), when: hasHits },
  {
    id: 'previous-hit',
    title: 'Previous hit',
    keys: ['Shift+KeyN', 'Shift+F3'],
    run: () => stepHit(-1),
    when: hasHits,
  },
  {
    id: 'focus-bytes',
    title: 'Go to the bytes',
    keys: ['KeyB'],
    run: () => {
      if (inView('#virtual-bytes')) return focusOn('#virtual-bytes');
      showTab('record');
      focusOn('#bytes');
    },
    when: hasRecords,
  },
  {
    id: 'focus-map',
    title: 'Go to the page map',
    keys: ['KeyP'],
    run: () => {
      showPhysical();
      focusOn('#page-map');
    },
    when: hasRecords,
  },
  {
    id: 'unselect',
    title: 'Unselect the bytes',
    keys: ['Escape'],
    run: () => selectRange(undefined),
    when: (state) => state.place.range !== undefined,
  },
  ...TABS.map((tab, index): Command => ({
    id: `tab-${tab}`,
    title: `Show ${TAB_TITLES[tab]}`,
    keys: [`Digit${index + 1}`],
    run: () => showTab(tab),
    when: (state) => state.file !== undefined,
  })),
  {
    id: 'link',
    title: 'Copy a link to this view',
    keys: ['KeyY'],
    run: () => void copyLink(),
    when: (state) => state.file !== undefined,
  },
  {
    id: 'export',
    title: 'Export: core file, memory, image for sharing…',
    keys: ['KeyX'],
    run: () => openExport('elf'),
    when: hasRecords,
  },
  {
    id: 'save-bytes',
    title: 'Save the selected bytes…',
    keys: [],
    run: () => openExport('range'),
    when: (state) => state.place.range !== undefined,
  },
  { id: 'theme', title: 'Switch theme: system, light, dark', keys: ['Shift+KeyT'], run: nextTheme },
];

const KEY_NAMES: Readonly<Record<string, string>> = {
  $mod: /mac/iu.test(navigator.platform) ? '⌘' : 'Ctrl',
  Period: '.',
  Comma: ',',
  Slash: '/',
  Escape: 'Esc',
  'Shift+?': '?',
};

/** A key as it is printed on the keyboard. */
export function keyName(keys: string): string {
  const whole = KEY_NAMES[keys];
  if (whole !== undefined) return whole;
  return keys
    .split('+')
    .map((part) => KEY_NAMES[part] ?? part.replace(/^Key|^Digit/u, ''))
    .join(' ');
}

export { TAB_TITLES };
