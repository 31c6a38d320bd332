/** The brushed part of the file, one cell a record: small records stay readable beside gigabytes of memory. */
import { useEffectEvent, useLayoutEffect } from 'react';
import { grouped } from '../../lib/text';
import type { RecordRow } from '../../scan/records';
import { goToRecord } from '../../state/actions';
import { useFile, usePlace, useProgress, useShownFindings } from '../shared/use-file';
import { itemOf } from '../shared/item-of';
import { ListBox, Option } from '../shared/list-box';
import { useWidth } from '../shared/use-width';
import styles from './overview.module.css';

interface Props {
  readonly first: number;
  readonly last: number;
  readonly onCells: (cells: number) => void;
  readonly onScroll: (by: number) => void;
}

const CELL_PX = 104;

const shortName = ({ name, vcpu }: RecordRow): string =>
  name.replace(/^X86_PV_|^X86_/u, '') + (vcpu >= 0 ? ` ${vcpu}` : '');

/** Every record gets a floor of width; the rest is shared out by the logarithm of the length. */
const weight = (length: number): number => 1 + Math.log2(1 + length) / 8;

/**
 * Shows the records from `first` up to `last`, which is not one of them, one cell each. `onCells` is told how many
 * cells have room, `onScroll` is told 1 or −1 for a turn of the wheel.
 */
export function Lens({ first, last, onCells, onScroll }: Props): React.ReactNode {
  const file = useFile();
  useProgress((progress) => progress.records);
  const findings = useShownFindings();
  const selected = usePlace((place) => place.record);
  const [box, width] = useWidth<HTMLDivElement>();
  const cells = Math.max(4, Math.floor(width / CELL_PX));
  const tell = useEffectEvent((count: number): void => onCells(count));
  useLayoutEffect(() => {
    if (width > 0) tell(cells);
  }, [width, cells]);
  const bad = new Set(findings.filter(({ severity }) => severity === 'fatal').map(({ record }) => record));
  const { records } = file;
  const rows = Array.from({ length: Math.max(0, last - first) }, (_, index) => records.row(first + index)).filter(
    (row) => row !== undefined,
  );
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const moves: Readonly<Record<string, number>> = {
      ArrowLeft: (selected ?? first) - 1,
      ArrowRight: (selected ?? first - 1) + 1,
      Home: 0,
      End: records.count - 1,
    };
    const wanted = moves[event.key];
    if (wanted === undefined) return;
    event.preventDefault();
    goToRecord(file, Math.max(0, Math.min(records.count - 1, wanted)));
  };
  return (
    <ListBox
      ref={box}
      className={styles['lens']}
      aria-orientation="horizontal"
      aria-label="Records around the brush"
      aria-activedescendant={
        selected !== undefined && selected >= first && selected < last ? `lens-${selected}` : undefined
      }
      tabIndex={0}
      onKeyDown={onKeyDown}
      onClick={(event) => {
        const record = itemOf(event);
        if (record !== undefined) goToRecord(file, record);
      }}
      onWheel={(event) => onScroll(Math.sign(event.deltaY || event.deltaX))}
    >
      {rows.map((row) => (
        <Option
          key={row.index}
          id={`lens-${row.index}`}
          item={row.index}
          chosen={row.index === selected}
          title={`#${row.index} ${row.name}, ${grouped(row.length)} B`}
          className={`${styles['cell']} c-${row.group} ${row.index === selected ? styles['on'] : ''} ${bad.has(row.index) ? styles['bad'] : ''}`}
          style={{ flexGrow: weight(row.length) }}
        >
          {shortName(row)}
        </Option>
      ))}
      {rows.length === 0 && <span className={styles['waiting']}>No record yet</span>}
    </ListBox>
  );
}
