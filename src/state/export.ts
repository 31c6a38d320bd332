/** Exports as the page makes them: the dialog, and what happens with what was written. */
import type { ExportChoice } from '../memory/export/choice';
import { app, notify } from './app';
import type { ExportOrder } from './jobs/export';
import type { OpenFile } from './open-file';

/** The kinds of export that the dialog offers. */
export type ExportWhat = ExportChoice['what'];

/** Shows the dialog, with this choice made unless an export runs. */
export function openExport(file: OpenFile, what: ExportWhat): void {
  if (file.export.state.state !== 'running') {
    file.export.reset();
    app.setState({ exportWhat: what });
  }
  app.setState({ dialog: 'export' });
}

/** Writes to the order's file, or makes a download where it has none. Ends in a state, never rejects. */
export async function startExport(file: OpenFile, order: ExportOrder): Promise<void> {
  const end = await file.export.start(order);
  if (end?.state !== 'done') return;
  if (end.out.download) download(end.out.download, end.out.name);
  if (app.getState().dialog !== 'export') notify(`${end.out.name} is written`);
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
