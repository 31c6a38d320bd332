/** The search box: whether it is open, and what is typed and chosen. It stays when another file is opened. */
import { createStore } from 'zustand/vanilla';
import type { IntWidth, Kind, Scope } from '../memory/search/kit/query';

/** What is typed and chosen. */
export interface SearchAsked {
  readonly text: string;
  /** Guessed from the text if not chosen. */
  readonly kind?: Kind;
  readonly ignoreCase: boolean;
  readonly bigEndian: boolean;
  /** Width of an integer, bytes; the smallest that holds it if not chosen. */
  readonly width?: IntWidth;
  readonly scope: Scope;
  /** Also copies of pages that newer ones have replaced. */
  readonly all: boolean;
}

interface SearchBox {
  readonly open: boolean;
  /** Rises each time that the box is asked for, so that it takes the focus again. */
  readonly calls: number;
  readonly asked: SearchAsked;
}

/** Holds the state of the search box. */
export const searchBox = createStore<SearchBox>(() => ({
  open: false,
  calls: 0,
  asked: { text: '', ignoreCase: false, bigEndian: false, scope: 'memory', all: false },
}));

/** Opens the box, or gives it the focus again. */
export const openSearch = (): void => searchBox.setState(({ calls }) => ({ open: true, calls: calls + 1 }));

/** Changes what is asked. */
export const ask = (change: Partial<SearchAsked>): void =>
  searchBox.setState(({ asked }) => ({ asked: { ...asked, ...change } }));

/** Chooses the kind by hand; undefined has it guessed from the text again. */
export function askKind(kind: Kind | undefined): void {
  searchBox.setState(({ asked }) => {
    const { kind: _chosen, ...rest } = asked;
    return { asked: kind === undefined ? rest : { ...rest, kind } };
  });
}

/** Chooses the width of an integer; undefined stands for the smallest that holds it. */
export function askWidth(width: IntWidth | undefined): void {
  searchBox.setState(({ asked }) => {
    const { width: _chosen, ...rest } = asked;
    return { asked: width === undefined ? rest : { ...rest, width } };
  });
}

/** Tells whether a search that was run is the one that is asked now. */
export const isSameSearch = (asked: SearchAsked, ran: SearchAsked | undefined): boolean =>
  ran !== undefined &&
  ran.text === asked.text &&
  ran.kind === asked.kind &&
  ran.width === asked.width &&
  ran.ignoreCase === asked.ignoreCase &&
  ran.bigEndian === asked.bigEndian &&
  ran.scope === asked.scope &&
  ran.all === asked.all;
