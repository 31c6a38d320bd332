/** The copies of the selected page in the stream. */
import { hasPageData, PAGE_SIZE } from '../../../format/page';
import { grouped, hex0x } from '../../../lib/text';
import { pageLook } from '../../../memory/map/page-types';
import type { PageOccurrence } from '../../../scan/pages';
import { showPageView } from '../../../state/actions';
import { OffsetLink, RecordLink } from '../../shared/links';
import { useFile, useImage } from '../../shared/use-file';
import { useLandmarks } from '../../shared/use-landmarks';
import { useRoving } from '../../shared/use-roving';
import { Swatch } from '../layers/swatch';
import { passAt, passName } from '../passes/passes';
import styles from './aside.module.css';

/** Copies listed; of more, the last ones. */
const SHOWN = 64;

interface Props {
  readonly list: readonly PageOccurrence[];
  readonly mentions: number;
}

/** Shows where each copy of a page stands in the file, and in which pass it was sent. */
export function PageCopies({ list, mentions }: Props): React.ReactNode {
  const file = useFile();
  const passes = useImage((image) => image.passes);
  const { checkpoints } = useLandmarks();
  const roving = useRoving<HTMLTableElement>();
  const shown = list.slice(-SHOWN);
  return (
    <>
      <table {...roving} className={styles['copies']}>
        <caption className="cap">
          {list.length > SHOWN ? `Last ${SHOWN} of ${grouped(mentions)} copies` : 'In the stream'}
        </caption>
        <thead className="cap">
          <tr>
            <th scope="col">Record</th>
            <th scope="col">Entry</th>
            <th scope="col">Bytes at</th>
            <th scope="col">{passes.length > 1 ? 'Pass' : 'Type'}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ record, entry, offset, type }) => (
            <tr key={`${record}:${entry}`}>
              <td>
                <RecordLink record={record} stop />
              </td>
              <td className="mono">{grouped(entry)}</td>
              <td className="mono">
                {offset >= 0 ? (
                  <OffsetLink offset={offset} length={PAGE_SIZE} stop />
                ) : hasPageData(type) ? (
                  'cut off'
                ) : (
                  'no data'
                )}
              </td>
              <td
                className={styles['which']}
                title={`${pageLook(type).name}, ${passName(passes, checkpoints, passAt(passes, record))}`}
              >
                <Swatch colour={pageLook(type).colour} shape={pageLook(type).shape} />
                {passes.length > 1 ? passName(passes, [], passAt(passes, record)) : hex0x(type)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {list.filter(({ offset }) => offset >= 0).length > 1 && (
        <button type="button" className="link" onClick={() => showPageView(file, 'compare')}>
          Compare the copies
        </button>
      )}
    </>
  );
}
