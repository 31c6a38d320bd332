/** Nothing found: said as a result, with what was looked at. */
import { ShieldCheck } from 'lucide-react';
import type { CheckResult } from '../../check/result';
import { counted } from '../../lib/text';
import { useProgress } from '../shared/use-file';
import styles from './findings.module.css';

/** Shows that nothing was found in the image, and how much was looked at. */
export function Sound({ result }: { readonly result: CheckResult }): React.ReactNode {
  const records = useProgress((progress) => progress.records);
  const mentions = useProgress((progress) => progress.mentions);
  const passed = result.stages.filter(({ status }) => status === 'passed').length;
  return (
    <div className={styles['nothing']}>
      <ShieldCheck size={40} strokeWidth={1.25} aria-hidden />
      <h2>No fault found in the image</h2>
      <p>
        {counted(records, 'record')} and {counted(mentions, 'page entry', 'page entries')} were held against what xl,
        libxl, libxc and the hypervisor test on a restore: {passed} of {result.stages.length} steps pass.
      </p>
    </div>
  );
}
