/** Every command with its title and keys, what it does and when it can: feeds the bindings, the palette and the sheet. */
import { keysOf } from '../../lib/keys-of';
import { checkAgain, goToRecord, selectRange, showPhysical, showTab } from '../../state/actions';
import { app } from '../../state/app';
import { stepFinding } from '../../state/chosen-finding';
import { openExport } from '../../state/export';
import { leaveFile } from '../../state/files';
import { shownFindings } from '../../state/findings';
import { stepHit } from '../../state/hits';
import type { OpenFile } from '../../state/open-file';
import type { Tab } from '../../state/place';
import { openSearch, searchBox } from '../../state/search-box';
import { copyLink } from '../shared/clipboard';
import { COMMAND_KEYS, type CommandId, type KeyEntry } from './keys';
import { chooseFile, openSample } from './open';
import { nextTheme } from './theme';

interface Action {
  readonly run: () => void;
  /** Whether it can be run now; always if there is no such test. */
  readonly when?: () => boolean;
}

export interface Command extends Action, KeyEntry {
  readonly id: CommandId;
}

/** What is done with the open file: only while there is one, and a test of its own allows it. */
const onFile = (run: (file: OpenFile) => void, when: (file: OpenFile) => boolean = () => true): Action => ({
  run: () => {
    const { file } = app.getState();
    if (file) run(file);
  },
  when: () => {
    const { file } = app.getState();
    return file !== undefined && when(file);
  },
});

const hasFindings = ({ check, scan }: OpenFile): boolean => shownFindings(check.state, scan.state).length > 0;
const hasRecords = ({ records }: OpenFile): boolean => records.count > 0;
const hasRange = ({ place }: OpenFile): boolean => place.range !== undefined;
const hasHits = ({ search }: OpenFile): boolean => searchBox.getState().open && search.state.known.hits.length > 0;

function step(file: OpenFile, by: number): void {
  const { place, records } = file;
  const next = place.record === undefined ? 0 : Math.max(0, Math.min(records.count - 1, place.record + by));
  if (records.count > 0) goToRecord(file, next);
}

const inView = (selector: string): boolean => document.querySelector(selector)?.checkVisibility() ?? false;

/** Frames to wait for a panel that is loaded. */
const PATIENCE = 30;

/**
 * Focuses the element of a selector, at once where it is there: the next key may come before the next frame. One that
 * is not there yet is waited for, `frames` frames at most.
 */
function focusOn(selector: string, frames = PATIENCE): void {
  const element = document.querySelector<HTMLElement>(selector);
  if (element) element.focus();
  else if (frames > 0) requestAnimationFrame(() => focusOn(selector, frames - 1));
}

const onTab = (tab: Tab): Action => onFile((file) => showTab(file, tab));

const TAB_ACTIONS: Readonly<Record<`tab-${Tab}`, Action>> = {
  'tab-record': onTab('record'),
  'tab-memory': onTab('memory'),
  'tab-cpus': onTab('cpus'),
  'tab-policy': onTab('policy'),
  'tab-config': onTab('config'),
  'tab-findings': onTab('findings'),
};

const ACTIONS: Readonly<Record<CommandId, Action>> = {
  palette: { run: () => app.setState({ dialog: 'palette' }) },
  keys: { run: () => app.setState({ dialog: 'keys' }) },
  open: { run: chooseFile },
  sample: { run: () => void openSample() },
  close: onFile(leaveFile),
  cancel: onFile(
    ({ scan }) => scan.cancel(),
    ({ phase }) => phase === 'scanning',
  ),
  'cancel-check': onFile(
    ({ check }) => check.cancel(),
    ({ check }) => check.state.state === 'running',
  ),
  check: onFile(checkAgain, ({ check: { state } }) => state.state === 'cancelled' || state.state === 'failed'),
  next: onFile((file) => step(file, 1), hasRecords),
  previous: onFile((file) => step(file, -1), hasRecords),
  'next-finding': onFile((file) => stepFinding(file, 1), hasFindings),
  'previous-finding': onFile((file) => stepFinding(file, -1), hasFindings),
  filter: onFile(() => document.querySelector<HTMLElement>('#filter')?.focus(), hasRecords),
  'focus-timeline': onFile(() => document.querySelector<HTMLElement>('#timeline')?.focus(), hasRecords),
  'find-field': onFile((file) => {
    showTab(file, 'record');
    requestAnimationFrame(() => document.querySelector<HTMLInputElement>('#find-field')?.select());
  }, hasRecords),
  search: onFile(openSearch, hasRecords),
  'next-hit': onFile((file) => stepHit(file, 1), hasHits),
  'previous-hit': onFile((file) => stepHit(file, -1), hasHits),
  'focus-bytes': onFile((file) => {
    if (inView('#virtual-bytes')) return focusOn('#virtual-bytes');
    showTab(file, 'record');
    focusOn('#bytes');
  }, hasRecords),
  'focus-map': onFile((file) => {
    showPhysical(file);
    focusOn('#page-map');
  }, hasRecords),
  unselect: onFile((file) => selectRange(file, undefined), hasRange),
  ...TAB_ACTIONS,
  link: onFile(() => void copyLink()),
  export: onFile((file) => openExport(file, 'elf'), hasRecords),
  'save-bytes': onFile((file) => openExport(file, 'range'), hasRange),
  theme: { run: nextTheme },
};

/** All commands, in the order of their table. */
export const COMMANDS: readonly Command[] = keysOf(COMMAND_KEYS).map((id) => ({
  id,
  ...COMMAND_KEYS[id],
  ...ACTIONS[id],
}));
