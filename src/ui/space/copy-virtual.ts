/** Copying bytes of linear memory, page by page from wherever in the file they are. */
import { PAGE_SIZE } from '../../format/page';
import { reasonOf } from '../../lib/reason';
import { byteSize, hex0x, hexBytes } from '../../lib/text';
import type { Range } from '../../lib/range';
import { copyText } from '../shared/clipboard';
import type { HexRows } from './hex-rows';
import { notify } from '../../state/app';
import type { OpenFile } from '../../state/open-file';

/** Returns the bytes at positions of a window, as hex; refused where some are not in the image. */
export async function copyVirtual(file: OpenFile, rows: HexRows, { start, end }: Range): Promise<void> {
  const bytes = new Uint8Array(end - start);
  try {
    for (let at = start; at < end;) {
      const page = rows.pageAt(at);
      if (!page) {
        notify(`Nothing copied: the image has no bytes at ${hex0x(rows.window.start + BigInt(at))}`);
        return;
      }
      const within = at % PAGE_SIZE;
      const length = Math.min(end - at, PAGE_SIZE - within);
      bytes.set(await file.source.read(page.offset + within, length), at - start);
      at += length;
    }
  } catch (error) {
    notify(`The bytes could not be read: ${reasonOf(error, 'unknown error')}`);
    return;
  }
  await copyText(hexBytes(bytes, ' '), `${byteSize(bytes.length)} as Hex`);
}
