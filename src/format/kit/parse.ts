/** Layout table + bytes → plain values, typed by the table. */
import { readSmall, readU64, writeUint } from './bytes';
import { type Count, type Field, type IntField, sizeOf, type StructField, type ValueOf } from './layout';

type Known = Record<string, number | bigint>;

/** Reads the integer of a field; a number, or a bigint where it has 8 bytes. */
export function readInt(field: IntField, data: Uint8Array, at: number, little: boolean): number | bigint {
  const order = little && field.endian !== 'big';
  if (field.size === 8) {
    const value = readU64(data, at, order);
    return field.signed ? BigInt.asIntN(64, value) : value;
  }
  const value = readSmall(data, at, field.size, order);
  return field.signed ? Number(BigInt.asIntN(field.size * 8, BigInt(value))) : value;
}

/** Returns a count as a number. `room` is what is left, in elements; the count may exceed it, as the bytes may lie. */
export function resolveCount(count: Count, before: Known, room: number): number {
  if (typeof count === 'number') return count;
  if (count === 'rest') return room;
  const found = count(before);
  return Number.isFinite(found) ? Math.max(0, Math.floor(found)) : 0;
}

/**
 * Decodes `field` at `at`. The bytes must hold all of it; where they may not, use `decode`, which reports damage
 * instead. Arrays of variable count take the elements that fit.
 */
export function parse<F extends Field>(field: F, data: Uint8Array, little = true, at = 0): ValueOf<F> {
  return parseAt(field, data, little, at, {}).value as ValueOf<F>;
}

function parseAt(
  field: Field,
  data: Uint8Array,
  little: boolean,
  at: number,
  before: Known,
): { value: unknown; end: number } {
  switch (field.kind) {
    case 'int':
      return { value: readInt(field, data, at, little), end: at + field.size };
    case 'bytes': {
      const size = Math.min(resolveCount(field.size, before, data.length - at), Math.max(0, data.length - at));
      const raw = data.subarray(at, at + size);
      return { value: field.as === 'text' ? latin1(withoutEnd(raw)) : raw, end: at + size };
    }
    case 'array': {
      const stride = sizeOf(field.of);
      const room = Math.max(0, Math.floor((data.length - at) / stride));
      const count = Math.min(resolveCount(field.count, before, room), room);
      const value = Array.from(
        { length: count },
        (_, index) => parseAt(field.of, data, little, at + index * stride, {}).value,
      );
      return { value, end: at + count * stride };
    }
    case 'struct': {
      const value: Record<string, unknown> = {};
      const known: Known = {};
      let end = at;
      for (const [name, part] of Object.entries(field.fields)) {
        const done = parseAt(part, data, little, end, known);
        value[name] = done.value;
        if (typeof done.value === 'number' || typeof done.value === 'bigint') known[name] = done.value;
        end = done.end;
      }
      return { value, end };
    }
  }
}

/** Returns the bytes up to the first NUL as Latin-1 text: every byte keeps a character, none is lost. */
export function cString(raw: Uint8Array): string {
  const nul = raw.indexOf(0);
  return latin1(nul < 0 ? raw : raw.subarray(0, nul));
}

/** Bytes without the NULs at their end. */
function withoutEnd(raw: Uint8Array): Uint8Array {
  let end = raw.length;
  while (end > 0 && raw[end - 1] === 0) end--;
  return raw.subarray(0, end);
}

function latin1(used: Uint8Array): string {
  let out = '';
  for (let from = 0; from < used.length; from += 8192) {
    out += String.fromCharCode(...used.subarray(from, from + 8192));
  }
  return out;
}

type Input<F> =
  F extends StructField<infer S>
    ? { readonly [K in keyof S]?: Input<S[K]> }
    : F extends { kind: 'array'; of: infer E }
      ? readonly Input<E>[]
      : F extends IntField
        ? number | bigint
        : Uint8Array | string;

/**
 * Writes values as bytes, the way back of `parse`. What is not given becomes the value that the format demands, or zeros; a
 * variable array or byte field is as long as what is given.
 */
export function encode<F extends Field>(field: F, value: Input<F>, little = true): Uint8Array {
  const out: number[] = [];
  encodeInto(out, field, value, little);
  return Uint8Array.from(out);
}

function encodeInto(out: number[], field: Field, value: unknown, little: boolean): void {
  switch (field.kind) {
    case 'int': {
      const given = typeof value === 'number' || typeof value === 'bigint' ? value : (field.mustBe ?? 0);
      const raw = new Uint8Array(field.size);
      writeUint(raw, 0, field.size, BigInt.asUintN(64, BigInt(given)), little && field.endian !== 'big');
      out.push(...raw);
      return;
    }
    case 'bytes': {
      const given =
        typeof value === 'string'
          ? Uint8Array.from(value, (char) => char.charCodeAt(0))
          : value instanceof Uint8Array
            ? value
            : new Uint8Array(0);
      const size = typeof field.size === 'number' ? field.size : given.length;
      for (let index = 0; index < size; index++) out.push(given[index] ?? 0);
      return;
    }
    case 'array': {
      const given: readonly unknown[] = Array.isArray(value) ? value : [];
      const count = typeof field.count === 'number' ? field.count : given.length;
      for (let index = 0; index < count; index++) encodeInto(out, field.of, given[index], little);
      return;
    }
    case 'struct': {
      const given = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
      for (const [name, part] of Object.entries(field.fields)) encodeInto(out, part, given[name], little);
    }
  }
}
