/** The image that the page itself offers to look at. */
import { expect, vi } from 'vitest';
import { page } from 'vitest/browser';
import { openFile } from '../../src/state/session';
import { useApp } from '../../src/state/store';

export async function sampleFile(): Promise<File> {
  const response = await fetch('/samples/micro64.xlsave.gz');
  const packed = new Uint8Array(await response.arrayBuffer());
  // Some servers unpack what ends in .gz.
  const plain =
    packed[0] === 0x1f
      ? await new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'))).blob()
      : new Blob([packed]);
  return new File([plain], 'micro64.xlsave');
}

/** Opens it, in a page of that size, and waits for the end of the scan. */
export async function openSample(width: number, height: number): Promise<void> {
  await page.viewport(width, height);
  openFile(await sampleFile());
  await vi.waitFor(() => expect(useApp.getState().phase).toBe('done'), { timeout: 10_000 });
}
