/** Passes over memory: of a live migration, of a Remus stream, of a verified one. Shown only where there are several. */
import { PAGE_SIZE } from '../../format/libxc/page-data';
import { useState } from 'react';
import { upperBound } from '../../lib/bisect';
import { counted, grouped } from '../../lib/text';
import type { Pass } from '../../scan/image';
import { goToRecord } from '../../state/actions';
import { useApp } from '../../state/store';
import { useLandmarks } from '../shared/landmarks';
import { VirtualRows } from '../shared/virtual-rows';
import { focusBytes } from '../shared/focus-bytes';
import styles from './passes.module.css';

const ROW_PX = 24;
const ROWS_SHOWN = 6;

const mib = (pages: number): string => ((pages * PAGE_SIZE) / 2 ** 20).toFixed(1);

/** `pass 1`, `pass 4 · checkpoint 2`, `verify pass`. What comes before a CHECKPOINT record belongs to that checkpoint. */
export function passName(passes: readonly Pass[], checkpoints: readonly number[], index: number): string {
  const pass = passes[index];
  if (!pass) return '—';
  if (pass.kind === 'verify') return 'verify pass';
  const before = upperBound(checkpoints.length, (at) => checkpoints[at] ?? 0, pass.record);
  const name = `pass ${index + 1}`;
  return before < checkpoints.length ? `${name} · checkpoint ${before + 1}` : name;
}

/** What the passes as a whole are. */
function title(checkpoints: number, verify: boolean): string {
  if (checkpoints > 0) return 'Checkpointed stream';
  return verify ? 'Live migration, verified' : 'Live migration';
}

export function Passes(): React.ReactNode {
  const passes = useApp((state) => state.image.passes);
  const checkpoints = useApp((state) => state.image.checkpoints);
  const verify = useApp((state) => state.image.verify);
  const ended = useApp((state) => state.phase === 'done');
  const { checkpoints: marks } = useLandmarks();
  const [active, setActive] = useState(-1);
  if (passes.length < 2) return undefined;

  const sent = passes.reduce((sum, pass) => (pass.kind === 'pass' ? sum + pass.pages : sum), 0);
  const first = passes[0]?.pages ?? 0;
  const most = passes.reduce((max, { pages }) => Math.max(max, pages), 1);
  const lastPass = passes.findLastIndex(({ kind }) => kind === 'pass');
  const label = (index: number): string => {
    const name = passName(passes, marks, index);
    const isPaused = checkpoints === 0 && ended && index === lastPass;
    return (isPaused ? `${name}, paused` : name).replace(/^[pv]/u, (letter) => letter.toUpperCase());
  };
  const facts = [
    counted(passes.filter(({ kind }) => kind === 'pass').length, 'pass', 'passes'),
    `${counted(sent, 'page')} sent`,
    first > 0 ? `×${(sent / first).toFixed(2)} of pass 1` : undefined,
    checkpoints > 0 ? counted(checkpoints, 'checkpoint') : undefined,
  ];

  return (
    <section className={styles['passes']} aria-label={title(checkpoints, verify)}>
      <header>
        <h2>{title(checkpoints, verify)}</h2>
        <span className="ell">{facts.filter((fact) => fact !== undefined).join(' · ')}</span>
      </header>
      <div className={`cap ${styles['row']}`} aria-hidden>
        <span>Pass</span>
        <span>Pages sent</span>
        <span>With content</span>
        <span>MiB</span>
        <span>Of pass 1</span>
      </div>
      <div className={styles['list']} style={{ height: Math.min(passes.length, ROWS_SHOWN) * ROW_PX }}>
        <VirtualRows
          role="listbox"
          label="Passes"
          count={passes.length}
          rowPx={ROW_PX}
          active={active}
          onActive={setActive}
          onEnter={(index) => {
            const pass = passes[index];
            if (!pass) return;
            goToRecord(pass.record);
            focusBytes();
          }}
          opensOnClick
          render={(index) => {
            const { pages = 0, entries = 0 } = passes[index] ?? {};
            return (
              <div className={styles['row']} title="Show its first record">
                <span className={styles['name']}>{label(index)}</span>
                <span className={styles['track']}>
                  <i
                    className={passes[index]?.kind === 'verify' ? styles['verify'] : ''}
                    style={{ width: `${(pages / most) * 100}%` }}
                  />
                </span>
                <span className="mono">
                  {grouped(pages)}
                  {entries > pages && <span className={styles['name']}> of {grouped(entries)}</span>}
                </span>
                <span className="mono">{mib(pages)}</span>
                <span className={`mono ${styles['name']}`}>
                  {first === 0 ? '—' : `${((pages / first) * 100).toFixed(1)} %`}
                </span>
              </div>
            );
          }}
        />
      </div>
    </section>
  );
}
