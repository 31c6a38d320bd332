/** Places of the file. */
import type { FieldPlace } from '../../../format/kit/locate';
import type { Place } from '../../kit/rule';
import type { Blob } from '../state';

/** Returns the place in the file of a field, of a structure that a blob starts with. */
export const within = ({ offset }: Blob, field: FieldPlace): Place => ({
  offset: offset + field.offset,
  length: field.length,
});
