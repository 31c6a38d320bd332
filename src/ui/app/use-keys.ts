/** Binds the commands to their keys, except while text is being typed. */
import { useEffect } from 'react';
import { tinykeys } from 'tinykeys';
import { useSearch } from '../../state/search';
import { useApp } from '../../state/store';
import { COMMANDS } from './commands';

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'));

/** The search has been opened and its box is on the way: what is typed by then is meant for it. An error has text. */
const isBoxComing = (): boolean =>
  useSearch.getState().open && document.querySelector('#search-dock')?.textContent === '';

export function useKeys(): void {
  useEffect(() => {
    const bindings: Record<string, (event: KeyboardEvent) => void> = {};
    for (const command of COMMANDS) {
      for (const key of command.keys) {
        bindings[key] = (event) => {
          const plain = !key.includes('$mod');
          if (event.defaultPrevented || (plain && (isTyping(event.target) || isBoxComing()))) return;
          if (plain && (event.ctrlKey || event.metaKey || event.altKey)) return;
          const state = useApp.getState();
          if (state.dialog !== undefined || command.when?.(state) === false) return;
          event.preventDefault();
          command.run();
        };
      }
    }
    return tinykeys(globalThis.window, bindings);
  }, []);
}
