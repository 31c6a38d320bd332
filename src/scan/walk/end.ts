/** Where the file ends: before an END, or behind the last. */
import { RECORD_HEADER_SIZE } from '../../format/framing';
import { isZero } from '../../format/sharing/judge';
import type { StreamLayer } from '../../format/layers';
import { GO_AHEAD } from '../../format/xl/go-ahead';
import { ascii, grouped } from '../../lib/text';
import type { Reading } from '../reader';
import { NEAR_SEARCH, noteGap, searchFrom } from './damage';
import { TAIL } from './chain';
import { type WalkState, where } from './state';

/** Bytes behind the last END that are looked at. */
const TRAILER_LIMIT = 4096;

/** Notes that the file ends before the stream does; false, as the walk ends with it. */
export function endOfFile(w: WalkState, layer: StreamLayer): false {
  const at = w.reader.size;
  w.sharing.end(true);
  const last = w.records.count - 1;
  if (w.image.checkpoints > 0) {
    w.note(
      'note',
      'open-ended',
      where(layer, last, at, 0),
      `the stream ends after checkpoint ${w.image.checkpoints} without an END, as a checkpointed stream does; what follows the last checkpoint is discarded on restore`,
    );
  } else {
    const severity = layer === 'libxl' ? 'warning' : 'fatal';
    const taken = layer === 'libxl' ? '; xl treats the end of the file as END' : '';
    w.note(
      severity,
      'no-end',
      where(layer, last, at, 0),
      `the file ends before the END record of the ${layer} stream${taken}`,
      'END',
      'end of file',
    );
  }
  return false;
}

/** Looks at what follows the last END; true where that is records again. */
export function* trailer(w: WalkState): Reading<boolean> {
  w.image.complete = true;
  const offset = w.position;
  const length = w.reader.size - offset;
  w.sharing.end(length <= TAIL);
  if (length === 0) return false;
  const raw = (yield* w.reader.at(offset, Math.min(length, TRAILER_LIMIT))).slice();
  const row = w.records.count - 1;
  const found = length > TAIL ? yield* searchFrom(w, 'libxc', offset, NEAR_SEARCH) : undefined;
  if (found) {
    const message = 'records follow the last END; a reader stops at it';
    const what = `a ${found.layer} record`;
    w.note(
      'fatal',
      'records-after-end',
      where(found.layer, row, found.offset, RECORD_HEADER_SIZE),
      message,
      'end of file',
      what,
    );
    if (found.offset > offset) noteGap(w, offset, found.offset - offset);
    w.sharing.doubt(found.offset);
    w.layer = found.layer;
    w.position = found.offset;
    w.trustedEnd = found.offset;
    w.image.complete = false;
    return true;
  }
  w.position = offset;
  const closing = raw.length === length && raw[length - 1] === 0 ? raw.subarray(0, length - 1) : raw;
  const text = ascii(closing);
  w.image.trailer = { offset, length, text };
  const acknowledged = text === GO_AHEAD;
  const isKnown = acknowledged || isZero(raw, 0, raw.length);
  if (isKnown) w.sharing.header(raw, offset, 'framing');
  const kept = isKnown ? raw.length : 0;
  w.sharing.fill(offset + kept, length - kept, 'unknown');
  w.note(
    'note',
    acknowledged ? 'migration-go' : 'trailing-bytes',
    where('xl', row, offset, length),
    acknowledged
      ? 'a captured migration that succeeded: the sender’s go-ahead follows the stream'
      : `${grouped(length)} bytes follow the last END; they are ignored`,
  );
  return false;
}
