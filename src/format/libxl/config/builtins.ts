/** How libxl converts the values of each type. Source: tools/libs/light/libxl_json.c; libxl_internal.c, libxl_cpuid.c. */
import { integerAt, isTrueAt, stringAt } from '../../text/json-scalar';
import { JsonKind, type JsonTape } from '../../text/json-tape';
import type { Builtin } from './idl';
import type { BuiltinValue } from './taken';

/** libxl's error numbers that conversions return. */
export const RC = { FAIL: -3, INVAL: -6, WRONG_KIND: -1 } as const;

/** A value that cannot be converted. */
interface NoValue {
  readonly rc: number;
  /** The value that is to blame. */
  readonly index: number;
}

type Convert<V> = (tape: JsonTape, index: number) => { readonly value: V } | NoValue;

interface BuiltinSpec<V> {
  /** Kinds of JSON value that the generated parser looks for; what is of another kind is passed over. */
  readonly kinds: number;
  /** What a value of the type is, in words. */
  readonly expected: string;
  readonly convert: Convert<V>;
}

/** What the parser looks for where it takes any kind. */
export const ANY_KIND = 0x7f;
const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/iu;
/** Each part is what strtol() takes two characters for, sign and blank included. */
const MAC = /^(?:(?:[\da-f]{2}|[+\-\s][\da-f]):){5}(?:[\da-f]{2}|[+\-\s][\da-f])(?::|$)/iu;
const DEFBOOLS: readonly (readonly [text: string, value: boolean | undefined])[] = [
  ['<default>', undefined],
  ['True', true],
  ['False', false],
];
const GENID_BYTES = 16;
const MSR_POLICY_LENGTH = 64;

const fail = (index: number, rc: number = RC.FAIL): NoValue => ({ rc, index });
const isKind = (tape: JsonTape, index: number, kinds: number): boolean => (tape.kindAt(index) & kinds) !== 0;

function integer(lowest: bigint, highest: bigint): BuiltinSpec<number> {
  return {
    kinds: JsonKind.INTEGER,
    expected: `an integer from ${lowest} to ${highest}`,
    convert: (tape, index) => {
      if (!isKind(tape, index, JsonKind.INTEGER)) return fail(index);
      const value = integerAt(tape, index);
      return value < lowest || value > highest ? fail(index) : { value: Number(value) };
    },
  };
}

/** The member of a map that has this key, whatever its kind; −1 if there is none. */
function memberOf(tape: JsonTape, map: number, key: string): number {
  let found = -1;
  for (let at = map + 1; at < tape.nextAt(map); at = tape.nextAt(at + 1)) {
    if (stringAt(tape, at) !== key) continue;
    found = at + 1;
    if (tape.counts === 'first') break;
  }
  return found;
}

function memberOfKind(tape: JsonTape, map: number, key: string, kinds: number): number {
  const found = memberOf(tape, map, key);
  return found >= 0 && isKind(tape, found, kinds) ? found : -1;
}

const bitmap: Convert<BuiltinValue<'bitmap'>> = (tape, index) => {
  if (!isKind(tape, index, JsonKind.ARRAY)) return fail(index);
  const items = [...tape.childrenOf(index)];
  const last = items.at(-1);
  if (last === undefined) return { value: { bits: [], size: 0 } };
  const odd = isKind(tape, last, JsonKind.INTEGER) ? items.find((item) => !isKind(tape, item, JsonKind.INTEGER)) : last;
  if (odd !== undefined) return fail(odd);
  // libxl allocates as much as the last number asks for, and drops what lies beyond.
  const size = Math.ceil((Number(BigInt.asIntN(32, integerAt(tape, last))) + 1) / 8);
  const bits = items.map((item) => Number(integerAt(tape, item))).filter((bit) => bit >= 0 && bit < size * 8);
  return { value: { bits, size: Math.max(0, size) } };
};

const stringList: Convert<BuiltinValue<'string_list'>> = (tape, index) => {
  if (!isKind(tape, index, JsonKind.ARRAY)) return fail(index);
  const items = [...tape.childrenOf(index)];
  const odd = items.find((item) => !isKind(tape, item, JsonKind.STRING));
  return odd === undefined ? { value: items.map((item) => stringAt(tape, item)) } : fail(odd);
};

const keyValueList: Convert<BuiltinValue<'key_value_list'>> = (tape, index) => {
  if (!isKind(tape, index, JsonKind.MAP)) return fail(index);
  const value = new Map<string, string | undefined>();
  for (let at = index + 1; at < tape.nextAt(index); at = tape.nextAt(at + 1)) {
    if (!isKind(tape, at + 1, JsonKind.STRING | JsonKind.NULL)) return fail(at + 1);
    value.set(stringAt(tape, at), isKind(tape, at + 1, JsonKind.STRING) ? stringAt(tape, at + 1) : undefined);
  }
  return { value: Object.fromEntries(value) };
};

/** Leaves, each a map in which anything but text and integers is passed over. */
function leavesOf(tape: JsonTape, array: number): { readonly value: number } | NoValue {
  const items = [...tape.childrenOf(array)];
  const odd = items.find((item) => !isKind(tape, item, JsonKind.MAP));
  return odd === undefined ? { value: items.length } : fail(odd);
}

/** An array, or a map of two arrays, `cpuid` and `msr`, of which older releases take nothing. */
const cpuidPolicyList: Convert<BuiltinValue<'cpuid_policy_list'>> = (tape, index) => {
  if (isKind(tape, index, JsonKind.ARRAY)) return leavesOf(tape, index);
  if (!isKind(tape, index, JsonKind.MAP)) return fail(index);
  const leaves = memberOfKind(tape, index, 'cpuid', JsonKind.ARRAY);
  if (leaves < 0) return fail(index);
  const taken = leavesOf(tape, leaves);
  if (!('value' in taken)) return taken;
  const msrs = memberOfKind(tape, index, 'msr', JsonKind.ARRAY);
  if (msrs < 0) return fail(index);
  const odd = [...tape.childrenOf(msrs)].find((item) => !isMsr(tape, item));
  return odd === undefined ? taken : fail(odd);
};

function isMsr(tape: JsonTape, item: number): boolean {
  if (!isKind(tape, item, JsonKind.MAP)) return false;
  if (memberOfKind(tape, item, 'index', JsonKind.INTEGER) < 0) return false;
  const policy = memberOfKind(tape, item, 'policy', JsonKind.STRING);
  return policy >= 0 && stringAt(tape, policy).length === MSR_POLICY_LENGTH;
}

const msVmGenid: Convert<BuiltinValue<'ms_vm_genid'>> = (tape, index) => {
  if (!isKind(tape, index, JsonKind.ARRAY)) return fail(index);
  const items = [...tape.childrenOf(index)].slice(0, GENID_BYTES);
  const odd = items.find((item) => !isKind(tape, item, JsonKind.INTEGER));
  if (odd !== undefined || items.length < GENID_BYTES) return fail(odd ?? index);
  return { value: items.map((item) => Number(BigInt.asUintN(8, integerAt(tape, item)))) };
};

/** Every type that has a parse function of its own. */
export const BUILTINS: { readonly [B in Builtin]: BuiltinSpec<BuiltinValue<B>> } = {
  uint8: integer(0n, 2n ** 8n - 1n),
  uint32: integer(0n, 2n ** 32n - 1n),
  uint64: {
    // Numbers of 2^63 and more are of another kind, which the generated parser does not ask for.
    kinds: JsonKind.INTEGER,
    expected: 'an integer from 0 on',
    convert: (tape, index) => {
      const value = integerAt(tape, index);
      return value < 0n ? fail(index) : { value };
    },
  },
  int: integer(-(2n ** 31n), 2n ** 31n - 1n),
  bool: {
    kinds: JsonKind.BOOL,
    expected: 'true or false',
    convert: (tape, index) => ({ value: isTrueAt(tape, index) }),
  },
  defbool: {
    kinds: JsonKind.STRING,
    expected: '"True", "False" or "<default>"',
    convert: (tape, index) => {
      const text = stringAt(tape, index);
      const found = DEFBOOLS.find(([start]) => text.startsWith(start));
      return found ? { value: found[1] } : fail(index);
    },
  },
  string: {
    kinds: JsonKind.STRING | JsonKind.NULL,
    expected: 'a text or null',
    convert: (tape, index) => ({ value: isKind(tape, index, JsonKind.STRING) ? stringAt(tape, index) : undefined }),
  },
  uuid: {
    kinds: JsonKind.STRING,
    expected: 'a UUID',
    convert: (tape, index) => {
      const value = stringAt(tape, index);
      // uuid_parse() of libuuid returns −1.
      return UUID.test(value) ? { value } : fail(index, RC.WRONG_KIND);
    },
  },
  mac: {
    kinds: JsonKind.STRING,
    expected: 'six bytes in hex with colons between them',
    convert: (tape, index) => {
      const value = stringAt(tape, index);
      return MAC.test(value) ? { value } : fail(index, RC.INVAL);
    },
  },
  bitmap: { kinds: JsonKind.ARRAY, expected: 'a list of numbers', convert: bitmap },
  string_list: { kinds: JsonKind.ARRAY, expected: 'a list of texts', convert: stringList },
  key_value_list: { kinds: JsonKind.MAP, expected: 'texts by name', convert: keyValueList },
  cpuid_policy_list: {
    kinds: JsonKind.ARRAY,
    expected: 'a list of CPUID leaves, or a map of one of leaves and one of MSRs',
    convert: cpuidPolicyList,
  },
  ms_vm_genid: { kinds: ANY_KIND, expected: '16 numbers', convert: msVmGenid },
};
