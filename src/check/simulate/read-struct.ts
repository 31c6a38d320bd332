/** Structures read as Xen reads them. */
import { sizeOf, type StructField, type ValueOf } from '../../format/kit/layout';
import { parse } from '../../format/kit/parse';
import type { Reader, Reading } from '../../scan/reader';
import type { Span } from '../../lib/range';

/** Reads a structure from the start of a place; what the place or the file is too short for reads as zeros. */
export function* readStruct<F extends StructField>(
  reader: Reader,
  layout: F,
  { offset, length }: Span,
): Reading<ValueOf<F>> {
  const bytes = new Uint8Array(sizeOf(layout));
  const there = Math.max(0, Math.min(length, bytes.length));
  bytes.set((yield* reader.at(offset, there)).subarray(0, there));
  return parse(layout, bytes);
}
