/** How records follow each other in a stream, and which of the two layers reads the next. */
import { LibxcType } from './libxc/types';
import { LibxlType } from './libxl/types';
import { sizeOf, struct, u32 } from './kit/layout';
import type { Layer } from './layers';

/** The header that every record of libxc and libxl starts with. */
export const RECORD_HEADER = struct(
  'record header',
  {
    type: u32({ display: 'hex', doc: 'Record type; bit 31 marks an optional record.' }),
    body_length: u32({ display: 'bytes', doc: 'Bytes of the body, without padding.' }),
  },
  { doc: 'Starts every record. Source: libxc-migration-stream and libxl-migration-stream specifications.' },
);

/** Bytes of a record's header, in front of its body. */
export const RECORD_HEADER_SIZE = sizeOf(RECORD_HEADER);

/** The layers that are streams of records. */
export type StreamLayer = Extract<Layer, 'libxl' | 'libxc'>;

/** Bodies are padded with zeros to a multiple of 8 bytes. */
export const padded = (length: number): number => Math.ceil(length / 8) * 8;

/** Where the record at `offset` ends, its padding included. */
export const endOf = (offset: number, length: number): number => offset + RECORD_HEADER_SIZE + padded(length);

/** Which layer reads the header after a record: each hands over to the other at fixed records. */
export function layerAfter(layer: StreamLayer, type: number, nested: boolean): StreamLayer | 'end' {
  if (layer === 'libxl') {
    if (type === LibxlType.END) return 'end';
    return type === LibxlType.CHECKPOINT_END ? 'libxc' : 'libxl';
  }
  if (type === LibxcType.END) return nested ? 'libxl' : 'end';
  return type === LibxcType.CHECKPOINT && nested ? 'libxl' : 'libxc';
}
