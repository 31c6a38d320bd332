/** Light, dark, or what the system says; remembered in this browser. */
import { app, type Theme } from '../../state/app';

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

const systemIsDark = (): MediaQueryList => matchMedia('(prefers-color-scheme: dark)');

function apply(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
  app.setState({ theme, isDark: theme === 'system' ? systemIsDark().matches : theme === 'dark' });
}

/** Applies the theme that is remembered, and follows the system where that is what decides. */
export function followTheme(): void {
  apply(remembered());
  systemIsDark().addEventListener('change', () => apply(app.getState().theme));
}

function setTheme(theme: Theme): void {
  apply(theme);
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // Not remembered then.
  }
}

const NEXT: Readonly<Record<Theme, Theme>> = { system: 'light', light: 'dark', dark: 'system' };

/** Goes on to the next theme: system, light, dark. */
export const nextTheme = (): void => setTheme(NEXT[app.getState().theme]);
