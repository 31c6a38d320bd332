/** Bottom line: how far the scan is, what is selected, the link to it. */
import { Check, CircleSlash, Link } from 'lucide-react';
import { byteRate, byteSize, counted, grouped, hex0x } from '../../lib/text';
import { shortcut } from '../commands/key-text';
import { copyLink } from '../shared/clipboard';
import { useCrash, useFile, usePhase, usePlace, useProgress, useStopped } from '../shared/use-file';
import { useApp } from '../shared/use-app';
import { Meter } from '../shared/meter';
import styles from './status-bar.module.css';

/** Shows the bottom line of the page: how far the scan is, what is selected, and a button that copies a link to it. */
export function StatusBar(): React.ReactNode {
  const isOpen = useApp((state) => state.file !== undefined);
  return (
    <footer className={styles['status']}>
      {isOpen ? (
        <OfFile />
      ) : (
        <>
          <span>Ready</span>
          <Hint />
        </>
      )}
    </footer>
  );
}

const Hint = (): React.ReactNode => (
  <>
    <span className={styles['grow']} />
    <span>Large files are fine: only headers and page lists are read, about 0.2 % of an image</span>
  </>
);

function OfFile(): React.ReactNode {
  const phase = usePhase();
  return (
    <>
      <ScanState />
      {phase === 'refused' ? (
        <Hint />
      ) : (
        <>
          <span className={styles['grow']} />
          <Selection />
        </>
      )}
    </>
  );
}

function ScanState(): React.ReactNode {
  const { scan, size } = useFile();
  const phase = usePhase();
  const { position, records, mentions, elapsedMs } = useProgress((all) => all);
  const crash = useCrash();
  const scanEnd = useStopped();
  if (phase === 'refused') return <span>Not read</span>;
  if (phase === 'crashed') return <span>The scan stopped: {crash}</span>;
  if (phase === 'scanning') {
    const share = size > 0 ? Math.min(1, position / size) : 0;
    const rate = byteRate(position, elapsedMs);
    return (
      <>
        <span className={styles['group']}>
          Indexing
          <Meter label="Scan" share={share} />
          <span className="mono">{Math.floor(share * 100)} %</span>
        </span>
        <span className="mono">
          {byteSize(position)} of {byteSize(size)} · {counted(records, 'record')}
          {rate !== undefined && ` · ${rate}`}
        </span>
        <button type="button" className="link" onClick={() => scan.cancel()}>
          Cancel
        </button>
      </>
    );
  }
  if (phase === 'stopped') return <span>{`Stopped at ${byteSize(position)}: ${scanEnd ?? ''}`}</span>;
  const figures = `${counted(records, 'record')} · ${counted(mentions, 'page entry', 'page entries')} · ${grouped(Math.round(elapsedMs))} ms`;
  return (
    <>
      <span className={styles['group']}>
        {phase === 'done' ? <Check size={12} aria-hidden /> : <CircleSlash size={12} aria-hidden />}
        {phase === 'done' ? 'Complete' : `Cancelled at ${byteSize(position)}`}
      </span>
      <span className={`mono ${styles['opt']}`}>{figures}</span>
    </>
  );
}

function Selection(): React.ReactNode {
  const { record, range, pfn, vcpu, va, tab } = usePlace((all) => all);
  const parts = [
    record === undefined ? undefined : `#${record}`,
    range && hex0x(range.start),
    range && `${grouped(range.end - range.start)} B selected`,
    tab === 'memory' && va !== undefined ? `address ${hex0x(va)}` : undefined,
    tab === 'memory' && va === undefined && pfn !== undefined ? `PFN ${hex0x(pfn)}` : undefined,
    tab === 'cpus' && vcpu !== undefined ? `vCPU ${vcpu}` : undefined,
  ];
  return (
    <>
      <span className="mono">{parts.filter((part) => part !== undefined).join(' · ')}</span>
      <button
        type="button"
        className={`link ${styles['group']}`}
        {...shortcut('link', 'Copy a link to this view')}
        onClick={() => void copyLink()}
      >
        <Link size={12} aria-hidden />
        Copy link
      </button>
    </>
  );
}
