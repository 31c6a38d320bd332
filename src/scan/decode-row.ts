/** Fields of a row of the index, out of its bytes. */
import { byteSize, hexBytes } from '../lib/text';
import { decodeNode } from '../format/kit/decode';
import type { StructField } from '../format/kit/layout';
import type { Body, FieldNode } from '../format/kit/node';
import { PAGE_SIZE } from '../format/page';
import { decodeHeader, decodeRecord } from '../format/decoders';
import { isXlLittleEndian } from '../format/xl/header';
import type { Guest } from '../format/guest';
import type { ImageInfo } from './image';
import { padded, RECORD_HEADER, RECORD_HEADER_SIZE } from '../format/framing';
import type { RecordRow } from './records';

/** Returns the layout of a record's header, with the type spelled as the specification has it. */
const headerOf = (row: RecordRow): StructField => ({
  ...RECORD_HEADER,
  fields: { ...RECORD_HEADER.fields, type: { ...RECORD_HEADER.fields.type, names: { [row.type]: row.name } } },
});

/** Returns what the scan has learned of the guest, as decoders ask for it. */
export function guestOf({ domainType, guestWidth, xstate }: ImageInfo): Guest {
  return {
    ...(domainType === undefined ? {} : { domainType }),
    ...(guestWidth === undefined ? {} : { width: guestWidth }),
    ...(xstate === undefined ? {} : { xstate }),
  };
}

/**
 * Decodes a row into its fields. `loaded` are the bytes from the row's offset on, at least `loadLength` of them unless the file
 * ends before; `size` is that of the file.
 */
export function decodeRow(row: RecordRow, loaded: Uint8Array, size: number, image: ImageInfo): FieldNode[] {
  const littleEndian = image.bigEndian !== true;
  const guest = guestOf(image);
  if (row.kind === 'header') {
    // The header of xl is in the byte order of the host that saved, whatever the stream says.
    const little = row.layer === 'xl' ? isXlLittleEndian(loaded) : littleEndian;
    return decodeHeader(row.type, bodyOf(row, loaded, 0, size, little, guest));
  }
  const body = bodyOf(row, loaded, RECORD_HEADER_SIZE, size, littleEndian, guest);
  const start = { bytes: loaded, offset: row.offset, length: loaded.length, claimed: loaded.length, littleEndian };
  const nodes = [decodeNode('record header', headerOf(row), start)];
  nodes.push(...decodeRecord(row.layer, row.type, body));
  const padding = paddingNode(row, loaded, size);
  if (padding) nodes.push(padding);
  return nodes;
}

/** Decodes a page of the guest into its fields, as far as the file has its bytes. */
export function decodePage(
  decoder: (body: Body) => FieldNode[],
  offset: number,
  bytes: Uint8Array,
  image: ImageInfo,
): FieldNode[] {
  const { length } = bytes;
  const littleEndian = image.bigEndian !== true;
  return decoder({ bytes, offset, length, claimed: PAGE_SIZE, littleEndian, guest: guestOf(image) });
}

function bodyOf(
  row: RecordRow,
  loaded: Uint8Array,
  from: number,
  size: number,
  littleEndian: boolean,
  guest: Guest,
): Body {
  const offset = row.offset + from;
  const length = Math.max(0, Math.min(row.length, size - offset));
  return { bytes: loaded.subarray(from, from + length), offset, length, claimed: row.length, littleEndian, guest };
}

function paddingNode(row: RecordRow, loaded: Uint8Array, size: number): FieldNode | undefined {
  const end = RECORD_HEADER_SIZE + row.length;
  const length = Math.min(padded(row.length) - row.length, size - row.offset - end);
  if (length <= 0) return undefined;
  const raw = loaded.subarray(end, end + length);
  const text = raw.length === length ? hexBytes(raw, ' ') : byteSize(length);
  return {
    name: 'padding',
    offset: row.offset + end,
    length,
    value: raw.length === length ? text : null,
    text,
    doc: 'Zeros up to a multiple of 8 bytes.',
    ...(raw.some((byte) => byte !== 0) ? { problem: 'padding, expected zeros' } : {}),
  };
}
