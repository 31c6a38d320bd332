/** Where a field lies in a structure of fixed size, by its path: `user_regs.rdx`, `gdt_frames[2]`. */
import type { Span } from '../../lib/range';
import { type Field, sizeOf, type StructField } from './layout';

const STEP = /([^.[\]]+)|\[(\d+)\]/gu;

/**
 * Returns where a field lies in its structure. Throws for a path that the layout does not have: a mistake in the
 * program, not in a file.
 */
export function locate(layout: StructField, path: string): Span {
  let known = places.get(layout);
  if (!known) places.set(layout, (known = new Map()));
  let place = known.get(path);
  if (!place) known.set(path, (place = find(layout, path)));
  return place;
}

/** Places once found: a check asks for the same ones at every vCPU. */
const places = new WeakMap<StructField, Map<string, Span>>();

function find(layout: StructField, path: string): Span {
  let field: Field = layout;
  let offset = 0;
  for (const [, name, index] of path.matchAll(STEP)) {
    const step: { readonly field: Field; readonly offset: number } =
      index === undefined ? named(field, name ?? '') : element(field, Number(index));
    field = step.field;
    offset += step.offset;
  }
  return { offset, length: sizeOf(field) };
}

function named(field: Field, name: string): { readonly field: Field; readonly offset: number } {
  if (field.kind !== 'struct') throw new Error(`no fields in what has ${name}`);
  let offset = 0;
  for (const [key, part] of Object.entries(field.fields)) {
    if (key === name) return { field: part, offset };
    offset += sizeOf(part);
  }
  throw new Error(`${field.name} has no field ${name}`);
}

function element(field: Field, index: number): { readonly field: Field; readonly offset: number } {
  // Elements that are described one by one are fields called by their index.
  if (field.kind === 'struct') return named(field, `[${index}]`);
  if (field.kind !== 'array') throw new Error('no array');
  return { field: field.of, offset: index * sizeOf(field.of) };
}
