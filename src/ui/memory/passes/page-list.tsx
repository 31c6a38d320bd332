/** A list of pages, each of which leads to the page on the map. */
import { useState } from 'react';
import { hex0x } from '../../../lib/text';
import { selectPfn } from '../../../state/actions';
import { VirtualRows } from '../../shared/virtual-rows';
import { useFile } from '../../shared/use-file';
import styles from './page-list.module.css';

const ROW_PX = 24;

interface Props<T> {
  readonly label: string;
  readonly pages: readonly T[];
  /** After the page has been selected. */
  readonly onOpen?: () => void;
  /** What opening a page does, for the mouse. */
  readonly title?: string;
  /** Lays out the columns of a row: the PFN, and those of `children`. */
  readonly className: string | undefined;
  readonly children: (page: T) => React.ReactNode;
}

/** Shows a list of pages, in which opening a row selects its page on the map. */
export function PageList<T extends { readonly pfn: number }>(props: Props<T>): React.ReactNode {
  const file = useFile();
  const { label, pages, onOpen, title, className, children } = props;
  const [active, setActive] = useState(-1);
  return (
    <VirtualRows
      kind="listbox"
      label={label}
      count={pages.length}
      rowPx={ROW_PX}
      active={active}
      onActive={setActive}
      opensOnClick
      onEnter={(row) => {
        const page = pages[row];
        if (!page) return;
        selectPfn(file, page.pfn);
        onOpen?.();
      }}
      render={(row) => {
        const page = pages[row];
        return (
          page && (
            <div className={`${styles['row']} ${className ?? ''}`} title={title}>
              <span className={`mono ${styles['pfn']}`}>PFN {hex0x(page.pfn)}</span>
              {children(page)}
            </div>
          )
        );
      }}
    />
  );
}
