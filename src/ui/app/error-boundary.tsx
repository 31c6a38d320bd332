/** A fault of ours in one panel must not take the others, nor the file, away. */
import { Component, type ReactNode } from 'react';
import styles from './notice.module.css';

export class ErrorBoundary extends Component<{ readonly children: ReactNode }, { readonly fault: string | undefined }> {
  override state = { fault: undefined as string | undefined };

  static getDerivedStateFromError(error: unknown): { fault: string } {
    return { fault: error instanceof Error ? error.message : String(error) };
  }

  override render(): ReactNode {
    if (this.state.fault === undefined) return this.props.children;
    return (
      <div className={styles['fault']} role="alert">
        <h2>This panel failed</h2>
        <p>The file is untouched and the other panels go on. The fault: {this.state.fault}</p>
        <button type="button" className="btn" onClick={() => this.setState({ fault: undefined })}>
          Try again
        </button>
      </div>
    );
  }
}
