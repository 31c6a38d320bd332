/** File, guest, state of the stream, palette, link, theme. */
import { File as FileIcon, Link, Monitor, Moon, Search, Sun, X } from 'lucide-react';
import { byteSize } from '../../lib/text';
import { chooseFinding, showTab } from '../../state/actions';
import { badgeOf } from '../../state/findings';
import { app, type Theme } from '../../state/app';
import { phaseOf } from '../../state/jobs/scan';
import { copyLink } from '../shared/clipboard';
import { openFinding } from '../../state/chosen-finding';
import { KeyCap } from '../commands/key-cap';
import { ariaKeys, shortcut } from '../commands/key-text';
import { nextTheme } from '../commands/theme';
import { guestFacts } from '../shared/guest';
import { SeverityIcon } from '../shared/severity-icon';
import { useCheck, useFile, useImage, usePhase, useScan } from '../shared/use-file';
import { useApp } from '../shared/use-app';
import { leaveFile } from '../../state/files';
import styles from './header.module.css';

const THEME_ICONS: Readonly<Record<Theme, typeof Sun>> = { system: Monitor, light: Sun, dark: Moon };

/** Shows the top of the page: the file and its guest, the verdict, and the buttons for palette, link and theme. */
export function Header(): React.ReactNode {
  const file = useApp((state) => state.file);
  const theme = useApp((state) => state.theme);
  const ThemeIcon = THEME_ICONS[theme];
  return (
    <header className={styles['header']}>
      <h1 className={styles['brand']}>
        <Mark />
        <span>Xenscope</span>
      </h1>
      {file ? (
        <>
          <div className={styles['file']}>
            <FileIcon size={16} strokeWidth={1.5} aria-hidden />
            <b className="ell" title={file.name}>
              {file.name}
            </b>
            <span className={`mono ${styles['size']}`}>{byteSize(file.size)}</span>
            <button type="button" className={styles['close']} aria-label="Close file" onClick={leaveFile}>
              <X size={14} aria-hidden />
            </button>
          </div>
          <Guest />
        </>
      ) : (
        <span className={styles['none']}>No file open</span>
      )}
      <span className={styles['grow']} />
      {file && <Verdict />}
      <button
        type="button"
        className={styles['goto']}
        aria-keyshortcuts={ariaKeys('palette')}
        onClick={() => app.setState({ dialog: 'palette' })}
      >
        <Search size={16} strokeWidth={1.5} aria-hidden />
        <span>{file ? 'Record, offset, PFN, command…' : 'Open, or paste a link…'}</span>
        <KeyCap of="palette" />
      </button>
      {file ? <CopyLinkOfFile /> : <CopyLink disabled />}
      <button
        type="button"
        className="btn icon"
        aria-label={`Theme: ${theme}. Switch`}
        {...shortcut('theme', `Theme: ${theme}`)}
        onClick={nextTheme}
      >
        <ThemeIcon size={16} strokeWidth={1.5} aria-hidden />
      </button>
    </header>
  );
}

/** A link to a file that is not read leads nowhere. */
const CopyLinkOfFile = (): React.ReactNode => <CopyLink disabled={usePhase() === 'refused'} />;

const CopyLink = ({ disabled }: { readonly disabled: boolean }): React.ReactNode => (
  <button
    type="button"
    className="btn icon"
    aria-label="Copy a link to this view"
    {...shortcut('link', 'Copy a link to this view')}
    disabled={disabled}
    onClick={() => void copyLink()}
  >
    <Link size={16} strokeWidth={1.5} aria-hidden />
  </button>
);

function Mark(): React.ReactNode {
  return (
    <svg
      width="16"
      height="16"
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden
    >
      <path d="M2.5 3.5h11M2.5 8h6M2.5 12.5h11M11 6l3.5 4M14.5 6 11 10" />
    </svg>
  );
}

function Guest(): React.ReactNode {
  const image = useImage((all) => all);
  return (
    <ul className={styles['guest']} aria-label="Guest">
      {guestFacts(image).map((fact) => (
        <li key={fact}>{fact}</li>
      ))}
    </ul>
  );
}

/** The verdict, provisional while the scan or the check goes on. */
function Verdict(): React.ReactNode {
  const file = useFile();
  const check = useCheck((all) => all);
  const scan = useScan((all) => all);
  if (phaseOf(scan) === 'refused') return undefined;
  const { severity, word, detail, provisional } = badgeOf(check, scan);
  return (
    <button
      type="button"
      className={`${styles['state']} sev-${severity} ${provisional ? styles['provisional'] : ''}`}
      onClick={() => {
        showTab(file, 'findings');
        if (severity === 'fatal' || severity === 'warning') chooseFinding(file, openFinding(file));
      }}
      title={provisional ? 'So far; the check goes on' : 'What a restore would do with this image'}
    >
      <SeverityIcon severity={severity} />
      {word}
      {(detail !== '' || provisional) && (
        <small>{[detail, provisional ? 'so far' : ''].filter(Boolean).join(' ')}</small>
      )}
    </button>
  );
}
