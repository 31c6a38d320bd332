/** What a panel shows while it has nothing else to show: nothing there, on its way, or failed. */
import type { LucideIcon } from 'lucide-react';
import styles from './panel-message.module.css';

interface Props {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly text?: React.ReactNode;
  /** Announced as it appears: a failure. */
  readonly alert?: boolean;
  readonly children?: React.ReactNode;
}

/** Shows a message in the place of what a panel would show, with an icon and a title. */
export function PanelMessage({ icon: Icon, title, text, alert = false, children }: Props): React.ReactNode {
  return (
    <div className={styles['box']} {...(alert ? { role: 'alert' } : {})}>
      <Icon size={24} strokeWidth={1.5} aria-hidden />
      <h2>{title}</h2>
      {text !== undefined && <p>{text}</p>}
      {children !== undefined && <div className={styles['actions']}>{children}</div>}
    </div>
  );
}
