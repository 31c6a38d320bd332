/** The header of a libvirt save file, and the XML behind it. */
import { fieldsOf } from '../../../format/kit/fields';
import { parse } from '../../../format/kit/parse';
import { HeaderType } from '../../../format/layers';
import { LIBVIRT_HEADER, LIBVIRT_HEADER_SIZE } from '../../../format/libvirt/header';
import { grouped } from '../../../lib/text';
import type { Reading } from '../../reader';
import { placesIn, type WalkState } from '../state';
import { LEGACY_MESSAGE } from './legacy';
import { shareLibvirtHeader } from './share';
import { libxlHeader } from './libxl';

const FIELD = fieldsOf(LIBVIRT_HEADER);
/** Versions that exist are small: a larger number is one in the other byte order. */
const VERSION_LIMIT = 0x1_0000;

/** Reads the header of a libvirt save file and what it leads to; false where the walk ends in a header. */
export function* libvirtHeader(w: WalkState): Reading<boolean> {
  const raw = yield* w.reader.at(0, LIBVIRT_HEADER_SIZE);
  if (raw.length < LIBVIRT_HEADER_SIZE) return w.cutHeader('libvirt', 0, LIBVIRT_HEADER_SIZE, 'the libvirt header');
  const little = parse(LIBVIRT_HEADER.fields.version, raw, true, FIELD('version').offset) < VERSION_LIMIT;
  const { version, xmlLen, unused } = parse(LIBVIRT_HEADER, raw, little);
  const room = w.reader.size - LIBVIRT_HEADER_SIZE;
  const length = Math.min(xmlLen, room);
  const row = w.header('libvirt', HeaderType.LIBVIRT_HEADER, 0, LIBVIRT_HEADER_SIZE + length, -1);
  const at = placesIn(LIBVIRT_HEADER, 'libvirt', row, 0);
  if (version === 1) {
    w.note('fatal', 'legacy-stream', at('version'), LEGACY_MESSAGE, '2', '1');
  } else if (version !== 2) {
    w.note('fatal', 'bad-version', at('version'), 'an unknown version of libvirt’s save file', '2', grouped(version));
  }
  if (unused.some((word) => word !== 0)) w.note('note', 'reserved', at('unused'), 'reserved words are not zero');
  if (xmlLen > room) {
    w.note(
      'fatal',
      'file-ends',
      at('xmlLen'),
      'the file ends inside the domain XML',
      `${grouped(xmlLen)} bytes`,
      `${grouped(room)} bytes`,
    );
    return false;
  }
  w.image.config = { format: 'xml', offset: LIBVIRT_HEADER_SIZE, length };
  yield* shareLibvirtHeader(w);
  if (version === 1) return false;
  return yield* libxlHeader(w, LIBVIRT_HEADER_SIZE + length, row);
}
