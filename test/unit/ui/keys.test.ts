/** Keys: how they are named on each platform, that none means two things, and that no text names one by itself. */
import { parseSync, Visitor } from 'vite';
import { expect, test } from 'vitest';
import { TABS } from '../../../src/state/place';
import { ariaKeys, keyName } from '../../../src/ui/commands/key-text';
import { COMMAND_KEYS, PANE_KEYS } from '../../../src/ui/commands/keys';
import { uiFiles } from '../../fixtures/page/class-uses';

test.each([
  ['$mod+KeyK', '⌘K', 'Ctrl+K'],
  ['KeyJ', 'J', 'J'],
  ['m', 'M', 'M'],
  ['Shift+KeyT', '⇧T', 'Shift+T'],
  ['Shift+F3', '⇧F3', 'Shift+F3'],
  ['Shift+?', '?', '?'],
  ['?', '?', '?'],
  ['Digit1', '1', '1'],
  ['Period', '.', '.'],
  ['Comma', ',', ','],
  ['Slash', '/', '/'],
  ['Escape', 'Esc', 'Esc'],
  ['$mod+Home', '⌘Home', 'Ctrl+Home'],
  ['Shift++', '+', '+'],
  ['-', '−', '−'],
  ['Shift+Arrow', '⇧← → ↑ ↓', 'Shift+← → ↑ ↓'],
])('%s is named %s on a Mac, %s elsewhere', (keys, mac, other) => {
  expect(keyName(keys, true)).toBe(mac);
  expect(keyName(keys, false)).toBe(other);
});

test('assistive technology is told keys by their names in the specification', () => {
  expect(ariaKeys('palette', false)).toBe('Control+K G');
  expect(ariaKeys('palette', true)).toBe('Meta+K G');
  expect(ariaKeys('next', false)).toBe('J');
  expect(ariaKeys('previous', false)).toBe('K');
  expect(ariaKeys('next-finding', false)).toBe('.');
  expect(ariaKeys('theme', false)).toBe('Shift+T');
  expect(ariaKeys('zoom-in', false)).toBe('Plus =');
  expect(ariaKeys('unselect', false)).toBe('Escape');
});

/** Keys that occur more than once. */
const twice = (keys: readonly string[]): readonly string[] => keys.filter((key, at) => keys.indexOf(key) !== at);

test('a key means one thing: of all commands, and within a pane', () => {
  expect(twice(Object.values(COMMAND_KEYS).flatMap(({ keys }) => [...keys]))).toEqual([]);
  const inPanes = Object.values(PANE_KEYS).flatMap(({ pane, keys }) => keys.map((key) => `${pane}: ${key}`));
  expect(twice(inPanes)).toEqual([]);
});

test('tabs are shown by their position', () => {
  expect(TABS.map((tab) => COMMAND_KEYS[`tab-${tab}`].keys)).toEqual(TABS.map((_, index) => [`Digit${index + 1}`]));
});

/** Texts in a source that name a key: `Next (J)`, `Ctrl C`, `<kbd>J</kbd>`. */
function namedKeys(file: string, code: string): string[] {
  const found: string[] = [];
  const look = (text: string): void => {
    const named = /\((?:\p{Lu}|[,.?/+−0]|Esc|F\d+)\)|\b(?:Ctrl|Cmd)\b|⌘|⇧/u.test(text);
    if (named) found.push(`${file}: ${text.trim()}`);
  };
  new Visitor({
    Literal: ({ value }) => void (typeof value === 'string' && look(value)),
    TemplateElement: ({ value }) => look(value.cooked ?? ''),
    JSXText: ({ value }) => look(value),
    JSXElement({ openingElement: { name }, children }) {
      if (name.type !== 'JSXIdentifier' || name.name !== 'kbd') return;
      for (const child of children) if (child.type === 'JSXText') found.push(`${file}: ${child.value}`);
    },
  }).visit(parseSync(file, code).program);
  return found;
}

test('no text of the page names a key by itself', () => {
  const sources = [...uiFiles('.ts', '.tsx')].filter(([file]) => !file.startsWith('commands/key'));
  expect(sources.length).toBeGreaterThan(200);
  expect(sources.flatMap(([file, code]) => namedKeys(file, code))).toEqual([]);
});

test('a key that is named by hand is found, however it is written', () => {
  const code = `
    const A = () => (
      <button title="Next record (.)" aria-label={\`Close (Esc)\`}>Paste with Ctrl V <kbd>J</kbd></button>
    );`;
  expect(namedKeys('a.tsx', code).toSorted()).toEqual([
    'a.tsx: Close (Esc)',
    'a.tsx: J',
    'a.tsx: Next record (.)',
    'a.tsx: Paste with Ctrl V',
  ]);
});
