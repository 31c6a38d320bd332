/** Keys in words: as they are printed on the keyboard at hand, and as assistive technology wants them. */
import { type KeyId, keyEntry } from './keys';

const NAMES: Readonly<Record<string, string>> = {
  Arrow: '← → ↑ ↓',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  PageUp: 'PgUp',
  PageDown: 'PgDn',
  Escape: 'Esc',
  Enter: '↵',
  Period: '.',
  Comma: ',',
  Slash: '/',
  '-': '−',
};
const MAC_NAMES: Readonly<Record<string, string>> = { $mod: '⌘', Shift: '⇧' };
const OTHER_NAMES: Readonly<Record<string, string>> = { $mod: 'Ctrl' };

/** Modifiers and the key itself, the key last. */
function partsOf(keys: string): readonly string[] {
  const parts = keys.split(/\b\+/u).map((part) => part.replace(/^(?:Key|Digit)(?=.$)/u, ''));
  const key = parts.at(-1) ?? '';
  // What is typed with Shift has a name of its own: ? and not Shift+?.
  const isShifted = parts.length === 2 && parts[0] === 'Shift' && /^[^\p{L}]$/u.test(key);
  return isShifted ? [key] : parts;
}

/** Returns the name of one key with its modifiers: `⌘K` on a Mac, `Ctrl+K` elsewhere. */
export function keyName(keys: string, isMac = isMacHere()): string {
  const own = isMac ? MAC_NAMES : OTHER_NAMES;
  const named = partsOf(keys).map(
    (part) => own[part] ?? NAMES[part] ?? (part.length === 1 ? part.toUpperCase() : part),
  );
  return named.join(isMac ? '' : '+');
}

const ARIA_NAMES: Readonly<Record<string, string>> = { Period: '.', Comma: ',', Slash: '/', '+': 'Plus' };

/** Returns keys as the attribute `aria-keyshortcuts` has them: `Control+K G`. */
export function ariaKeys(id: KeyId, isMac = isMacHere()): string {
  const modifier = isMac ? 'Meta' : 'Control';
  const named = keyEntry(id).keys.map((keys) =>
    partsOf(keys)
      .map((part) =>
        part === '$mod' ? modifier : (ARIA_NAMES[part] ?? (part.length === 1 ? part.toUpperCase() : part)),
      )
      .join('+'),
  );
  return [...new Set(named)].join(' ');
}

/** Whether keys are named as on a Mac: the platforms on which tinykeys takes `$mod` for Command. */
const isMacHere = (): boolean => typeof navigator === 'object' && /Mac|iPod|iPhone|iPad/u.test(navigator.platform);

/** Returns all names of the keys of a command or pane, each once. */
export const keyNames = (id: KeyId): readonly string[] => [...new Set(keyEntry(id).keys.map((keys) => keyName(keys)))];

/** Returns what `text` says with the key behind it: `Next record (J)`. */
export function withKey(text: string, id: KeyId): string {
  const [name] = keyNames(id);
  return name === undefined ? text : `${text} (${name})`;
}

/** Returns the attributes of a control that a key works too: its tip, with the key, and the key for assistive technology. */
export const shortcut = (id: KeyId, tip: string): { readonly title: string; readonly 'aria-keyshortcuts': string } => ({
  title: withKey(tip, id),
  'aria-keyshortcuts': ariaKeys(id),
});
