/** A modal on the browser's own <dialog>: focus trap, Escape and return of focus come with it. */
import { type ReactNode, useLayoutEffect, useRef } from 'react';
import { app } from '../../state/app';
import styles from './modal.module.css';

interface Props {
  readonly open: boolean;
  readonly label: string;
  readonly wide?: boolean;
  readonly children: ReactNode;
}

const close = (): void => app.setState({ dialog: undefined });

/** Shows its children in a modal dialog while it is open; Escape or a click beside it closes it. */
export function Modal({ open, label, wide = false, children }: Props): ReactNode {
  const ref = useRef<HTMLDialogElement>(null);
  // Before the next key arrives: what is typed right after opening belongs into the box.
  useLayoutEffect(() => {
    if (!open) {
      ref.current?.close();
      return;
    }
    ref.current?.showModal();
    ref.current?.querySelector('input')?.focus();
  }, [open]);
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions -- Escape closes it too
    <dialog
      ref={ref}
      aria-label={label}
      className={`${styles['dialog']} ${wide ? styles['wide'] : ''}`}
      onClose={close}
      onClick={(event) => {
        // A click on the backdrop lands on the dialog itself.
        if (event.target === event.currentTarget) close();
      }}
    >
      {open && (
        // What is scrolled can have the focus, so that keys scroll it.
        <div className={styles['body']} {...(wide ? { tabIndex: 0, role: 'group', 'aria-label': label } : {})}>
          {children}
        </div>
      )}
    </dialog>
  );
}
