/** Takes what is typed while the search panel is loaded, which takes it over. Goes with the page: no key gets lost. */
import { closeSearch, enterEarly, typeEarly, useSearch } from '../../state/search';
import styles from './early-box.module.css';

export function EarlyBox(): React.ReactNode {
  const text = useSearch((state) => state.asked.text);
  return (
    <div className={styles['bar']} role="search">
      <input
        autoFocus
        className="mono"
        aria-label="Search for"
        value={text}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => typeEarly(event.target.value)}
        onKeyDown={({ key }) => {
          if (key === 'Enter') enterEarly();
          else if (key === 'Escape') closeSearch();
        }}
      />
    </div>
  );
}
