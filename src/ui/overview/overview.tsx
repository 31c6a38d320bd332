/** The whole file from left to right, to scale, and below it the part around the brush, one cell a record. */
import { useState } from 'react';
import { clamp } from '../../lib/range';
import { recordAt } from '../../state/actions';
import type { OpenFile } from '../../state/open-file';
import { Lens } from './lens';
import { useFile, usePhase, usePlace, useProgress } from '../shared/use-file';
import styles from './overview.module.css';
import { Strip } from './strip';

/** Shows the file as a strip of colours, and what it holds. `file`: the one that is shown; undefined where none is open. */
export function Overview({ file }: { readonly file: OpenFile | undefined }): React.ReactNode {
  return (
    <section className={styles['overview']} aria-label="Overview of the file">
      {file ? <OfFile /> : <Nothing />}
    </section>
  );
}

const Nothing = (): React.ReactNode => (
  <>
    <p className={styles['axisNote']}>The whole file, left to right</p>
    <div className={styles['ghostStrip']} />
    <div className={styles['ghostLens']} />
  </>
);

function OfFile(): React.ReactNode {
  return usePhase() === 'refused' ? <Nothing /> : <Filled />;
}

function Filled(): React.ReactNode {
  const file = useFile();
  const records = useProgress((progress) => progress.records);
  const selected = usePlace((place) => place.record);
  const [cells, setCells] = useState(12);
  const clampFirst = (wanted: number): number => clamp(wanted, 0, Math.max(0, records - cells));
  // First record of the lens; it follows the selection until the brush is moved by hand.
  const [first, setFirst] = useState(0);
  const [followed, setFollowed] = useState<{ readonly selected?: number; readonly cells: number }>({ cells });
  const isThere = selected !== undefined && selected < records;
  if (isThere && (followed.selected !== selected || followed.cells !== cells)) {
    setFollowed({ selected, cells });
    if (selected < first || selected >= first + cells) setFirst(clampFirst(selected - Math.floor(cells / 2)));
  }

  const last = Math.min(records, first + cells);
  const brush =
    last > first
      ? {
          start: file.records.offsetAt(first),
          end: file.records.offsetAt(last - 1) + file.records.lengthAt(last - 1) + 8,
        }
      : undefined;
  return (
    <>
      <Strip
        brush={brush}
        onBrush={(offset) => setFirst(clampFirst(recordAt(file, offset) - Math.floor(cells / 2)))}
        onStep={(by) => setFirst((now) => clampFirst(now + by))}
      />
      <Lens first={first} last={last} onCells={setCells} onScroll={(by) => setFirst((now) => clampFirst(now + by))} />
    </>
  );
}
