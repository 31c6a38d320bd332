/**
 * Reads a saved configuration as the parser does that libxl generates from its IDL: fields in the order of the IDL, of a
 * key that is there twice the first, of a value of another JSON type nothing. At the first value that cannot be
 * converted it stops, and keeps what it has. Source: tools/libs/light/gentypes.py: libxl_C_type_parse_json().
 */
import { stringAt } from '../../text/json-scalar';
import { JsonKind, type JsonTape } from '../../text/json-tape';
import { ANY_KIND, BUILTINS, RC } from './builtins';
import { type EnumType, exists, type IdlType, type StructType, type UnionType } from './idl';
import { DOMAIN_CONFIG } from './domain-config';
import type { Span } from '../../../lib/range';
import type { Refusal, Taken } from './taken';

/** A configuration as far as libxl takes it. */
export interface ReadConfig {
  readonly taken: Taken<typeof DOMAIN_CONFIG>;
  /** The value at which it stopped. */
  readonly refusal: Refusal | undefined;
  /** What is there behind that value, and so is not taken. */
  readonly lost: readonly string[];
  /** What is passed over without a word, as far as it is kept. */
  readonly ignored: readonly Ignored[];
}

/** A member that libxl does not look at: one it does not know, of another JSON type, or there for the second time. */
export interface Ignored {
  readonly path: string;
  readonly at: Span;
  /** A list that is not empty, at the top: devices. */
  readonly isDevices: boolean;
}

/** Names kept of what is lost or ignored; a hostile text can have any number. */
const NAMES_LIMIT = 64;

/** First release whose newest point release takes a CPUID policy as a map too (4.15.5, 4.16.5, 4.17.2). */
const CPUID_AS_MAP = 415;
const join = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

/** Reads the values of a configuration for one release, 417 for 4.17. */
export function readConfig(tape: JsonTape, release: number): ReadConfig {
  const reader = new ConfigReader(tape, release);
  const taken = reader.struct(DOMAIN_CONFIG, 0, '') as Taken<typeof DOMAIN_CONFIG>; // The table says what is in it.
  return { taken, refusal: reader.refusal, lost: reader.lost, ignored: reader.ignored };
}

class ConfigReader {
  readonly #tape: JsonTape;
  readonly #release: number;
  readonly #fields = new Map<StructType, readonly (readonly [string, IdlType])[]>();
  refusal: Refusal | undefined;
  readonly lost: string[] = [];
  readonly ignored: Ignored[] = [];

  constructor(tape: JsonTape, release: number) {
    this.#tape = tape;
    this.#release = release;
  }

  struct(struct: StructType, index: number, path: string): Readonly<Record<string, unknown>> {
    const members = this.#membersOf(index, path);
    const taken: Record<string, unknown> = {};
    if (members.size === 0) return taken;
    for (const [name, type] of this.#fieldsOf(struct)) {
      if (type.kind !== 'union' && !members.has(name)) continue;
      const inner = join(path, name);
      if (this.refusal) {
        if (members.has(name)) this.#lose(inner);
        members.delete(name);
        continue;
      }
      const value =
        type.kind === 'union' ? this.#union(type, name, members, inner) : this.#field(type, name, members, inner);
      if (value !== undefined) taken[name] = value;
    }
    if (!this.refusal) for (const [name, at] of members) this.#ignore(path, name, at);
    return taken;
  }

  /** The fields that the release has. */
  #fieldsOf(struct: StructType): readonly (readonly [string, IdlType])[] {
    const known = this.#fields.get(struct);
    if (known) return known;
    const fields = Object.entries(struct.fields).filter(([, type]) => exists(type, this.#release));
    this.#fields.set(struct, fields);
    return fields;
  }

  /** The member of each name that counts; none where the value is no map. */
  #membersOf(index: number, path: string): Map<string, number> {
    const members = new Map<string, number>();
    if (this.#tape.kindAt(index) !== JsonKind.MAP) return members;
    for (let at = index + 1; at < this.#tape.nextAt(index); at = this.#tape.nextAt(at + 1)) {
      const name = stringAt(this.#tape, at);
      const earlier = members.get(name);
      const stays = earlier === undefined || this.#tape.counts === 'last';
      if (earlier !== undefined) this.#ignore(path, name, stays ? earlier : at + 1);
      if (stays) members.set(name, at + 1);
    }
    return members;
  }

  #ignore(path: string, name: string, index: number): void {
    if (this.ignored.length >= NAMES_LIMIT) return;
    const isList = this.#tape.kindAt(index) === JsonKind.ARRAY && this.#tape.nextAt(index) > index + 1;
    const key = this.#spanOf(index - 1);
    this.ignored.push({ path: join(path, name), at: key, isDevices: path === '' && isList });
  }

  #lose(path: string): void {
    if (this.lost.length < NAMES_LIMIT) this.lost.push(path);
  }

  /** A field, if a value of a kind that is looked for is there. */
  #field(type: IdlType, name: string, members: Map<string, number>, path: string): unknown {
    const index = members.get(name);
    if (index === undefined || (this.#tape.kindAt(index) & this.#kindsOf(type)) === 0) return undefined;
    members.delete(name);
    return this.#value(type, index, path);
  }

  #kindsOf(type: IdlType): number {
    switch (type.kind) {
      case 'builtin':
        return type.name === 'cpuid_policy_list' && this.#release >= CPUID_AS_MAP
          ? ANY_KIND
          : BUILTINS[type.name].kinds;
      case 'enum':
        return JsonKind.STRING;
      case 'array':
        return JsonKind.ARRAY;
      default:
        return JsonKind.MAP;
    }
  }

  #value(type: IdlType, index: number, path: string): unknown {
    switch (type.kind) {
      case 'struct':
        return this.struct(type, index, path);
      case 'enum':
        return this.#enum(type, index, path);
      case 'array':
        return this.#array(type.of, index, path);
      case 'builtin': {
        const { convert, expected } = BUILTINS[type.name];
        const result = convert(this.#tape, index);
        if (!('value' in result)) return this.#refuse(path, result.index, expected, result.rc);
        return { value: result.value, at: this.#spanOf(index) };
      }
      default:
        return undefined;
    }
  }

  #array(of: IdlType, index: number, path: string): unknown {
    const items: unknown[] = [];
    let count = 0;
    for (const at of this.#tape.childrenOf(index)) {
      const inner = `${path}[${count++}]`;
      if (this.refusal) this.#lose(inner);
      const item = this.refusal ? undefined : this.#value(of, at, inner);
      if (item !== undefined) items.push(item);
    }
    return { items, count, at: this.#spanOf(index) };
  }

  #enum({ values }: EnumType, index: number, path: string): unknown {
    const names = values.flatMap((value) =>
      typeof value === 'string' ? [value] : exists(value, this.#release) ? [value.name] : [],
    );
    const expected = `one of ${names.join(', ')}`;
    if (this.#tape.kindAt(index) !== JsonKind.STRING) return this.#refuse(path, index, expected, RC.WRONG_KIND);
    const text = stringAt(this.#tape, index).toLowerCase();
    const value = names.find((name) => name === text);
    return value === undefined ? this.#refuse(path, index, expected, RC.FAIL) : { value, at: this.#spanOf(index) };
  }

  /** The members are tried in the order of the IDL; of several that are there the last one stays. */
  #union({ members: types }: UnionType, name: string, members: Map<string, number>, path: string): unknown {
    let taken: unknown;
    for (const [is, type] of Object.entries(types)) {
      const index = members.get(`${name}.${is}`);
      if (!exists(type, this.#release) || index === undefined || this.#tape.kindAt(index) !== JsonKind.MAP) continue;
      members.delete(`${name}.${is}`);
      taken = { is, at: this.#spanOf(index), fields: this.struct(type, index, `${path}.${is}`) };
      if (this.refusal) break;
    }
    return taken;
  }

  #spanOf(index: number): { readonly offset: number; readonly length: number } {
    const offset = this.#tape.startAt(index);
    return { offset, length: this.#tape.endAt(index) - offset };
  }

  #refuse(path: string, index: number, expected: string, rc: number): undefined {
    this.refusal = { path, at: this.#spanOf(index), expected, rc };
    return undefined;
  }
}
