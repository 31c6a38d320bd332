/** CPUID and MSR policy of the domain: what CPU the guest believes to run on. */
import { ListChecks } from 'lucide-react';
import { useMemo, useState } from 'react';
import { FindBox } from '../shared/find-box';
import { useLandmarks } from '../shared/use-landmarks';
import { PanelMessage } from '../shared/panel-message';
import { Switch } from '../shared/switch';
import { featureBlocks, filterBlocks } from './feature-blocks';
import { FeatureMatrix } from './feature-matrix';
import { LeafTables } from './leaf-table';
import { PolicySummary } from './policy-summary';
import { listOf, useEntries } from './use-entries';
import { useImage, useIsScanning, useUnreached } from '../shared/use-file';
import styles from './policy.module.css';

const VIEWS = [
  ['features', 'Features'],
  ['leaves', 'Leaves and MSRs'],
] as const;
type View = (typeof VIEWS)[number][0];

/** Shows the CPUID and MSR policy of the domain: a summary, then its features or its leaves and MSRs. */
export function PolicyPanel(): React.ReactNode {
  const { libxc, policies } = useLandmarks();
  const { cpuidPolicy, msrPolicy } = libxc;
  const scanning = useIsScanning();
  const unreached = useUnreached();
  const version = useImage((image) => image.libxcVersion);
  const leaves = useEntries(cpuidPolicy, 'leaf');
  const msrs = useEntries(msrPolicy, 'msr');
  const [filter, setFilter] = useState('');
  const [view, setView] = useState<View>('features');
  const [setOnly, setSetOnly] = useState(false);
  const blocks = useMemo(() => featureBlocks(listOf(leaves), listOf(msrs)), [leaves, msrs]);
  const shown = useMemo(() => filterBlocks(blocks, filter, setOnly), [blocks, filter, setOnly]);
  if (cpuidPolicy === undefined && msrPolicy === undefined) {
    const why =
      version === 2
        ? 'Streams of version 2 (Xen 4.13 and older) have none: the restoring host gives the guest its own default.'
        : 'The stream holds neither an X86_CPUID_POLICY nor an X86_MSR_POLICY record.';
    return (
      <PanelMessage
        icon={ListChecks}
        title={scanning ? 'No CPU policy yet' : 'No CPU policy'}
        text={unreached ?? why}
      />
    );
  }
  const [cpuids, msrRecords] = policies;
  const isLoading = leaves.state === 'loading' || msrs.state === 'loading';
  const failed = [leaves, msrs].find((entries) => entries.state === 'failed');
  const found = shown.reduce((sum, { bits }) => sum + bits.length, 0);
  return (
    <div className={styles['panel']} data-view={view}>
      <PolicySummary leaves={leaves} />
      {(cpuids > 1 || msrRecords > 1) && (
        <p className={`sev-note ${styles['repeated']}`}>
          The stream has {cpuids} X86_CPUID_POLICY and {msrRecords} X86_MSR_POLICY records. The last of each before
          STATIC_DATA_END is shown: it replaces those before it.
        </p>
      )}
      <div className={`bar ${styles['toolbar']}`}>
        <Switch label="View" value={view} choices={VIEWS} onChange={setView} />
        {view === 'features' && (
          <label className={styles['option']}>
            <input type="checkbox" checked={setOnly} onChange={(event) => setSetOnly(event.target.checked)} />
            Set only
          </label>
        )}
        <span className={styles['space']} />
        <FindBox
          value={filter}
          onChange={setFilter}
          placeholder={view === 'features' ? 'avx2, 7b0, 0x7' : 'Leaf, name or value'}
          label="Filter features, leaves and MSRs"
          {...(view === 'features' && filter.trim() !== '' ? { found: `${found} found` } : {})}
        />
      </div>
      {view === 'leaves' ? (
        <LeafTables leaves={leaves} msrs={msrs} filter={filter} />
      ) : failed ? (
        <p className={styles['failed']} role="alert">
          The policy could not be read: {failed.reason}
        </p>
      ) : (
        !isLoading && <FeatureMatrix all={blocks} shown={shown} />
      )}
    </div>
  );
}
