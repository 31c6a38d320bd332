/** The selected page as instructions. */
import { useState } from 'react';
import { hex, hex0x, hexBytes } from '../../../lib/text';
import type { PageCodeLine } from '../../../memory/code/page-code';
import { goToPageCopy } from '../../../state/actions';
import { focusBytes } from '../../shared/focus-bytes';
import { VirtualRows } from '../../shared/virtual-rows';
import type { PageProps } from './bytes';
import { orFail, useAnswer } from '../../shared/use-answer';
import { useFile, useSymbols } from '../../shared/use-file';
import styles from '../dock.module.css';

const ROW_PX = 20;

/** `vCPU 0 is here`. */
const here = ({ vcpus = [] }: PageCodeLine): string => (vcpus.length === 0 ? '' : `vCPU ${vcpus.join(', ')} is here`);

/**
 * Shows a page as instructions, with the names of symbols and where vCPUs stand; Enter goes to the bytes of one in the
 * file.
 */
export function PageCode({ pfn, record, offset, bytes }: PageProps): React.ReactNode {
  const file = useFile();
  const [active, setActive] = useState<number>();
  const symbols = useSymbols();
  // With symbols it reads otherwise.
  const asked = useAnswer(`code ${pfn}`, () => orFail(file.request('pageCode', { pfn })), { again: symbols });
  if (asked.state === 'loading') return <p className={styles['hint']}>…</p>;
  if (asked.state === 'failed') return <p className={styles['failed']}>No code can be shown: {asked.reason}</p>;
  const { lines, bits, va } = asked.value;
  return (
    <VirtualRows
      kind="listbox"
      label={`Instructions of PFN ${hex0x(pfn)}${va === undefined ? '' : `, address ${hex0x(va)}`}, ${bits}-bit`}
      count={lines.length}
      rowPx={ROW_PX}
      // Where a vCPU is, that is in view.
      active={active ?? lines.findIndex(({ vcpus }) => vcpus !== undefined)}
      onActive={setActive}
      onEnter={(row) => {
        const line = lines[row];
        if (!line) return;
        goToPageCopy(file, pfn, record, { start: offset + line.at, end: offset + line.at + line.length });
        focusBytes();
      }}
      render={(row) => {
        const line = lines[row];
        if (!line) return undefined;
        return (
          <div className={`mono ${styles['code']}`} data-here={line.vcpus ? '' : undefined}>
            <span>{hex(line.at, 3)}</span>
            <span className="ell">{hexBytes(bytes.subarray(line.at, line.at + line.length), ' ')}</span>
            <span className="ell">
              {line.text}
              {line.leadsName !== undefined && <span className={styles['leads']}> {line.leadsName}</span>}
            </span>
            <span className="ell" title={line.name}>
              {line.name !== undefined && <b>{line.name}</b>} {here(line)}
            </span>
          </div>
        );
      }}
    />
  );
}
