/** The header of a libxl stream. */
import { parse } from '../../../format/kit/parse';
import { LIBXL_HEADER, LIBXL_HEADER_SIZE, LIBXL_IDENT, LIBXL_OPTION_BIG_ENDIAN } from '../../../format/libxl/header';
import { HeaderType } from '../../../format/layers';
import { grouped, hex0x } from '../../../lib/text';
import type { Reading } from '../../reader';
import { lost } from '../damage';
import { type WalkState, where } from '../state';
import { noteOptions } from './options';

export function* libxlHeader(w: WalkState, offset: number, parent: number): Reading<boolean> {
  w.layer = 'libxl';
  w.trustedEnd = offset;
  const raw = yield* w.reader.at(offset, LIBXL_HEADER_SIZE);
  if (raw.length < LIBXL_HEADER_SIZE) return w.cutHeader('libxl', offset, LIBXL_HEADER_SIZE, 'the libxl stream header');
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
  w.libxlRow = w.header('libxl', HeaderType.LIBXL_HEADER, offset, LIBXL_HEADER_SIZE, parent);
  w.hash(raw, offset);
  const row = w.libxlRow;
  if (version !== 2)
    w.note(
      'fatal',
      'bad-version',
      where('libxl', row, offset + 8, 4),
      'a version of the libxl stream that Xen does not know',
      '2',
      grouped(version),
    );
  const little = (options & LIBXL_OPTION_BIG_ENDIAN) === 0;
  w.littleEndian = { libxl: little, libxc: little };
  noteOptions(w, where('libxl', row, offset + 12, 4), options, { little, known: 2 });
  w.position = offset + LIBXL_HEADER_SIZE;
  w.trustedEnd = w.position;
  return true;
}
