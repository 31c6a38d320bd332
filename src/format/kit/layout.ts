/**
 * The vocabulary in which structures are described. A structure is written down once, as a table of fields in file
 * order; from that one table come its values (`parse`), the tree on the screen with every byte span (`decode`) and
 * the bytes that tests build streams from (`encode`). Offsets are never written: order and sizes give them, and tests
 * hold them against the numbers of Xen's headers.
 */

import type { MemoryRef } from './node';

export type Names = Readonly<Record<number, string>>;

/** Byte order: the stream's own, or fixed by the specification (image and libxl headers are big-endian always). */
type Endian = 'stream' | 'big';

/**
 * How an integer reads: `dec` grouped decimal, `hex` with 0x, `register` all digits without 0x, `bytes` as a size,
 * `ns`/`khz` in their units.
 */
export type Display = 'dec' | 'hex' | 'register' | 'bytes' | 'khz' | 'ns';

/** Part of an integer: lowest bit and width. A width of one makes it a flag, shown by name when set. */
export interface BitRange {
  readonly at: number;
  readonly width?: number;
  readonly names?: Names;
  readonly display?: Display;
  readonly mustBe?: number;
  /** Says that the bit means its name when it is clear: it is no flag when set. */
  readonly quiet?: true;
  /** Says that the bits have no meaning: they are no flags, and are shown among others only where they are wrong. */
  readonly reserved?: true;
  readonly doc?: string;
}
export type Bits = Readonly<Record<string, number | BitRange>>;

interface Meta {
  /** What the field means, one sentence, shown as tooltip. */
  readonly doc?: string;
  /** Where the layout is fixed: specification section or Xen header. */
  readonly source?: string;
  /**
   * The release of Xen that added the field to the end of its structure, with those behind it up to the next such
   * field: 413 for 4.13, also where a point release brought it. Older ones stop before it, and readers take it as zeros.
   */
  readonly since?: number;
  /** Says that the field has no meaning: padding, or kept for later. It is shown among others only where it is wrong. */
  readonly reserved?: true;
}

/** Values of the integers before a field in its structure, by name. */
export type Before = Readonly<Record<string, number | bigint>>;

export interface IntOptions extends Meta {
  readonly display?: Display;
  readonly names?: Names;
  readonly bits?: Bits;
  readonly mustBe?: number | bigint;
  readonly endian?: Endian;
  /** A short reading of the value, in words, beside it. */
  readonly note?: (value: number | bigint) => string | undefined;
  /** Where in the guest's memory the value leads; undefined for values that lead nowhere. */
  readonly leadsTo?: (value: number | bigint) => MemoryRef | undefined;
  /** What fields before this one add to how it reads: the bits of an MSR by its number, say. */
  readonly refine?: (before: Before) => Omit<IntOptions, 'refine' | 'endian'> | undefined;
}

export interface IntField<V extends number | bigint = number | bigint> extends IntOptions {
  readonly kind: 'int';
  readonly size: 1 | 2 | 4 | 8;
  readonly signed: boolean;
  /** Carries the value's type for inference; never set. */
  readonly type?: V;
}

/** A count fixed by the format, by fields before it, or by what is left of the body. */
export type Count = number | 'rest' | ((before: Before) => number);

export interface BytesField extends Meta {
  readonly kind: 'bytes';
  readonly size: Count;
  /** `hex` opaque bytes; `text` up to the first NUL; `zero` reserved or padding, which must be 0. */
  readonly as: 'hex' | 'text' | 'zero';
  /** Text that is a document of many lines. */
  readonly document?: true;
  /** A short reading of the bytes, in words; they may be fewer than the field has. */
  readonly note?: (raw: Uint8Array, littleEndian: boolean) => string | undefined;
}

export type Fields = Readonly<Record<string, Field>>;

export interface StructField<F extends Fields = Fields> extends Meta {
  readonly kind: 'struct';
  readonly name: string;
  readonly fields: F;
  /** One line that stands for the whole structure where it is folded. */
  readonly summary?: (values: Before) => string | undefined;
}

export interface ArrayField<E extends Field = Field> extends Meta {
  readonly kind: 'array';
  readonly of: E;
  readonly count: Count;
  /** Name of one element; its index in brackets if not given. */
  readonly label?: (index: number) => string;
  /** What the place of an element, and the fields before the array, add to how an integer element reads. */
  readonly each?: (index: number, before: Before) => Omit<IntOptions, 'refine' | 'endian'>;
  /** A short reading of the whole array, in words, from the bytes of it that are loaded. */
  readonly note?: (raw: Uint8Array, littleEndian: boolean) => string | undefined;
}

export type Field = IntField | BytesField | StructField | ArrayField;

/** The value that a field decodes to. */
export type ValueOf<F> =
  F extends IntField<infer V>
    ? V
    : F extends StructField<infer S>
      ? { readonly [K in keyof S]: ValueOf<S[K]> }
      : F extends ArrayField<infer E>
        ? readonly ValueOf<E>[]
        : F extends { as: 'text' }
          ? string
          : Uint8Array;

type Small = IntField<number>;
type Wide = IntField<bigint>;

const int = (size: 1 | 2 | 4 | 8, signed: boolean, options: IntOptions = {}): IntField => ({
  kind: 'int',
  size,
  signed,
  ...options,
});

/** Makes a signed integer of 1 byte. */
export const i8 = (options?: IntOptions): Small => int(1, true, options) as Small;
/** Makes an unsigned integer of 1 byte. */
export const u8 = (options?: IntOptions): Small => int(1, false, options) as Small;
/** Makes an unsigned integer of 2 bytes. */
export const u16 = (options?: IntOptions): Small => int(2, false, options) as Small;
/** Makes an unsigned integer of 4 bytes. */
export const u32 = (options?: IntOptions): Small => int(4, false, options) as Small;
/** Makes an unsigned integer of 8 bytes, whose values are bigints. */
export const u64 = (options?: IntOptions): Wide => int(8, false, options) as Wide;
/** Makes a signed integer of 8 bytes, whose values are bigints. */
export const i64 = (options?: IntOptions): Wide => int(8, true, options) as Wide;

/** Makes a field of bytes that are shown in hex. */
export const bytes = (size: Count, meta: Meta & Pick<BytesField, 'note'> = {}): BytesField & { as: 'hex' } => ({
  kind: 'bytes',
  as: 'hex',
  size,
  ...meta,
});
/** Makes a field of text, which ends at its first NUL. */
export const text = (size: Count, meta: Meta & Pick<BytesField, 'document'> = {}): BytesField & { as: 'text' } => ({
  kind: 'bytes',
  as: 'text',
  size,
  ...meta,
});
/** Makes a field of padding or reserved bytes, which must be zeros. */
export const zeros = (size: Count, meta: Meta = {}): BytesField & { as: 'zero' } => ({
  kind: 'bytes',
  as: 'zero',
  size,
  reserved: true,
  doc: 'Padding.',
  ...meta,
});

/** Makes the function of values that name a place in the guest's memory. Zero and all ones mean none. */
const refTo =
  (space: MemoryRef['space'], ones: bigint) =>
  (value: number | bigint): MemoryRef | undefined => {
    const at = BigInt(value);
    return at === 0n || at === ones ? undefined : { space, at };
  };
export const toPfn = refTo('pfn', 0xffff_ffff_ffff_ffffn);
export const toGpa = refTo('gpa', 0xffff_ffff_ffff_ffffn);
export const toVa = refTo('va', 0xffff_ffff_ffff_ffffn);

/** Least value that is taken for an address where nothing says so: nobody maps the first page. */
const LEAST_ADDRESS = 0x1000n;

/** Returns the place that a register for all purposes may name, as it holds addresses among others. */
export function mayBeVa(value: number | bigint): MemoryRef | undefined {
  const ref = toVa(value);
  return ref && ref.at >= LEAST_ADDRESS ? { ...ref, maybe: true } : undefined;
}

/** Makes a structure of its fields, in file order, without gaps. */
export const struct = <const F extends Fields>(
  name: string,
  fields: F,
  more: Omit<StructField<F>, 'kind' | 'name' | 'fields'> = {},
): StructField<F> => ({ kind: 'struct', name, fields, ...more });

/** Makes an array of elements that are alike. */
export const array = <E extends Field>(
  of: E,
  count: Count,
  more: Omit<ArrayField<E>, 'kind' | 'of' | 'count'> = {},
): ArrayField<E> => ({ kind: 'array', of, count, ...more });

/** Sizes of structures, which are asked for again and again. */
const structSizes = new WeakMap<StructField, number>();

/** Returns the bytes of a field whose size the format fixes; undefined where it depends on the content. */
export function fixedSize(field: Field): number | undefined {
  switch (field.kind) {
    case 'int':
      return field.size;
    case 'bytes':
      return typeof field.size === 'number' ? field.size : undefined;
    case 'array': {
      const each = fixedSize(field.of);
      return typeof field.count === 'number' && each !== undefined ? field.count * each : undefined;
    }
    case 'struct': {
      const known = structSizes.get(field);
      if (known !== undefined) return known;
      let sum = 0;
      for (const part of Object.values(field.fields)) {
        const size = fixedSize(part);
        if (size === undefined) return undefined;
        sum += size;
      }
      structSizes.set(field, sum);
      return sum;
    }
  }
}

/** Returns where a structure grew, with the release that made it so: an older one stops there. */
function growthOf(layout: StructField): { readonly size: number; readonly since: number }[] {
  const steps: { size: number; since: number }[] = [];
  let end = 0;
  for (const field of Object.values(layout.fields)) {
    const start = end;
    if (field.since !== undefined) steps.push({ size: start, since: field.since });
    // A structure at the end may have grown itself.
    if (field.kind === 'struct')
      steps.push(...growthOf(field).map(({ size, since }) => ({ size: start + size, since })));
    end += fixedSize(field) ?? 0;
  }
  return steps;
}

/** Returns the bytes that a structure had in a release of Xen, 413 for 4.13. */
export const sizeInRelease = (layout: StructField, xen: number): number =>
  growthOf(layout).find(({ since }) => since > xen)?.size ?? sizeOf(layout);

/** Returns the sizes that a structure had in older releases of Xen, in bytes, the smallest first. */
export const olderSizes = (layout: StructField): number[] => growthOf(layout).map(({ size }) => size);

/** Returns the layout of a structure that is `size` bytes long: where that is an older size, the fields that it had. */
export function layoutOfSize(layout: StructField, size: number): StructField {
  if (!olderSizes(layout).includes(size)) return layout;
  const fields: Record<string, Field> = {};
  let end = 0;
  for (const [name, field] of Object.entries(layout.fields)) {
    const room = size - end;
    end += sizeOf(field);
    if (end <= size) fields[name] = field;
    // A structure at the end grew too: an older size may stop within it.
    else if (field.kind === 'struct' && room > 0) fields[name] = layoutOfSize(field, room);
    if (end >= size) break;
  }
  return { ...layout, fields };
}

/** Returns the bytes of a field of fixed size. Throws for one that has none: a mistake in a table, not in a file. */
export function sizeOf(field: Field): number {
  const size = fixedSize(field);
  if (size === undefined) throw new Error('this layout has no fixed size');
  return size;
}
