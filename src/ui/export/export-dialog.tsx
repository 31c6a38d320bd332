/** Export: what to write, what it comes to, and how far it is. */
import { X } from 'lucide-react';
import { useStore } from 'zustand';
import { app } from '../../state/app';
import { useApp } from '../shared/use-app';
import { Modal } from '../shared/modal';
import { ChoiceForm } from './choice-form';
import { Outcome, Running } from './run-state';
import { useFile } from '../shared/use-file';
import styles from './export.module.css';

/** Shows the export dialog: what to write, then how far it is, then how it ended. */
export function ExportDialog(): React.ReactNode {
  const open = useApp((state) => state.dialog === 'export');
  const isOpen = useApp((state) => state.file !== undefined);
  return (
    <Modal open={open} label="Export" wide>
      {isOpen && <Content />}
    </Modal>
  );
}

function Content(): React.ReactNode {
  const file = useFile();
  const run = useStore(file.export.store);
  return (
    <div className={styles['export']}>
      <header className={styles['head']}>
        <h2>Export</h2>
        <button
          type="button"
          className="btn icon"
          aria-label="Close"
          onClick={() => app.setState({ dialog: undefined })}
        >
          <X size={14} aria-hidden />
        </button>
      </header>
      {run.state === 'idle' && <ChoiceForm />}
      {run.state === 'running' && <Running run={run} />}
      {run.state !== 'idle' && run.state !== 'running' && <Outcome run={run} />}
    </div>
  );
}
