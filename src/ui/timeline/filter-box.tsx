/** The filter's input with completion: a combobox over keys and names. */
import { Search, X } from 'lucide-react';
import { useId } from 'react';
import { counted, grouped } from '../../lib/text';
import { setFilter } from '../../state/actions';
import { type Completion, useCompletion } from './use-completion';
import { type ActiveFilter, useMatches } from './use-filter';
import { useFile, usePlace, useProgress } from '../shared/use-file';
import { itemOf } from '../shared/item-of';
import { ListBox, Option } from '../shared/list-box';
import styles from './timeline.module.css';

/** Shows the box to type a filter for the records into, with completions and how many records it matches. */
export function FilterBox({ active }: { readonly active: ActiveFilter | undefined }): React.ReactNode {
  const file = useFile();
  const text = usePlace((place) => place.filter);
  const completion = useCompletion(text, (to) => setFilter(file, to));
  const list = useId();
  const { options, choice, change, open, close, onKeyDown } = completion;
  const shown = options.length > 0;
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
        onChange={(event) => change(event.target.value)}
        onFocus={open}
        onBlur={close}
        onKeyDown={onKeyDown}
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
      <Count active={active} />
      {shown && <Completions id={list} completion={completion} />}
      {active?.problem !== undefined && (
        <p className={styles['problem']} role="alert">
          {active.problem}
        </p>
      )}
    </div>
  );
}

/** How many records there are, and how many of them the filter matches so far. */
function Count({ active }: { readonly active: ActiveFilter | undefined }): React.ReactNode {
  const records = useProgress((progress) => progress.records);
  useMatches(active);
  const all = records > 0 ? counted(records, 'record') : '';
  return (
    <span className="cap" aria-live="polite">
      {active ? `${active.state === 'ready' ? grouped(active.run.matches) : '–'} of ${grouped(records)}` : all}
    </span>
  );
}

interface CompletionsProps {
  readonly id: string;
  readonly completion: Completion;
}

function Completions({ id, completion: { options, choice, accept } }: CompletionsProps): React.ReactNode {
  return (
    <ListBox
      className={styles['options']}
      id={id}
      aria-label="Completions"
      // Before the input loses focus, which would close the list.
      onMouseDown={(event) => {
        const option = options[itemOf(event) ?? -1];
        event.preventDefault();
        if (option !== undefined) accept(option);
      }}
    >
      {options.map((option, index) => (
        <Option key={option} id={`${id}-${index}`} item={index} chosen={index === choice}>
          {option}
        </Option>
      ))}
    </ListBox>
  );
}
