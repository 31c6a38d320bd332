/** A click leads to a file: where the browser can write one, the user says which; else it is a download. */
import { fileName } from '../../lib/visible';
import type { ExportChoice, ExportOffer } from '../../memory/export/choice';
import { startExport } from '../../state/export';
import type { OpenFile } from '../../state/open-file';

type Picker = (options: { readonly suggestedName: string }) => Promise<FileSystemFileHandle>;

declare global {
  // Of the File System Access API, which not every browser has.
  var showSaveFilePicker: Picker | undefined;
}

const picker = (): Picker | undefined => globalThis.showSaveFilePicker;

/** Tells whether the browser can write into a file that the user chooses. */
export const canPick = (): boolean => picker() !== undefined;

/** Name that is proposed: the image for sharing is named before its plan is made. */
function nameOf({ name }: OpenFile, choice: ExportChoice, offer: ExportOffer): string {
  if (choice.what !== 'blank') return 'name' in offer ? offer.name : 'export';
  const dot = name.lastIndexOf('.');
  return dot > 0 ? `${name.slice(0, dot)}-blanked${name.slice(dot)}` : `${name}-blanked`;
}

/** Exports what is chosen, into a file that is asked for where the browser can do that. */
export async function save(file: OpenFile, choice: ExportChoice, offer: ExportOffer): Promise<void> {
  const name = fileName(nameOf(file, choice, offer));
  const pick = picker();
  if (!pick) return startExport(file, { choice, name });
  const destination = await picked(pick, name);
  if (!destination) return undefined;
  if (await isImage(file, destination))
    return file.export.fail('that looks like the image itself, which an export never writes over: choose another name');
  return startExport(file, { choice, name: destination.name, destination });
}

async function picked(pick: Picker, suggestedName: string): Promise<FileSystemFileHandle | undefined> {
  try {
    return await pick({ suggestedName });
  } catch {
    // Not chosen: nothing is to be done.
    return undefined;
  }
}

async function isImage({ name, size }: OpenFile, destination: FileSystemFileHandle): Promise<boolean> {
  try {
    const file = await destination.getFile();
    return file.name === name && file.size === size;
  } catch {
    return false;
  }
}
