/** Light, dark, or what the system says; remembered in this browser. */
import { type Theme, useApp } from '../../state/store';

const KEY = 'xenscope.theme';

const remembered = (): Theme => {
  try {
    const kept = localStorage.getItem(KEY);
    return kept === 'light' || kept === 'dark' ? kept : 'system';
  } catch {
    // Storage can be forbidden; the theme then follows the system.
    return 'system';
  }
};

function apply(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}

/** Applies the remembered theme, and repaints when the system changes its own. Called once at the start. */
export function followTheme(): void {
  const theme = remembered();
  apply(theme);
  useApp.setState({ theme });
  // Canvases take their colours from the tokens: draw them again when the system turns.
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () =>
    useApp.setState(({ version }) => ({ version: version + 1 })),
  );
}

function setTheme(theme: Theme): void {
  apply(theme);
  useApp.setState(({ version }) => ({ theme, version: version + 1 }));
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // Not remembered then.
  }
}

const NEXT: Readonly<Record<Theme, Theme>> = { system: 'light', light: 'dark', dark: 'system' };

/** Switches from system to light to dark and back to system. */
export const nextTheme = (): void => setTheme(NEXT[useApp.getState().theme]);
