/** What belongs to the page and not to a file: which file is open, which link was followed, notices, the theme. */
import { createStore } from 'zustand/vanilla';
import type { ExportChoice } from '../memory/export/choice';
import type { OpenFile } from './open-file';
import type { Link } from './place';

/** The theme that was chosen; `system` follows the operating system. */
export type Theme = 'system' | 'light' | 'dark';

/** The state of the page as a whole. */
export interface AppState {
  readonly file: OpenFile | undefined;
  /**
   * The link that was followed: which image it asks for, and where in it it leads. Kept while other files are tried.
   */
  readonly link: Link | undefined;
  /** Why the link could not be followed. */
  readonly linkProblem: string | undefined;
  /** A short word on what just happened. */
  readonly notice: string | undefined;
  readonly theme: Theme;
  /** Whether the page is dark now: by the theme, or by the system where that decides. */
  readonly isDark: boolean;
  readonly dialog: 'palette' | 'keys' | 'export' | undefined;
  /** What is chosen in the export dialog. */
  readonly exportWhat: ExportChoice['what'];
}

/** Holds the state of the page as a whole. */
export const app = createStore<AppState>(() => ({
  file: undefined,
  link: undefined,
  linkProblem: undefined,
  notice: undefined,
  theme: 'system',
  isDark: false,
  dialog: undefined,
  exportWhat: 'elf',
}));

/** Says a short word on what just happened; undefined takes it away. */
export const notify = (notice: string | undefined): void => app.setState({ notice });
