/** The box above the field tree: what is typed is looked for in all of the record. */
import { ChevronDown, ChevronUp, Search, X } from 'lucide-react';
import { grouped } from '../../lib/text';
import type { FieldSearch } from './field-search';
import styles from './find-box.module.css';

interface Props {
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly search: FieldSearch | undefined;
  /** Position of the selected field among those found, −1 for none. */
  readonly current: number;
  readonly onStep: (by: 1 | -1) => void;
}

/**
 * Shows the box above the field tree to look for fields of the record, with how many were found and steps from one to
 * the next.
 */
export function FindBox({ text, onText, search, current, onStep }: Props): React.ReactNode {
  const found = search?.found.length ?? 0;
  const onKeyDown = (event: React.KeyboardEvent): void => {
    if (event.key === 'Enter') onStep(event.shiftKey ? -1 : 1);
    else if (event.key === 'ArrowDown') document.querySelector<HTMLElement>('#field-tree')?.focus();
    else if (event.key === 'Escape' && text !== '') onText('');
    else if (event.key === 'Escape') document.querySelector<HTMLElement>('#field-tree')?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const said = search && saidOf(search, current);
  return (
    <search className={styles['find']} aria-label="Find in the record">
      <Search size={14} aria-hidden />
      <input
        id="find-field"
        aria-label="Find a field"
        autoComplete="off"
        spellCheck={false}
        placeholder="Find: cr4.smep, IA32_EFER, 0x1f"
        value={text}
        onChange={(event) => onText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <span className={styles['said']} aria-live="polite" title={search?.limits.join('; ')}>
        {said}
      </span>
      {text !== '' && (
        <>
          <button type="button" aria-label="Previous found" disabled={found === 0} onClick={() => onStep(-1)}>
            <ChevronUp size={14} aria-hidden />
          </button>
          <button type="button" aria-label="Next found" disabled={found === 0} onClick={() => onStep(1)}>
            <ChevronDown size={14} aria-hidden />
          </button>
          <button type="button" aria-label="Clear the search" onClick={() => onText('')}>
            <X size={14} aria-hidden />
          </button>
        </>
      )}
    </search>
  );
}

/** `3 of 17`, `17 found`, with a + where not all was looked at. */
function saidOf({ found, limits, pending }: FieldSearch, current: number): string {
  const more = `${limits.length > 0 ? '+' : ''}${pending ? ' …' : ''}`;
  if (found.length === 0) return `none${more}`;
  return current < 0
    ? `${grouped(found.length)}${more} found`
    : `${grouped(current + 1)} of ${grouped(found.length)}${more}`;
}
