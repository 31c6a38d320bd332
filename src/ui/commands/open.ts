/** Ways to get a file in: choosing, dropping, the sample. */
import { reasonOf } from '../../lib/reason';
import { notify } from '../../state/app';
import { openFile } from '../../state/files';

const SAMPLE = 'micro64.xlsave';

/** Id of the hidden input that takes chosen files. */
export const FILE_INPUT_ID = 'file-input';

/** Opens the browser's dialog for choosing a file. */
export function chooseFile(): void {
  document.querySelector<HTMLInputElement>(`#${FILE_INPUT_ID}`)?.click();
}

/** Opens the image that comes with the page: it is gzipped, and unpacked by the browser. */
export async function openSample(): Promise<void> {
  try {
    const response = await fetch(`./samples/${SAMPLE}.gz`);
    if (!response.ok || !response.body) throw new Error(`the server answered ${response.status}`);
    const packed = new Uint8Array(await response.arrayBuffer());
    // Some servers send .gz files as content encoding, and the browser has then unpacked it already.
    const isPacked = packed[0] === 0x1f && packed[1] === 0x8b;
    const plain = isPacked
      ? await new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'))).blob()
      : new Blob([packed]);
    openFile(new File([plain], SAMPLE));
  } catch (error) {
    notify(`The sample could not be loaded: ${reasonOf(error, 'unknown error')}`);
  }
}
