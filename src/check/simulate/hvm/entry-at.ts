/** The HVM context as it is loaded, and where its entries stand. */
import { HVM_DESCRIPTOR_SIZE } from '../../../format/hvm/entries';
import type { HvmTypeName } from '../../../format/hvm/types';
import type { Span } from '../../../lib/range';

/** The bytes of a context, and where in the file they stand. */
export interface HvmContext {
  readonly bytes: Uint8Array;
  readonly offset: number;
}

/** An entry of a type that Xen knows. */
export interface HvmEntryAt {
  readonly type: HvmTypeName;
  readonly instance: number;
  /** Offset of the descriptor in the context. */
  readonly at: number;
  /** Bytes of the body by the descriptor. */
  readonly length: number;
}

/** Returns the bytes of an entry's body, as many as the context has of it. */
export function bodyOf({ bytes }: HvmContext, { at, length }: HvmEntryAt): Uint8Array {
  const start = at + HVM_DESCRIPTOR_SIZE;
  return bytes.subarray(start, start + length);
}

/** Returns where in the file an entry stands, its descriptor included; it ends with the context. */
export function placeOf({ bytes, offset }: HvmContext, { at, length }: Pick<HvmEntryAt, 'at' | 'length'>): Span {
  const left = Math.max(0, bytes.length - at);
  return { offset: offset + Math.min(at, bytes.length), length: Math.min(HVM_DESCRIPTOR_SIZE + length, left) };
}
