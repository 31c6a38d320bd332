/** Places of fields by name, with the names checked by the compiler: what points into a structure writes no offsets. */
import type { Span } from '../../lib/range';
import { type ArrayField, type Field, sizeOf, type StructField } from './layout';
import { locate } from './locate';

/** The paths that a layout has: `version`, `user_regs.rdx`, `gdt_frames[2]`. */
export type FieldPath<F extends Field> =
  F extends StructField<infer S> ? { [K in keyof S & string]: K | Deeper<K, S[K]> }[keyof S & string] : never;

type Deeper<K extends string, F extends Field> =
  F extends StructField<infer S>
    ? `${K}.${FieldPath<StructField<S>>}`
    : F extends ArrayField<infer E>
      ? `${K}[${number}]` | (E extends StructField<infer S> ? `${K}[${number}].${FieldPath<StructField<S>>}` : never)
      : never;

/** Returns the place that comes `index` places of one size behind another: an element of an array, say. */
export const nth = ({ offset, length }: Span, index: number): Span => ({
  offset: offset + index * length,
  length,
});

/** Finds a field's place by its path; with `last`, all from the start of one field to the end of the other. */
export type FieldFinder<F extends Field> = (path: FieldPath<F>, last?: FieldPath<F>) => Span;

/**
 * Makes the finder of a layout's fields. `base`: bytes in front of the structure, where places count from before it, as
 * those of a record's body do from the record's header.
 */
export function fieldsOf<F extends StructField>(layout: F, base = 0): FieldFinder<F> {
  return (path, last = path) => {
    const { offset, length } = spanOf(locate(layout, path), locate(layout, last));
    return { offset: base + offset, length };
  };
}

/** Returns the place of an element of an array whose first one stands at `base`. */
export function elementAt(element: Field, index: number, base = 0): Span {
  const length = sizeOf(element);
  return { offset: base + index * length, length };
}

/** Returns the offset behind a place. */
export const endOf = ({ offset, length }: Span): number => offset + length;

/** Returns all from the start of one place to the end of another behind it. */
export const spanOf = (first: Span, last: Span): Span => ({
  offset: first.offset,
  length: endOf(last) - first.offset,
});
