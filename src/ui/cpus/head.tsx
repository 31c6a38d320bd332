/** The open vCPU: which of its state is shown, where that comes from, and what it is compared with. */
import { grouped } from '../../lib/text';
import { useLandmarks } from '../shared/use-landmarks';
import { RecordLink } from '../shared/links';
import { useFile } from '../shared/use-file';
import { useRow } from '../shared/use-decoded';
import { CompareSelect } from './compare-select';
import { roundOf } from '../../scan/restored/rounds';
import { cutText, isCut } from './summary';
import type { LoadedVcpu } from './use-state';
import type { RestoredVcpu } from '../../scan/restored/vcpus';
import { showView } from './view-state';
import type { ViewName } from '../../state/vcpu-view';
import { VIEWS } from './views';
import { Switch } from '../shared/switch';
import styles from './cpus.module.css';

interface Props {
  readonly vcpus: readonly RestoredVcpu[];
  readonly open: RestoredVcpu;
  readonly loaded: LoadedVcpu;
  readonly views: readonly ViewName[];
  readonly view: ViewName | undefined;
  readonly compared: number | undefined;
  readonly differences: number | undefined;
}

/** Shows which state of the open vCPU is looked at, the record that it comes from, and what it is compared with. */
export function Head({ vcpus, open, loaded, views, view, compared, differences }: Props): React.ReactNode {
  const file = useFile();
  return (
    <div className={styles['head']}>
      {view !== undefined && (
        <div className={styles['views']}>
          <Switch
            look="apart"
            label={`State of vCPU ${open.id}`}
            value={view}
            choices={views.map((name) => [name, VIEWS[name].title])}
            onChange={(next) => showView(file, next)}
          />
        </div>
      )}
      <From vcpu={open} loaded={loaded} />
      <CompareSelect vcpus={vcpus} open={open.id} compared={compared} differences={differences} />
    </div>
  );
}

/** Where the registers come from: of a checkpointed stream, which checkpoint. */
function From({ vcpu, loaded }: { readonly vcpu: RestoredVcpu; readonly loaded: LoadedVcpu }): React.ReactNode {
  const { checkpoints } = useLandmarks();
  const row = useRow(vcpu.record);
  const round = roundOf(checkpoints, vcpu.record);
  const all = checkpoints.length;
  const where =
    round < all ? `checkpoint ${grouped(round + 1)} of ${grouped(all)}` : `after checkpoint ${grouped(all)}`;
  const fields = loaded.state === 'ready' ? loaded.vcpu : undefined;
  return (
    <p className={styles['from']}>
      <span>
        from <RecordLink record={vcpu.record} /> <span className={styles['words']}>{row?.name}</span>
      </span>
      {all > 0 && <span>{where}</span>}
      {fields && isCut(fields) && <span className={styles['cut']}>{cutText(fields)}</span>}
    </p>
  );
}
