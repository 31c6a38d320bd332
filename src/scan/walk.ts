/**
 * The walk over an image: hops from header to header through the nested layers, fills the indexes, and turns damage
 * into findings. Body bytes other than page contents are read once, for the fingerprint; pages never are.
 *
 * Layering (docs/specs of Xen): xl or libvirt header → libxl stream → LIBXC_CONTEXT → libxc stream → END → libxl
 * records → END. A checkpointed stream hops between the two: CHECKPOINT hands over to libxl, CHECKPOINT_END back.
 */
import { hvmEntries, HvmType } from '../format/hvm/context';
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
import { PAGE_DATA_HEADER_SIZE, PFN_ENTRY_SIZE, PAGE_SIZE } from '../format/libxc/page-data';
import { LibxcType, OPTIONAL_RECORD, REC_LENGTH_MAX } from '../format/libxc/types';
import { LIBVIRT_HEADER, LIBVIRT_HEADER_SIZE } from '../format/libvirt/header';
import { LIBXL_HEADER, LIBXL_HEADER_SIZE, LIBXL_IDENT, LIBXL_OPTION_BIG_ENDIAN } from '../format/libxl/header';
import { LibxlType } from '../format/libxl/records';
import { fitsRule, HeaderType, type Layer, recordSpec, unknownName } from '../format/records';
import { XL_BYTEORDER, XL_HEADER, XL_HEADER_SIZE, XlFlag } from '../format/xl/header';
import { ascii, grouped, hex0x } from '../lib/text';
import { type Finding, FINDING_LIMIT } from './finding';
import { HEAD_SIZE, identify } from './identify';
import { emptyImage, type ImageInfo, type Pass } from './image';
import { PageListReader } from './page-list';
import { PAGE_RUN_LIMIT, type PageIndex } from './pages';
import {
  type Context,
  endOf,
  goesOn,
  layerAfter,
  RECORD_HEADER_SIZE,
  resync,
  RESYNC_LIMIT,
  type Resynced,
  type StreamLayer,
  TAIL,
} from './plausible';
import { Reader, type Reading } from './reader';
import { RECORD_LIMIT, type RecordEntry, type RecordIndex } from './records';

/** Bytes read at a time where a body is only hashed. */
const PIECE = 512 * 1024;
/** HVM contexts longer than this are not listed entry by entry: a real one has some 10 KiB a VCPU. */
const CONTEXT_LIMIT = 16 * 1024 * 1024;
const PASS_LIMIT = 4096;
const VCPU_LIMIT = 8192;
const ENTRY_LIMIT = 65_536;
/** How far records are looked for around an END that does not end the file, bytes. */
const TRAILER_SEARCH = 16 * 1024 * 1024;
const LEGACY_MESSAGE =
  'what follows is a legacy (v1) stream, as Xen 4.5 and older wrote it; convert-legacy-stream converts it';

interface Header {
  readonly offset: number;
  readonly type: number;
  readonly length: number;
}

export class Walk {
  readonly image: ImageInfo = emptyImage();
  readonly findings: Finding[] = [];
  /** How far the walk has come, file offset. */
  position = 0;
  /** Findings beyond the limit, counted only. */
  suppressed = 0;
  /** Rises whenever `image` changes, so that it is posted only then. */
  imageVersion = 0;

  readonly #reader: Reader;
  readonly #records: RecordIndex;
  readonly #pages: PageIndex;
  readonly #hash: (bytes: Uint8Array) => void;

  #layer: StreamLayer | 'end' = 'libxl';
  /** Byte order of the two streams: each header says its own. */
  #littleEndian: Context['littleEndian'] = { libxl: true, libxc: true };
  #nested = false;
  #libxlRow = -1;
  #imageRow = -1;
  /** Where a search for records starts if the next header is nonsense: after the last header that can be trusted. */
  #trustedEnd = 0;
  #lastPfn = -1;
  #verifying = false;
  #newPass = true;
  #runsFull = false;
  readonly #vcpus = new Set<number>();

  constructor(reader: Reader, records: RecordIndex, pages: PageIndex, hash: (bytes: Uint8Array) => void) {
    this.#reader = reader;
    this.#records = records;
    this.#pages = pages;
    this.#hash = hash;
  }

  *run(): Reading<void> {
    const head = yield* this.#reader.at(0, HEAD_SIZE);
    const known = identify(head, this.#reader.size);
    if ('refusal' in known) {
      this.image.refusal = known.refusal;
      this.imageVersion++;
      return;
    }
    this.image.container = known.container;
    this.imageVersion++;
    if (yield* this.#open(known.container)) yield* this.#stream();
    this.imageVersion++;
  }

  // --- containers ---------------------------------------------------------------------------------------------------

  *#open(container: Layer): Reading<boolean> {
    switch (container) {
      case 'xl':
        return yield* this.#xlHeader();
      case 'libvirt':
        return yield* this.#libvirtHeader();
      case 'libxl':
        return yield* this.#libxlHeader(0, -1);
      case 'libxc':
        this.#layer = 'libxc';
        return yield* this.#imageHeader(0, -1);
    }
  }

  *#xlHeader(): Reading<boolean> {
    const raw = yield* this.#reader.at(0, XL_HEADER_SIZE);
    if (raw.length < XL_HEADER_SIZE) return this.#cutHeader('xl', 0, XL_HEADER_SIZE, 'the xl header');
    // A mark that is neither is damage: every image that exists is little-endian.
    const little = readU32(raw, 32, false) !== XL_BYTEORDER;
    const foreign = little && readU32(raw, 32, true) !== XL_BYTEORDER;
    const { mandatory_flags: flags, optional_flags, optional_data_len } = parse(XL_HEADER, raw, little);
    const room = this.#reader.size - XL_HEADER_SIZE;
    const length = Math.min(optional_data_len, room);
    const row = this.#header('xl', HeaderType.XL_HEADER, 0, XL_HEADER_SIZE + length, -1);
    if (foreign) {
      this.#note(
        'bad-byteorder',
        'fatal',
        'xl',
        row,
        32,
        4,
        'the byte order mark is neither of the two it can be',
        '0x01020304',
        hex0x(readU32(raw, 32, true), 8),
      );
    } else if (!little) {
      this.#note(
        'big-endian',
        'fatal',
        'xl',
        row,
        32,
        4,
        'saved by a big-endian host: Xen refuses it',
        '0x01020304',
        '0x04030201',
      );
    }
    if (flags >= 4)
      this.#note(
        'unknown-flags',
        'fatal',
        'xl',
        row,
        36,
        4,
        'mandatory flags that no xl knows',
        'bits 0 and 1 only',
        hex0x(flags),
      );
    if (optional_flags !== 0)
      this.#note(
        'optional-flags',
        'note',
        'xl',
        row,
        40,
        4,
        'optional flags have always been written as 0',
        '0',
        hex0x(optional_flags),
      );
    if (optional_data_len > room) {
      this.#note(
        'file-ends',
        'fatal',
        'xl',
        row,
        44,
        4,
        'the file ends inside the domain configuration',
        `${grouped(optional_data_len)} bytes`,
        `${grouped(room)} bytes`,
      );
      return false;
    }
    const json = (flags & XlFlag.JSON) !== 0;
    yield* this.#config(row, length, little, json ? 'json' : 'cfg');
    yield* this.#hashRange(0, XL_HEADER_SIZE + length);
    const start = XL_HEADER_SIZE + length;
    const next = yield* this.#reader.at(start, 8);
    const stream = next.length === 8 && parse(LIBXL_HEADER.fields.ident, next) === LIBXL_IDENT;
    if ((flags & XlFlag.STREAMv2) === 0) {
      this.#note(
        'legacy-stream',
        'fatal',
        'xl',
        row,
        36,
        4,
        `the STREAMv2 flag is clear: ${LEGACY_MESSAGE}`,
        'bit 1 set',
        hex0x(flags),
      );
      if (!stream) return false;
    }
    return yield* this.#libxlHeader(start, row);
  }

  *#config(row: number, length: number, little: boolean, format: 'json' | 'cfg'): Reading<void> {
    if (length === 0) return;
    const raw = yield* this.#reader.at(XL_HEADER_SIZE, 4);
    const configLength = raw.length === 4 ? readU32(raw, 0, little) : 0;
    const room = Math.max(0, length - 4);
    if (length < 4 || configLength > room) {
      this.#note(
        'bad-config-length',
        'fatal',
        'xl',
        row,
        XL_HEADER_SIZE,
        Math.min(4, length),
        'the configuration is longer than the optional data that holds it',
        `at most ${grouped(room)}`,
        grouped(configLength),
      );
    } else if (format === 'json' && configLength > 0) {
      const last = yield* this.#reader.at(XL_HEADER_SIZE + 4 + configLength - 1, 1);
      if (last[0] !== 0)
        this.#note(
          'config-not-closed',
          'warning',
          'xl',
          row,
          XL_HEADER_SIZE,
          4,
          'the JSON configuration does not end with a NUL',
          '0x00',
          hex0x(last[0] ?? 0, 2),
        );
    }
    this.image.config = { format, offset: XL_HEADER_SIZE + 4, length: Math.min(configLength, room) };
  }

  *#libvirtHeader(): Reading<boolean> {
    const raw = yield* this.#reader.at(0, LIBVIRT_HEADER_SIZE);
    if (raw.length < LIBVIRT_HEADER_SIZE)
      return this.#cutHeader('libvirt', 0, LIBVIRT_HEADER_SIZE, 'the libvirt header');
    const versionLittle = readU32(raw, 16, true);
    const little = versionLittle < 0x1_0000;
    const { version, xmlLen } = parse(LIBVIRT_HEADER, raw, little);
    const room = this.#reader.size - LIBVIRT_HEADER_SIZE;
    const length = Math.min(xmlLen, room);
    const row = this.#header('libvirt', HeaderType.LIBVIRT_HEADER, 0, LIBVIRT_HEADER_SIZE + length, -1);
    if (version === 1) {
      this.#note('legacy-stream', 'fatal', 'libvirt', row, 16, 4, LEGACY_MESSAGE, '2', '1');
    } else if (version !== 2) {
      this.#note(
        'bad-version',
        'fatal',
        'libvirt',
        row,
        16,
        4,
        'a version of the save file that libvirt does not know',
        '2',
        grouped(version),
      );
    }
    if (raw.subarray(24, LIBVIRT_HEADER_SIZE).some((byte) => byte !== 0)) {
      this.#note('reserved', 'note', 'libvirt', row, 24, 40, 'reserved words are not zero');
    }
    if (xmlLen > room) {
      this.#note(
        'file-ends',
        'fatal',
        'libvirt',
        row,
        20,
        4,
        'the file ends inside the domain XML',
        `${grouped(xmlLen)} bytes`,
        `${grouped(room)} bytes`,
      );
      return false;
    }
    this.image.config = { format: 'xml', offset: LIBVIRT_HEADER_SIZE, length };
    yield* this.#hashRange(0, LIBVIRT_HEADER_SIZE + length);
    if (version === 1) return false;
    return yield* this.#libxlHeader(LIBVIRT_HEADER_SIZE + length, row);
  }

  *#libxlHeader(offset: number, parent: number): Reading<boolean> {
    this.#nested = true;
    this.#layer = 'libxl';
    this.#trustedEnd = offset;
    const raw = yield* this.#reader.at(offset, LIBXL_HEADER_SIZE);
    if (raw.length < LIBXL_HEADER_SIZE)
      return this.#cutHeader('libxl', offset, LIBXL_HEADER_SIZE, 'the libxl stream header');
    const { ident, version, options } = parse(LIBXL_HEADER, raw);
    if (ident !== LIBXL_IDENT) {
      return yield* this.#lost(
        'libxl',
        offset,
        'no libxl stream header where the stream must start',
        hex0x(LIBXL_IDENT),
        hex0x(ident, 16),
      );
    }
    this.#libxlRow = this.#header('libxl', HeaderType.LIBXL_HEADER, offset, LIBXL_HEADER_SIZE, parent);
    this.#hash(raw);
    const row = this.#libxlRow;
    if (version !== 2)
      this.#note(
        'bad-version',
        'fatal',
        'libxl',
        row,
        offset + 8,
        4,
        'a version of the libxl stream that Xen does not know',
        '2',
        grouped(version),
      );
    const little = (options & LIBXL_OPTION_BIG_ENDIAN) === 0;
    this.#littleEndian = { libxl: little, libxc: little };
    if (!little) {
      this.image.bigEndian = true;
      this.#note(
        'big-endian',
        'fatal',
        'libxl',
        row,
        offset + 12,
        4,
        'a big-endian stream: Xen refuses it',
        'option bit 0 clear',
        hex0x(options),
      );
    }
    if (options >= 4)
      this.#note(
        'reserved',
        'note',
        'libxl',
        row,
        offset + 12,
        4,
        'reserved option bits are set',
        'bits 0 and 1 only',
        hex0x(options),
      );
    this.position = offset + LIBXL_HEADER_SIZE;
    this.#trustedEnd = this.position;
    return true;
  }

  *#imageHeader(offset: number, parent: number): Reading<boolean> {
    const raw = yield* this.#reader.at(offset, IMAGE_HEADER_SIZE);
    if (raw.length < IMAGE_HEADER_SIZE)
      return this.#cutHeader('libxc', offset, IMAGE_HEADER_SIZE, 'the libxc image header');
    const { marker, id, version, options, reserved16, reserved32 } = parse(IMAGE_HEADER, raw);
    if (marker !== IMAGE_MARKER || id !== IMAGE_ID) {
      this.#layer = 'libxc';
      return yield* this.#lost(
        'libxc',
        offset,
        'no libxc image header where the libxc stream must start',
        `${hex0x(IMAGE_MARKER)} and ${hex0x(IMAGE_ID)}`,
        `${hex0x(marker, 16)} and ${hex0x(id, 8)}`,
      );
    }
    this.#imageRow = this.#header('libxc', HeaderType.IMAGE_HEADER, offset, IMAGE_HEADER_SIZE, parent);
    this.#hash(raw);
    const row = this.#imageRow;
    this.image.libxcVersion = version;
    if (version !== 2 && version !== 3)
      this.#note(
        'bad-version',
        'fatal',
        'libxc',
        row,
        offset + 12,
        4,
        'a version of the libxc stream that Xen does not know',
        '2 or 3',
        grouped(version),
      );
    const little = (options & IMAGE_OPTION_BIG_ENDIAN) === 0;
    this.#littleEndian = { ...this.#littleEndian, libxc: little };
    if (!little) {
      this.image.bigEndian = true;
      this.#note(
        'big-endian',
        'fatal',
        'libxc',
        row,
        offset + 16,
        2,
        'a big-endian stream: Xen refuses it',
        'option bit 0 clear',
        hex0x(options),
      );
    }
    if (options >= 2)
      this.#note(
        'reserved',
        'note',
        'libxc',
        row,
        offset + 16,
        2,
        'reserved option bits are set',
        'bit 0 only',
        hex0x(options),
      );
    if (reserved16 !== 0 || reserved32 !== 0)
      this.#note('reserved', 'note', 'libxc', row, offset + 18, 6, 'reserved words are not zero');
    return yield* this.#domainHeader(offset + IMAGE_HEADER_SIZE);
  }

  *#domainHeader(offset: number): Reading<boolean> {
    const raw = yield* this.#reader.at(offset, DOMAIN_HEADER_SIZE);
    if (raw.length < DOMAIN_HEADER_SIZE)
      return this.#cutHeader('libxc', offset, DOMAIN_HEADER_SIZE, 'the domain header');
    const { type, page_shift, reserved, xen_major, xen_minor } = parse(DOMAIN_HEADER, raw, this.#littleEndian.libxc);
    const row = this.#header('libxc', HeaderType.DOMAIN_HEADER, offset, DOMAIN_HEADER_SIZE, this.#imageRow);
    this.#hash(raw);
    Object.assign(this.image, { domainType: type, xenMajor: xen_major, xenMinor: xen_minor });
    if (type !== 1 && type !== 2)
      this.#note(
        'bad-domain-type',
        'fatal',
        'libxc',
        row,
        offset,
        4,
        'a kind of guest that Xen does not know',
        '1 (x86 PV) or 2 (x86 HVM)',
        grouped(type),
      );
    if (page_shift !== 12)
      this.#note(
        'bad-page-shift',
        'fatal',
        'libxc',
        row,
        offset + 4,
        2,
        'pages of a size that Xen does not have',
        '12',
        grouped(page_shift),
      );
    if (reserved !== 0)
      this.#note('reserved', 'note', 'libxc', row, offset + 6, 2, 'a reserved word is not zero', '0', hex0x(reserved));
    if (xen_major > 9 || xen_minor > 99)
      this.#note(
        'odd-xen-version',
        'note',
        'libxc',
        row,
        offset + 8,
        8,
        'no Xen has such a version',
        '4.x',
        `${xen_major}.${xen_minor}`,
      );
    this.#layer = 'libxc';
    this.position = offset + DOMAIN_HEADER_SIZE;
    this.#trustedEnd = this.position;
    this.imageVersion++;
    return true;
  }

  // --- records ------------------------------------------------------------------------------------------------------

  *#stream(): Reading<void> {
    do {
      while (this.#layer !== 'end') {
        if (this.#records.count >= RECORD_LIMIT) {
          this.#note(
            'index-full',
            'warning',
            'file',
            null,
            this.position,
            0,
            `the index holds ${grouped(RECORD_LIMIT)} records and takes no more; the rest of the file is not listed`,
          );
          return;
        }
        if (!(yield* this.#record(this.#layer))) return;
      }
    } while (yield* this.#trailer());
  }

  get #context(): Context {
    return { reader: this.#reader, littleEndian: this.#littleEndian, nested: this.#nested };
  }

  /** One record; false where the walk ends before the stream does. */
  *#record(layer: StreamLayer): Reading<boolean> {
    const offset = this.position;
    const { size } = this.#reader;
    if (offset >= size) return this.#endOfFile(layer);
    const little = this.#littleEndian[layer];
    const head = yield* this.#reader.at(offset, RECORD_HEADER_SIZE);
    if (head.length < RECORD_HEADER_SIZE) {
      this.#note(
        'file-ends',
        'fatal',
        layer,
        null,
        offset,
        head.length,
        'the file ends inside a record header',
        '8 bytes',
        `${head.length} bytes`,
      );
      return false;
    }
    const header: Header = { offset, type: readU32(head, 0, little), length: readU32(head, 4, little) };
    const spec = recordSpec(layer, header.type);
    if (!spec) return yield* this.#unknown(layer, header);
    if (!fitsRule(spec.length, header.length) || (layer === 'libxc' && header.length > REC_LENGTH_MAX)) {
      return yield* this.#badLength(layer, header);
    }
    if (offset + RECORD_HEADER_SIZE + header.length > size) return yield* this.#cutBody(layer, header);
    return yield* this.#good(layer, header);
  }

  *#good(layer: StreamLayer, header: Header): Reading<boolean> {
    const { offset, type, length } = header;
    if (layer === 'libxc' && type === LibxcType.PAGE_DATA) return yield* this.#pageData(header);
    if (type === 0 && (yield* this.#isFalseEnd(layer, header))) return yield* this.#noHeader(layer, header);
    const spec = recordSpec(layer, type);
    const body = offset + RECORD_HEADER_SIZE;
    let vcpu = -1;
    if (spec?.perVcpu) {
      const id = readU32(yield* this.#reader.at(body, 4), 0, this.#littleEndian.libxc);
      vcpu = id > 0x7fff_ffff ? -1 : id;
    }
    const row = this.#row(layer, header, { vcpu });
    if (layer === 'libxc' && type === LibxcType.X86_PV_VCPU_BASIC && vcpu >= 0) this.#vcpu(vcpu);
    if (layer === 'libxc') yield* this.#learn(type, row, body, length);
    const end = endOf(offset, length);
    yield* this.#hashRange(offset, Math.min(end, this.#reader.size));
    if (end > this.#reader.size)
      this.#note(
        'file-ends',
        'fatal',
        layer,
        row,
        body + length,
        this.#reader.size - body - length,
        'the file ends inside the padding of a record',
      );
    this.position = Math.min(end, this.#reader.size);
    // A length that the type fixes is right if it is there at all; any other can be wrong without showing it.
    if (spec && spec.length.min === spec.length.max) this.#trustedEnd = end;
    else this.#trustedEnd = body;
    return yield* this.#after(layer, type);
  }

  /** Hands over to the layer that reads what follows. */
  *#after(layer: StreamLayer, type: number): Reading<boolean> {
    if (layer === 'libxl' && type === LibxlType.LIBXC_CONTEXT) {
      return yield* this.#imageHeader(this.position, this.#records.count - 1);
    }
    if (layer === 'libxc' && type === LibxcType.CHECKPOINT) {
      this.image.checkpoints++;
      this.#newPass = true;
      this.imageVersion++;
    }
    if (layer === 'libxc' && type === LibxcType.VERIFY) {
      this.image.verify = true;
      this.#verifying = true;
      this.#newPass = true;
    }
    this.#layer = layerAfter(layer, type, this.#nested);
    return true;
  }

  /** Facts about the whole image that single records hold. */
  *#learn(type: number, row: number, body: number, length: number): Reading<void> {
    if (type === LibxcType.X86_PV_INFO) {
      this.image.guestWidth = (yield* this.#reader.at(body, 1))[0] ?? 0;
      this.imageVersion++;
    } else if (type === LibxcType.X86_PV_P2M_FRAMES) {
      this.image.maxPfn = readU32(yield* this.#reader.at(body + 4, 4), 0, this.#littleEndian.libxc);
      this.imageVersion++;
    } else if (type === LibxcType.HVM_CONTEXT && length <= CONTEXT_LIMIT) {
      const context = yield* this.#reader.at(body, length);
      for (const { typecode, instance, at, length: bytes } of hvmEntries(context, length, this.#littleEndian.libxc)) {
        if (this.image.context.length >= ENTRY_LIMIT) break;
        if (typecode === HvmType.CPU) this.#vcpu(instance);
        this.image.context.push({ record: row, typecode, instance, offset: body + at, length: bytes });
      }
      this.imageVersion++;
    }
  }

  #vcpu(id: number): void {
    if (this.#vcpus.size < VCPU_LIMIT) this.#vcpus.add(id);
    this.image.vcpus = this.#vcpus.size;
    this.imageVersion++;
  }

  /** A PAGE_DATA of which the file has at least the count. */
  *#pageData(header: Header): Reading<boolean> {
    const { offset, length } = header;
    const { size } = this.#reader;
    const body = offset + RECORD_HEADER_SIZE;
    const available = Math.min(length, size - body);
    const counts = yield* this.#reader.at(body, PAGE_DATA_HEADER_SIZE);
    const count = readU32(counts, 0, this.#littleEndian.libxc);
    const reserved = readU32(counts, 4, this.#littleEndian.libxc);
    const list = body + PAGE_DATA_HEADER_SIZE;
    const listed = Math.min(count, Math.floor((available - PAGE_DATA_HEADER_SIZE) / PFN_ENTRY_SIZE));
    const listEnd = list + listed * PFN_ENTRY_SIZE;
    const row = this.#records.count;
    const pages = new PageListReader(this.#pages, row, list + count * PFN_ENTRY_SIZE, body + available);
    const first = yield* this.#reader.at(offset, Math.min(listEnd - offset, PIECE));
    this.#hash(first);
    pages.add(first.subarray(list - offset), this.#littleEndian.libxc);
    for (let at = offset + first.length; at < listEnd;) {
      const piece = yield* this.#reader.at(at, Math.min(PIECE, listEnd - at));
      this.#hash(piece);
      pages.add(piece, this.#littleEndian.libxc);
      at += piece.length;
      this.position = at;
    }
    pages.flush();
    const passStart = this.#newPass || (listed > 0 && pages.firstPfn <= this.#lastPfn);
    const listLength = PAGE_DATA_HEADER_SIZE + count * PFN_ENTRY_SIZE;
    const whole = listLength + pages.pages * PAGE_SIZE;
    // A list that the end of the file cuts says too little to contradict the length.
    const exact = listed === count ? whole === length : available < length && listLength <= length;
    this.#row('libxc', header, { pages: listed, damaged: !exact || available < length, passStart });
    this.#pass(row, offset, listed, pages.pages, passStart);
    if (pages.lastPfn >= 0) this.#lastPfn = pages.lastPfn;
    this.#pageFindings(header, row, pages, { count, reserved, listed, whole, exact });
    const end = endOf(offset, length);
    if (exact) {
      if (available < length) return yield* this.#cutHere('libxc', header, row);
      this.position = end;
      // Bytes can be missing among the pages, so that the next header came earlier.
      this.#trustedEnd = listEnd;
      return true;
    }
    // The length and the list contradict each other: go on at the end that a plausible record follows.
    for (const candidate of [end, endOf(offset, whole)]) {
      if (candidate <= size && (yield* this.#follows('libxc', LibxcType.PAGE_DATA, candidate))) {
        this.position = candidate;
        this.#trustedEnd = listEnd;
        return true;
      }
    }
    return yield* this.#search('libxc', listEnd, row);
  }

  #pageFindings(
    { offset, length }: Header,
    row: number,
    pages: PageListReader,
    list: { count: number; reserved: number; listed: number; whole: number; exact: boolean },
  ): void {
    const body = offset + RECORD_HEADER_SIZE;
    const entryAt = (entry: number): number => body + PAGE_DATA_HEADER_SIZE + entry * PFN_ENTRY_SIZE;
    if (list.count === 0)
      this.#note(
        'no-pages',
        'fatal',
        'libxc',
        row,
        body,
        4,
        'a PAGE_DATA without a single PFN: Xen refuses it',
        'at least 1',
        '0',
      );
    if (list.reserved !== 0)
      this.#note(
        'reserved',
        'note',
        'libxc',
        row,
        body + 4,
        4,
        'a reserved word is not zero',
        '0',
        hex0x(list.reserved),
      );
    if (!list.exact) {
      const fits = list.listed === list.count;
      this.#note(
        'bad-length',
        'fatal',
        'libxc',
        row,
        offset + 4,
        4,
        fits ? 'the length is not what the list of PFNs adds up to' : 'the record is too short for its list of PFNs',
        fits ? grouped(list.whole) : `${grouped(list.count)} PFNs`,
        fits ? grouped(length) : `room for ${grouped(list.listed)}`,
      );
    }
    if (pages.badType >= 0)
      this.#note(
        'bad-page-type',
        'fatal',
        'libxc',
        row,
        entryAt(pages.badType),
        8,
        `PFN entry ${pages.badType} has a reserved page type`,
        'types 0–4 and 9–15',
        'types 5–8',
      );
    if (pages.badBits >= 0)
      this.#note(
        'reserved',
        'note',
        'libxc',
        row,
        entryAt(pages.badBits),
        8,
        `PFN entry ${pages.badBits} has reserved bits set`,
        'bits 59–52 clear',
      );
    if (!this.#runsFull && this.#pages.runs >= PAGE_RUN_LIMIT) {
      this.#runsFull = true;
      this.#note(
        'page-index-full',
        'warning',
        'file',
        row,
        offset,
        8,
        `the page index holds ${grouped(PAGE_RUN_LIMIT)} runs and takes no more; later pages are not on the map`,
      );
    }
  }

  #pass(row: number, offset: number, entries: number, pages: number, starts: boolean): void {
    const { passes } = this.image;
    const last = passes.at(-1);
    if (!starts && last) {
      const grown: Pass = {
        ...last,
        records: last.records + 1,
        entries: last.entries + entries,
        pages: last.pages + pages,
      };
      passes[passes.length - 1] = grown;
    } else if (passes.length < PASS_LIMIT) {
      passes.push({ kind: this.#verifying ? 'verify' : 'pass', record: row, records: 1, entries, pages, offset });
      this.imageVersion++;
    }
    this.#newPass = false;
  }

  // --- damage -------------------------------------------------------------------------------------------------------

  /** A type that the format does not define: a record of its own if one follows it, else nonsense. */
  *#unknown(layer: StreamLayer, header: Header): Reading<boolean> {
    const { offset, type, length } = header;
    const { size } = this.#reader;
    const end = endOf(offset, length);
    const optional = layer === 'libxc' && type >= OPTIONAL_RECORD;
    const fits = offset + RECORD_HEADER_SIZE + length <= size && (layer === 'libxl' || length <= REC_LENGTH_MAX);
    if (!fits || !(yield* this.#follows(layer, type, Math.min(end, size)))) return yield* this.#noHeader(layer, header);
    const row = this.#row(layer, header, {});
    yield* this.#hashRange(offset, Math.min(end, size));
    if (optional)
      this.#note(
        'optional-record',
        'note',
        layer,
        row,
        offset,
        4,
        `an optional record of unassigned type ${unknownName(type)}: libxc skips it`,
      );
    else
      this.#note(
        'unknown-record',
        'fatal',
        layer,
        row,
        offset,
        4,
        `a record of unassigned type ${unknownName(type)}: a reader must refuse it`,
        'a type that the specification defines',
        unknownName(type),
      );
    this.position = Math.min(end, size);
    this.#trustedEnd = offset + RECORD_HEADER_SIZE;
    return true;
  }

  *#badLength(layer: StreamLayer, header: Header): Reading<boolean> {
    const { offset, type, length } = header;
    const spec = recordSpec(layer, type);
    const rule = spec?.length ?? { min: 0, max: 0 };
    const tooLong = layer === 'libxc' && length > REC_LENGTH_MAX;
    const wanted = tooLong
      ? `at most ${grouped(REC_LENGTH_MAX)}`
      : rule.min === rule.max
        ? grouped(rule.min)
        : `${grouped(rule.min)} or more${rule.step && rule.step > 1 ? `, in steps of ${rule.step}` : ''}`;
    const note = (): number => {
      const row = this.#row(layer, header, { damaged: true });
      const severity = tooLong ? 'fatal' : 'warning';
      const message = `${spec?.name ?? 'a record'} has a length that it cannot have`;
      this.#note('bad-length', severity, layer, row, offset + 4, 4, message, wanted, grouped(length));
      return row;
    };
    for (const candidate of rule.min === rule.max ? [length, rule.min] : [length]) {
      const end = Math.min(endOf(offset, candidate), this.#reader.size);
      if (offset + RECORD_HEADER_SIZE + candidate > this.#reader.size) continue;
      if (!(yield* this.#follows(layer, type, end))) continue;
      note();
      yield* this.#hashRange(offset, end);
      this.position = end;
      this.#trustedEnd = offset + RECORD_HEADER_SIZE;
      return yield* this.#after(layer, type);
    }
    // Nothing tells where it ends. If records go on before it, it never was one.
    const found = yield* this.#resync(layer, Math.min(offset, this.#trustedEnd));
    if (found && found.offset <= offset) return yield* this.#noHeader(layer, header);
    const row = note();
    this.#hash(yield* this.#reader.at(offset, RECORD_HEADER_SIZE));
    return this.#resume(layer, offset + RECORD_HEADER_SIZE, row, found);
  }

  /** A well-formed record whose end lies behind the end of the file. */
  *#cutBody(layer: StreamLayer, header: Header): Reading<boolean> {
    const hasCounts = this.#reader.size - header.offset >= RECORD_HEADER_SIZE + PAGE_DATA_HEADER_SIZE;
    if (layer === 'libxc' && header.type === LibxcType.PAGE_DATA && hasCounts) return yield* this.#pageData(header);
    const row = this.#row(layer, header, { damaged: true });
    this.#hash(yield* this.#reader.at(header.offset, RECORD_HEADER_SIZE));
    return yield* this.#cutHere(layer, header, row);
  }

  *#cutHere(layer: StreamLayer, { offset, length }: Header, row: number): Reading<boolean> {
    const body = offset + RECORD_HEADER_SIZE;
    const { size } = this.#reader;
    const name = this.#records.row(row)?.name ?? 'a record';
    this.#note(
      'file-ends',
      'fatal',
      layer,
      row,
      offset,
      size - offset,
      `the file ends inside ${name}`,
      `${grouped(length)} bytes`,
      `${grouped(size - body)} bytes`,
    );
    return yield* this.#search(layer, body, row);
  }

  *#noHeader(layer: StreamLayer, { offset, type, length }: Header): Reading<boolean> {
    return yield* this.#lost(
      layer,
      offset,
      'no record header where one must be',
      'a type and length that the format allows',
      `type ${hex0x(type, 8)}, length ${grouped(length)}`,
    );
  }

  /** Something else stands where a header must be: say so and look for where records go on. */
  *#lost(layer: Layer, offset: number, message: string, expected: string, found: string): Reading<boolean> {
    const row = this.#records.count > 0 ? this.#records.count - 1 : null;
    const shown = Math.min(RECORD_HEADER_SIZE, this.#reader.size - offset);
    this.#note('no-header', 'fatal', layer, row, offset, shown, message, expected, found);
    const stream = this.#layer === 'libxl' ? 'libxl' : 'libxc';
    return this.#resume(stream, offset, row, yield* this.#resync(stream, Math.min(offset, this.#trustedEnd)));
  }

  *#search(layer: StreamLayer, from: number, row: number | null): Reading<boolean> {
    return this.#resume(layer, from, row, yield* this.#resync(layer, from));
  }

  *#resync(layer: StreamLayer, from: number, length = RESYNC_LIMIT): Reading<Resynced | undefined> {
    this.position = from;
    const layers: StreamLayer[] = this.#nested ? [layer, layer === 'libxl' ? 'libxc' : 'libxl'] : ['libxc'];
    return yield* resync(this.#context, layers, from, length);
  }

  /** Goes on where a search has found records; `at` is where they were expected. False where it has found none. */
  #resume(layer: StreamLayer, at: number, row: number | null, found: Resynced | undefined): boolean {
    const start = Math.min(at, found?.offset ?? at);
    const lost = (found?.offset ?? this.#reader.size) - start;
    if (lost > 0) this.image.gaps.push({ offset: start, length: lost, before: this.#records.count });
    this.imageVersion++;
    if (!found) {
      const far = lost > RESYNC_LIMIT ? `in the next ${grouped(RESYNC_LIMIT)} bytes ` : '';
      const message = `no further record found ${far}after the damage; ${grouped(lost)} bytes are not listed`;
      this.#note('not-resumed', 'warning', layer, row, start, lost, message);
      this.position = this.#reader.size;
      return false;
    }
    const how =
      found.offset < at
        ? `, ${grouped(at - found.offset)} bytes earlier than the record before says`
        : `; ${grouped(lost)} bytes before are not listed`;
    const message = `records go on at ${hex0x(found.offset)}${how}`;
    this.#note('resumed', 'warning', found.layer, row, start, lost, message, undefined, `a ${found.layer} record`);
    this.position = found.offset;
    this.#trustedEnd = found.offset;
    this.#layer = found.layer;
    return true;
  }

  /** Whether what must come after a record of this type does come at `offset`, as far as the file goes. */
  *#follows(layer: StreamLayer, type: number, offset: number): Reading<boolean> {
    if (layer === 'libxl' && type === LibxlType.LIBXC_CONTEXT) {
      const raw = yield* this.#reader.at(offset, 8);
      return raw.every((byte) => byte === 0xff);
    }
    const after = layerAfter(layer, type, this.#nested);
    return after === 'end' || (yield* goesOn(this.#context, after, offset));
  }

  /**
   * Whether an END is only zeros that stand where a header must: what comes after it makes no sense, and records go on
   * before it.
   */
  *#isFalseEnd(layer: StreamLayer, { offset, length }: Header): Reading<boolean> {
    const end = endOf(offset, length);
    const after = layerAfter(layer, 0, this.#nested);
    const closes = after === 'end' ? this.#reader.size - end <= TAIL : yield* goesOn(this.#context, after, end);
    if (closes || offset <= this.#trustedEnd) return false;
    const found = yield* this.#resync(layer, this.#trustedEnd, TRAILER_SEARCH);
    return found !== undefined && found.offset < offset;
  }

  // --- ends ---------------------------------------------------------------------------------------------------------

  #endOfFile(layer: StreamLayer): boolean {
    const at = this.#reader.size;
    const last = this.#records.count - 1;
    if (this.image.checkpoints > 0) {
      this.#note(
        'open-ended',
        'note',
        layer,
        last,
        at,
        0,
        `the stream ends after checkpoint ${this.image.checkpoints} without an END, as a checkpointed stream does; what follows the last checkpoint is discarded on restore`,
      );
    } else {
      const severity = layer === 'libxl' ? 'warning' : 'fatal';
      const taken = layer === 'libxl' ? '; xl takes the end of the file for it' : '';
      this.#note(
        'no-end',
        severity,
        layer,
        last,
        at,
        0,
        `the file ends before the END record of the ${layer} stream${taken}`,
        'END',
        'end of file',
      );
    }
    return false;
  }

  /** What follows the last END; true where that is records again. */
  *#trailer(): Reading<boolean> {
    this.image.complete = true;
    const offset = this.position;
    const length = this.#reader.size - offset;
    if (length === 0) return false;
    const raw = (yield* this.#reader.at(offset, Math.min(length, 4096))).slice();
    const row = this.#records.count - 1;
    const found = length > TAIL ? yield* this.#resync('libxc', offset, TRAILER_SEARCH) : undefined;
    if (found) {
      const message = 'records follow the last END; a reader stops at it';
      const what = `a ${found.layer} record`;
      this.#note('records-after-end', 'fatal', found.layer, row, found.offset, 8, message, 'end of file', what);
      if (found.offset > offset) {
        this.image.gaps.push({ offset, length: found.offset - offset, before: this.#records.count });
      }
      this.#layer = found.layer;
      this.position = found.offset;
      this.#trustedEnd = found.offset;
      this.image.complete = false;
      return true;
    }
    this.position = offset;
    this.#hash(raw);
    const closing = raw.length === length && raw[length - 1] === 0 ? raw.subarray(0, length - 1) : raw;
    const text = ascii(closing);
    this.image.trailer = { offset, length, text };
    const acknowledged = text === 'domain is yours, you are cleared to unpause';
    this.#note(
      acknowledged ? 'migration-go' : 'trailing-bytes',
      'note',
      'xl',
      row,
      offset,
      length,
      acknowledged
        ? 'a captured migration that succeeded: the sender’s go-ahead follows the stream'
        : `${grouped(length)} bytes follow the last END; no reader looks at them`,
    );
    return false;
  }

  // --- helpers ------------------------------------------------------------------------------------------------------

  #row(layer: StreamLayer, { offset, type, length }: Header, more: Partial<RecordEntry>): number {
    const parent = layer === 'libxl' ? this.#libxlRow : this.#imageRow;
    return this.#records.add({
      layer,
      kind: 'record',
      type,
      offset,
      length,
      parent,
      vcpu: -1,
      pages: -1,
      damaged: false,
      passStart: false,
      ...more,
    });
  }

  #header(layer: Layer, type: number, offset: number, length: number, parent: number): number {
    return this.#records.add({
      layer,
      kind: 'header',
      type,
      offset,
      length: Math.min(length, 0xffff_ffff),
      parent,
      vcpu: -1,
      pages: -1,
      damaged: false,
      passStart: false,
    });
  }

  #cutHeader(layer: Layer, offset: number, wanted: number, what: string): boolean {
    const have = Math.max(0, this.#reader.size - offset);
    this.#note(
      'file-ends',
      'fatal',
      layer,
      this.#records.count > 0 ? this.#records.count - 1 : null,
      offset,
      have,
      `the file ends inside ${what}`,
      `${wanted} bytes`,
      `${have} bytes`,
    );
    return false;
  }

  *#hashRange(start: number, end: number): Reading<void> {
    for (let at = start; at < end;) {
      const piece = yield* this.#reader.at(at, Math.min(PIECE, end - at));
      if (piece.length === 0) return;
      this.#hash(piece);
      at += piece.length;
      this.position = Math.max(this.position, at);
    }
  }

  #note(
    id: string,
    severity: Finding['severity'],
    layer: Finding['layer'],
    record: number | null,
    offset: number,
    length: number,
    message: string,
    expected?: string,
    found?: string,
  ): void {
    if (this.findings.length >= FINDING_LIMIT) {
      this.suppressed++;
      return;
    }
    this.findings.push({
      id,
      severity,
      layer,
      record,
      offset,
      length: Math.max(0, length),
      message,
      ...(expected === undefined ? {} : { expected }),
      ...(found === undefined ? {} : { found }),
    });
  }
}
