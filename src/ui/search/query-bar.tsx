/** What to look for, as what, and where. */
import { CaseSensitive, X } from 'lucide-react';
import { useLayoutEffect, useMemo, useRef } from 'react';
import { keysOf } from '../../lib/keys-of';
import { oneOf } from '../../lib/one-of';
import { guessKind, type IntWidth, KINDS } from '../../memory/search/kit/query';
import type { OpenFile } from '../../state/open-file';
import { hasCase, hasOrder, KIND_NAMES, kindOf, placeName, PLACES, problemWith, queryOf } from './query';
import { shortcut } from '../commands/key-text';
import { isPressed } from '../commands/pressed';
import { FindBox } from '../shared/find-box';
import { useFile, useSearch } from '../shared/use-file';
import { closeSearch, startSearch, stepHit } from '../../state/hits';
import { ask, askKind, askWidth, isSameSearch, type SearchAsked, searchBox } from '../../state/search-box';
import { useSearchBox } from '../shared/use-app';
import styles from './search.module.css';

/** Looks for what is asked, if that can be looked for. */
function start(file: OpenFile): void {
  const { asked } = searchBox.getState();
  if (asked.text !== '' && problemWith(asked) === undefined) startSearch(file, queryOf(asked));
}

/** Shows what the search looks for, as what and where, with buttons that start, cancel and close it. */
export function QueryBar(): React.ReactNode {
  const file = useFile();
  const asked = useSearchBox((box) => box.asked);
  const calls = useSearchBox((box) => box.calls);
  const running = useSearch(({ state }) => state === 'running');
  const input = useRef<HTMLInputElement>(null);
  // Before the next key, which is meant for the box.
  useLayoutEffect(() => {
    if (calls > 0) input.current?.select();
  }, [calls]);
  const problem = useMemo(() => problemWith(asked), [asked]);
  const onEnter = (back: boolean): void => {
    const { ran, hits } = file.search.state.known;
    if (hits.length > 0 && isSameSearch(searchBox.getState().asked, ran?.asked)) stepHit(file, back ? -1 : 1);
    else start(file);
  };
  return (
    <search className={styles['bar']}>
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
            if (isPressed(event, 'search-next')) stepHit(file, 1);
            else if (isPressed(event, 'search-previous')) stepHit(file, -1);
            else if (isPressed(event, 'search-close')) closeSearch(file);
            else return false;
            return true;
          }}
        />
      </div>
      <Kinds asked={asked} />
      <Options asked={asked} />
      <Places asked={asked} />
      {running ? (
        <button type="button" className="btn" onClick={() => file.search.cancel()}>
          Cancel
        </button>
      ) : (
        <button
          type="button"
          className="btn primary"
          disabled={asked.text === '' || problem !== undefined}
          onClick={() => start(file)}
        >
          Search
        </button>
      )}
      <button
        type="button"
        className="btn icon"
        aria-label="Close the search"
        {...shortcut('search-close', 'Close')}
        onClick={() => closeSearch(file)}
      >
        <X size={14} aria-hidden />
      </button>
    </search>
  );
}

function Kinds({ asked }: { readonly asked: SearchAsked }): React.ReactNode {
  const guessed = guessKind(asked.text);
  return (
    <select
      aria-label="Search as"
      value={asked.kind ?? ''}
      onChange={({ target }) => askKind(oneOf(KINDS, target.value))}
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

/** Where to search. */
function Places({ asked }: { readonly asked: SearchAsked }): React.ReactNode {
  return (
    <select
      aria-label="Search in"
      value={placeName(asked)}
      onChange={({ target }) => {
        const name = oneOf(keysOf(PLACES), target.value);
        if (!name) return;
        const { scope, all } = PLACES[name];
        ask({ scope, all });
      }}
    >
      {Object.entries(PLACES).map(([name, place]) => (
        <option key={name} value={name}>
          {place.name}
        </option>
      ))}
    </select>
  );
}

const WIDTHS: readonly IntWidth[] = [1, 2, 4, 8];

function Options({ asked }: { readonly asked: SearchAsked }): React.ReactNode {
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
