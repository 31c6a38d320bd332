/** Binds the commands to their keys, except while text is being typed. */
import { useEffect } from 'react';
import { tinykeys } from 'tinykeys';
import { app } from '../../state/app';
import { COMMANDS } from './commands';

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'));

/** Runs commands by their keys for as long as the page is there. */
export function useKeys(): void {
  useEffect(() => {
    const bindings: Record<string, (event: KeyboardEvent) => void> = {};
    for (const command of COMMANDS) {
      for (const key of command.keys) {
        bindings[key] = (event) => {
          const plain = !key.includes('$mod');
          if (event.defaultPrevented || (plain && isTyping(event.target))) return;
          if (plain && (event.ctrlKey || event.metaKey || event.altKey)) return;
          if (app.getState().dialog !== undefined || command.when?.() === false) return;
          event.preventDefault();
          command.run();
        };
      }
    }
    return tinykeys(globalThis.window, bindings);
  }, []);
}
