/** The whole file from left to right, to scale, and below it the part around the brush, one cell a record. */
import { useEffect, useState } from 'react';
import { useApp } from '../../state/store';
import { fileData } from '../../state/session';
import { recordAt } from '../../state/actions';
import { Lens } from './lens';
import styles from './overview.module.css';
import { Strip } from './strip';

export function Overview(): React.ReactNode {
  const file = useApp((state) => state.file);
  const records = useApp((state) => state.progress.records);
  const selected = useApp((state) => state.place.record);
  const phase = useApp((state) => state.phase);
  // First record of the lens; it follows the selection until the brush is moved by hand.
  const [first, setFirst] = useState(0);
  const [cells, setCells] = useState(12);
  const clampFirst = (wanted: number): number => Math.max(0, Math.min(Math.max(0, records - cells), wanted));

  useEffect(() => setFirst(0), [file]);
  useEffect(() => {
    if (selected === undefined || selected >= records) return;
    setFirst((now) => (selected >= now && selected < now + cells ? now : clampFirst(selected - Math.floor(cells / 2))));
  }, [selected, records > (selected ?? 0), cells]);

  if (!file || phase === 'refused') {
    return (
      <section className={styles['overview']} aria-label="Overview of the file">
        <p className={styles['axisNote']}>The whole file, left to right</p>
        <div className={styles['ghostStrip']} />
        <div className={styles['ghostLens']} />
      </section>
    );
  }
  const last = Math.min(records, first + cells);
  const data = fileData();
  const brush =
    last > first
      ? {
          start: data.records.offsetAt(first),
          end: data.records.offsetAt(last - 1) + data.records.lengthAt(last - 1) + 8,
        }
      : undefined;
  return (
    <section className={styles['overview']} aria-label="Overview of the file">
      <Strip
        brush={brush}
        onBrush={(offset) => setFirst(clampFirst(recordAt(offset) - Math.floor(cells / 2)))}
        onStep={(by) => setFirst((now) => clampFirst(now + by))}
      />
      <Lens first={first} last={last} onCells={setCells} onScroll={(by) => setFirst((now) => clampFirst(now + by))} />
    </section>
  );
}
