/** What the selected page is used for, and what it holds. */
import { contentState } from '../../../memory/map/content-layer';
import type { LayerEntry } from '../../../memory/map/layer';
import { layerOf } from '../../../memory/map/layers';
import { ROLES } from '../../../memory/map/role-layer';
import type { RoleRange } from '../../../memory/roles/role';
import { grouped, hex0x } from '../../../lib/text';
import { selectPfn, selectVcpu, showTab } from '../../../state/actions';
import { useFile, useIsScanning } from '../../shared/use-file';
import { useContentOf, useRoles, useTwin } from '../use-pages';
import styles from './aside.module.css';

/** Those who give a page its role that are named; of more, their number. */
const SHOWN = 4;

/** Shows what a page is used for, and what it holds if that is known. */
export function PageUses({ pfn }: { readonly pfn: number }): React.ReactNode {
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
            <Uses key={role} role={role} uses={list.filter((use) => use.role === role)} />
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

interface UsesProps {
  readonly role: (typeof ROLES)[number];
  readonly uses: readonly RoleRange[];
}

/** A role with those who give it to the page. */
function Uses({ role, uses }: UsesProps): React.ReactNode {
  const entries = layerOf('role').entries({ passes: [], checkpoints: 0 });
  return (
    <span>
      {entries.find(({ state }) => state === ROLES.indexOf(role))?.name}
      <span className={styles['by']}>
        :{' '}
        {uses.slice(0, SHOWN).map((use, index) => (
          <span key={`${use.by} ${use.vcpu}`}>
            {index > 0 && ', '}
            <By use={use} />
          </span>
        ))}
        {uses.length > SHOWN && `, ${grouped(uses.length - SHOWN)} more`}
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

/** `cr3 of vCPU 0`, with a way to that vCPU. */
function By({ use: { by, vcpu } }: { readonly use: RoleRange }): React.ReactNode {
  const file = useFile();
  if (vcpu === undefined) return <>{by}</>;
  return (
    <>
      {`${by} of `}
      <button
        type="button"
        className="link"
        title={`Show vCPU ${vcpu}`}
        onClick={() => {
          selectVcpu(file, vcpu);
          showTab(file, 'cpus');
        }}
      >
        vCPU {vcpu}
      </button>
    </>
  );
}
