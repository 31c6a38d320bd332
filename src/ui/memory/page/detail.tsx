/** The selected page: what it is, how often it was sent, and where each copy stands in the file. */
import { Binary } from 'lucide-react';
import { addressOf, hasPageData, PAGE_SIZE } from '../../../format/page';
import { grouped, hex0x } from '../../../lib/text';
import type { PageHistory } from '../../../memory/history';
import type { PageOccurrence } from '../../../scan/pages';
import { contentState } from '../../../memory/map/content-layer';
import { selectPfn, selectVcpu, showPageView, showTab } from '../../../state/actions';
import type { LayerEntry } from '../../../memory/map/layer';
import { layerOf } from '../../../memory/map/layers';
import { ROLES } from '../../../memory/map/role-layer';
import { useLandmarks } from '../../shared/use-landmarks';
import { OffsetLink, RecordLink } from '../../shared/links';
import { useRoving } from '../../shared/use-roving';
import { showPageBytes } from '../map/map-view';
import { pageLook, sentTimes } from '../../../memory/map/page-types';
import { PageFindings } from './findings';
import { StartInfo } from './start-info';
import { passAt, passName } from '../passes/passes';
import { Swatch } from '../layers/swatch';
import { Entries } from './entries';
import { useContentOf, useHistory, useRoles, useStored, useTwin } from '../use-pages';
import { useFile, useImage, useIsScanning, usePlace } from '../../shared/use-file';
import styles from './aside.module.css';

/** Copies listed; of more, the last ones. */
const SHOWN = 64;
/** Uses named. */
const USES = 4;

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
        {last && <Uses pfn={pfn} />}
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
      {last && <Copies list={list} mentions={mentions} />}
      {copy && <StartInfo pfn={pfn} offset={copy.offset} />}
    </section>
  );
}

/** What the page is used for, and what it holds if that is known. */
function Uses({ pfn }: { readonly pfn: number }): React.ReactNode {
  const roles = useRoles(pfn);
  const ended = !useIsScanning();
  const content = useContentOf(pfn);
  const list = ended && roles.state === 'ready' ? roles.value : [];
  return (
    <>
      {roles.state === 'failed' && <NotKnown title="Used as" reason={roles.reason} />}
      {list.length > 0 && <dt>Used as</dt>}
      {list.length > 0 && (
        <dd className={styles['uses']}>
          {ROLES.filter((role) => list.some((use) => use.role === role)).map((role) => (
            <Role key={role} role={role} by={list.filter((use) => use.role === role).map((use) => use.by)} />
          ))}
        </dd>
      )}
      {content.state === 'failed' && <NotKnown title="Content" reason={content.reason} />}
      {content.state === 'ready' && content.value && <Content pfn={pfn} content={content.value} />}
    </>
  );
}

/** A fact that could not be found out. */
const NotKnown = ({ title, reason }: { readonly title: string; readonly reason: string }): React.ReactNode => (
  <>
    <dt>{title}</dt>
    <dd className={styles['failed']}>not known: {reason}</dd>
  </>
);

interface RoleProps {
  readonly role: (typeof ROLES)[number];
  readonly by: readonly string[];
}

function Role({ role, by }: RoleProps): React.ReactNode {
  const entries = layerOf('role').entries({ passes: [], checkpoints: 0 });
  return (
    <span>
      {entries.find(({ state }) => state === ROLES.indexOf(role))?.name}
      <span className={styles['by']}>
        :{' '}
        {by.slice(0, USES).map((one, index) => (
          <span key={one}>
            {index > 0 && ', '}
            <By text={one} />
          </span>
        ))}
        {by.length > USES && `, ${grouped(by.length - USES)} more`}
      </span>
    </span>
  );
}

/** What the page holds; of a copy which page it is a copy of. */
function Content({ pfn, content }: { readonly pfn: number; readonly content: LayerEntry }): React.ReactNode {
  const file = useFile();
  const asked = useTwin(pfn, content.state === contentState('duplicate'));
  if (asked.state === 'failed') return <NotKnown title="Content" reason={asked.reason} />;
  const twin = asked.state === 'ready' ? asked.value.pfn : undefined;
  return (
    <>
      <dt>Content</dt>
      <dd>
        {twin === undefined ? content.name : 'copy of '}
        {twin !== undefined && (
          <button type="button" className="link mono" title="Show the page" onClick={() => selectPfn(file, twin)}>
            PFN {hex0x(twin)}
          </button>
        )}
      </dd>
    </>
  );
}

/** `cr3 of vCPU 0`, with a way to that VCPU. */
function By({ text }: { readonly text: string }): React.ReactNode {
  const file = useFile();
  const found = /vCPU (\d{1,4})/u.exec(text);
  if (!found) return text;
  const [name, id] = found;
  const before = text.slice(0, found.index);
  const after = text.slice(found.index + name.length);
  return (
    <>
      {before}
      <button
        type="button"
        className="link"
        title={`Show ${name}`}
        onClick={() => {
          selectVcpu(file, Number(id));
          showTab(file, 'cpus');
        }}
      >
        {name}
      </button>
      {after}
    </>
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

interface CopiesProps {
  readonly list: readonly PageOccurrence[];
  readonly mentions: number;
}

function Copies({ list, mentions }: CopiesProps): React.ReactNode {
  const file = useFile();
  const passes = useImage((image) => image.passes);
  const { checkpoints } = useLandmarks();
  const roving = useRoving<HTMLTableElement>();
  const shown = list.slice(-SHOWN);
  return (
    <>
      <table {...roving} className={styles['copies']}>
        <caption className="cap">
          {list.length > SHOWN ? `Last ${SHOWN} of ${grouped(mentions)} copies` : 'In the stream'}
        </caption>
        <thead className="cap">
          <tr>
            <th scope="col">Record</th>
            <th scope="col">Entry</th>
            <th scope="col">Bytes at</th>
            <th scope="col">{passes.length > 1 ? 'Pass' : 'Type'}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ record, entry, offset, type }) => (
            <tr key={`${record}:${entry}`}>
              <td>
                <RecordLink record={record} stop />
              </td>
              <td className="mono">{grouped(entry)}</td>
              <td className="mono">
                {offset >= 0 ? (
                  <OffsetLink offset={offset} length={PAGE_SIZE} stop />
                ) : hasPageData(type) ? (
                  'cut off'
                ) : (
                  'no data'
                )}
              </td>
              <td
                className={styles['which']}
                title={`${pageLook(type).name}, ${passName(passes, checkpoints, passAt(passes, record))}`}
              >
                <Swatch colour={pageLook(type).colour} shape={pageLook(type).shape} />
                {passes.length > 1 ? passName(passes, [], passAt(passes, record)) : hex0x(type)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {list.filter(({ offset }) => offset >= 0).length > 1 && (
        <button type="button" className="link" onClick={() => showPageView(file, 'compare')}>
          Compare the copies
        </button>
      )}
    </>
  );
}
