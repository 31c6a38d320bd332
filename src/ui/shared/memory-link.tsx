/** The way from a value to the memory that it names. */
import { ArrowRight } from 'lucide-react';
import type { OpenFile } from '../../state/open-file';
import { followField, type Leading, refText } from '../../state/follow';
import { focusBytes } from './focus-bytes';
import { useMemoryRef } from './use-memory-ref';
import { useFile } from './use-file';
import styles from './memory-link.module.css';

/** Goes to the memory that a field names; the keyboard goes along. */
export async function followRef(file: OpenFile, node: Leading): Promise<void> {
  if (await followField(file, node)) focusBytes();
}

/** Stands where the way would be if it was not found out whether there is one. */
function NotKnown({ reason }: { readonly reason: string }): React.ReactNode {
  const text = `Whether it leads anywhere is not known: ${reason}`;
  return (
    <span className={styles['unknown']} title={text}>
      ?<span className="sr"> {text}</span>
    </span>
  );
}

interface Props {
  readonly node: Leading | undefined;
  /** One of many in a group with a single tab stop. */
  readonly stop?: boolean;
  /** Where the row answers to the keyboard instead. */
  readonly mouseOnly?: boolean;
}

/**
 * Shows an arrow that leads to the memory that a value names, or a question mark where that is not known; nothing for a
 * value that names none.
 */
export function MemoryLink({ node, stop = false, mouseOnly = false }: Props): React.ReactNode {
  const file = useFile();
  const asked = useMemoryRef(node);
  if (asked.state === 'failed') return <NotKnown reason={asked.reason} />;
  const ref = asked.state === 'ready' ? asked.value : undefined;
  if (!node || !ref) return undefined;
  const label = `To the memory at ${refText(ref)}`;
  return (
    <button
      type="button"
      className={styles['link']}
      aria-label={label}
      title={label}
      {...(stop ? { 'data-stop': '' } : {})}
      {...(stop || mouseOnly ? { tabIndex: -1 } : {})}
      onClick={(event) => {
        event.stopPropagation();
        void followRef(file, node);
      }}
    >
      <ArrowRight size={12} strokeWidth={2} aria-hidden />
    </button>
  );
}
