/** A vCPU without registers: why, and its bytes. */
import { counted, hex0x } from '../../lib/text';
import { RecordLink } from '../shared/links';
import type { VcpuFields } from '../../memory/vcpus/registers';
import { showBytes } from '../shared/focus-bytes';
import { useFile } from '../shared/use-file';
import styles from './registers.module.css';

const REASON = {
  offline: 'The context has no CPU entry for this vCPU: it was not up when the guest was saved.',
  empty: 'The record of this vCPU is empty; Xen accepts that and leaves the vCPU as it is.',
  unknown: 'The context is neither that of a 64-bit PV guest (5168 bytes) nor that of a 32-bit one (2800 bytes).',
} as const;

/** Shows why a vCPU has no registers, its record, and a button that shows its bytes; nothing for one that has them. */
export function NotDecoded({ vcpu }: { readonly vcpu: VcpuFields }): React.ReactNode {
  const file = useFile();
  const { form, record, offset, length } = vcpu;
  if (form === 'hvm' || form === 'pv64' || form === 'pv32') return undefined;
  return (
    <div className={styles['note']}>
      <p>{REASON[form]}</p>
      <p>
        {length > 0 ? `${counted(length, 'byte')} at ${hex0x(offset)} in record ` : 'Record '}
        <RecordLink record={record} />
      </p>
      {length > 0 && (
        <button type="button" className="btn" onClick={() => showBytes(file, { offset, length })}>
          Show the bytes
        </button>
      )}
    </div>
  );
}
