/** The selected page: what it is, how often it was sent, and where each copy stands in the file. */
import { Binary } from 'lucide-react';
import { addressOf } from '../../../format/page';
import { hex0x } from '../../../lib/text';
import type { PageHistory } from '../../../memory/history';
import { pageLook, sentTimes } from '../../../memory/map/page-types';
import { useFile, usePlace } from '../../shared/use-file';
import { Swatch } from '../layers/swatch';
import { showPageBytes } from '../map/map-view';
import { useHistory, useStored } from '../use-pages';
import { PageCopies } from './copies';
import { Entries } from './entries';
import { PageFindings } from './findings';
import { StartInfo } from './start-info';
import { PageUses } from './uses';
import styles from './aside.module.css';

const NOTHING: PageHistory = { mentions: 0, sent: 0, verified: false, last: [] };

/** Shows what is known of the selected page: its type, its uses, its findings, and its copies in the stream. */
export function PageDetail({ pfns }: { readonly pfns: number }): React.ReactNode {
  const pfn = usePlace((place) => place.pfn);
  if (pfn === undefined) {
    return (
      <section aria-label="Page">
        <h2 className={styles['head']}>Page</h2>
        <p className={styles['hint']}>Select a page in the map, or type its PFN above.</p>
      </section>
    );
  }
  return <Selected pfn={pfn} beyond={pfn >= pfns} />;
}

function Selected({ pfn, beyond }: { readonly pfn: number; readonly beyond: boolean }): React.ReactNode {
  const file = useFile();
  const asked = useHistory(pfn);
  const { last: list, mentions, sent } = asked.state === 'ready' ? asked.value : NOTHING;
  const last = list.at(-1);
  const stored = useStored(pfn);
  const copy = stored.state === 'ready' && stored.value.state === 'here' ? stored.value : undefined;
  return (
    <section aria-label={`PFN ${hex0x(pfn)}`}>
      <h2 className={styles['head']}>
        PFN {hex0x(pfn)}
        <span className="cap">selected</span>
      </h2>
      <dl className={styles['facts']}>
        <dt>Guest</dt>
        <dd className="mono">{hex0x(addressOf(pfn))}</dd>
        <dt>Type</dt>
        <dd>{last ? <Type type={last.type} /> : asked.state === 'loading' ? <i className={styles['bar']} /> : '—'}</dd>
        <dt>Sent</dt>
        <dd>
          {last ? (
            sentTimes(sent).replace('sent ', '')
          ) : asked.state === 'loading' ? (
            <i className={styles['bar']} />
          ) : (
            '—'
          )}
        </dd>
        {last && <PageUses pfn={pfn} />}
        <PageFindings pfn={pfn} />
      </dl>
      {asked.state === 'failed' && <p className={styles['failed']}>The page could not be looked up: {asked.reason}</p>}
      {asked.state === 'ready' && !last && (
        <p className={styles['hint']}>
          {beyond ? 'Beyond the last page of this guest.' : 'The stream never mentions this page.'}
        </p>
      )}
      <button
        type="button"
        className={`btn ${styles['show']}`}
        disabled={!list.some(({ offset }) => offset >= 0)}
        onClick={() => void showPageBytes(file, pfn)}
      >
        <Binary size={14} aria-hidden />
        Show bytes
      </button>
      {copy && <Entries pfn={pfn} type={copy.type} />}
      {last && <PageCopies list={list} mentions={mentions} />}
      {copy && <StartInfo pfn={pfn} offset={copy.offset} />}
    </section>
  );
}

function Type({ type }: { readonly type: number }): React.ReactNode {
  const { name, colour, shape } = pageLook(type);
  return (
    <span className={styles['type']}>
      <Swatch colour={colour} shape={shape} />
      <b>{name}</b>
      <span className="mono">{hex0x(type)}</span>
    </span>
  );
}
