/** The pages as the reader that is played through has them: up to where it stores contents, and up to where it takes anything. */
import { upperBound } from '../../lib/bisect';
import { checkpointedPageRows, plainPageRows } from '../../scan/restored/ends';
import { LatestPages } from '../../scan/restored/latest-pages';
import type { ScanResult } from '../../scan/scan';
import type { ReaderSpec } from '../kit/reader';
import type { LibxcState } from './state';

/** What the pages of a restore hang on. */
export interface StoringReader {
  readonly scan: Pick<ScanResult, 'records' | 'pages' | 'image'>;
  readonly libxc: Pick<LibxcState, 'start' | 'stored' | 'mentioned'>;
  readonly checkpoints: ReaderSpec['checkpoints'];
}

/** Runs of the page index that a reader takes. */
export interface TakenRuns {
  /** The first run. */
  readonly from: number;
  /** The run behind the last whose content is stored: what comes then is compared at most. */
  readonly stored: number;
  /** The run behind the last that gives pages their type and memory. */
  readonly taken: number;
}

/** Returns the runs that the reader takes of the stream that it reads. */
export function takenRuns({ scan: { records, pages, image }, libxc, checkpoints }: StoringReader): TakenRuns {
  const first = upperBound(records.count, (row) => records.offsetAt(row), libxc.start - 1);
  const { start, stored, taken } = (checkpoints === undefined ? plainPageRows : checkpointedPageRows)(image, first);
  return { from: pages.runsBefore(start), stored: pages.runsBefore(stored), taken: pages.runsBefore(taken) };
}

function beforeVerify(reader: StoringReader, of: 'all' | 'content'): LatestPages {
  const { from, stored: to } = takenRuns(reader);
  return new LatestPages(reader.scan.pages, { from, to, of });
}

/** Returns the copy of each page that is in memory when the stream has ended. */
export function storedPages(reader: StoringReader): LatestPages {
  return (reader.libxc.stored ??= beforeVerify(reader, 'content'));
}

/** Returns the last mention of each page before VERIFY: a page that is sent again without content is no longer what it was. */
export function mentionedPages(reader: StoringReader): LatestPages {
  return (reader.libxc.mentioned ??= beforeVerify(reader, 'all'));
}

/** Makes what finds the last mention of each page that is taken, of all or of those that give it memory. */
export function takenPages(reader: StoringReader, of: 'all' | 'memory'): LatestPages {
  const { from, taken: to } = takenRuns(reader);
  return new LatestPages(reader.scan.pages, { from, to, of });
}
