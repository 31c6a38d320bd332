/** The headers around and inside a stream: xl, libvirt, libxl, libxc image and domain. Each leads to what it holds. */
import { readU32 } from '../format/kit/bytes';
import { parse } from '../format/kit/parse';
import {
  DOMAIN_HEADER,
  DOMAIN_HEADER_SIZE,
  IMAGE_HEADER,
  IMAGE_HEADER_SIZE,
  IMAGE_ID,
  IMAGE_MARKER,
  IMAGE_OPTION_BIG_ENDIAN,
} from '../format/libxc/headers';
import { LIBVIRT_HEADER, LIBVIRT_HEADER_SIZE } from '../format/libvirt/header';
import { LIBXL_HEADER, LIBXL_HEADER_SIZE, LIBXL_IDENT, LIBXL_OPTION_BIG_ENDIAN } from '../format/libxl/header';
import { HeaderType, type Layer } from '../format/records';
import { XL_BYTEORDER, XL_HEADER, XL_HEADER_SIZE, XlFlag } from '../format/xl/header';
import { grouped, hex0x } from '../lib/text';
import { type Reading } from './reader';
import { lost } from './damage';
import { type WalkState, where } from './walk-state';

const LEGACY_MESSAGE =
  'what follows is a legacy (v1) stream, as Xen 4.5 and older wrote it; convert-legacy-stream converts it';

export function* openContainer(w: WalkState, container: Layer): Reading<boolean> {
  switch (container) {
    case 'xl':
      return yield* xlHeader(w);
    case 'libvirt':
      return yield* libvirtHeader(w);
    case 'libxl':
      return yield* libxlHeader(w, 0, -1);
    case 'libxc':
      w.layer = 'libxc';
      return yield* imageHeader(w, 0, -1);
  }
}

function* xlHeader(w: WalkState): Reading<boolean> {
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

function* libvirtHeader(w: WalkState): Reading<boolean> {
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

function* libxlHeader(w: WalkState, offset: number, parent: number): Reading<boolean> {
  w.nested = true;
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

/** What the option bits of a stream's header say: its byte order, and bits that must not be set. */
function noteOptions(
  w: WalkState,
  place: ReturnType<typeof where>,
  options: number,
  {
    little,
    known,
  }: { readonly little: boolean; /** Option bits that are defined, from bit 0 on. */ readonly known: number },
): void {
  if (!little) {
    w.image.bigEndian = true;
    w.note('fatal', 'big-endian', place, 'a big-endian stream: Xen refuses it', 'option bit 0 clear', hex0x(options));
  }
  if (options >= 2 ** known) {
    const allowed = known === 1 ? 'bit 0 only' : 'bits 0 and 1 only';
    w.note('note', 'reserved', place, 'reserved option bits are set', allowed, hex0x(options));
  }
}

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
  w.imageRow = w.header('libxc', HeaderType.IMAGE_HEADER, offset, IMAGE_HEADER_SIZE, parent);
  w.hash(raw, offset);
  const row = w.imageRow;
  w.image.libxcVersion = version;
  if (version !== 2 && version !== 3)
    w.note(
      'fatal',
      'bad-version',
      where('libxc', row, offset + 12, 4),
      'a version of the libxc stream that Xen does not know',
      '2 or 3',
      grouped(version),
    );
  const little = (options & IMAGE_OPTION_BIG_ENDIAN) === 0;
  w.littleEndian = { ...w.littleEndian, libxc: little };
  noteOptions(w, where('libxc', row, offset + 16, 2), options, { little, known: 1 });
  if (reserved16 !== 0 || reserved32 !== 0)
    w.note('note', 'reserved', where('libxc', row, offset + 18, 6), 'reserved words are not zero');
  return yield* domainHeader(w, offset + IMAGE_HEADER_SIZE);
}

function* domainHeader(w: WalkState, offset: number): Reading<boolean> {
  const raw = yield* w.reader.at(offset, DOMAIN_HEADER_SIZE);
  if (raw.length < DOMAIN_HEADER_SIZE) return w.cutHeader('libxc', offset, DOMAIN_HEADER_SIZE, 'the domain header');
  const { type, page_shift, reserved, xen_major, xen_minor } = parse(DOMAIN_HEADER, raw, w.littleEndian.libxc);
  const row = w.header('libxc', HeaderType.DOMAIN_HEADER, offset, DOMAIN_HEADER_SIZE, w.imageRow);
  w.hash(raw, offset);
  Object.assign(w.image, { domainType: type, xenMajor: xen_major, xenMinor: xen_minor });
  if (type !== 1 && type !== 2)
    w.note(
      'fatal',
      'bad-domain-type',
      where('libxc', row, offset, 4),
      'a kind of guest that Xen does not know',
      '1 (x86 PV) or 2 (x86 HVM)',
      grouped(type),
    );
  if (page_shift !== 12)
    w.note(
      'fatal',
      'bad-page-shift',
      where('libxc', row, offset + 4, 2),
      'pages of a size that Xen does not have',
      '12',
      grouped(page_shift),
    );
  if (reserved !== 0)
    w.note('note', 'reserved', where('libxc', row, offset + 6, 2), 'a reserved word is not zero', '0', hex0x(reserved));
  if (xen_major > 9 || xen_minor > 99)
    w.note(
      'note',
      'odd-xen-version',
      where('libxc', row, offset + 8, 8),
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
