/** What all parts of the tab have: a toolbar, a line for what is wrong, and the content below. */
import { TriangleAlert } from 'lucide-react';
import styles from './config.module.css';

interface Props {
  /** The choice of the part, where there are several. */
  readonly parts: React.ReactNode;
  readonly title: React.ReactNode;
  readonly tools: React.ReactNode;
  readonly problem?: string | undefined;
  readonly children: React.ReactNode;
}

/** Draws what all parts of the Config tab have: a toolbar, a line for what is wrong, and the content below. */
export function Frame({ parts, title, tools, problem, children }: Props): React.ReactNode {
  return (
    <div className={styles['panel']}>
      <div className="bar">
        {parts}
        <span className={`ell ${styles['title']}`}>{title}</span>
        {tools}
      </div>
      {problem !== undefined && (
        <p className={`sev-warning ${styles['problem']}`} role="alert">
          <TriangleAlert size={14} aria-hidden />
          {problem}
        </p>
      )}
      <div className={styles['content']}>{children}</div>
    </div>
  );
}
