/**
 * The way from a selector to the descriptor that it names, where the image holds its table; its tip says which entry that
 * is and what it says. It takes the same room where there is none, so that selectors stand in line.
 */
import { ArrowRight } from 'lucide-react';
import type { FieldNode } from '../../format/kit/node';
import { segmentMeaning } from '../../format/x86/segment';
import { hex0x } from '../../lib/text';
import type { Descriptor } from '../../memory/descriptors/selector';
import { goToOffset } from '../../state/actions';
import type { OpenFile } from '../../state/open-file';
import { vcpuOf } from '../../state/vcpu-of';
import { focusBytes } from '../shared/focus-bytes';
import { useAnswer } from '../shared/use-answer';
import { useFile } from '../shared/use-file';
import link from '../shared/memory-link.module.css';
import styles from './registers.module.css';

async function resolve(
  file: OpenFile,
  record: number,
  { offset }: FieldNode,
  selector: number,
): Promise<Descriptor | undefined> {
  const vcpu = await vcpuOf(file, record, offset);
  return vcpu && file.request('descriptor', { vcpu: vcpu.memory, selector });
}

/** `base 0x0, limit 0xffffffff, code 64-bit · R · DPL 0` */
const sentence = ({ base, limit, attributes }: Extract<Descriptor, { found: true }>['segment']): string =>
  `base ${hex0x(base)}, limit ${hex0x(limit)}, ${segmentMeaning(attributes)}`;

interface Props {
  readonly record: number;
  readonly selector: FieldNode;
}

/**
 * Shows an arrow from a selector to the descriptor that it names, or why that cannot be read; its room stays empty for
 * a null selector.
 */
export function DescriptorLink({ record, selector }: Props): React.ReactNode {
  const file = useFile();
  const value = typeof selector.value === 'number' || typeof selector.value === 'bigint' ? Number(selector.value) : 0;
  const asked = useAnswer(
    `${record} ${selector.offset} ${value}`,
    value === 0 ? undefined : () => resolve(file, record, selector, value),
  );
  const found = asked.state === 'ready' ? asked.value : undefined;
  const reason = asked.state === 'failed' ? asked.reason : found?.found === false ? found.reason : undefined;
  if (reason !== undefined) {
    return (
      <span className={`${styles['entry']} ${styles['absent']}`} title={reason}>
        —<span className="sr"> {reason}</span>
      </span>
    );
  }
  if (!found?.found) return <span className={styles['entry']} />;
  const { table, index, offset, length, segment } = found;
  return (
    <button
      type="button"
      className={`${styles['entry']} ${link['link']}`}
      data-stop
      tabIndex={-1}
      aria-label={`To ${table} entry ${index}`}
      data-tip={`${table} entry ${index} at ${hex0x(offset)}\n${sentence(segment)}`}
      onClick={() => {
        goToOffset(file, offset, length);
        focusBytes();
      }}
    >
      <ArrowRight size={12} strokeWidth={2} aria-hidden />
    </button>
  );
}
