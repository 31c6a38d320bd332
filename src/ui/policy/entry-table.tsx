/** A table of policy entries: filtered, one tab stop, each row leading to its bytes. */
import { useState } from 'react';
import type { FieldNode } from '../../format/kit/node';
import { counted, grouped } from '../../lib/text';
import { goToOffset } from '../../state/actions';
import { focusBytes } from '../shared/focus-bytes';
import { RecordLink } from '../shared/links';
import { VirtualRows } from '../shared/virtual-rows';
import type { Entries } from './use-entries';
import { useFile } from '../shared/use-file';
import { GridCell } from '../shared/grid-cell';
import styles from './policy.module.css';

const ROW_PX = 24;

interface Props {
  readonly title: string;
  readonly one: string;
  readonly entries: Entries;
  /** Names of the columns, in the order that `render` gives its cells. */
  readonly columns: readonly string[];
  readonly grid: string | undefined;
  readonly filter: string;
  /** What the filter looks at. */
  readonly words: (entry: FieldNode) => string;
  readonly cells: (entry: FieldNode) => readonly React.ReactNode[];
  readonly none: string;
}

/** Shows the entries of a policy record that the filter lets through; opening a row goes to its bytes in the file. */
export function EntryTable(props: Props): React.ReactNode {
  const file = useFile();
  const { title, one, entries, columns, grid, filter, words, cells, none } = props;
  const [active, setActive] = useState(-1);
  const wanted = filter.trim().toLowerCase().replace(/^0x/u, '');
  const all = entries.state === 'ready' ? entries.list : [];
  const shown = wanted === '' ? all : all.filter((entry) => words(entry).toLowerCase().includes(wanted));
  const open = (row: number): void => {
    const entry = shown[row];
    if (!entry) return;
    goToOffset(file, entry.offset, entry.length);
    focusBytes();
  };
  const count =
    entries.state !== 'ready'
      ? ''
      : shown.length === all.length
        ? counted(entries.total, one, one === 'leaf' ? 'leaves' : undefined)
        : `${grouped(shown.length)} of ${grouped(all.length)}`;
  return (
    <section className={styles['section']} aria-label={title}>
      <header className={styles['head']}>
        <h2>{title}</h2>
        <output className={styles['count']}>{count}</output>
        {entries.state === 'ready' && <RecordLink record={entries.record} />}
        {entries.state === 'ready' && entries.total > all.length && (
          <span className={styles['cut']}>only the first {grouped(all.length)} are listed</span>
        )}
      </header>
      <div className={`cap ${styles['columns']} ${grid}`} aria-hidden>
        {columns.map((name) => (
          <span key={name}>{name}</span>
        ))}
      </div>
      <div className={styles['list']}>
        {entries.state === 'failed' ? (
          <p className={styles['failed']} role="alert">
            The record could not be read: {entries.reason}
          </p>
        ) : entries.state === 'none' ? (
          <p className={styles['none']}>{none}</p>
        ) : entries.state === 'ready' && shown.length === 0 ? (
          <p className={styles['none']}>{all.length === 0 ? 'The record is empty.' : 'Nothing matches the filter.'}</p>
        ) : (
          <VirtualRows
            kind="grid"
            label={title}
            count={shown.length}
            rowPx={ROW_PX}
            active={Math.min(active, shown.length - 1)}
            onActive={setActive}
            onEnter={open}
            opensOnClick
            render={(row) => {
              const entry = shown[row];
              return (
                entry && (
                  <div className={`${styles['row']} ${grid}`} role="presentation" title="Show the bytes">
                    {cells(entry).map((cell, index) => (
                      <GridCell key={columns[index]} className="ell">
                        {cell}
                      </GridCell>
                    ))}
                  </div>
                )
              );
            }}
          />
        )}
      </div>
    </section>
  );
}
