/** Decoded fields by name, with the names checked by the compiler against the layouts that the fields were decoded by. */
import type { ArrayField, Field, StructField } from './layout';
import type { FieldNode } from './node';

/** The names of all fields of a layout, at any depth; of several layouts those of each. */
export type FieldName<F extends Field> =
  F extends StructField<infer S>
    ? string extends keyof S
      ? never
      : { [K in keyof S & string]: K | FieldName<S[K]> }[keyof S & string]
    : F extends ArrayField<infer E>
      ? Field extends E
        ? never
        : FieldName<E>
      : never;

/** Fields found by name: a map of them is one, whatever names it is asked for. */
export interface NamedFields<N extends string = string> {
  get(name: N): FieldNode | undefined;
  has(name: N): boolean;
  values(): Iterable<FieldNode>;
}

/** Returns a field of a structure that was decoded by `_layout`, which is only asked for the names that there are. */
export const childNamed = <F extends StructField>(
  _layout: F,
  node: Pick<FieldNode, 'children'> | undefined,
  name: keyof F['fields'] & string,
): FieldNode | undefined => node?.children?.find((child) => child.name === name);
