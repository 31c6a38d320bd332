/** How records follow each other in a stream, and which of the two layers reads the next. */
import { LibxcType, OPTIONAL_RECORD, REC_LENGTH_MAX } from './libxc/types';
import { LibxlType } from './libxl/types';
import { sizeOf, struct, u32 } from './kit/layout';
import type { Layer, StreamLayer } from './layers';

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

/** Longest body that is taken, bytes: libxc has a limit, libxl takes what the field can say. */
export const MAX_LENGTH: Readonly<Record<StreamLayer, number>> = { libxl: 0xffff_ffff, libxc: REC_LENGTH_MAX };

/** Tells whether a type is one that a reader may skip if it does not know it: libxl has no such types. */
export const isOptional = (layer: Layer, type: number): boolean => layer === 'libxc' && type >= OPTIONAL_RECORD;

/** Returns the bytes that a body takes in the stream: it is padded with zeros to a multiple of 8. */
export const padded = (length: number): number => Math.ceil(length / 8) * 8;

/** Returns where the record at `offset` ends, its padding included. */
export const endOf = (offset: number, length: number): number => offset + RECORD_HEADER_SIZE + padded(length);

/**
 * Returns the layer that reads the header after a record: the libxc stream and the one around it, `outer`, hand over to
 * each other at fixed records.
 */
export function layerAfter(layer: StreamLayer, type: number, outer: StreamLayer | undefined): StreamLayer | 'end' {
  if (layer === 'libxl') {
    if (type === LibxlType.END) return 'end';
    return type === LibxlType.CHECKPOINT_END ? 'libxc' : 'libxl';
  }
  if (type === LibxcType.END) return outer ?? 'end';
  return (type === LibxcType.CHECKPOINT && outer) || 'libxc';
}
