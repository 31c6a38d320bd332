/** Text with what was searched for marked. */
import styles from './config.module.css';

/** Shows a text with the first occurrence of `wanted` marked, whatever its case. */
export function Marked({ text, wanted }: { readonly text: string; readonly wanted: string }): React.ReactNode {
  const at = wanted === '' ? -1 : text.toLowerCase().indexOf(wanted.toLowerCase());
  if (at < 0) return <>{text}</>;
  return (
    <>
      {text.slice(0, at)}
      <mark className={styles['mark']}>{text.slice(at, at + wanted.length)}</mark>
      {text.slice(at + wanted.length)}
    </>
  );
}
