/** The export that is chosen, runs, or has ended: one at a time. It goes on while its dialog is closed. */
import { reasonOf } from '../lib/reason';
import { create } from 'zustand';
import type { ExportChoice } from '../memory/export/choice';
import type { ExportDone } from '../worker/protocol';
import { notify } from './actions';
import { startJob } from './session';
import { useApp } from './store';

export type ExportWhat = ExportChoice['what'];

export type ExportRun =
  | { readonly state: 'idle' }
  | { readonly state: 'running'; readonly name: string; readonly done: number; readonly total: number }
  | { readonly state: 'done'; readonly name: string; readonly done: ExportDone }
  | { readonly state: 'cancelled' }
  | { readonly state: 'failed'; readonly reason: string };

interface ExportStore {
  readonly what: ExportWhat;
  readonly run: ExportRun;
}

export const useExport = create<ExportStore>(() => ({ what: 'elf', run: { state: 'idle' } }));

/** Shows the dialog, with this choice made unless an export runs. */
export function openExport(what: ExportWhat): void {
  if (useExport.getState().run.state !== 'running') useExport.setState({ what, run: { state: 'idle' } });
  useApp.setState({ dialog: 'export' });
}

/** Back to the choices. */
export const exportAnother = (): void => useExport.setState({ run: { state: 'idle' } });

const show = (run: ExportRun): void => useExport.setState({ run });

let stop = new AbortController();

export function cancelExport(): void {
  stop.abort();
}

/** Writes to `target`, or makes a download where there is none. Ends in a state, never rejects. */
export async function startExport(choice: ExportChoice, name: string, target?: FileSystemFileHandle): Promise<void> {
  stop = new AbortController();
  const { signal } = stop;
  show({ state: 'running', name, done: 0, total: 0 });
  try {
    const input = { choice, ...(target ? { target } : {}) };
    const done = await startJob('export', input, {
      signal,
      onProgress: (progress) => show({ state: 'running', name, done: progress.done, total: progress.total }),
    });
    if (done.download) download(done.download, target?.name ?? done.name);
    show({ state: 'done', name: target?.name ?? done.name, done });
    if (useApp.getState().dialog !== 'export') notify(`${target?.name ?? done.name} is written`);
  } catch (error) {
    // The picker has made an empty file; where the browser can, it goes again.
    await remove(target);
    if (signal.aborted) show({ state: 'cancelled' });
    else show({ state: 'failed', reason: reasonOf(error, 'the export failed') });
  }
}

async function remove(target: FileSystemFileHandle | undefined): Promise<void> {
  if (!target) return;
  try {
    // Chromium knows remove(), which is no standard yet. What had content before keeps it, and stays.
    const removable = target as FileSystemFileHandle & { readonly remove?: () => Promise<void> };
    if ((await target.getFile()).size === 0) await removable.remove?.();
  } catch {
    // Gone already, or not ours to remove.
  }
}

let url: string | undefined;

/** The browser reads the blob while it downloads, so its address lives until the next one. */
function download(blob: Blob, name: string): void {
  if (url !== undefined) URL.revokeObjectURL(url);
  url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
}
