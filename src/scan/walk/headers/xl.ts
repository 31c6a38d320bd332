/** The header of an xl save file, and the configuration in its optional data. */
import { readU32 } from '../../../format/kit/bytes';
import { parse } from '../../../format/kit/parse';
import { LIBXL_HEADER, LIBXL_IDENT } from '../../../format/libxl/header';
import { HeaderType } from '../../../format/layers';
import { XL_BYTEORDER, XL_HEADER, XL_HEADER_SIZE, XlFlag } from '../../../format/xl/header';
import { grouped, hex0x } from '../../../lib/text';
import type { Reading } from '../../reader';
import { type WalkState, where } from '../state';
import { LEGACY_MESSAGE } from './legacy';
import { libxlHeader } from './libxl';

export function* xlHeader(w: WalkState): Reading<boolean> {
  const raw = yield* w.reader.at(0, XL_HEADER_SIZE);
  if (raw.length < XL_HEADER_SIZE) return w.cutHeader('xl', 0, XL_HEADER_SIZE, 'the xl header');
  // A mark that is neither is damage: every image that exists is little-endian.
  const little = readU32(raw, 32, false) !== XL_BYTEORDER;
  const foreign = little && readU32(raw, 32, true) !== XL_BYTEORDER;
  const { mandatory_flags: flags, optional_flags, optional_data_len } = parse(XL_HEADER, raw, little);
  const room = w.reader.size - XL_HEADER_SIZE;
  const length = Math.min(optional_data_len, room);
  const row = w.header('xl', HeaderType.XL_HEADER, 0, XL_HEADER_SIZE + length, -1);
  if (foreign) {
    w.note(
      'fatal',
      'bad-byteorder',
      where('xl', row, 32, 4),
      'the byte order mark is neither of the two it can be',
      '0x01020304',
      hex0x(readU32(raw, 32, true), 8),
    );
  } else if (!little) {
    w.note(
      'fatal',
      'big-endian',
      where('xl', row, 32, 4),
      'saved by a big-endian host: Xen refuses it',
      '0x01020304',
      '0x04030201',
    );
  }
  if (flags >= 4)
    w.note(
      'fatal',
      'unknown-flags',
      where('xl', row, 36, 4),
      'mandatory flags that no xl knows',
      'bits 0 and 1 only',
      hex0x(flags),
    );
  if (optional_flags !== 0)
    w.note(
      'note',
      'optional-flags',
      where('xl', row, 40, 4),
      'optional flags have always been written as 0',
      '0',
      hex0x(optional_flags),
    );
  if (optional_data_len > room) {
    w.note(
      'fatal',
      'file-ends',
      where('xl', row, 44, 4),
      'the file ends inside the domain configuration',
      `${grouped(optional_data_len)} bytes`,
      `${grouped(room)} bytes`,
    );
    return false;
  }
  const json = (flags & XlFlag.JSON) !== 0;
  yield* config(w, row, length, little, json ? 'json' : 'cfg');
  yield* w.hashRange(0, XL_HEADER_SIZE + length);
  const start = XL_HEADER_SIZE + length;
  const next = yield* w.reader.at(start, 8);
  const stream = next.length === 8 && parse(LIBXL_HEADER.fields.ident, next) === LIBXL_IDENT;
  if ((flags & XlFlag.STREAMv2) === 0) {
    w.note(
      'fatal',
      'legacy-stream',
      where('xl', row, 36, 4),
      `the STREAMv2 flag is clear: ${LEGACY_MESSAGE}`,
      'bit 1 set',
      hex0x(flags),
    );
    if (!stream) return false;
  }
  return yield* libxlHeader(w, start, row);
}

function* config(w: WalkState, row: number, length: number, little: boolean, format: 'json' | 'cfg'): Reading<void> {
  if (length === 0) return;
  const raw = yield* w.reader.at(XL_HEADER_SIZE, 4);
  const configLength = raw.length === 4 ? readU32(raw, 0, little) : 0;
  const room = Math.max(0, length - 4);
  if (length < 4 || configLength > room) {
    w.note(
      'fatal',
      'bad-config-length',
      where('xl', row, XL_HEADER_SIZE, Math.min(4, length)),
      'the configuration is longer than the optional data that holds it',
      `at most ${grouped(room)}`,
      grouped(configLength),
    );
  } else if (format === 'json' && configLength > 0) {
    const last = yield* w.reader.at(XL_HEADER_SIZE + 4 + configLength - 1, 1);
    if (last[0] !== 0)
      w.note(
        'warning',
        'config-not-closed',
        where('xl', row, XL_HEADER_SIZE, 4),
        'the JSON configuration does not end with a NUL',
        '0x00',
        hex0x(last[0] ?? 0, 2),
      );
  }
  w.image.config = { format, offset: XL_HEADER_SIZE + 4, length: Math.min(configLength, room) };
}
