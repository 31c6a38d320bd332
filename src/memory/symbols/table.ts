/** Symbols by address, compact: a kernel has some hundred thousand. */

import { NameIndex } from './name-index';

/** A name, and how far into it. */
export interface Named {
  readonly name: string;
  readonly plus: bigint;
}

/** A symbol, and its address in the guest. */
export interface Located {
  readonly name: string;
  readonly va: bigint;
}

const lower = (byte: number): number => (byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte);

export class SymbolTable {
  readonly #addresses: BigUint64Array;
  /** Where the name of each starts and ends in `#pool`. */
  readonly #names: Uint32Array;
  readonly #pool: Uint8Array;
  readonly #slide: bigint;

  /** Takes addresses in ascending order. `slide` is what the kernel was moved by since it was linked. */
  constructor(addresses: BigUint64Array, names: Uint32Array, pool: Uint8Array, slide = 0n) {
    this.#addresses = addresses;
    this.#names = names;
    this.#pool = pool;
    this.#slide = slide;
  }

  get count(): number {
    return this.#addresses.length;
  }

  /** All at one address: what kallsyms shows to those who may not see. */
  get isHidden(): boolean {
    return this.count > 1 && this.#addresses[0] === 0n && this.#addresses[this.count - 1] === 0n;
  }

  get slide(): bigint {
    return this.#slide;
  }

  /** Returns these symbols for a kernel that was moved by `slide`. */
  moved(slide: bigint): SymbolTable {
    return new SymbolTable(this.#addresses, this.#names, this.#pool, slide);
  }

  #name(index: number): string {
    const bytes = this.#pool.subarray(this.#names[index * 2], this.#names[index * 2 + 1]);
    return new TextDecoder().decode(bytes);
  }

  /** The symbol that an address is in; undefined before the first and from the last on, which marks the end. */
  find(va: bigint): Named | undefined {
    const at = BigInt.asUintN(64, va - this.#slide);
    const low = this.#after(at);
    const address = this.#addresses[low - 1];
    if (address === undefined || (low === this.#addresses.length && address !== at)) return undefined;
    // Of several names for one place the first is that which the linker put first.
    return { name: this.#name(this.#after(address - 1n)), plus: at - address };
  }

  /** Addresses of symbols from `from` up to but without `to`, ascending, each once. */
  startsIn(from: bigint, to: bigint): bigint[] {
    const [start, end] = [BigInt.asUintN(64, from - this.#slide), BigInt.asUintN(64, to - this.#slide)];
    const found = new Set<bigint>();
    for (let index = this.#after(start - 1n); index < this.count; index++) {
      const address = this.#addresses[index] ?? 0n;
      if (address >= end) break;
      found.add(BigInt.asUintN(64, address + this.#slide));
    }
    return [...found];
  }

  /** Index of the first symbol behind an address as linked. */
  #after(at: bigint): number {
    let low = 0;
    let high = this.#addresses.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#addresses[middle] ?? 0n) <= at) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Where a symbol of this name is; of several the lowest. */
  addressOf(name: string): bigint | undefined {
    this.#byName ??= new NameIndex(this.#names, this.#pool);
    const linked = this.#addresses[this.#byName.find(name)];
    return linked === undefined ? undefined : BigInt.asUintN(64, linked + this.#slide);
  }

  /** Symbols whose names start so, whatever the case of letters: at most `limit` of them, the shortest names first. */
  startingWith(prefix: string, limit: number): Located[] {
    const wanted = new TextEncoder().encode(prefix.toLowerCase());
    const found: { readonly index: number; readonly length: number }[] = [];
    for (let index = 0; index < this.#addresses.length; index++) {
      const from = this.#names[index * 2] ?? 0;
      const length = (this.#names[index * 2 + 1] ?? 0) - from;
      const isFull = found.length === limit;
      if (length < wanted.length || (isFull && length >= (found.at(-1)?.length ?? 0))) continue;
      if (!wanted.every((letter, at) => lower(this.#pool[from + at] ?? 0) === letter)) continue;
      if (isFull) found.pop();
      const place = found.findIndex((other) => other.length > length);
      found.splice(place < 0 ? found.length : place, 0, { index, length });
    }
    return found.map(({ index }) => ({
      name: this.#name(index),
      va: BigInt.asUintN(64, (this.#addresses[index] ?? 0n) + this.#slide),
    }));
  }

  /** First and last address of a symbol; undefined without any. */
  get span(): { readonly first: bigint; readonly last: bigint } | undefined {
    const [first, last] = [this.#addresses[0], this.#addresses[this.count - 1]];
    if (first === undefined || last === undefined) return undefined;
    return { first: BigInt.asUintN(64, first + this.#slide), last: BigInt.asUintN(64, last + this.#slide) };
  }

  #byName: NameIndex | undefined;
}

/** Writes a name and how far into it: `schedule+0x4f`, `schedule`. */
export const namedText = ({ name, plus }: Named): string => (plus === 0n ? name : `${name}+0x${plus.toString(16)}`);
