/** What libxl takes of a configuration: values by their names in the IDL, each with its place in the text. */
import type { Span } from '../../../lib/range';
import type { ArrayType, Builtin, BuiltinType, EnumType, Fields, IdlType, StructType, UnionType } from './idl';

/** What a value of each type is here. */
interface BuiltinValues {
  uint8: number;
  uint32: number;
  uint64: bigint;
  int: number;
  bool: boolean;
  /** Undefined: the default. */
  defbool: boolean | undefined;
  string: string | undefined;
  uuid: string;
  mac: string;
  /** The bits that are set, and the bytes that hold them. */
  bitmap: { readonly bits: readonly number[]; readonly size: number };
  string_list: readonly string[];
  key_value_list: Readonly<Record<string, string | undefined>>;
  /** How many leaves it changes. */
  cpuid_policy_list: number;
  ms_vm_genid: readonly number[];
}

export type BuiltinValue<B extends Builtin = Builtin> = BuiltinValues[B];

/** A value and where it stands, counted from the start of the text. */
interface TakenValue<V> {
  readonly value: V;
  readonly at: Span;
}

/** A list, whose length libxl sets before it converts the items: after a refusal it has fewer items than it says. */
interface TakenArray<E extends IdlType> {
  readonly items: readonly Taken<E>[];
  readonly count: number;
  readonly at: Span;
}

type TakenStruct<F extends Fields> = { readonly [K in keyof F]?: Taken<F[K]> };
type TakenUnion<M extends Readonly<Record<string, StructType>>> = {
  readonly [K in keyof M]: { readonly is: K; readonly at: Span; readonly fields: Taken<M[K]> };
}[keyof M];

/** What is taken of a value of a type; a field that is not there keeps the default of libxl. */
export type Taken<T extends IdlType> =
  T extends BuiltinType<infer B>
    ? TakenValue<BuiltinValue<B>>
    : T extends EnumType
      ? TakenValue<string>
      : T extends ArrayType<infer E>
        ? TakenArray<E>
        : T extends StructType<infer F>
          ? TakenStruct<F>
          : T extends UnionType<infer M>
            ? TakenUnion<M>
            : never;

/** A value that libxl cannot convert: it takes nothing of what comes behind it in the IDL. */
export interface Refusal {
  /** Its name: `c_info.uuid`, `nics[0].mac`. */
  readonly path: string;
  readonly at: Span;
  /** What would be a value of that type. */
  readonly expected: string;
  /** What the generated parser returns, and libxl prints. */
  readonly rc: number;
}
