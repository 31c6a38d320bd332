/** What to look for, as what, and where. */
import { CaseSensitive, X } from 'lucide-react';
import { useLayoutEffect, useMemo, useRef } from 'react';
import { guessKind, type IntWidth, type Kind, KINDS } from '../../memory/search/query';
import {
  ask,
  askKind,
  askWidth,
  type Asked,
  cancelSearch,
  closeSearch,
  isRan,
  startSearch,
  stepHit,
  useSearch,
} from '../../state/search';
import {
  hasCase,
  hasOrder,
  KIND_NAMES,
  kindOf,
  placeName,
  PLACES,
  type PlaceName,
  problemWith,
  queryOf,
} from './query';
import { shortcut } from '../commands/key-text';
import { isPressed } from '../commands/pressed';
import { FindBox } from '../shared/find-box';
import styles from './search.module.css';

/** Looks for what is asked, if that can be looked for. */
function start(): void {
  const { asked } = useSearch.getState();
  if (asked.text !== '' && problemWith(asked) === undefined) startSearch(queryOf(asked));
}

export function QueryBar(): React.ReactNode {
  const asked = useSearch((state) => state.asked);
  const calls = useSearch((state) => state.calls);
  const running = useSearch((state) => state.run.state === 'running');
  const input = useRef<HTMLInputElement>(null);
  // Before the next key, which is meant for the box.
  useLayoutEffect(() => input.current?.select(), [calls]);
  const problem = useMemo(() => problemWith(asked), [asked]);
  const onEnter = (back: boolean): void => {
    const state = useSearch.getState();
    if (state.hits.length > 0 && isRan(state)) stepHit(back ? -1 : 1);
    else start();
  };
  return (
    <div className={styles['bar']} role="search">
      <div className={styles['box']}>
        <FindBox
          inputRef={input}
          id="search"
          value={asked.text}
          onChange={(text) => ask({ text })}
          label="Search for"
          placeholder="text, 4d 5a ?? 0?, 0x1234, /regex/"
          describedBy="search-problem"
          invalid={problem !== undefined}
          onEnter={onEnter}
          onKey={(event) => {
            if (isPressed(event, 'search-next')) stepHit(1);
            else if (isPressed(event, 'search-previous')) stepHit(-1);
            else if (isPressed(event, 'search-close')) closeSearch();
            else return false;
            return true;
          }}
        />
      </div>
      <Kinds asked={asked} />
      <Options asked={asked} />
      <select
        aria-label="Search in"
        value={placeName(asked)}
        onChange={({ target }) => {
          const { scope, all } = PLACES[target.value as PlaceName];
          ask({ scope, all });
        }}
      >
        {Object.entries(PLACES).map(([name, place]) => (
          <option key={name} value={name}>
            {place.name}
          </option>
        ))}
      </select>
      {running ? (
        <button type="button" className="btn" onClick={cancelSearch}>
          Cancel
        </button>
      ) : (
        <button
          type="button"
          className="btn primary"
          disabled={asked.text === '' || problem !== undefined}
          onClick={start}
        >
          Search
        </button>
      )}
      <button
        type="button"
        className="btn icon"
        aria-label="Close the search"
        {...shortcut('search-close', 'Close')}
        onClick={closeSearch}
      >
        <X size={14} aria-hidden />
      </button>
    </div>
  );
}

function Kinds({ asked }: { readonly asked: Asked }): React.ReactNode {
  const guessed = guessKind(asked.text);
  return (
    <select
      aria-label="Search as"
      value={asked.kind ?? ''}
      onChange={({ target }) => askKind(target.value === '' ? undefined : (target.value as Kind))}
    >
      <option value="">{KIND_NAMES[guessed]} (guessed)</option>
      {KINDS.map((kind) => (
        <option key={kind} value={kind}>
          {KIND_NAMES[kind]}
        </option>
      ))}
    </select>
  );
}

const WIDTHS: readonly IntWidth[] = [1, 2, 4, 8];

function Options({ asked }: { readonly asked: Asked }): React.ReactNode {
  const kind = kindOf(asked);
  return (
    <>
      {kind === 'int' && (
        <select
          aria-label="Width of the integer"
          value={asked.width ?? ''}
          onChange={({ target }) => askWidth(WIDTHS.find((width) => String(width) === target.value))}
        >
          <option value="">Smallest width</option>
          {WIDTHS.map((width) => (
            <option key={width} value={width}>
              {width * 8} bits
            </option>
          ))}
        </select>
      )}
      {hasCase(kind) && (
        <button
          type="button"
          className={`btn icon ${styles['toggle']}`}
          aria-pressed={!asked.ignoreCase}
          aria-label="Match case"
          title="Match case"
          onClick={() => ask({ ignoreCase: !asked.ignoreCase })}
        >
          <CaseSensitive size={16} aria-hidden />
        </button>
      )}
      {hasOrder(kind) && (
        <select
          aria-label="Byte order"
          value={asked.bigEndian ? 'big' : 'little'}
          onChange={({ target }) => ask({ bigEndian: target.value === 'big' })}
        >
          <option value="little">Little-endian</option>
          <option value="big">Big-endian</option>
        </select>
      )}
    </>
  );
}
