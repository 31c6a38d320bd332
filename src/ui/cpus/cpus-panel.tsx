/** The virtual CPUs: a card for each, and the state of the open one, view by view. */
import { Cpu, LoaderCircle } from 'lucide-react';
import { useEffect, useMemo } from 'react';
import { PanelMessage } from '../shared/panel-message';
import { Tips } from '../shared/tips';
import { RovingGroup } from '../shared/roving-group';
import { type Comparison, ComparisonProvider } from './compare';
import { comparedVcpu } from './compare-choice';
import { comparisonOf, registerDifferences } from './comparison';
import { Head } from './head';
import { NotDecoded } from './not-decoded';
import { type LoadedVcpu, useVcpu } from './use-state';
import { VcpuCards } from './vcpu-cards';
import type { RestoredVcpu } from '../../scan/restored/vcpus';
import { useSelectedState, useVcpus } from './vcpus';
import { opened } from './view-state';
import { VIEWS, viewsOf } from './views';
import { useFile, useImage, useIsScanning, usePlace, useUnreached, useView } from '../shared/use-file';
import registers from './registers.module.css';
import styles from './cpus.module.css';

/** Shows the CPUs tab: a card for each vCPU, and the state of the open one. */
export function CpusPanel(): React.ReactNode {
  const file = useFile();
  const vcpus = useVcpus();
  const selected = useSelectedState();
  const named = usePlace((place) => place.vcpu);
  const ofRecord = vcpus.find(({ record }) => record === selected && selected !== undefined && named === undefined);
  const about = selected === undefined ? -1 : file.records.vcpuAt(selected);
  const chosen = named ?? (about >= 0 ? about : ofRecord?.id);
  const scanning = useIsScanning();
  const unreached = useUnreached();
  if (vcpus.length === 0) {
    return scanning ? (
      <PanelMessage
        icon={LoaderCircle}
        title="No vCPU yet"
        text="Registers stand at the end of the stream, behind the memory."
      />
    ) : (
      <PanelMessage
        icon={Cpu}
        title="No vCPU"
        text={
          unreached ??
          'The stream holds no registers: neither X86_PV_VCPU_BASIC records nor CPU entries in an HVM_CONTEXT.'
        }
      />
    );
  }
  const active = Math.max(
    0,
    vcpus.findIndex(({ id }) => id === chosen),
  );
  const open = vcpus[active];
  return (
    <Tips className={styles['panel']}>
      <VcpuCards vcpus={vcpus} active={active} />
      {open && <Open vcpus={vcpus} open={open} />}
    </Tips>
  );
}

function Open({
  vcpus,
  open,
}: {
  readonly vcpus: readonly RestoredVcpu[];
  readonly open: RestoredVcpu;
}): React.ReactNode {
  const file = useFile();
  const { compareWith, current, previous, view } = useView(({ vcpus: state }) => state);
  useEffect(() => opened(file, open.id), [file, open.id]);
  const loaded = useVcpu(open);
  const before = current === open.id ? previous : current;
  const ids = useMemo(() => vcpus.map(({ id }) => id), [vcpus]);
  const compared = useMemo(() => comparedVcpu(ids, open.id, compareWith, before), [ids, open.id, compareWith, before]);
  const other = useVcpu(vcpus.find(({ id }) => id === compared));
  const comparison = useMemo(
    () => (compared === undefined ? undefined : comparisonOf(compared, loaded, other)),
    [compared, loaded, other],
  );
  const differences = registerDifferences(comparison, loaded, other);
  const views = loaded.state === 'ready' ? viewsOf(loaded.vcpu, loaded.parts) : [];
  const shown = views.includes(view) ? view : views[0];
  return (
    <>
      <Head {...{ vcpus, open, loaded, views, compared, differences }} view={shown} />
      <Body open={open} loaded={loaded} view={shown} comparison={comparison} />
    </>
  );
}

interface BodyProps {
  readonly open: RestoredVcpu;
  readonly loaded: LoadedVcpu;
  readonly view: keyof typeof VIEWS | undefined;
  readonly comparison: Comparison | undefined;
}

function Body({ open, loaded, view, comparison }: BodyProps): React.ReactNode {
  const scrubbed = useImage((image) => image.blanked?.registers === true);
  if (loaded.state === 'failed') {
    return <PanelMessage icon={Cpu} title={`vCPU ${open.id} could not be read`} text={loaded.reason} alert />;
  }
  if (loaded.state === 'loading') return <div className={registers['body']} aria-busy="true" />;
  if (view === undefined) {
    return (
      <div className={registers['body']}>
        <NotDecoded vcpu={loaded.vcpu} />
      </div>
    );
  }
  const { title, Body: View } = VIEWS[view];
  return (
    <ComparisonProvider value={comparison}>
      <RovingGroup className={registers['body']} label={`${title} of vCPU ${open.id}`}>
        {scrubbed && (
          <p className={styles['scrubbed']} role="note">
            The registers were scrubbed before this image was shared: these values are not the guest’s.
          </p>
        )}
        {[...loaded.failed].map(([name, reason]) => (
          <p key={name} className={styles['failed']} role="alert">
            {name} could not be read: {reason}
          </p>
        ))}
        <View key={view} id={open.id} vcpu={loaded.vcpu} parts={loaded.parts} />
      </RovingGroup>
    </ComparisonProvider>
  );
}
