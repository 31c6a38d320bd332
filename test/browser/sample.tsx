/** The image that the page itself offers to look at. */
import { expect, vi } from 'vitest';
import { page } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import { openFile } from '../../src/state/files';
import type { OpenFile } from '../../src/state/open-file';
import { FileContext } from '../../src/ui/shared/use-file';
import { sampleFile } from '../fixtures/page/sample-file';

/** Ends the wait for what never comes, in hooks too: far above what anything takes on a busy machine. */
export const GIVE_UP = { timeout: 120_000 };

/** Opens it, in a page of that size, and waits for the end of the scan. */
export async function openSample(width: number, height: number): Promise<OpenFile> {
  await page.viewport(width, height);
  const file = openFile(await sampleFile());
  await vi.waitFor(() => expect(file.phase).toBe('done'), GIVE_UP);
  return file;
}

/** Renders what shows a file, in a box of a size if one is given. */
export const renderFor = (
  file: OpenFile,
  shown: React.ReactNode,
  style: React.CSSProperties = {},
): ReturnType<typeof render> =>
  render(
    <FileContext value={file}>
      <div style={style}>{shown}</div>
    </FileContext>,
  );
