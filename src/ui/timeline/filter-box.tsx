/** The filter's input with completion: a combobox over keys and names. */
import { Search, X } from 'lucide-react';
import { useId, useState } from 'react';
import { counted, grouped } from '../../lib/text';
import { recordNames } from '../../format/records';
import { setFilter } from '../../state/actions';
import { complete, completions } from '../../state/filter';
import { type ActiveFilter, useMatches } from './use-filter';
import { useFile, usePlace, useProgress } from '../shared/use-file';
import { itemOf } from '../shared/item-of';
import { ListBox, Option } from '../shared/list-box';
import styles from './timeline.module.css';

const NAMES = recordNames();

/** Shows the box to type a filter for the records into, with completions and how many records it matches. */
export function FilterBox({ active }: { readonly active: ActiveFilter | undefined }): React.ReactNode {
  const file = useFile();
  const text = usePlace((place) => place.filter);
  const records = useProgress((progress) => progress.records);
  useMatches(active);
  const [open, setOpen] = useState(false);
  const [choice, setChoice] = useState(-1);
  const list = useId();
  const options = open ? completions(text, NAMES) : [];
  const shown = options.length > 0;

  const accept = (option: string): void => {
    setFilter(file, complete(text, option));
    setChoice(-1);
  };
  const onKey = (event: React.KeyboardEvent): void => {
    const chosen = options[choice];
    if (event.key === 'ArrowDown' && shown) setChoice((choice + 1) % options.length);
    else if (event.key === 'ArrowUp' && shown) setChoice(choice <= 0 ? options.length - 1 : choice - 1);
    else if ((event.key === 'Enter' || event.key === 'Tab') && chosen !== undefined) accept(chosen);
    else if (event.key === 'Enter') setOpen(false);
    else if (event.key === 'Escape' && open && shown) setOpen(false);
    else if (event.key === 'Escape' && text !== '') setFilter(file, '');
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div className={styles['filter']}>
      <Search size={16} strokeWidth={1.5} aria-hidden />
      <input
        id="filter"
        role="combobox"
        aria-label="Filter the records"
        aria-expanded={shown}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={choice >= 0 && shown ? `${list}-${choice}` : undefined}
        aria-invalid={active?.problem !== undefined}
        autoComplete="off"
        spellCheck={false}
        placeholder="Filter: name, type, vCPU, offset, PFN"
        value={text}
        onChange={(event) => {
          setFilter(file, event.target.value);
          setOpen(true);
          setChoice(-1);
        }}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={onKey}
      />
      {text !== '' && (
        <button
          type="button"
          className={styles['clear']}
          aria-label="Clear the filter"
          onClick={() => setFilter(file, '')}
        >
          <X size={14} aria-hidden />
        </button>
      )}
      <span className="cap" aria-live="polite">
        {active
          ? `${active.state === 'ready' ? grouped(active.run.matches) : '–'} of ${grouped(records)}`
          : records > 0
            ? counted(records, 'record')
            : ''}
      </span>
      {shown && (
        <ListBox
          className={styles['options']}
          id={list}
          aria-label="Completions"
          // Before the input loses focus, which would close the list.
          onMouseDown={(event) => {
            const option = options[itemOf(event) ?? -1];
            event.preventDefault();
            if (option !== undefined) accept(option);
          }}
        >
          {options.map((option, index) => (
            <Option key={option} id={`${list}-${index}`} item={index} chosen={index === choice}>
              {option}
            </Option>
          ))}
        </ListBox>
      )}
      {active?.problem !== undefined && (
        <p className={styles['problem']} role="alert">
          {active.problem}
        </p>
      )}
    </div>
  );
}
