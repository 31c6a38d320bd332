/** The whole file from left to right, to scale, and below it the part around the brush, one cell a record. */
import { useEffect, useState } from 'react';
import { recordAt } from '../../state/actions';
import type { OpenFile } from '../../state/open-file';
import { Lens } from './lens';
import { useFile, usePhase, usePlace, useProgress } from '../shared/use-file';
import styles from './overview.module.css';
import { Strip } from './strip';

/** `file`: the one that is shown; undefined where none is open. */
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
  // First record of the lens; it follows the selection until the brush is moved by hand.
  const [first, setFirst] = useState(0);
  const [cells, setCells] = useState(12);
  const clampFirst = (wanted: number): number => Math.max(0, Math.min(Math.max(0, records - cells), wanted));

  useEffect(() => {
    if (selected === undefined || selected >= records) return;
    setFirst((now) => (selected >= now && selected < now + cells ? now : clampFirst(selected - Math.floor(cells / 2))));
  }, [selected, records > (selected ?? 0), cells]);

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
