/** From a click to a file: where the browser can write one, the user says which; else it is a download. */
import type { ExportChoice, ExportOffer } from '../../memory/export/choice';
import { startExport, useExport } from '../../state/export';
import { useApp } from '../../state/store';

type Picker = (options: { readonly suggestedName: string }) => Promise<FileSystemFileHandle>;

const picker = (): Picker | undefined => (globalThis as { readonly showSaveFilePicker?: Picker }).showSaveFilePicker;

export const canPick = (): boolean => picker() !== undefined;

/** Name that is proposed: the image for sharing is named before its plan is made. */
function nameOf(choice: ExportChoice, offer: ExportOffer): string {
  if (choice.what !== 'blank') return 'name' in offer ? offer.name : 'export';
  const file = useApp.getState().file?.name ?? 'image';
  const dot = file.lastIndexOf('.');
  return dot > 0 ? `${file.slice(0, dot)}-blanked${file.slice(dot)}` : `${file}-blanked`;
}

export async function save(choice: ExportChoice, offer: ExportOffer): Promise<void> {
  const name = nameOf(choice, offer);
  const pick = picker();
  if (!pick) return startExport(choice, name);
  let target: FileSystemFileHandle;
  try {
    target = await pick({ suggestedName: name });
  } catch {
    // Not chosen: nothing is to be done.
    return undefined;
  }
  if (await isImage(target)) {
    const reason = 'that looks like the image itself, which an export never writes over: choose another name';
    return useExport.setState({ run: { state: 'failed', reason } });
  }
  return startExport(choice, name, target);
}

async function isImage(target: FileSystemFileHandle): Promise<boolean> {
  const open = useApp.getState().file;
  try {
    const file = await target.getFile();
    return file.name === open?.name && file.size === open.size;
  } catch {
    return false;
  }
}
