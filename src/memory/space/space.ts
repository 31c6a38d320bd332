/**
 * Map of an address space: all that a set of page tables maps, in ranges. A table is read once for each level that it
 * serves as, however many entries lead to it, and what it maps is kept for the next one; so tables that share or map
 * themselves cost what they are, and only copies of ranges can grow without bound. Those are counted and limited.
 */
import { addressOf, offsetInPage, PAGE_SHIFT, PAGE_SIZE, pfnOf } from '../../format/page';
import { readU32, readU64 } from '../../format/kit/bytes';
import type { GuestMemory } from '../guest-memory';
import { frameOf, isLarge, isUnfit, reservedBits } from '../../format/paging/entries';
import { isXens64, type Level } from '../../format/paging/modes';
import type { Paging } from '../../format/paging/paging';
import { ALL, allowedBy, GLOBAL, isGlobal } from '../walk/rights';
import { mappedAs, RangeList, type Ranges, troubledBy } from './ranges';

/**
 * Ranges in a map, and ranges copied while it is made: beyond what kernels have. Linux maps one page 65 536 times for
 * espfix, each a range by itself.
 */
const RANGE_LIMIT = 250_000;
const COPY_LIMIT = 4_000_000;
/** Table entries between two looks at the clock. */
const LOOK_EVERY = 64;
const SLICE_MS = 16;
/** Upper bits of the addresses that the upper half of a top table is for. */
const UPPER = 0xffff_0000_0000_0000n;

export interface SpaceOptions {
  readonly signal?: AbortSignal;
  /** The next ranges, in ascending order. */
  readonly onPart?: (ranges: Ranges) => void;
  readonly onProgress?: (done: number, total: number) => void;
  /** Lets other work in. */
  readonly breathe?: () => Promise<void>;
  readonly rangeLimit?: number;
  readonly copyLimit?: number;
}

export interface SpaceResult {
  readonly ranges: number;
  /** Tables read; one that serves as two levels counts twice. */
  readonly tables: number;
  /** The map ends where a limit was reached: what lies beyond is not in it. */
  readonly capped: boolean;
  readonly cancelled: boolean;
}

/** Maps what the tables of `paging` map. Rejects with `ReadError`. */
export async function addressSpace(
  memory: GuestMemory,
  paging: Paging,
  options: SpaceOptions = {},
): Promise<SpaceResult> {
  const { mode } = paging;
  if (mode.levels.length > 0) return new Mapper(memory, paging, options).run();
  const flat = new RangeList();
  flat.add(0, 2 ** (mode.addressBits - PAGE_SHIFT), mappedAs(ALL, PAGE_SIZE));
  options.onPart?.(flat.columns());
  return { ranges: 1, tables: 0, capped: false, cancelled: false };
}

/** A level with what is worked out once for it. */
interface Rules {
  readonly level: Level;
  readonly depth: number;
  /** 4 KiB pages that an entry is for. */
  readonly pages: number;
  readonly reserved: bigint;
  readonly reservedLarge: bigint;
}

class Mapper {
  readonly #memory: GuestMemory;
  readonly #paging: Paging;
  readonly #options: SpaceOptions;
  readonly #rules: readonly Rules[];
  /** What tables map, by PFN and level. */
  readonly #known = new Map<number, RangeList>();
  readonly #all: RangeList;
  #sent = 0;
  #tables = 0;
  #copied = 0;
  #capped = false;
  #looks = 0;
  #sliceEnd = performance.now() + SLICE_MS;
  /** Entries of the top table: passed, and in all. */
  #done = 0;
  #total = 1;

  constructor(memory: GuestMemory, paging: Paging, options: SpaceOptions) {
    this.#memory = memory;
    this.#paging = paging;
    this.#options = options;
    // Addresses of 64 bits leave out what lies between the halves.
    const { addressBits } = paging.mode;
    this.#all = new RangeList(addressBits === 32 ? 0 : 2 ** (addressBits - 13));
    this.#rules = paging.mode.levels.map((level, depth) => ({
      level,
      depth,
      pages: 2 ** (level.shift - PAGE_SHIFT),
      reserved: reservedBits(level, false, paging),
      reservedLarge: reservedBits(level, true, paging),
    }));
  }

  async run(): Promise<SpaceResult> {
    const { root, mode } = this.#paging;
    const whole = 2 ** (mode.addressBits - PAGE_SHIFT);
    if (this.#memory.blanked) this.#all.add(0, whole, troubledBy('blanked'));
    else await this.#add(this.#all, 0, root, 0, whole, ALL);
    this.#post();
    const cancelled = this.#options.signal?.aborted === true;
    return { ranges: this.#sent, tables: this.#tables, capped: this.#capped, cancelled };
  }

  get #over(): boolean {
    return this.#capped || this.#options.signal?.aborted === true;
  }

  /** Adds what the table at `at` maps to `list`, or why that cannot be told. `start` and `pages`: what it is for. */
  async #add(list: RangeList, depth: number, at: bigint, start: number, pages: number, allowed: number): Promise<void> {
    const rules = this.#rules[depth];
    const page = this.#memory.page(pfnOf(at));
    if (!rules) return;
    if (page.state === 'absent') return list.add(start, pages, troubledBy('absent'));
    if (isUnfit(rules.level, page)) return list.add(start, pages, troubledBy('wrong-type'));
    if (depth === 0) return this.#read(list, rules, await this.#memory.pageBytes(page), offsetInPage(at));
    const key = page.pfn * 8 + depth;
    let known = this.#known.get(key);
    if (!known) {
      known = new RangeList();
      await this.#read(known, rules, await this.#memory.pageBytes(page), 0);
      // What was cut short is not what the table maps.
      if (this.#over) return list.addAll(known, start, allowed);
      this.#known.set(key, known);
    }
    this.#copied += known.count;
    list.addAll(known, start, allowed);
    const { rangeLimit = RANGE_LIMIT, copyLimit = COPY_LIMIT } = this.#options;
    if (list.count > rangeLimit || this.#copied > copyLimit) this.#capped = true;
  }

  async #read(list: RangeList, rules: Rules, bytes: Uint8Array, from: number): Promise<void> {
    const { mode } = this.#paging;
    const { level, depth } = rules;
    const count = 2 ** level.bits;
    this.#tables++;
    if (depth === 0) this.#total = count;
    for (let index = 0; index < count; index++) {
      if (depth === 0) this.#step(index);
      if (++this.#looks % LOOK_EVERY === 0) await this.#breathe();
      if (this.#over) return;
      const start = index * rules.pages;
      if (mode.id === 'pv64' && depth === 0 && isXens64(addressOf(start) + UPPER)) {
        list.add(start, rules.pages, troubledBy('xen'));
        continue;
      }
      const at = from + index * mode.entrySize;
      // Most entries are empty: their low half says so without a big number.
      const lower = readU32(bytes, at, true);
      if ((lower & 1) === 0) continue;
      const entry = mode.entrySize === 8 ? readU64(bytes, at, true) : BigInt(lower);
      await this.#entry(list, rules, entry, start);
    }
  }

  async #entry(list: RangeList, rules: Rules, entry: bigint, start: number): Promise<void> {
    const { level, depth, pages } = rules;
    const large = isLarge(level, entry, this.#paging);
    if ((entry & (large ? rules.reservedLarge : rules.reserved)) !== 0n)
      return list.add(start, pages, troubledBy('reserved-bit'));
    const allowed = allowedBy(this.#paging, depth, entry);
    if (!large && depth < this.#rules.length - 1)
      return this.#add(list, depth + 1, frameOf(entry, false, this.#paging), start, pages, allowed);
    list.add(start, pages, mappedAs(allowed | (isGlobal(entry) ? GLOBAL : 0), pages * PAGE_SIZE));
  }

  /** Hands on what has been found before entry `index` of the top table; its last range may still grow. */
  #step(index: number): void {
    this.#done = index;
    if (this.#all.count - this.#sent > 1) this.#post(1);
  }

  #post(keep = 0): void {
    const end = this.#all.count - keep;
    if (end <= this.#sent) return;
    const { start, pages, how } = this.#all.columns(this.#sent);
    const count = end - this.#sent;
    this.#sent = end;
    this.#options.onPart?.({ start: start.slice(0, count), pages: pages.slice(0, count), how: how.slice(0, count) });
  }

  async #breathe(): Promise<void> {
    if (performance.now() < this.#sliceEnd) return;
    this.#options.onProgress?.(this.#done, this.#total);
    await this.#options.breathe?.();
    this.#sliceEnd = performance.now() + SLICE_MS;
  }
}
