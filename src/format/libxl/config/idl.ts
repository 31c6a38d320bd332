/**
 * The types that libxl's interface description (IDL) is made of. The parser that libxl generates from it decides what is
 * taken of a saved configuration. Source: tools/libs/light/idl.py, gentypes.py.
 */

/** Types that have a parse function of their own in libxl. */
export type Builtin =
  | 'uint8'
  | 'uint32'
  | 'uint64'
  | 'int'
  | 'bool'
  | 'defbool'
  | 'string'
  | 'uuid'
  | 'mac'
  | 'bitmap'
  | 'string_list'
  | 'key_value_list'
  | 'cpuid_policy_list'
  | 'ms_vm_genid';

/** The releases that have a field, as 417 for 4.17: all of them where nothing is said. */
interface Releases {
  /** First release that has it. */
  readonly from?: number;
  /** First release that no longer has it. */
  readonly before?: number;
}

export interface BuiltinType<B extends Builtin = Builtin> extends Releases {
  readonly kind: 'builtin';
  readonly name: B;
}

/** A value of an enumeration; with the releases that know it, where not all do. */
export type EnumValue = string | (Releases & { readonly name: string });

export interface EnumType extends Releases {
  readonly kind: 'enum';
  readonly values: readonly EnumValue[];
}

export interface ArrayType<T extends IdlType = IdlType> extends Releases {
  readonly kind: 'array';
  readonly of: T;
}

export type Fields = Readonly<Record<string, IdlType>>;

export interface StructType<F extends Fields = Fields> extends Releases {
  readonly kind: 'struct';
  /** The fields, in the order of the IDL, which is the order in which they are taken. */
  readonly fields: F;
}

export interface UnionType<
  F extends Readonly<Record<string, StructType>> = Readonly<Record<string, StructType>>,
> extends Releases {
  readonly kind: 'union';
  /** The members, by what stands behind the dot in the key: `hvm` of `type.hvm`. */
  readonly members: F;
}

export type IdlType = BuiltinType | EnumType | ArrayType | StructType | UnionType;

const builtin = <B extends Builtin>(name: B): BuiltinType<B> => ({ kind: 'builtin', name });

export const uint8 = builtin('uint8');
export const uint32 = builtin('uint32');
export const uint64 = builtin('uint64');
export const int = builtin('int');
export const bool = builtin('bool');
export const defbool = builtin('defbool');
export const string = builtin('string');
export const uuid = builtin('uuid');
export const mac = builtin('mac');
export const bitmap = builtin('bitmap');
export const stringList = builtin('string_list');
export const keyValueList = builtin('key_value_list');
export const cpuidPolicyList = builtin('cpuid_policy_list');
export const msVmGenid = builtin('ms_vm_genid');

/** Makes an enumeration of the texts that libxl takes for it, whatever their case. */
export const enumOf = (...values: readonly EnumValue[]): EnumType => ({ kind: 'enum', values });

/** Makes an array of values of one type. */
export const arrayOf = <T extends IdlType>(of: T): ArrayType<T> => ({ kind: 'array', of });

/** Makes a structure of fields in their order. */
export const struct = <F extends Fields>(fields: F): StructType<F> => ({ kind: 'struct', fields });

/** Makes a union whose key names the member that is set. */
export const union = <F extends Readonly<Record<string, StructType>>>(members: F): UnionType<F> => ({
  kind: 'union',
  members,
});

/** Returns a type that only releases from this one on have. */
export const from = <T extends IdlType>(release: number, type: T): T => ({ ...type, from: release });

/** Returns a type that only releases before this one have. */
export const before = <T extends IdlType>(release: number, type: T): T => ({ ...type, before: release });

/** Tells whether a release has a field or a value. */
export const exists = (
  { from: first = 0, before: end = Number.POSITIVE_INFINITY }: Releases,
  release: number,
): boolean => release >= first && release < end;
