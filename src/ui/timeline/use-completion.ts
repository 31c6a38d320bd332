/** Completion of the filter: what is offered, what is chosen of it, and the keys that move there. */
import { useState } from 'react';
import { recordNames } from '../../format/records';
import { complete, completions } from '../../state/filter';

const NAMES = recordNames();

export interface Completion {
  /** Empty while nothing is to be offered. */
  readonly options: readonly string[];
  /** Position of the chosen option; −1 for none. */
  readonly choice: number;
  /** Puts an option in the place of what was typed last. */
  readonly accept: (option: string) => void;
  /** Takes what was typed, and offers what goes with it. */
  readonly change: (text: string) => void;
  readonly open: () => void;
  readonly close: () => void;
  readonly onKeyDown: (event: React.KeyboardEvent) => void;
}

/** Offers completions of a filter's text; `set` takes the text that it becomes. */
export function useCompletion(text: string, set: (text: string) => void): Completion {
  const [isOpen, setOpen] = useState(false);
  const [choice, setChoice] = useState(-1);
  const options = isOpen ? completions(text, NAMES) : [];
  const shown = options.length > 0;

  const accept = (option: string): void => {
    set(complete(text, option));
    setChoice(-1);
  };
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const chosen = options[choice];
    if (event.key === 'ArrowDown' && shown) setChoice((choice + 1) % options.length);
    else if (event.key === 'ArrowUp' && shown) setChoice(choice <= 0 ? options.length - 1 : choice - 1);
    else if ((event.key === 'Enter' || event.key === 'Tab') && chosen !== undefined) accept(chosen);
    else if (event.key === 'Enter') setOpen(false);
    else if (event.key === 'Escape' && shown) setOpen(false);
    else if (event.key === 'Escape' && text !== '') set('');
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return {
    options,
    choice,
    accept,
    change: (typed) => {
      set(typed);
      setOpen(true);
      setChoice(-1);
    },
    open: () => setOpen(true),
    close: () => setOpen(false),
    onKeyDown,
  };
}
