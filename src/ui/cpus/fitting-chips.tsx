/** Set flags in one line: whole chips as far as they fit, and how many more there are. */
import { useEffectEvent, useLayoutEffect, useState } from 'react';
import type { FieldNode } from '../../format/kit/node';
import { useWidth } from '../shared/use-width';
import { setParts, partText } from './chips';
import styles from './vcpu-cards.module.css';

const GAP_PX = 4;
/** Room for `+12`. */
const MORE_PX = 28;

/** Shows the flags that are set in one line: whole chips as far as they fit, and how many more there are. */
export function FittingChips({ node }: { readonly node: FieldNode | undefined }): React.ReactNode {
  const [ref, width] = useWidth<HTMLSpanElement>();
  const texts = setParts(node).map(partText);
  const [fits, setFits] = useState(texts.length);
  const all = texts.join(' ');
  const measure = useEffectEvent((_texts: string): void => {
    const widths = Array.from(ref.current?.querySelectorAll<HTMLElement>('.bit') ?? [], (chip) => chip.offsetWidth);
    let used = -GAP_PX;
    const ends = widths.map((chip) => (used += chip + GAP_PX));
    const room = (ends.at(-1) ?? 0) <= width ? width : width - MORE_PX - GAP_PX;
    setFits(ends.filter((end) => end <= room).length);
  });
  useLayoutEffect(() => {
    if (width > 0) measure(all);
  }, [width, all]);
  const more = texts.slice(fits);
  return (
    <span ref={ref} className={styles['flags']}>
      {texts.map((text, index) => (
        <span key={text} className={`bit ${index < fits ? '' : styles['out']}`}>
          {text}
        </span>
      ))}
      {more.length > 0 && (
        <span className={styles['more']} title={more.join(' ')}>
          +{more.length}
        </span>
      )}
    </span>
  );
}
