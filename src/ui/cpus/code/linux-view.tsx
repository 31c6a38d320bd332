/** A Linux guest's log, message by message, each leading to its bytes. */
import { ScrollText } from 'lucide-react';
import { useMemo, useState } from 'react';
import { counted, grouped, hex0x } from '../../../lib/text';
import type { Linux } from '../../../memory/linux/find-linux';
import { type LogLine, stampText } from '../../../memory/linux/log-line';
import { showBytes } from '../../shared/focus-bytes';
import { FindBox } from '../../shared/find-box';
import { PanelMessage } from '../../shared/panel-message';
import { VirtualRows } from '../../shared/virtual-rows';
import { searchLinux, stopSearch, useLinux } from './use-linux';
import styles from './linux.module.css';

const ROW_PX = 20;

export function LinuxView(): React.ReactNode {
  const search = useLinux();
  switch (search.state) {
    case 'searching':
      return (
        <div className={styles['message']}>
          <p role="status">Looking for Linux where the kernel is mapped: {Math.floor(search.share * 100)} %</p>
          <button type="button" className="btn" data-stop tabIndex={-1} onClick={stopSearch}>
            Cancel
          </button>
        </div>
      );
    case 'stopped':
      return (
        <div className={styles['message']}>
          <p>The search for Linux was cancelled.</p>
          <button type="button" className="btn" data-stop tabIndex={-1} onClick={searchLinux}>
            Search
          </button>
        </div>
      );
    case 'failed':
      return <PanelMessage icon={ScrollText} title="The search failed" text={search.reason} alert />;
    case 'done':
      return search.linux.banner || search.linux.log ? (
        <Found linux={search.linux} />
      ) : (
        <PanelMessage
          icon={ScrollText}
          title="No Linux found"
          text={`Neither a banner nor a log is in the ${grouped(search.linux.pages)} pages that are mapped where Linux has its kernel.`}
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
  lines.flatMap((line) => line.text.split('\n').map((text, index) => ({ line, text, isFirst: index === 0 })));

const LEVELS = ['emergency', 'alert', 'critical', 'error', 'warning', 'notice', 'info', 'debug'] as const;

function Found({ linux: { banner, log } }: { readonly linux: Linux }): React.ReactNode {
  const [filter, setFilter] = useState('');
  const [active, setActive] = useState(-1);
  const all = useMemo(() => rowsOf(log?.lines ?? []), [log]);
  const wanted = filter.trim().toLowerCase();
  const rows = wanted === '' ? all : all.filter(({ text }) => text.toLowerCase().includes(wanted));
  const open = (row: number): void => {
    const line = rows[row]?.line;
    if (line && line.length > 0) showBytes(line);
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
            onClick={() => showBytes({ offset: banner.offset, length: banner.text.length })}
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
          role="listbox"
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
