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

/** The rows between which a restore takes pages. */
export interface PageRows {
  /** The first row of the stream. */
  readonly start: number;
  /** The row from which on no content is stored: pages are compared, or thrown away. */
  readonly stored: number;
  /** The row from which on nothing is taken: before it a mention gives a page its type and memory. */
  readonly taken: number;
}

/** Returns the rows whose pages a reader of checkpointed streams takes: those of the last checkpoint that is complete. */
export function checkpointedPageRows(marks: StreamMarks, start: number): PageRows {
  const { pages, libxc } = restoreEnds(marks);
  return { start, stored: pages, taken: libxc };
}

/**
 * Returns the rows whose pages a reader of plain streams, such as `xl restore`, takes of the libxc stream that starts at
 * row `start`. It gives up at the first CHECKPOINT; what goes on behind it all the same takes each later page as stored.
 */
export function plainPageRows({ firstVerify, libxcEnd }: StreamMarks, start: number): PageRows {
  const [verify, taken] = [firstVerify, libxcEnd].map((row) => (row === undefined || row < start ? NO_END : row));
  return { start, stored: Math.min(verify ?? NO_END, taken ?? NO_END), taken: taken ?? NO_END };
}
