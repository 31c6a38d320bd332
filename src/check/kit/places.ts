/** Places within records, counted from the record's header: what a rule points at, by the names of the fields. */
import { RECORD_HEADER, RECORD_HEADER_SIZE } from '../../format/framing';
import { type FieldFinder, fieldsOf } from '../../format/kit/fields';
import type { StructField } from '../../format/kit/layout';

const inHeader = fieldsOf(RECORD_HEADER);

/** The type in a record's header. */
export const TYPE_AT = inHeader('type');
/** The length of the body in a record's header. */
export const LENGTH_AT = inHeader('body_length');

/** Makes the finder of the fields that a record's body starts with. */
export const inBody = <F extends StructField>(layout: F): FieldFinder<F> => fieldsOf(layout, RECORD_HEADER_SIZE);
