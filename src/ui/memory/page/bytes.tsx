/** The selected page as bytes, as text, as a page table. */
import { useMemo, useState } from 'react';
import { ascii, hex, hex0x, hexBytes } from '../../../lib/text';
import { tableEntries } from '../../../memory/walk/table-view';
import { goToPageCopy, selectPfn } from '../../../state/actions';
import { focusBytes } from '../../shared/focus-bytes';
import { VirtualRows } from '../../shared/virtual-rows';
import { useEntrySize } from './use-page-bytes';
import { useFile } from '../../shared/use-file';
import styles from '../dock.module.css';

const ROW = 16;
const TEXT_ROW = 64;
const ROW_PX = 20;

export interface PageProps {
  readonly pfn: number;
  readonly record: number;
  /** File offset of the copy, bytes. */
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** Shows a copy of a page as hex, 16 bytes a row; Enter goes to the bytes of a row in the file. */
export function PageHex({ pfn, record, offset, bytes }: PageProps): React.ReactNode {
  const file = useFile();
  const [active, setActive] = useState(-1);
  return (
    <VirtualRows
      kind="listbox"
      label={`Bytes of PFN ${hex0x(pfn)}`}
      count={bytes.length / ROW}
      rowPx={ROW_PX}
      active={active}
      onActive={setActive}
      onEnter={(row) => {
        goToPageCopy(file, pfn, record, { start: offset + row * ROW, end: offset + (row + 1) * ROW });
        focusBytes();
      }}
      render={(row) => {
        const part = bytes.subarray(row * ROW, (row + 1) * ROW);
        return (
          <div className={`mono ${styles['hex']}`} data-zero={part.every((byte) => byte === 0) || undefined}>
            <span>{hex(row * ROW, 3)}</span>
            <span>{hexBytes(part.subarray(0, 8), ' ')}</span>
            <span>{hexBytes(part.subarray(8), ' ')}</span>
            <span>{ascii(part)}</span>
          </div>
        );
      }}
    />
  );
}

/** Shows a copy of a page as text, 64 characters a row; Enter goes to the bytes of a row in the file. */
export function PageText({ pfn, record, offset, bytes }: PageProps): React.ReactNode {
  const file = useFile();
  const [active, setActive] = useState(-1);
  return (
    <VirtualRows
      kind="listbox"
      label={`Text of PFN ${hex0x(pfn)}`}
      count={bytes.length / TEXT_ROW}
      rowPx={ROW_PX}
      active={active}
      onActive={setActive}
      onEnter={(row) => {
        goToPageCopy(file, pfn, record, { start: offset + row * TEXT_ROW, end: offset + (row + 1) * TEXT_ROW });
        focusBytes();
      }}
      render={(row) => (
        <div className={`mono ${styles['hex']}`}>
          <span>{hex(row * TEXT_ROW, 3)}</span>
          <span>{ascii(bytes.subarray(row * TEXT_ROW, (row + 1) * TEXT_ROW))}</span>
        </div>
      )}
    />
  );
}

/**
 * Shows a page read as a page table, without the entries that are zero; opening an entry selects the page that it
 * points to.
 */
export function PageTable({ pfn, bytes }: PageProps): React.ReactNode {
  const entrySize = useEntrySize();
  if (entrySize.state === 'loading') return <p className={styles['hint']}>…</p>;
  if (entrySize.state === 'failed')
    return <p className={styles['failed']}>The width of its entries is not known: {entrySize.reason}</p>;
  return <Entries pfn={pfn} bytes={bytes} entrySize={entrySize.value} />;
}

interface EntriesProps extends Pick<PageProps, 'pfn' | 'bytes'> {
  readonly entrySize: 4 | 8;
}

function Entries({ pfn, bytes, entrySize }: EntriesProps): React.ReactNode {
  const file = useFile();
  const [active, setActive] = useState(-1);
  const { entries } = useMemo(() => tableEntries(bytes, entrySize), [bytes, entrySize]);
  if (entries.length === 0) return <p className={styles['hint']}>All entries are zero.</p>;
  return (
    <VirtualRows
      kind="listbox"
      label={`Entries of PFN ${hex0x(pfn)}`}
      count={entries.length}
      rowPx={ROW_PX}
      active={active}
      onActive={setActive}
      opensOnClick
      onEnter={(row) => {
        const entry = entries[row];
        if (entry?.present === true) selectPfn(file, entry.pfn);
      }}
      render={(row) => {
        const entry = entries[row];
        if (!entry) return undefined;
        return (
          <div className={`mono ${styles['entry']}`} data-absent={!entry.present || undefined}>
            <span>{entry.index}</span>
            <span>{hex(entry.value, entrySize * 2)}</span>
            {entry.present ? <span className={styles['to']}>PFN {hex0x(entry.pfn)}</span> : <span>not present</span>}
            <span className="ell">{entry.flags.join(' ')}</span>
          </div>
        );
      }}
    />
  );
}
