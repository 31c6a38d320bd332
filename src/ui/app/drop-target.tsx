/** The ways in: the whole window takes a dropped file, a hidden input a chosen one. */
import { Download } from 'lucide-react';
import { useEffect, useState } from 'react';
import { reasonOf } from '../../lib/reason';
import { app, notify } from '../../state/app';
import { isTextFile, takeText } from '../../state/dropped-text';
import { openFile } from '../../state/files';
import { isSymbolFile } from '../../state/jobs/symbols';
import styles from './drop-target.module.css';
import { FILE_INPUT_ID } from '../commands/open';

const carriesFile = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;

/** Symbols, a log or a CPU policy go to the image that is open; any other file is opened instead of it. */
async function takeDropped(dropped: File): Promise<void> {
  const { file } = app.getState();
  if (file?.phase === 'done') {
    if (await isSymbolFile(dropped).catch(() => false)) {
      notify(`${dropped.name} taken for symbols of the guest`);
      void file.symbols.start({ kind: 'file', file: dropped });
      return;
    }
    if (await isTextFile(dropped).catch(() => false)) {
      notify(
        await takeText(file, dropped).catch(
          (error: unknown) => `${dropped.name} could not be read: ${reasonOf(error)}`,
        ),
      );
      return;
    }
  }
  openFile(dropped);
}

/**
 * Takes files dropped anywhere on the window, and holds the hidden input that a file is chosen with. The first file is
 * opened, or given to the open image if it is symbols or a text for it.
 */
export function DropTarget(): React.ReactNode {
  const [over, setOver] = useState(false);
  useEffect(() => {
    let depth = 0;
    const enter = (event: DragEvent): void => {
      if (!carriesFile(event)) return;
      event.preventDefault();
      depth++;
      setOver(true);
    };
    const leave = (): void => {
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(false);
    };
    const hover = (event: DragEvent): void => {
      if (carriesFile(event)) event.preventDefault();
    };
    const drop = (event: DragEvent): void => {
      event.preventDefault();
      const files = event.dataTransfer?.files;
      const first = files?.[0];
      if (first) void takeDropped(first);
      if (files && files.length > 1) notify('Only the first of the files was opened');
    };
    // A panel that takes a file for itself lets nobody behind it hear of the drop.
    const settle = (): void => {
      depth = 0;
      setOver(false);
    };
    const abort = new AbortController();
    const { signal } = abort;
    addEventListener('drop', settle, { capture: true, signal });
    addEventListener('dragenter', enter, { signal });
    addEventListener('dragleave', leave, { signal });
    addEventListener('dragover', hover, { signal });
    addEventListener('drop', drop, { signal });
    return () => abort.abort();
  }, []);
  return (
    <>
      <input
        id={FILE_INPUT_ID}
        type="file"
        hidden
        aria-label="Saved domain"
        onChange={({ target }) => {
          const file = target.files?.[0];
          if (file) openFile(file);
          // The same file chosen again must count as a change.
          target.value = '';
        }}
      />
      {over && (
        <div className={styles['over']} aria-hidden>
          <div>
            <Download size={40} strokeWidth={1.25} />
            <p>Drop to open</p>
          </div>
        </div>
      )}
    </>
  );
}
