/**
 * The pages as the restore that is played through has them: that of a reader of plain streams, which stores each copy up
 * to VERIFY. What a restore of a checkpointed stream would take instead is not asked here.
 */
import { upperBound } from '../../lib/bisect';
import type { LatestPages } from '../../scan/restored/latest-pages';
import { plainPages } from '../../scan/restored/pages';
import type { ScanResult } from '../../scan/scan';
import type { LibxcState } from './state';

/** What the pages of a restore hang on. */
export interface StoringReader {
  readonly scan: Pick<ScanResult, 'records' | 'pages' | 'image'>;
  readonly libxc: Pick<LibxcState, 'start' | 'stored' | 'mentioned'>;
}

function plain({ scan: { records, pages, image }, libxc }: StoringReader, mentions: 'all' | 'content'): LatestPages {
  const start = upperBound(records.count, (row) => records.offsetAt(row), libxc.start - 1);
  return plainPages(pages, image, start, mentions);
}

/** Returns the copy of each page that is in memory when the stream has ended. */
export function storedPages(reader: StoringReader): LatestPages {
  return (reader.libxc.stored ??= plain(reader, 'content'));
}

/** Returns the last mention of each page before VERIFY: a page that is sent again without content is no longer what it was. */
export function mentionedPages(reader: StoringReader): LatestPages {
  return (reader.libxc.mentioned ??= plain(reader, 'all'));
}
