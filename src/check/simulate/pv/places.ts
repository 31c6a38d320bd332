/** Places of the file. */
import type { Span } from '../../../lib/range';
import type { Blob } from '../state';

/** Returns the place in the file of a field, of a structure that a blob starts with. */
export const within = ({ offset }: Blob, field: Span): Span => ({
  offset: offset + field.offset,
  length: field.length,
});
