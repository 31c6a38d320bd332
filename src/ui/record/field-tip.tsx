/** What is known of the field under the pointer or the keyboard, beside its row: one for the whole tree. */
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { FieldNode } from '../../format/kit/node';
import { aboutField } from './about';
import tips from '../shared/tips.module.css';
import styles from './field-tip.module.css';

/** Rest before a tip comes, milliseconds: passing over rows shows none. */
const POINTER_MS = 450;
const KEYBOARD_MS = 700;
const GAP_PX = 4;

interface Shown {
  readonly node: FieldNode;
  readonly row: HTMLElement;
}

export interface Tip {
  readonly shown: Shown | undefined;
  /** Shows it after a while; `row` is looked up then, as rows come and go. */
  readonly show: (node: FieldNode, row: () => HTMLElement | null, by: 'pointer' | 'keyboard') => void;
  readonly hide: () => void;
}

/** Returns the field whose tip is shown, and how to show one after a rest or to hide it. */
export function useTip(): Tip {
  const [shown, setShown] = useState<Shown>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const hide = useCallback((): void => {
    clearTimeout(timer.current);
    setShown(undefined);
  }, []);
  const show = useCallback<Tip['show']>((node, row, by) => {
    clearTimeout(timer.current);
    setShown(undefined);
    timer.current = setTimeout(
      () => {
        const element = row();
        if (element) setShown({ node, row: element });
      },
      by === 'pointer' ? POINTER_MS : KEYBOARD_MS,
    );
  }, []);
  useEffect(() => hide, [hide]);
  return { shown, show, hide };
}

/**
 * Shows what is known of a field in a bubble below its row, or above it where there is no room below; nothing while
 * `shown` is undefined.
 */
export function FieldTip({ shown }: { readonly shown: Shown | undefined }): React.ReactNode {
  const ref = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const tip = ref.current;
    if (!tip || !shown) return;
    tip.showPopover();
    const { left, top, bottom } = shown.row.getBoundingClientRect();
    const below = bottom + GAP_PX;
    const fits = below + tip.offsetHeight <= innerHeight;
    tip.style.top = `${fits ? below : Math.max(0, top - GAP_PX - tip.offsetHeight)}px`;
    tip.style.left = `${Math.min(left + 24, innerWidth - tip.offsetWidth - GAP_PX)}px`;
  }, [shown]);
  if (!shown) return undefined;
  const { doc, problem, facts } = aboutField(shown.node);
  return (
    <div ref={ref} className={`${tips['bubble']} ${styles['tip']}`} role="tooltip" popover="manual">
      <b className={styles['name']}>{shown.node.name}</b>
      {doc !== undefined && <p>{doc}</p>}
      {problem !== undefined && <p className={styles['problem']}>{problem}</p>}
      <dl>
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
