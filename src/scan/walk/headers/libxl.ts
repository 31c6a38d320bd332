/** The header of a libxl stream. */
import { parse } from '../../../format/kit/parse';
import {
  LIBXL_HEADER,
  LIBXL_HEADER_SIZE,
  LIBXL_IDENT,
  LIBXL_OPTION_BIG_ENDIAN,
  LIBXL_OPTION_LEGACY,
} from '../../../format/libxl/header';
import { RECORD_HEADER_SIZE } from '../../../format/framing';
import { HeaderType, lacksLibxlHeader, LOST_HEADER_SIZE } from '../../../format/layers';
import { grouped, hex0x } from '../../../lib/text';
import type { Reading } from '../../reader';
import { lost } from '../damage';
import { placesIn, type WalkState, where } from '../state';
import { noteOptions } from './options';

const DEFINED = LIBXL_OPTION_BIG_ENDIAN | LIBXL_OPTION_LEGACY;

/** Reads the header of a libxl stream at `offset`, in the row `parent` if any; false where the walk ends in it. */
export function* libxlHeader(w: WalkState, offset: number, parent: number): Reading<boolean> {
  w.layer = 'libxl';
  w.trustedEnd = offset;
  const head = yield* w.reader.at(offset, LOST_HEADER_SIZE);
  const raw = head.subarray(0, LIBXL_HEADER_SIZE);
  if (raw.length < LIBXL_HEADER_SIZE) return w.cutHeader('libxl', offset, LIBXL_HEADER_SIZE, 'the libxl stream header');
  if (lacksLibxlHeader(head)) {
    w.note(
      'fatal',
      'no-header',
      where('libxl', undefined, offset, RECORD_HEADER_SIZE),
      'a libxl stream whose header is missing: a LIBXC_CONTEXT stands in its place',
    );
    w.position = offset;
    return true;
  }
  const { ident, version, options } = parse(LIBXL_HEADER, raw);
  if (ident !== LIBXL_IDENT) {
    return yield* lost(
      w,
      'libxl',
      offset,
      'no libxl stream header where the stream must start',
      hex0x(LIBXL_IDENT),
      hex0x(ident, 16),
    );
  }
  const row = w.header('libxl', HeaderType.LIBXL_HEADER, offset, LIBXL_HEADER_SIZE, parent);
  w.streamRow.libxl = row;
  w.sharing.header(raw, offset, 'framing');
  const at = placesIn(LIBXL_HEADER, 'libxl', row, offset);
  if (version !== 2)
    w.note('fatal', 'bad-version', at('version'), 'an unknown version of the libxl stream', '2', grouped(version));
  const little = (options & LIBXL_OPTION_BIG_ENDIAN) === 0;
  w.littleEndian = { libxl: little, libxc: little };
  noteOptions(w, at('options'), options, { little, defined: DEFINED });
  w.position = offset + LIBXL_HEADER_SIZE;
  w.trustedEnd = w.position;
  return true;
}
