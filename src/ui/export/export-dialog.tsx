/** Export: what to write, what it comes to, and how far it is. */
import { X } from 'lucide-react';
import { useApp } from '../../state/store';
import { useExport } from '../../state/export';
import { Modal } from '../shared/modal';
import { ChoiceForm } from './choice-form';
import { Outcome, Running } from './run-state';
import styles from './export.module.css';

export function ExportDialog(): React.ReactNode {
  const open = useApp((state) => state.dialog === 'export');
  return (
    <Modal open={open} label="Export" wide>
      <Content />
    </Modal>
  );
}

function Content(): React.ReactNode {
  const run = useExport((state) => state.run);
  return (
    <div className={styles['export']}>
      <header className={styles['head']}>
        <h2>Export</h2>
        <button
          type="button"
          className="btn icon"
          aria-label="Close"
          onClick={() => useApp.setState({ dialog: undefined })}
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
