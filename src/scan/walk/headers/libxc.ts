/** The two headers of a libxc stream: image and domain. */
import { PAGE_SHIFT } from '../../../format/page';
import { parse } from '../../../format/kit/parse';
import {
  DOMAIN_HEADER,
  DOMAIN_HEADER_SIZE,
  DomainType,
  IMAGE_HEADER,
  IMAGE_HEADER_SIZE,
  IMAGE_ID,
  IMAGE_MARKER,
  IMAGE_OPTION_BIG_ENDIAN,
} from '../../../format/libxc/headers';
import { HeaderType } from '../../../format/layers';
import { grouped, hex0x } from '../../../lib/text';
import type { Reading } from '../../reader';
import { lost } from '../damage';
import { placesIn, type WalkState } from '../state';
import { noteOptions } from './options';

/** Reads the image header of a libxc stream at `offset` and the domain header behind it; false where the walk ends in one. */
export function* imageHeader(w: WalkState, offset: number, parent: number): Reading<boolean> {
  const raw = yield* w.reader.at(offset, IMAGE_HEADER_SIZE);
  if (raw.length < IMAGE_HEADER_SIZE) return w.cutHeader('libxc', offset, IMAGE_HEADER_SIZE, 'the libxc image header');
  const { marker, id, version, options, reserved16, reserved32 } = parse(IMAGE_HEADER, raw);
  if (marker !== IMAGE_MARKER || id !== IMAGE_ID) {
    w.layer = 'libxc';
    return yield* lost(
      w,
      'libxc',
      offset,
      'no libxc image header where the libxc stream must start',
      `${hex0x(IMAGE_MARKER)} and ${hex0x(IMAGE_ID)}`,
      `${hex0x(marker, 16)} and ${hex0x(id, 8)}`,
    );
  }
  const row = w.header('libxc', HeaderType.IMAGE_HEADER, offset, IMAGE_HEADER_SIZE, parent);
  w.streamRow.libxc = row;
  w.sharing.header(raw, offset, 'framing');
  const at = placesIn(IMAGE_HEADER, 'libxc', row, offset);
  w.image.libxcVersion = version;
  if (version !== 2 && version !== 3)
    w.note('fatal', 'bad-version', at('version'), 'an unknown version of the libxc stream', '2 or 3', grouped(version));
  const little = (options & IMAGE_OPTION_BIG_ENDIAN) === 0;
  w.littleEndian = { ...w.littleEndian, libxc: little };
  noteOptions(w, at('options'), options, { little, defined: IMAGE_OPTION_BIG_ENDIAN });
  if (reserved16 !== 0 || reserved32 !== 0)
    w.note('note', 'reserved', at('reserved16', 'reserved32'), 'reserved words are not zero');
  return yield* domainHeader(w, offset + IMAGE_HEADER_SIZE);
}

/** Tells which fields of a domain header are such as can be, and how many of the four. */
function domainFacts(raw: Uint8Array, little: boolean): { isType: boolean; isVersion: boolean; right: number } {
  const { type, page_shift, reserved, xen_major, xen_minor } = parse(DOMAIN_HEADER, raw, little);
  const isType = type === DomainType.X86_PV || type === DomainType.X86_HVM;
  const isVersion = xen_major <= 9 && xen_minor <= 99;
  const right = [isType, page_shift === PAGE_SHIFT, reserved === 0, isVersion].filter(Boolean).length;
  return { isType, isVersion, right };
}

function* domainHeader(w: WalkState, offset: number): Reading<boolean> {
  const raw = yield* w.reader.at(offset, DOMAIN_HEADER_SIZE);
  if (raw.length < DOMAIN_HEADER_SIZE) return w.cutHeader('libxc', offset, DOMAIN_HEADER_SIZE, 'the domain header');
  const { type, page_shift, reserved, xen_major, xen_minor } = parse(DOMAIN_HEADER, raw, w.littleEndian.libxc);
  const row = w.header('libxc', HeaderType.DOMAIN_HEADER, offset, DOMAIN_HEADER_SIZE, w.streamRow.libxc);
  const at = placesIn(DOMAIN_HEADER, 'libxc', row, offset);
  const { isType, isVersion } = domainFacts(raw, w.littleEndian.libxc);
  // Of a header right behind that of the image one field may be wrong, or the byte order: more, and it is none.
  if ([true, false].some((little) => domainFacts(raw, little).right >= 3)) w.sharing.header(raw, offset, 'framing');
  else w.sharing.fill(offset, DOMAIN_HEADER_SIZE, 'damaged');
  Object.assign(w.image, { domainType: type, xenMajor: xen_major, xenMinor: xen_minor });
  if (!isType)
    w.note(
      'fatal',
      'bad-domain-type',
      at('type'),
      'an unknown domain type',
      '1 (x86 PV) or 2 (x86 HVM)',
      grouped(type),
    );
  if (page_shift !== PAGE_SHIFT)
    w.note(
      'fatal',
      'bad-page-shift',
      at('page_shift'),
      'an unsupported page size',
      String(PAGE_SHIFT),
      grouped(page_shift),
    );
  if (reserved !== 0) w.note('note', 'reserved', at('reserved'), 'a reserved word is not zero', '0', hex0x(reserved));
  if (!isVersion)
    w.note(
      'note',
      'odd-xen-version',
      at('xen_major', 'xen_minor'),
      'no Xen has such a version',
      '4.x',
      `${xen_major}.${xen_minor}`,
    );
  w.layer = 'libxc';
  w.position = offset + DOMAIN_HEADER_SIZE;
  w.trustedEnd = w.position;
  w.imageVersion++;
  return true;
}
