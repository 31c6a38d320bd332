/** The header of a libvirt save file, and the XML behind it. */
import { readU32 } from '../../../format/kit/bytes';
import { parse } from '../../../format/kit/parse';
import { LIBVIRT_HEADER, LIBVIRT_HEADER_SIZE } from '../../../format/libvirt/header';
import { HeaderType } from '../../../format/layers';
import { grouped } from '../../../lib/text';
import type { Reading } from '../../reader';
import { type WalkState, where } from '../state';
import { LEGACY_MESSAGE } from './legacy';
import { libxlHeader } from './libxl';

export function* libvirtHeader(w: WalkState): Reading<boolean> {
  const raw = yield* w.reader.at(0, LIBVIRT_HEADER_SIZE);
  if (raw.length < LIBVIRT_HEADER_SIZE) return w.cutHeader('libvirt', 0, LIBVIRT_HEADER_SIZE, 'the libvirt header');
  const versionLittle = readU32(raw, 16, true);
  const little = versionLittle < 0x1_0000;
  const { version, xmlLen } = parse(LIBVIRT_HEADER, raw, little);
  const room = w.reader.size - LIBVIRT_HEADER_SIZE;
  const length = Math.min(xmlLen, room);
  const row = w.header('libvirt', HeaderType.LIBVIRT_HEADER, 0, LIBVIRT_HEADER_SIZE + length, -1);
  if (version === 1) {
    w.note('fatal', 'legacy-stream', where('libvirt', row, 16, 4), LEGACY_MESSAGE, '2', '1');
  } else if (version !== 2) {
    w.note(
      'fatal',
      'bad-version',
      where('libvirt', row, 16, 4),
      'a version of the save file that libvirt does not know',
      '2',
      grouped(version),
    );
  }
  if (raw.subarray(24, LIBVIRT_HEADER_SIZE).some((byte) => byte !== 0)) {
    w.note('note', 'reserved', where('libvirt', row, 24, 40), 'reserved words are not zero');
  }
  if (xmlLen > room) {
    w.note(
      'fatal',
      'file-ends',
      where('libvirt', row, 20, 4),
      'the file ends inside the domain XML',
      `${grouped(xmlLen)} bytes`,
      `${grouped(room)} bytes`,
    );
    return false;
  }
  w.image.config = { format: 'xml', offset: LIBVIRT_HEADER_SIZE, length };
  yield* w.hashRange(0, LIBVIRT_HEADER_SIZE + length);
  if (version === 1) return false;
  return yield* libxlHeader(w, LIBVIRT_HEADER_SIZE + length, row);
}
