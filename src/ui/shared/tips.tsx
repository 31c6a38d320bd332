/**
 * Explanations of what is within: of an element with `data-tip`, when the pointer rests on it or the keyboard is on it.
 * One bubble for all, in the browser's top layer, so that nothing cuts it off. Escape sends it away.
 */
import { useEffect, useId, useRef } from 'react';
import { clamp } from '../../lib/range';
import styles from './tips.module.css';

/** Rest of the pointer before a tip comes, milliseconds. */
const REST_MS = 300;
const GAP_PX = 6;

const tipped = (target: EventTarget | null): HTMLElement | null =>
  target instanceof Element ? target.closest<HTMLElement>('[data-tip]') : null;

/** Whether a tip would only say again what stands there uncut. */
const saysAll = ({ textContent, dataset, scrollWidth, clientWidth }: HTMLElement): boolean =>
  textContent === dataset['tip'] && clientWidth > 0 && scrollWidth <= clientWidth;

class Bubble {
  readonly #bubble: HTMLElement;
  #shown: HTMLElement | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(bubble: HTMLElement) {
    this.#bubble = bubble;
  }

  show(owner: HTMLElement): void {
    this.hide();
    if (saysAll(owner)) return;
    this.#bubble.textContent = owner.dataset['tip'] ?? '';
    this.#bubble.showPopover();
    const at = owner.getBoundingClientRect();
    const { offsetWidth, offsetHeight } = this.#bubble;
    const below = at.bottom + GAP_PX;
    const top = below + offsetHeight > innerHeight ? at.top - GAP_PX - offsetHeight : below;
    this.#bubble.style.left = `${clamp(at.left, GAP_PX, Math.max(GAP_PX, innerWidth - offsetWidth - GAP_PX))}px`;
    this.#bubble.style.top = `${Math.max(0, top)}px`;
    owner.setAttribute('aria-describedby', this.#bubble.id);
    this.#shown = owner;
  }

  showSoon(owner: HTMLElement): void {
    clearTimeout(this.#timer);
    if (owner !== this.#shown) this.#timer = setTimeout(() => this.show(owner), REST_MS);
  }

  readonly hide = (): void => {
    clearTimeout(this.#timer);
    if (!this.#shown) return;
    this.#shown.removeAttribute('aria-describedby');
    this.#shown = undefined;
    this.#bubble.hidePopover();
  };

  get isShown(): boolean {
    return this.#shown !== undefined;
  }
}

/**
 * Shows its children, and a tip for an element with `data-tip` among them while the pointer rests or the keyboard is on
 * it.
 */
export function Tips(props: React.ComponentProps<'div'>): React.ReactNode {
  const { children, ...rest } = props;
  const id = useId();
  const ref = useRef<HTMLDivElement>(null);
  const bubble = useRef<Bubble>(null);
  useEffect(() => {
    if (!ref.current) return undefined;
    const made = new Bubble(ref.current);
    bubble.current = made;
    addEventListener('scroll', made.hide, true);
    return () => {
      removeEventListener('scroll', made.hide, true);
      made.hide();
    };
  }, []);
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- hears what bubbles up from the controls within
    <div
      {...rest}
      onPointerOver={({ target }) => {
        const owner = tipped(target);
        if (owner) bubble.current?.showSoon(owner);
        else bubble.current?.hide();
      }}
      onPointerLeave={() => bubble.current?.hide()}
      onPointerDown={() => bubble.current?.hide()}
      onFocus={({ target }) => {
        const owner = tipped(target);
        if (owner && target.matches(':focus-visible')) bubble.current?.show(owner);
      }}
      onBlur={() => bubble.current?.hide()}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || bubble.current?.isShown !== true) return;
        bubble.current.hide();
        event.stopPropagation();
      }}
    >
      {children}
      <div ref={ref} id={id} className={`${styles['bubble']} ${styles['tip']}`} role="tooltip" popover="manual" />
    </div>
  );
}
