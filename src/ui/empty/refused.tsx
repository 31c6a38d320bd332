/** A file that is not read: what it is, and what helps. */
import { FileX } from 'lucide-react';
import { chooseFile } from '../commands/open';
import { useImage } from '../shared/use-file';
import { useApp } from '../shared/use-app';
import { leaveFile } from '../../state/files';
import styles from './empty.module.css';

/** Shows why a file is not read and what helps; nothing where the file is not refused. */
export function Refused(): React.ReactNode {
  const refusal = useImage((image) => image.refusal);
  const name = useApp((state) => state.file?.name);
  if (!refusal) return undefined;
  return (
    <div className={styles['page']}>
      <section className={styles['drop']} role="alert">
        <FileX size={40} strokeWidth={1.25} aria-hidden />
        <h2>{refusal.title}</h2>
        <p className={`mono ${styles['name']}`}>{name}</p>
        <p>{refusal.help}</p>
        <div className={styles['actions']}>
          <button type="button" className="btn primary" onClick={chooseFile}>
            Choose another file…
          </button>
          <button type="button" className="btn" onClick={leaveFile}>
            Close
          </button>
        </div>
      </section>
    </div>
  );
}
