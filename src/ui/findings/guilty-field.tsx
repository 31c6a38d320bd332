/** The field that the guilty bytes are, by name and value, its bits as chips. */
import { isFlag } from '../../format/kit/node';
import { useBytes } from '../shared/use-file';
import { useDecoded } from '../shared/use-decoded';
import { fieldOf } from '../record/field-path';
import type { ShownFinding } from '../../state/findings';
import styles from './findings.module.css';

/** Bits shown of one field: the widest register has 64. */
const BIT_LIMIT = 64;

/**
 * Shows the field that the bytes of a finding are, by name and value, with its bits as chips; nothing where no field is
 * found, or for more than 4096 bytes.
 */
export function GuiltyField({ finding }: { readonly finding: ShownFinding }): React.ReactNode {
  const { record, offset, length } = finding;
  const bytes = useBytes();
  const decoded = useDecoded(record ?? undefined);
  const found =
    decoded.state === 'ready' && length > 0 && length <= 4096
      ? fieldOf(bytes, decoded.value.nodes, { start: offset, end: offset + length })
      : undefined;
  if (decoded.state === 'failed') {
    return (
      <p className={styles['wrong']} role="alert">
        The field could not be read: {decoded.reason}
      </p>
    );
  }
  if (!found) return undefined;
  const { node, names } = found;
  const bits = node.value === null ? [] : (node.children ?? []).slice(0, BIT_LIMIT);
  return (
    <div className={styles['guilty']}>
      <span className="mono">
        {names.slice(-2).join(' › ')}
        {node.text !== '' && ` = ${node.text.slice(0, 80)}`}
      </span>
      {node.note !== undefined && <span className={styles['noted']}>{node.note}</span>}
      {bits.toReversed().map((bit) => (
        <span key={bit.name} className={`bit ${bit.value === 0 || bit.value === 0n ? 'off' : ''}`} title={bit.doc}>
          {bit.name} {isFlag(bit) ? bit.bits?.[0] : ''} = {bit.text}
        </span>
      ))}
    </div>
  );
}
