/**
 * How far into a stream a restore takes what stands there. From the first checkpoint on libxc and libxl keep all records
 * back, and take them when the next checkpoint is complete; at a failover, or at END, those still kept back are thrown
 * away. Pages behind VERIFY are compared with memory, not stored; all other records count there as before it.
 * Sources: tools/libs/guest/xg_sr_restore.c, handle_checkpoint(), restore() and process_page_data();
 * tools/libs/light/libxl_stream_read.c, stream_continue().
 */
import type { ImageInfo } from '../image';

/** Rows of the index from which on records of a kind are no longer taken; infinite where all of them are. */
export interface RestoreEnds {
  /** Contents of pages. */
  readonly pages: number;
  /** Records of libxc other than pages. */
  readonly libxc: number;
  /** Records of libxl. */
  readonly libxl: number;
}

/** What a scan learns of a stream that decides how far a restore takes it. */
export type StreamMarks = Pick<ImageInfo, 'firstVerify' | 'lastCheckpoint' | 'libxcEnd' | 'libxlEnd'>;

const NO_END = Number.POSITIVE_INFINITY;

/**
 * Returns how far the records of an image are taken. Before the first complete checkpoint of a checkpointed stream all
 * of it counts: Xen would give up, and there is nothing else to show.
 */
export function restoreEnds({ firstVerify, lastCheckpoint, libxcEnd, libxlEnd }: StreamMarks): RestoreEnds {
  const libxc = Math.min(lastCheckpoint?.record ?? NO_END, libxcEnd ?? NO_END);
  return {
    pages: Math.min(libxc, firstVerify ?? NO_END),
    libxc,
    libxl: Math.min(lastCheckpoint?.end ?? NO_END, libxlEnd ?? NO_END),
  };
}

/**
 * Returns the row from which on a reader of plain streams, such as `xl restore`, stores no more pages of the libxc stream
 * that starts at row `start`. It gives up at the first CHECKPOINT; what goes on behind it all the same takes each later
 * page as stored.
 */
export const plainPagesEnd = ({ firstVerify, libxcEnd }: StreamMarks, start: number): number =>
  Math.min(...[firstVerify, libxcEnd].map((row) => (row === undefined || row < start ? NO_END : row)));
