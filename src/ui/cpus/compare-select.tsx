/** Choice of the vCPU that the open one is compared with, and how much differs. */
import { grouped } from '../../lib/text';
import { useFile } from '../shared/use-file';
import { DifferenceMark } from './value';
import { compareWith } from './view-state';
import type { RestoredVcpu } from '../../scan/restored/vcpus';
import styles from './cpus.module.css';

/** Above this many a list to choose from is of no use: the number is typed. */
const LIST_LIMIT = 256;

interface Props {
  readonly vcpus: readonly RestoredVcpu[];
  readonly open: number;
  readonly compared: number | undefined;
  readonly differences: number | undefined;
}

/**
 * Shows the choice of the vCPU that the open one is compared with, and how many values differ; nothing where there is
 * only one vCPU.
 */
export function CompareSelect({ vcpus, open, compared, differences }: Props): React.ReactNode {
  const file = useFile();
  if (vcpus.length < 2) return undefined;
  return (
    <span className={styles['compare']}>
      <label>
        Compare with
        {vcpus.length > LIST_LIMIT ? (
          <input
            type="number"
            min={0}
            value={compared ?? ''}
            placeholder="none"
            onChange={({ target }) => compareWith(file, target.value === '' ? 'none' : Number(target.value))}
          />
        ) : (
          <select
            value={compared ?? 'none'}
            onChange={({ target }) => compareWith(file, target.value === 'none' ? 'none' : Number(target.value))}
          >
            <option value="none">none</option>
            {vcpus
              .filter(({ id }) => id !== open)
              .map(({ id }) => (
                <option key={id} value={id}>
                  vCPU {id}
                </option>
              ))}
          </select>
        )}
      </label>
      {differences !== undefined && (
        <output className={styles['count']}>
          {differences > 0 && <DifferenceMark />}
          {differences === 0 ? 'all equal' : grouped(differences)}
          {differences > 0 && (
            <span className={styles['words']}>{differences === 1 ? ' value differs' : ' values differ'}</span>
          )}
        </output>
      )}
    </span>
  );
}
