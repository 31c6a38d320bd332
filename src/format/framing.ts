/** How records follow each other in a stream, and which of the two layers reads the next. */
import { LibxcType } from './libxc/types';
import { LibxlType } from './libxl/records';
import type { Layer } from './records';

/** Type and length, 4 bytes each. */
export const RECORD_HEADER_SIZE = 8;

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
