/** A Linux guest's log, message by message, each leading to its bytes. */
import { ScrollText } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { counted, grouped, hex0x } from '../../../lib/text';
import { visibleLines } from '../../../lib/visible';
import type { Linux } from '../../../memory/linux/find-linux';
import { type LogLine, stampText } from '../../../memory/linux/log-line';
import { shareOf } from '../../../state/jobs/job';
import type { LinuxState } from '../../../state/jobs/linux';
import { showBytes } from '../../shared/focus-bytes';
import { FindBox } from '../../shared/find-box';
import { PanelMessage } from '../../shared/panel-message';
import { VirtualRows } from '../../shared/virtual-rows';
import { useFile, useIsScanning, useSymbols } from '../../shared/use-file';
import styles from './linux.module.css';

const ROW_PX = 20;

/** Starts the search where it was not run with the symbols at hand. */
function useLinux(): LinuxState {
  const { linux } = useFile();
  const symbols = useSymbols();
  const isReady = !useIsScanning();
  const run = useStore(linux.store);
  // Without symbols again nothing more is found than with them.
  const isCurrent = run.state !== 'idle' && (symbols === undefined || run.known === symbols);
  useEffect(() => {
    if (isReady && !isCurrent) void linux.start(symbols);
  }, [linux, isReady, isCurrent, symbols]);
  return run;
}

/**
 * Shows the banner and the log of a Linux guest, each message leading to its bytes; the search for them starts by
 * itself.
 */
export function LinuxView(): React.ReactNode {
  const { linux } = useFile();
  const run = useLinux();
  switch (run.state) {
    case 'idle':
    case 'running':
      return (
        <div className={styles['message']}>
          <output>Looking for Linux where the kernel is mapped: {Math.floor(shareOf(run.reached) * 100)} %</output>
          <button type="button" className="btn" data-stop tabIndex={-1} onClick={() => linux.cancel()}>
            Cancel
          </button>
        </div>
      );
    case 'cancelled':
      return (
        <div className={styles['message']}>
          <p>The search for Linux was cancelled.</p>
          <button type="button" className="btn" data-stop tabIndex={-1} onClick={() => void linux.start(run.known)}>
            Search
          </button>
        </div>
      );
    case 'failed':
      return <PanelMessage icon={ScrollText} title="The search failed" text={run.reason} alert />;
    case 'done':
      return run.out.banner || run.out.log ? (
        <Found linux={run.out} />
      ) : (
        <PanelMessage
          icon={ScrollText}
          title="No Linux found"
          text={`Neither a banner nor a log is in the ${grouped(run.out.pages)} pages that are mapped where Linux has its kernel.`}
        />
      );
  }
}

interface Row {
  readonly line: LogLine;
  readonly text: string;
  /** The first of a message's lines bears its time. */
  readonly isFirst: boolean;
}

const rowsOf = (lines: readonly LogLine[]): Row[] =>
  lines.flatMap((line) =>
    visibleLines(line.text)
      .split('\n')
      .map((text, index) => ({ line, text, isFirst: index === 0 })),
  );

const LEVELS = ['emergency', 'alert', 'critical', 'error', 'warning', 'notice', 'info', 'debug'] as const;

function Found({ linux: { banner, log } }: { readonly linux: Linux }): React.ReactNode {
  const file = useFile();
  const [filter, setFilter] = useState('');
  const [active, setActive] = useState(-1);
  const all = useMemo(() => rowsOf(log?.lines ?? []), [log]);
  const wanted = filter.trim().toLowerCase();
  const rows = wanted === '' ? all : all.filter(({ text }) => text.toLowerCase().includes(wanted));
  const open = (row: number): void => {
    const line = rows[row]?.line;
    if (line && line.length > 0) showBytes(file, line);
  };
  return (
    <div className={styles['view']}>
      <header className={styles['head']}>
        {banner && (
          <button
            type="button"
            className={styles['banner']}
            data-stop
            tabIndex={-1}
            data-tip={`${banner.text}\nBytes at ${hex0x(banner.offset)}`}
            onClick={() => showBytes(file, { offset: banner.offset, length: banner.text.length })}
          >
            <b>Linux {banner.release}</b> <span>{banner.text.slice(banner.text.indexOf('('))}</span>
          </button>
        )}
        <FindBox
          value={filter}
          onChange={setFilter}
          label="Filter the kernel log"
          placeholder="Filter the log"
          found={
            wanted === ''
              ? counted(log?.lines.length ?? 0, 'message')
              : `${grouped(rows.length)} of ${grouped(all.length)}`
          }
        />
      </header>
      {log ? (
        <VirtualRows
          kind="listbox"
          label="Kernel log"
          count={rows.length}
          rowPx={ROW_PX}
          active={Math.min(active, rows.length - 1)}
          onActive={setActive}
          onEnter={open}
          render={(row) => <Message row={rows[row]} />}
        />
      ) : (
        <p className={styles['none']}>
          Its log was not found: it is neither a ring of Linux 5.10 or newer nor, from its first message on, one of 3.5
          to 5.9. Symbols may lead to it.
        </p>
      )}
    </div>
  );
}

function Message({ row }: { readonly row: Row | undefined }): React.ReactNode {
  if (!row) return undefined;
  const { level, nanoseconds, offset } = row.line;
  const tone = level <= 3 ? 'error' : level === 4 ? 'warning' : 'plain';
  return (
    <p
      className={styles['row']}
      data-tone={tone}
      data-tip={`${LEVELS[level] ?? level}\nDouble click: bytes at ${hex0x(offset)}`}
    >
      <span className={styles['stamp']}>{row.isFirst ? stampText(nanoseconds) : ''}</span>
      <span>{row.text}</span>
      {tone !== 'plain' && <span className="sr"> ({LEVELS[level]})</span>}
    </p>
  );
}
