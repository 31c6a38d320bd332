/** The export of a file: one at a time. It goes on while its dialog is closed. */
import type { ExportChoice } from '../../memory/export/choice';
import { given } from '../../lib/given';
import type { WorkerClient } from '../../worker/client';
import type { ExportDone } from '../../worker/protocol';
import { Job, type JobState } from './job';

/** An export that is to be made. */
export interface ExportOrder {
  readonly choice: ExportChoice;
  /** What the written file is called. */
  readonly name: string;
  /** The file to write; a download is made where there is none. */
  readonly destination?: FileSystemFileHandle;
}

/** What the export is at; `known` is the name of the file that is written. Progress is in bytes. */
export type ExportState = JobState<ExportDone, string>;

/** Makes the export of a file by its worker. */
export const exportJob = (worker: WorkerClient): Job<ExportOrder, ExportDone, never, string> =>
  new Job<ExportOrder, ExportDone, never, string>({
    run: async ({ choice, destination }, tools) => {
      try {
        const done = await worker.job('export', { choice, ...given({ destination }) }, tools);
        return destination ? { ...done, name: destination.name } : done;
      } catch (error) {
        // The picker has made an empty file; where the browser can, it goes again.
        if (destination) await remove(destination);
        throw error;
      }
    },
    nothing: '',
    begin: ({ name }) => name,
    failure: 'the export failed',
  });

async function remove(destination: FileSystemFileHandle): Promise<void> {
  try {
    // Chromium knows remove(), which is no standard yet. What had content before keeps it, and stays.
    const removable = destination as FileSystemFileHandle & { readonly remove?: () => Promise<void> };
    if ((await destination.getFile()).size === 0) await removable.remove?.();
  } catch {
    // Gone already, or not ours to remove.
  }
}
