/**
 * Every key of the page: those of commands, and those that a pane takes while it has the focus. Bindings, tips, texts and
 * the sheet of keys all read it. The notation is that of tinykeys; `$mod` is Command on a Mac, Control elsewhere.
 */
import type { Tab } from '../../state/place';
import { TAB_TITLES } from '../tabs';

export interface KeyEntry {
  /** What the keys do. */
  readonly title: string;
  /** Any of them does it; the first one is what texts name. */
  readonly keys: readonly string[];
}

export interface PaneKeyEntry extends KeyEntry {
  /** Where they work, as the sheet of keys says it. */
  readonly pane: string;
}

/** A tab is shown by its position. */
const TAB_KEYS = {
  'tab-record': { title: `Show ${TAB_TITLES.record}`, keys: ['Digit1'] },
  'tab-memory': { title: `Show ${TAB_TITLES.memory}`, keys: ['Digit2'] },
  'tab-cpus': { title: `Show ${TAB_TITLES.cpus}`, keys: ['Digit3'] },
  'tab-policy': { title: `Show ${TAB_TITLES.policy}`, keys: ['Digit4'] },
  'tab-config': { title: `Show ${TAB_TITLES.config}`, keys: ['Digit5'] },
  'tab-findings': { title: `Show ${TAB_TITLES.findings}`, keys: ['Digit6'] },
} as const satisfies Readonly<Record<`tab-${Tab}`, KeyEntry>>;

/** The commands, in the order of palette and sheet. */
export const COMMAND_KEYS = {
  palette: { title: 'Command palette and go to', keys: ['$mod+KeyK', 'KeyG'] },
  keys: { title: 'Show all keys', keys: ['Shift+?', '?'] },
  open: { title: 'Open a file…', keys: ['$mod+KeyO'] },
  sample: { title: 'Open the sample', keys: [] },
  close: { title: 'Close the file', keys: [] },
  cancel: { title: 'Cancel the scan', keys: [] },
  'cancel-check': { title: 'Cancel the check', keys: [] },
  check: { title: 'Run the check again', keys: [] },
  next: { title: 'Next record', keys: ['KeyJ'] },
  previous: { title: 'Previous record', keys: ['KeyK'] },
  'next-finding': { title: 'Next finding', keys: ['Period'] },
  'previous-finding': { title: 'Previous finding', keys: ['Comma'] },
  filter: { title: 'Filter the records', keys: ['Slash'] },
  'focus-timeline': { title: 'Go to the list of records', keys: ['KeyL'] },
  'find-field': { title: 'Find a field of the record', keys: ['KeyF'] },
  search: { title: 'Search memory, records or the file', keys: ['$mod+KeyF', 'KeyS'] },
  'next-hit': { title: 'Next hit', keys: ['KeyN', 'F3'] },
  'previous-hit': { title: 'Previous hit', keys: ['Shift+KeyN', 'Shift+F3'] },
  'focus-bytes': { title: 'Go to the bytes', keys: ['KeyB'] },
  'focus-map': { title: 'Go to the page map', keys: ['KeyP'] },
  unselect: { title: 'Clear the selection', keys: ['Escape'] },
  ...TAB_KEYS,
  link: { title: 'Copy a link to this view', keys: ['KeyY'] },
  export: { title: 'Export: core file, memory, image for sharing…', keys: ['KeyX'] },
  'save-bytes': { title: 'Save the selected bytes…', keys: [] },
  theme: { title: 'Switch theme: system, light, dark', keys: ['Shift+KeyT'] },
} as const satisfies Readonly<Record<string, KeyEntry>>;

export type CommandId = keyof typeof COMMAND_KEYS;

/** The keys of panes, each pane's together. `Arrow` stands for all four arrows. */
export const PANE_KEYS = {
  'row-step': { pane: 'Records', title: 'previous, next row', keys: ['ArrowUp', 'ArrowDown'] },
  'row-fold': { pane: 'Records', title: 'fold, unfold', keys: ['ArrowLeft', 'ArrowRight'] },
  'row-ends': { pane: 'Records', title: 'first, last row', keys: ['Home', 'End'] },
  'row-page': { pane: 'Records', title: 'a page up, down', keys: ['PageUp', 'PageDown'] },
  'field-step': { pane: 'Fields', title: 'previous, next field', keys: ['ArrowUp', 'ArrowDown'] },
  'field-fold': { pane: 'Fields', title: 'fold, unfold', keys: ['ArrowLeft', 'ArrowRight'] },
  'field-follow': { pane: 'Fields', title: 'go to the memory it names', keys: ['m', '$mod+Enter'] },
  'entry-follow': { pane: 'Trap and descriptor tables', title: 'go to the memory it names', keys: ['m'] },
  'byte-step': { pane: 'Bytes', title: 'move the cursor', keys: ['Arrow'] },
  'byte-select': { pane: 'Bytes', title: 'select', keys: ['Shift+Arrow'] },
  'byte-line': { pane: 'Bytes', title: 'start, end of the line', keys: ['Home', 'End'] },
  'byte-ends': { pane: 'Bytes', title: 'first, last byte', keys: ['$mod+Home', '$mod+End'] },
  'byte-copy': { pane: 'Bytes', title: 'copy as hex', keys: ['$mod+c'] },
  'page-step': { pane: 'Page map', title: 'move between PFNs', keys: ['Arrow'] },
  'zoom-in': { pane: 'Page map', title: 'zoom in', keys: ['+', 'Shift++', '=', 'Shift+='] },
  'zoom-out': { pane: 'Page map', title: 'zoom out', keys: ['-', 'Shift+-'] },
  'zoom-fit': { pane: 'Page map', title: 'show all pages', keys: ['0'] },
  'page-bytes': { pane: 'Page map', title: 'show the page’s bytes', keys: ['Enter'] },
  'hit-page': { pane: 'Hits', title: 'show the page on the map', keys: ['m'] },
  'hit-bytes': { pane: 'Hits', title: 'show the bytes', keys: ['b'] },
  'search-next': { pane: 'Search', title: 'next hit', keys: ['Enter', 'F3'] },
  'search-previous': { pane: 'Search', title: 'previous hit', keys: ['Shift+Enter', 'Shift+F3'] },
  'search-close': { pane: 'Search', title: 'close', keys: ['Escape'] },
  'palette-go': { pane: 'Palette', title: 'go', keys: ['Enter'] },
  'palette-choose': { pane: 'Palette', title: 'choose', keys: ['ArrowUp', 'ArrowDown'] },
  'palette-close': { pane: 'Palette', title: 'close', keys: ['Escape'] },
} as const satisfies Readonly<Record<string, PaneKeyEntry>>;

export type PaneKeyId = keyof typeof PANE_KEYS;
export type KeyId = CommandId | PaneKeyId;

/** Returns the entry of a command or of a pane's key. */
export const keyEntry = (id: KeyId): KeyEntry => KEYS[id];

const KEYS: Readonly<Record<KeyId, KeyEntry>> = { ...COMMAND_KEYS, ...PANE_KEYS };
