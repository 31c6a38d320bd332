/** A short word on what just happened; goes by itself. */
import { useEffect } from 'react';
import { notify } from '../../state/app';
import { useApp } from '../shared/use-app';
import styles from './notice.module.css';

/** A reason takes longer to read than a word. */
const SHOWN_MS = 2000;
const SHOWN_MS_PER_LETTER = 45;

/** Shows a short word on what just happened for two seconds and some more, the longer the more letters it has. */
export function Notice(): React.ReactNode {
  const notice = useApp((state) => state.notice);
  useEffect(() => {
    if (notice === undefined) return undefined;
    const timer = setTimeout(() => notify(undefined), SHOWN_MS + notice.length * SHOWN_MS_PER_LETTER);
    return () => clearTimeout(timer);
  }, [notice]);
  return (
    <output className={styles['place']}>
      {notice !== undefined && <span className={styles['notice']}>{notice}</span>}
    </output>
  );
}
