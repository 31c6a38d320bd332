/**
 * The way from a selector to the descriptor that it names, where the image holds its table; its tip says which entry that
 * is and what it says. It takes the same room where there is none, so that selectors stand in line.
 */
import { ArrowRight } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { FieldNode } from '../../format/kit/node';
import { segmentMeaning } from '../../format/x86/segment';
import { hex0x } from '../../lib/text';
import type { Descriptor } from '../../memory/descriptors/selector';
import { goToOffset } from '../../state/actions';
import { fileData, request } from '../../state/session';
import { vcpuOf } from '../../state/vcpu-of';
import { focusBytes } from '../shared/focus-bytes';
import link from '../shared/target-link.module.css';
import styles from './registers.module.css';

async function resolve(record: number, { offset }: FieldNode, selector: number): Promise<Descriptor | undefined> {
  const vcpu = await vcpuOf(record, offset);
  return vcpu && request('descriptor', { vcpu: vcpu.memory, selector });
}

/** `base 0x0, limit 0xffffffff, code 64-bit · R · DPL 0` */
const sentence = ({ base, limit, attributes }: Extract<Descriptor, { found: true }>['segment']): string =>
  `base ${hex0x(base)}, limit ${hex0x(limit)}, ${segmentMeaning(attributes)}`;

interface Props {
  readonly record: number;
  readonly selector: FieldNode;
}

export function DescriptorLink({ record, selector }: Props): React.ReactNode {
  const value = typeof selector.value === 'number' || typeof selector.value === 'bigint' ? Number(selector.value) : 0;
  const data = fileData();
  const [found, setFound] = useState<Descriptor>();
  useEffect(() => {
    let wanted = true;
    setFound(undefined);
    if (value === 0) return undefined;
    resolve(record, selector, value).then(
      (descriptor) => wanted && setFound(descriptor),
      (error: unknown) =>
        wanted && setFound({ found: false, reason: error instanceof Error ? error.message : 'the read failed' }),
    );
    return () => {
      wanted = false;
    };
    // The node is made anew on every look; its place and value stand for it.
  }, [data, record, selector.offset, value]);
  if (!found) return <span className={styles['entry']} />;
  if (!found.found) {
    return (
      <span className={`${styles['entry']} ${styles['absent']}`} title={found.reason}>
        —<span className="sr"> {found.reason}</span>
      </span>
    );
  }
  const { table, index, offset, length, segment } = found;
  return (
    <button
      type="button"
      className={`${styles['entry']} ${link['target']}`}
      data-stop
      tabIndex={-1}
      aria-label={`To ${table} entry ${index}`}
      data-tip={`${table} entry ${index} at ${hex0x(offset)}\n${sentence(segment)}`}
      onClick={() => {
        goToOffset(offset, length);
        focusBytes();
      }}
    >
      <ArrowRight size={12} strokeWidth={2} aria-hidden />
    </button>
  );
}
