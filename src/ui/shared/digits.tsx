/** A number in hex with all its digits; those that say nothing, the leading zeros, are dimmed. */
import { hex } from '../../lib/text';
import styles from './digits.module.css';

interface Props {
  readonly value: number | bigint;
  /** Digits that the field has room for. */
  readonly digits: number;
}

/** Shows a number in hex with all its digits, leading zeros dimmed. */
export function Digits({ value, digits }: Props): React.ReactNode {
  const text = hex(value, digits);
  const zeros = Math.min(text.length - 1, /^0*/u.exec(text)?.[0].length ?? 0);
  return (
    <span className="mono">
      {zeros > 0 && <span className={styles['dim']}>{text.slice(0, zeros)}</span>}
      {text.slice(zeros)}
    </span>
  );
}
