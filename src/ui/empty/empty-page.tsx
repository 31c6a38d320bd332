/** First screen: where to drop, what to choose, and what a link asks for. */
import { Download, FileQuestion, Lock } from 'lucide-react';
import { byteSize } from '../../lib/text';
import { chooseFile, openSample } from '../commands/open';
import { useApp } from '../shared/use-app';
import styles from './empty.module.css';

/**
 * Shows the first screen: where to drop a file, the buttons to choose one or open the sample, and the file that a link
 * asks for.
 */
export function EmptyPage(): React.ReactNode {
  const link = useApp((state) => state.link);
  const expected = link?.image;
  const record = link?.place.record;
  const where = record === undefined ? 'a place' : `record #${record}`;
  return (
    <div className={styles['page']}>
      <section className={styles['drop']}>
        {expected ? (
          <FileQuestion size={40} strokeWidth={1.25} aria-hidden />
        ) : (
          <Download size={40} strokeWidth={1.25} aria-hidden />
        )}
        {expected ? (
          <>
            <h2>Drop {expected.name}</h2>
            <p>
              The link leads to {where} in an image of {byteSize(expected.size)}
              {expected.fingerprint === undefined ? '' : `, fingerprint ${expected.fingerprint}`}. Links never carry the
              image itself: drop your copy of it here.
            </p>
          </>
        ) : (
          <>
            <h2>Drop a saved domain</h2>
            <p>See every record in it, its bytes, its pages and its vCPUs.</p>
          </>
        )}
        <div className={styles['actions']}>
          <button type="button" className="btn primary" onClick={chooseFile}>
            Choose a file…
          </button>
          <button type="button" className="btn" onClick={() => void openSample()}>
            Open the sample
          </button>
        </div>
        <p className={styles['formats']}>
          xl save · captured xl migrate · Remus · libvirt and Qubes · bare libxl and libxc streams
        </p>
      </section>
      <p className={styles['privacy']}>
        <Lock size={16} strokeWidth={1.5} aria-hidden />
        <span>
          <b>Nothing leaves this machine.</b> The file is read in this tab, and no other server is contacted.
        </span>
      </p>
    </div>
  );
}
