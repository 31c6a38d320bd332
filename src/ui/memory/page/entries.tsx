/** The entries of a page table, the first of them: where they lead. */
import { isTableType, tableLevel } from '../../../format/page';
import { useMemo } from 'react';
import { counted, grouped, hex } from '../../../lib/text';
import { tableEntries } from '../../../memory/walk/table-view';
import { selectPfn, showPageView } from '../../../state/actions';
import { useRoving } from '../../shared/use-roving';
import { usePageBytes, useEntrySize } from './use-page-bytes';
import { useRoles, useStored } from '../use-pages';
import { useFile } from '../../shared/use-file';
import styles from './aside.module.css';

const SHOWN = 6;

/** Shows the first entries of a page table. It is shown for pages that are page tables, by their type or by what leads to them. */
export function Entries({ pfn, type }: { readonly pfn: number; readonly type: number }): React.ReactNode {
  const roles = useRoles(pfn);
  const isTable =
    isTableType(type) ||
    (roles.state === 'ready' && roles.value.some(({ role }) => role === 'root' || role === 'table'));
  const stored = useStored(pfn);
  const offset = stored.state === 'ready' && stored.value.state === 'here' ? stored.value.offset : undefined;
  const page = usePageBytes(isTable ? offset : undefined);
  const entrySize = useEntrySize();
  if (!isTable) return null;
  const failed = [stored, page, entrySize].find((asked) => asked.state === 'failed');
  if (failed) return <p className={styles['failed']}>The entries could not be read: {failed.reason}</p>;
  if (page.state !== 'ready' || entrySize.state !== 'ready') return null;
  return <List bytes={page.value} entrySize={entrySize.value} level={tableLevel(type)} />;
}

interface ListProps {
  readonly bytes: Uint8Array;
  readonly entrySize: 4 | 8;
  readonly level: number;
}

function List({ bytes, entrySize, level }: ListProps): React.ReactNode {
  const file = useFile();
  const roving = useRoving<HTMLElement>();
  const { entries, present } = useMemo(() => tableEntries(bytes, entrySize), [bytes, entrySize]);
  const shown = entries.filter((entry) => entry.present).slice(0, SHOWN);
  return (
    <section {...roving} className={styles['entries']} aria-label="Entries">
      <h3 className={styles['head']}>
        Entries
        <span className="cap">
          {grouped(present)} of {counted(bytes.length / entrySize, 'entry', 'entries')} present
        </span>
      </h3>
      {shown.map(({ index, value, pfn }) => (
        <p key={index} className="mono">
          <span>{index}</span>
          <span className="ell">{hex(value, entrySize * 2)}</span>
          <button type="button" className="link mono" data-stop tabIndex={-1} onClick={() => selectPfn(file, pfn)}>
            {hex(pfn)}
            {level > 1 ? ` L${level - 1}` : ''}
          </button>
        </p>
      ))}
      {entries.length > shown.length && (
        <button type="button" className="link" data-stop tabIndex={-1} onClick={() => showPageView(file, 'table')}>
          {grouped(entries.length - shown.length)} more
        </button>
      )}
    </section>
  );
}
