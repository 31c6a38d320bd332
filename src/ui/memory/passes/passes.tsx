/** Passes over memory: of a live migration, of a Remus stream, of a verified one. Shown only where there are several. */
import { PAGE_SIZE } from '../../../format/page';
import { useState } from 'react';
import { upperBound } from '../../../lib/bisect';
import { counted, grouped } from '../../../lib/text';
import type { Pass } from '../../../scan/image';
import { goToRecord } from '../../../state/actions';
import { useLandmarks } from '../../shared/use-landmarks';
import { VirtualRows } from '../../shared/virtual-rows';
import { focusBytes } from '../../shared/focus-bytes';
import { useFile, useImage, usePhase } from '../../shared/use-file';
import styles from './passes.module.css';

const ROW_PX = 24;
const ROWS_SHOWN = 6;

const mib = (pages: number): string => ((pages * PAGE_SIZE) / 2 ** 20).toFixed(1);

/** Names a pass: `pass 1`, `pass 4 · checkpoint 2`, `verify pass`. What comes before a CHECKPOINT record belongs to that checkpoint. */
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

/** Returns the pass that a record is in; −1 before the first. */
export const passAt = (passes: readonly Pass[], record: number): number =>
  upperBound(passes.length, (index) => passes[index]?.record ?? 0, record) - 1;

const isPass = ({ kind }: Pass): boolean => kind === 'pass';

/** Returns what the passes are as a whole: `6 passes · 30 422 pages sent · ×1.24 of pass 1`. */
export function usePassFacts(): { readonly title: string; readonly text: string } {
  const { passes, checkpoints, firstVerify } = useImage((all) => all);
  if (passes.length < 2) return { title: 'Views of the page', text: '' };
  const sent = passes.filter(isPass).reduce((sum, { pages }) => sum + pages, 0);
  const first = passes[0]?.pages ?? 0;
  const facts = [
    counted(passes.filter(isPass).length, 'pass', 'passes'),
    `${counted(sent, 'page')} sent`,
    ...(first > 0 ? [`×${(sent / first).toFixed(2)} of pass 1`] : []),
    ...(checkpoints > 0 ? [counted(checkpoints, 'checkpoint')] : []),
  ];
  return { title: title(checkpoints, firstVerify !== undefined), text: facts.join(' · ') };
}

const percent = (part: number, whole: number): string => (whole === 0 ? '—' : `${((part / whole) * 100).toFixed(1)} %`);

/** Shows each pass over memory with how many pages were sent in it; opening one goes to its first record. */
export function Passes(): React.ReactNode {
  const file = useFile();
  const passes = useImage((image) => image.passes);
  const checkpoints = useImage((image) => image.checkpoints);
  const ended = usePhase() === 'done';
  const { checkpoints: marks } = useLandmarks();
  const [active, setActive] = useState(-1);
  const first = passes[0]?.pages ?? 0;
  const most = passes.reduce((max, { pages }) => Math.max(max, pages), 1);
  const lastPass = passes.findLastIndex(isPass);
  const label = (index: number): string => {
    const name = passName(passes, marks, index);
    const isPaused = checkpoints === 0 && ended && index === lastPass;
    return (isPaused ? `${name}, paused` : name).replace(/^[pv]/u, (letter) => letter.toUpperCase());
  };

  return (
    <div className={styles['passes']}>
      <div className={`cap ${styles['row']}`} aria-hidden>
        <span>Pass</span>
        <span>Pages sent</span>
        <span>With content</span>
        <span>MiB</span>
        <span>Of pass 1</span>
        <span title="Pages that the guest had written while the pass before was sent, as a share of the pages sent in it">
          Dirtied
        </span>
      </div>
      <div className={styles['list']} style={{ height: Math.min(passes.length, ROWS_SHOWN) * ROW_PX }}>
        <VirtualRows
          kind="listbox"
          label="Passes"
          count={passes.length}
          rowPx={ROW_PX}
          active={active}
          onActive={setActive}
          onEnter={(index) => {
            const pass = passes[index];
            if (!pass) return;
            goToRecord(file, pass.record);
            focusBytes();
          }}
          opensOnClick
          render={(index) => {
            const { pages = 0, entries = 0, kind } = passes[index] ?? {};
            const before = kind === 'pass' ? (passes[index - 1]?.pages ?? 0) : 0;
            return (
              <div className={styles['row']} title="Show its first record">
                <span className={styles['name']}>{label(index)}</span>
                <span className={styles['track']}>
                  <i
                    className={kind === 'verify' ? styles['verify'] : ''}
                    style={{ width: `${(pages / most) * 100}%` }}
                  />
                </span>
                <span className="mono">
                  {grouped(pages)}
                  {entries > pages && <span className={styles['name']}> of {grouped(entries)}</span>}
                </span>
                <span className="mono">{mib(pages)}</span>
                <span className={`mono ${styles['name']}`}>{percent(pages, first)}</span>
                <span className={`mono ${styles['name']}`}>{percent(entries, before)}</span>
              </div>
            );
          }}
        />
      </div>
    </div>
  );
}
