/** One hit: its address, the record and field or the page that it is in, its bytes and the text around. */
import { memo } from 'react';
import { ascii, hex, hex0x } from '../../lib/text';
import type { PageByte } from '../../memory/guest-memory';
import type { Hit } from '../../memory/search/hit';
import { fieldName, recordWith } from '../../memory/search/where';
import type { SymbolsInfo } from '../../memory/kernel/fit';
import { useDecoded } from '../shared/use-decoded';
import { KernelName } from './kernel-name';
import { hitAddress } from '../../state/hits';
import { useFile } from '../shared/use-file';
import styles from './search.module.css';

/** Bytes of the hit shown as hex. */
const HEX_BYTES = 8;
/** Bytes of the text before it. */
const LEAD = 8;

interface Props {
  readonly hit: Hit;
  /** Symbols that places in memory are named by. */
  readonly named: SymbolsInfo | undefined;
}

export const HitRow = memo(function HitRow({ hit, named }: Props): React.ReactNode {
  const file = useFile();
  const { bytes, lead, length } = hit;
  const record = recordWith(file.records, hit.offset);
  const row = record === undefined ? undefined : file.records.row(record);
  const match = bytes.subarray(lead, lead + length);
  const shown = Array.from(match.subarray(0, HEX_BYTES), (byte) => hex(byte, 2)).join(' ');
  return (
    <div className={styles['hit']} {...(named ? { 'data-named': '' } : {})}>
      <span className="mono">{hex0x(hit.offset)}</span>
      <span className={styles['record']}>
        {row ? (
          <>
            <i className={`k c-${row.group}`} aria-hidden />
            <span className="mono">{row.index}</span>
            <span className="ell">{row.name}</span>
          </>
        ) : (
          'outside of records'
        )}
      </span>
      <span className={`ell ${styles['where']}`}>
        {hit.page ? <Address hit={hit} page={hit.page} /> : <Field record={row?.index} offset={hit.offset} />}
      </span>
      {named && <KernelName hit={hit} info={named} />}
      <span className={`mono ell ${styles['hex']}`}>
        {shown}
        {length > HEX_BYTES && ' …'}
      </span>
      <span className={`mono ell ${styles['context']}`}>
        {ascii(bytes.subarray(Math.max(0, lead - LEAD), lead)).padStart(LEAD)}
        <mark>{ascii(match)}</mark>
        {ascii(bytes.subarray(lead + length))}
      </span>
    </div>
  );
});

function Address({ hit, page }: { readonly hit: Hit; readonly page: PageByte }): React.ReactNode {
  return (
    <>
      <span className="mono">
        gpa {hex0x(hitAddress(page))} · PFN {hex0x(page.pfn)}
      </span>
      {hit.older && <span className="tag">older copy</span>}
      {hit.parts && <span className="tag">{hit.parts.length} parts</span>}
    </>
  );
}

/** The field that the hit begins in, once its record is decoded. */
function Field({ record, offset }: { readonly record: number | undefined; readonly offset: number }): React.ReactNode {
  const decoded = useDecoded(record);
  if (decoded.state === 'failed') return <span className={styles['bad']}>not readable: {decoded.reason}</span>;
  return <span className="mono">{decoded.state === 'ready' && fieldName(decoded.value.nodes, offset)}</span>;
}
