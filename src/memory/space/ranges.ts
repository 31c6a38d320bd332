/** Ranges of an address space: plain columns, so that a hundred thousand of them cross to the page at no cost. */
import { addressOf, frameNumber, PAGE_SIZE } from '../../format/page';
import { ALL, GLOBAL, type Rights, rightsOf } from '../walk/rights';

/** Why a present entry leads nowhere, or a stretch cannot be told. */
export type Trouble = 'absent' | 'wrong-type' | 'reserved-bit' | 'xen' | 'blanked';

const TROUBLES: readonly Trouble[] = ['absent', 'wrong-type', 'reserved-bit', 'xen', 'blanked'];
const SIZES: readonly number[] = [PAGE_SIZE, 2 ** 21, 2 ** 22, 2 ** 30];

/** Rights in the low four bits, then two for the size of the pages, then the trouble, counted from 1. */
const SIZE_AT = 4;
const TROUBLE_AT = 6;

/** Bits of `how` that every level of tables takes part in. */
const INHERITED = ALL;

/** Packs how a page is mapped into one number: rights, and size in bytes. */
export const mappedAs = (rights: number, pageSize: number): number =>
  rights | (Math.max(0, SIZES.indexOf(pageSize)) << SIZE_AT);

/** Packs into one number that addresses lead nowhere, and why. */
export const troubledBy = (trouble: Trouble): number => (TROUBLES.indexOf(trouble) + 1) << TROUBLE_AT;
const isTrouble = (how: number): boolean => how >> TROUBLE_AT !== 0;

/** Ascending and apart; neighbours that touch differ in `how`. Positions and lengths in pages of 4 KiB. */
export interface Ranges {
  readonly start: Float64Array;
  readonly pages: Float64Array;
  readonly how: Uint16Array;
}

export interface SpaceRange {
  readonly va: bigint;
  /** Bytes. */
  readonly length: number;
  /** Not there for a stretch with trouble. */
  readonly rights?: Rights;
  readonly pageSize?: number;
  readonly trouble?: Trouble;
}

/** Linear address of a page number: sign-extended where addresses have 64 bits. */
function addressOfPage(page: number, addressBits: number): bigint {
  const va = addressOf(page);
  return addressBits === 32 ? va : BigInt.asUintN(64, BigInt.asIntN(addressBits, va));
}

/**
 * Returns the number of the page that an address is in, by the bits that tables look at: the reverse of
 * `addressOfPage`.
 */
export const pageOfAddress = (va: bigint, addressBits: number): number =>
  Number(frameNumber(BigInt.asUintN(addressBits, va)));

/** Unpacks what one entry of the columns says. */
export function rangeOf(start: number, pages: number, how: number, addressBits: number): SpaceRange {
  const base = { va: addressOfPage(start, addressBits), length: pages * PAGE_SIZE };
  const trouble = TROUBLES[(how >> TROUBLE_AT) - 1];
  if (trouble !== undefined) return { ...base, trouble };
  return { ...base, rights: rightsOf(how & (ALL | GLOBAL)), pageSize: SIZES[(how >> SIZE_AT) & 3] ?? PAGE_SIZE };
}

/** Ranges while they are gathered, in ascending order; what touches and is alike becomes one. */
export class RangeList {
  readonly start: number[] = [];
  readonly pages: number[] = [];
  readonly how: number[] = [];
  readonly #edge: number;

  /** `edge`: page that no range goes over, as addresses do not go on there. */
  constructor(edge = 0) {
    this.#edge = edge;
  }

  get count(): number {
    return this.start.length;
  }

  add(start: number, pages: number, how: number): void {
    if (start < this.#edge && start + pages > this.#edge) {
      this.add(start, this.#edge - start, how);
      this.add(this.#edge, start + pages - this.#edge, how);
      return;
    }
    const last = this.count - 1;
    if (start !== this.#edge && this.how[last] === how && (this.start[last] ?? 0) + (this.pages[last] ?? 0) === start) {
      this.pages[last] = (this.pages[last] ?? 0) + pages;
      return;
    }
    this.start.push(start);
    this.pages.push(pages);
    this.how.push(how);
  }

  /** Adds those of a table that stands `shift` pages in, held to what the entry for it allows. */
  addAll(list: RangeList, shift: number, allowed: number): void {
    for (let index = 0; index < list.count; index++) {
      const how = list.how[index] ?? 0;
      const held = isTrouble(how) ? how : how & (allowed | ~INHERITED);
      this.add(shift + (list.start[index] ?? 0), list.pages[index] ?? 0, held);
    }
  }

  columns(from = 0): Ranges {
    return {
      start: Float64Array.from(this.start.slice(from)),
      pages: Float64Array.from(this.pages.slice(from)),
      how: Uint16Array.from(this.how.slice(from)),
    };
  }
}
