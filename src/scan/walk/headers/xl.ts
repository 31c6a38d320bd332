/** The header of an xl save file, and the configuration in its optional data. */
import { fieldsOf } from '../../../format/kit/fields';
import { parse } from '../../../format/kit/parse';
import { LIBXL_HEADER, LIBXL_IDENT } from '../../../format/libxl/header';
import { HeaderType } from '../../../format/layers';
import {
  isXlLittleEndian,
  XL_BYTEORDER,
  XL_CONFIG,
  XL_CONFIG_LEN_SIZE,
  XL_HEADER,
  XL_HEADER_SIZE,
  XlFlag,
} from '../../../format/xl/header';
import { grouped, hex0x } from '../../../lib/text';
import type { Reading } from '../../reader';
import { placesIn, type WalkState, where } from '../state';
import { LEGACY_MESSAGE } from './legacy';
import { shareXlHeader } from './share';
import { libxlHeader } from './libxl';

const KNOWN_FLAGS = XlFlag.JSON | XlFlag.STREAMv2;
const IDENT_SIZE = fieldsOf(LIBXL_HEADER)('ident').length;

/** Reads the header of an xl save file and what it leads to; false where the walk ends in a header. */
export function* xlHeader(w: WalkState): Reading<boolean> {
  const raw = yield* w.reader.at(0, XL_HEADER_SIZE);
  if (raw.length < XL_HEADER_SIZE) return w.cutHeader('xl', 0, XL_HEADER_SIZE, 'the xl header');
  const little = isXlLittleEndian(raw);
  const { byteorder, mandatory_flags: flags, optional_flags, optional_data_len } = parse(XL_HEADER, raw, little);
  const room = w.reader.size - XL_HEADER_SIZE;
  const length = Math.min(optional_data_len, room);
  const row = w.header('xl', HeaderType.XL_HEADER, 0, XL_HEADER_SIZE + length, -1);
  const at = placesIn(XL_HEADER, 'xl', row, 0);
  if (byteorder !== XL_BYTEORDER) {
    w.note(
      'fatal',
      'bad-byteorder',
      at('byteorder'),
      'the byte order mark is neither of the two it can be',
      hex0x(XL_BYTEORDER, 8),
      hex0x(byteorder, 8),
    );
  } else if (!little) {
    w.note(
      'fatal',
      'big-endian',
      at('byteorder'),
      'saved by a big-endian host: Xen refuses it',
      hex0x(XL_BYTEORDER, 8),
      '0x04030201',
    );
  }
  if ((flags & ~KNOWN_FLAGS) !== 0)
    w.note(
      'fatal',
      'unknown-flags',
      at('mandatory_flags'),
      'unknown mandatory flags',
      'bits 0 and 1 only',
      hex0x(flags),
    );
  if (optional_flags !== 0)
    w.note(
      'note',
      'optional-flags',
      at('optional_flags'),
      'optional flags have always been written as 0',
      '0',
      hex0x(optional_flags),
    );
  if (optional_data_len > room) {
    w.note(
      'fatal',
      'file-ends',
      at('optional_data_len'),
      'the file ends inside the domain configuration',
      `${grouped(optional_data_len)} bytes`,
      `${grouped(room)} bytes`,
    );
    return false;
  }
  const json = (flags & XlFlag.JSON) !== 0;
  yield* config(w, row, length, little, json ? 'json' : 'cfg');
  yield* shareXlHeader(w, length);
  const start = XL_HEADER_SIZE + length;
  const next = yield* w.reader.at(start, IDENT_SIZE);
  const stream = next.length === IDENT_SIZE && parse(LIBXL_HEADER.fields.ident, next) === LIBXL_IDENT;
  if ((flags & XlFlag.STREAMv2) === 0) {
    w.note(
      'fatal',
      'legacy-stream',
      at('mandatory_flags'),
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
  const raw = yield* w.reader.at(XL_HEADER_SIZE, XL_CONFIG_LEN_SIZE);
  const configLength = raw.length === XL_CONFIG_LEN_SIZE ? parse(XL_CONFIG.fields.config_len, raw, little) : 0;
  const room = Math.max(0, length - XL_CONFIG_LEN_SIZE);
  const start = XL_HEADER_SIZE + XL_CONFIG_LEN_SIZE;
  if (length < XL_CONFIG_LEN_SIZE || configLength > room) {
    w.note(
      'fatal',
      'bad-config-length',
      where('xl', row, XL_HEADER_SIZE, Math.min(XL_CONFIG_LEN_SIZE, length)),
      'the configuration is longer than the optional data that holds it',
      `at most ${grouped(room)}`,
      grouped(configLength),
    );
  } else if (format === 'json' && configLength > 0) {
    const last = yield* w.reader.at(start + configLength - 1, 1);
    if (last[0] !== 0)
      w.note(
        'warning',
        'config-not-closed',
        where('xl', row, XL_HEADER_SIZE, XL_CONFIG_LEN_SIZE),
        'the JSON configuration does not end with a NUL',
        '0x00',
        hex0x(last[0] ?? 0, 2),
      );
  }
  w.image.config = { format, offset: start, length: Math.min(configLength, room) };
}
