/** Every command with its title and keys, what it does and when it can: feeds the bindings, the palette and the sheet. */
import { keysOf } from '../../lib/keys-of';
import type { Tab } from '../../state/url/link';
import { goToRecord, leaveFile, selectRange, showPhysical, showTab } from '../../state/actions';
import { cancelCheck, cancelScan, fileData, startCheck } from '../../state/session';
import { openExport } from '../../state/export';
import { openSearch, stepHit, useSearch } from '../../state/search';
import { type AppState, useApp } from '../../state/store';
import { shownFindings } from '../../state/findings';
import { stepFinding } from '../findings/choose';
import { copyLink } from '../shared/clipboard';
import { COMMAND_KEYS, type CommandId, type KeyEntry } from './keys';
import { chooseFile, openSample } from './open';
import { nextTheme } from './theme';

interface Action {
  readonly run: () => void;
  /** Whether it can be run now; always if there is no such test. */
  readonly when?: (state: AppState) => boolean;
}

export interface Command extends Action, KeyEntry {
  readonly id: CommandId;
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

const onTab = (tab: Tab): Action => ({ run: () => showTab(tab), when: (state) => state.file !== undefined });

const TAB_ACTIONS: Readonly<Record<`tab-${Tab}`, Action>> = {
  'tab-record': onTab('record'),
  'tab-memory': onTab('memory'),
  'tab-cpus': onTab('cpus'),
  'tab-policy': onTab('policy'),
  'tab-config': onTab('config'),
  'tab-findings': onTab('findings'),
};

const ACTIONS: Readonly<Record<CommandId, Action>> = {
  palette: { run: () => useApp.setState({ dialog: 'palette' }) },
  keys: { run: () => useApp.setState({ dialog: 'keys' }) },
  open: { run: chooseFile },
  sample: { run: () => void openSample() },
  close: { run: leaveFile, when: (state) => state.file !== undefined },
  cancel: { run: cancelScan, when: (state) => state.phase === 'scanning' },
  'cancel-check': { run: cancelCheck, when: (state) => state.check.state === 'running' },
  check: {
    run: () => startCheck(useApp.getState().target),
    when: ({ check }) => check.state === 'cancelled' || check.state === 'failed',
  },
  next: { run: () => step(1), when: hasRecords },
  previous: { run: () => step(-1), when: hasRecords },
  'next-finding': { run: () => stepFinding(1), when: hasFindings },
  'previous-finding': { run: () => stepFinding(-1), when: hasFindings },
  filter: { run: () => document.querySelector<HTMLElement>('#filter')?.focus(), when: hasRecords },
  'focus-timeline': { run: () => document.querySelector<HTMLElement>('#timeline')?.focus(), when: hasRecords },
  'find-field': {
    run: () => {
      showTab('record');
      requestAnimationFrame(() => document.querySelector<HTMLInputElement>('#find-field')?.select());
    },
    when: hasRecords,
  },
  search: { run: openSearch, when: hasRecords },
  'next-hit': { run: () => stepHit(1), when: hasHits },
  'previous-hit': { run: () => stepHit(-1), when: hasHits },
  'focus-bytes': {
    run: () => {
      if (inView('#virtual-bytes')) return focusOn('#virtual-bytes');
      showTab('record');
      focusOn('#bytes');
    },
    when: hasRecords,
  },
  'focus-map': {
    run: () => {
      showPhysical();
      focusOn('#page-map');
    },
    when: hasRecords,
  },
  unselect: { run: () => selectRange(undefined), when: (state) => state.place.range !== undefined },
  ...TAB_ACTIONS,
  link: { run: () => void copyLink(), when: (state) => state.file !== undefined },
  export: { run: () => openExport('elf'), when: hasRecords },
  'save-bytes': { run: () => openExport('range'), when: (state) => state.place.range !== undefined },
  theme: { run: nextTheme },
};

/** All commands, in the order of their table. */
export const COMMANDS: readonly Command[] = keysOf(COMMAND_KEYS).map((id) => ({
  id,
  ...COMMAND_KEYS[id],
  ...ACTIONS[id],
}));
