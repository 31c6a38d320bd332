/** Two copies of a page side by side: the rows that differ, with the bytes marked. */
import { useMemo, useState } from 'react';
import { PAGE_SIZE } from '../../../format/page';
import { counted, hex, hex0x } from '../../../lib/text';
import { diffPages } from '../../../memory/compare/diff';
import type { PageOccurrence } from '../../../scan/pages';
import { goToPageCopy } from '../../../state/actions';
import { focusBytes } from '../../shared/focus-bytes';
import { VirtualRows } from '../../shared/virtual-rows';
import { passAt, passName } from '../passes/passes';
import type { Answer } from '../../shared/use-answer';
import { usePageBytes } from './use-page-bytes';
import { useFile, useImage } from '../../shared/use-file';
import styles from '../dock.module.css';

const ROW = 16;
const ROW_PX = 40;

interface Props {
  readonly pfn: number;
  /** Those with content. */
  readonly copies: readonly PageOccurrence[];
}

/** Shows the rows in which two copies of a page differ; these are its last two until others are chosen. */
export function PageCompare({ pfn, copies }: Props): React.ReactNode {
  // Places in the list; the last two are compared until others are chosen.
  const [chosen, setChosen] = useState<{ readonly pfn: number; readonly pair: readonly [number, number] }>();
  if (copies.length < 2) {
    return (
      <p className={styles['hint']}>
        {copies.length === 0 ? 'The image has no copy of this page.' : 'There is one copy of this page only.'}
      </p>
    );
  }
  const last: readonly [number, number] = [copies.length - 2, copies.length - 1];
  const pair = chosen?.pfn === pfn ? chosen.pair : last;
  const [one, other] = [copies[pair[0]], copies[pair[1]]];
  if (!one || !other) return undefined;
  return (
    <div className={styles['compare']}>
      <div className={styles['pair']}>
        <Choice
          copies={copies}
          at={pair[0]}
          label="First copy"
          onChoose={(at) => setChosen({ pfn, pair: [at, pair[1]] })}
        />
        <Choice
          copies={copies}
          at={pair[1]}
          label="Second copy"
          onChoose={(at) => setChosen({ pfn, pair: [pair[0], at] })}
        />
      </div>
      <Difference one={one} other={other} />
    </div>
  );
}

interface ChoiceProps {
  readonly copies: readonly PageOccurrence[];
  readonly at: number;
  readonly label: string;
  readonly onChoose: (at: number) => void;
}

function Choice({ copies, at, label, onChoose }: ChoiceProps): React.ReactNode {
  const passes = useImage((image) => image.passes);
  return (
    <select aria-label={label} value={at} onChange={(event) => onChoose(Number(event.target.value))}>
      {copies.map(({ record, entry, offset }, index) => (
        <option key={`${record}:${entry}`} value={index}>
          #{record}, {passName(passes, [], passAt(passes, record))}, at {hex0x(offset)}
        </option>
      ))}
    </select>
  );
}

const failure = (...pages: readonly Answer<Uint8Array>[]): string | undefined =>
  pages.flatMap((page) => (page.state === 'failed' ? [page.reason] : []))[0];

function Difference({ one, other }: { readonly one: PageOccurrence; readonly other: PageOccurrence }): React.ReactNode {
  const file = useFile();
  const [active, setActive] = useState(-1);
  const before = usePageBytes(one.offset);
  const after = usePageBytes(other.offset);
  const [a, b] = [
    before.state === 'ready' ? before.value : undefined,
    after.state === 'ready' ? after.value : undefined,
  ];
  const diff = useMemo(() => (a && b ? diffPages(a, b) : undefined), [a, b]);
  const failed = failure(before, after);
  if (failed !== undefined) return <p className={styles['failed']}>The page could not be read: {failed}</p>;
  if (!a || !b || !diff) return <p className={styles['hint']}>…</p>;
  if (diff.bytes === 0) return <p className={styles['hint']}>The two copies are equal, all {PAGE_SIZE} bytes.</p>;
  return (
    <>
      <output className={styles['hint']}>
        {counted(diff.bytes, 'byte')} of {PAGE_SIZE} {diff.bytes === 1 ? 'differs' : 'differ'}, in{' '}
        {counted(diff.rows.length, 'row')}
      </output>
      <div className={styles['rows']}>
        <VirtualRows
          kind="listbox"
          label="Rows that differ"
          count={diff.rows.length}
          rowPx={ROW_PX}
          active={active}
          onActive={setActive}
          onEnter={(row) => {
            const start = other.offset + (diff.rows[row] ?? 0) * ROW;
            goToPageCopy(file, other.pfn, other.record, { start, end: start + ROW });
            focusBytes();
          }}
          render={(row) => {
            const from = (diff.rows[row] ?? 0) * ROW;
            return (
              <div className={`mono ${styles['twice']}`}>
                <span>{hex(from, 3)}</span>
                <Marked bytes={a} against={b} from={from} sign="−" />
                <Marked bytes={b} against={a} from={from} sign="+" />
              </div>
            );
          }}
        />
      </div>
    </>
  );
}

interface MarkedProps {
  readonly bytes: Uint8Array;
  readonly against: Uint8Array;
  readonly from: number;
  readonly sign: string;
}

/** A row of bytes, those that differ marked. */
function Marked({ bytes, against, from, sign }: MarkedProps): React.ReactNode {
  return (
    <span className={styles['line']} data-sign={sign}>
      {Array.from({ length: ROW }, (_, at) => {
        const byte = bytes[from + at] ?? 0;
        const text = hex(byte, 2);
        return byte === against[from + at] ? <span key={at}>{text}</span> : <mark key={at}>{text}</mark>;
      })}
    </span>
  );
}
