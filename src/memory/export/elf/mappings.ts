/**
 * What page tables map, as a debugger wants it: linear pages and the guest-physical ones behind them. The upper half of
 * the address space, where kernels are, comes first, as hostile or very scattered tables end in a limit.
 */
import { frameNumber, offsetInPage, PAGE_SHIFT, pfnOf } from '../../../format/page';
import { readU32, readU64 } from '../../../format/kit/bytes';
import type { GuestMemory } from '../../guest-memory';
import { frameOf, isLarge, isUnfit, reservedBits } from '../../../format/paging/entries';
import { isXens64 } from '../../../format/paging/modes';
import type { Paging } from '../../../format/paging/paging';

/** Consecutive pages of 4 KiB, by number: address divided by 4096. */
export interface Mapping {
  /** Number of the linear page, its address taken as 64 bits. */
  readonly va: number;
  readonly pfn: number;
  readonly count: number;
}

export interface Mappings {
  /** Ascending by linear address, apart from each other. */
  readonly list: readonly Mapping[];
  /** A limit was reached. */
  readonly capped: boolean;
  /** Some page is mapped many times: only the first mappings of it are in the list. */
  readonly repeated: boolean;
}

export interface MappingOptions {
  readonly signal?: AbortSignal;
  readonly breathe?: () => Promise<void>;
  /** Mappings at most, and tables read: 256 Ki of them are those of 512 GiB in small pages. */
  readonly mappingLimit?: number;
  readonly tableLimit?: number;
}

/** What several sets of page tables share, as those of the vCPUs of one kernel do. */
export interface Shared {
  /** Tables that may still be read. */
  tables: number;
  /** Tables above the last level that have been gone through, each by where it is mapped: it says the same again. */
  readonly seen: Set<string>;
}

const MAPPING_LIMIT = 60_000;
const TABLE_LIMIT = 1 << 18;
const BREATHE_EVERY = 64;
/**
 * A page that addresses in a row map over and over is given so often: Linux fills its list of machine frames up to
 * 512 GiB with one page that says “missing”.
 */
const REPEAT_LIMIT = 8;
/** So often a table is gone through: the stacks of espfix are a few tables, used for thousands of entries. */
const VISIT_LIMIT = 4;

/** Makes what several sets of page tables share, before the first of them is gone through. */
export const sharedOf = ({ tableLimit }: MappingOptions): Shared => ({
  tables: tableLimit ?? TABLE_LIMIT,
  seen: new Set(),
});

class Limit extends Error {}

class Mapper {
  readonly list: { va: number; pfn: number; count: number }[] = [];
  readonly #memory: GuestMemory;
  readonly #paging: Paging;
  readonly #options: MappingOptions;
  readonly #shared: Shared;
  /** How often each table was gone through, by PFN and level. */
  readonly #visits = new Map<number, number>();
  /** Linear page after the last one seen, its PFN, and how often that came in a row. */
  #next = -1;
  #lastPfn = -1;
  #repeats = 0;
  repeated = false;

  constructor(memory: GuestMemory, paging: Paging, options: MappingOptions, shared: Shared) {
    this.#memory = memory;
    this.#paging = paging;
    this.#options = options;
    this.#shared = shared;
  }

  /** Everything that the table of `depth` at `table` maps, for addresses from `base` on. */
  async table(depth: number, table: bigint, base: bigint): Promise<void> {
    const { mode } = this.#paging;
    const level = mode.levels[depth];
    const page = this.#memory.page(pfnOf(table));
    if (!level || page.state === 'absent' || isUnfit(level, page)) return;
    const key = page.pfn * 8 + depth;
    const visits = (this.#visits.get(key) ?? 0) + 1;
    this.#visits.set(key, visits);
    if (visits > VISIT_LIMIT) {
      this.repeated = true;
      return;
    }
    const { seen } = this.#shared;
    const place = `${mode.id} ${depth} ${page.pfn} ${base}`;
    if (seen.has(place)) return;
    if (this.#shared.tables-- <= 0) throw new Limit();
    if (this.#shared.tables % BREATHE_EVERY === 0) await this.#options.breathe?.();
    this.#options.signal?.throwIfAborted();
    const bytes = await this.#memory.pageBytes(page);
    const entries = 2 ** level.bits;
    const first = depth === 0 ? entries / 2 : 0;
    for (let step = 0; step < entries; step++) {
      const index = (first + step) % entries;
      const at = offsetInPage(table) + index * mode.entrySize;
      if (((bytes[at] ?? 0) & 1) === 0) continue;
      const entry = mode.entrySize === 8 ? readU64(bytes, at, true) : BigInt(readU32(bytes, at, true));
      const large = isLarge(level, entry, this.#paging);
      if ((entry & reservedBits(level, large, this.#paging)) !== 0n) continue;
      const va = base + (BigInt(index) << BigInt(level.shift));
      const isLast = depth === mode.levels.length - 1;
      if (!large && !isLast) {
        await this.table(depth + 1, frameOf(entry, false, this.#paging), va);
        continue;
      }
      const frame = frameOf(entry, large, this.#paging) & ~((1n << BigInt(level.shift)) - 1n);
      this.#add(va, frame, 2 ** (level.shift - PAGE_SHIFT));
    }
    if (depth > 0 && depth < mode.levels.length - 1) seen.add(place);
  }

  #add(linear: bigint, gpa: bigint, count: number): void {
    const { addressBits, id } = this.#paging.mode;
    const address = addressBits === 32 ? linear : BigInt.asUintN(64, BigInt.asIntN(addressBits, linear));
    // What Xen maps for itself is no memory of the guest.
    if (id === 'pv64' && isXens64(address)) return;
    const va = Number(frameNumber(address));
    const pfn = pfnOf(gpa);
    this.#repeats = va === this.#next && pfn === this.#lastPfn ? this.#repeats + 1 : 0;
    this.#next = va + count;
    this.#lastPfn = pfn;
    if (this.#repeats >= REPEAT_LIMIT) {
      this.repeated = true;
      return;
    }
    const last = this.list.at(-1);
    if (last && last.va + last.count === va && last.pfn + last.count === pfn) {
      last.count += count;
      return;
    }
    if (this.list.length >= (this.#options.mappingLimit ?? MAPPING_LIMIT)) throw new Limit();
    this.list.push({ va, pfn, count });
  }
}

const ascending = (list: readonly Mapping[]): Mapping[] => list.toSorted((a, b) => a.va - b.va);

/** Lists all that one set of tables maps, but for what `shared` has seen. Rejects with `ReadError`. */
export async function mappingsOf(
  memory: GuestMemory,
  paging: Paging,
  options: MappingOptions = {},
  shared = sharedOf(options),
): Promise<Mappings> {
  if (paging.mode.levels.length === 0)
    return { list: [{ va: 0, pfn: 0, count: 2 ** 20 }], capped: false, repeated: false };
  const mapper = new Mapper(memory, paging, options, shared);
  try {
    await mapper.table(0, paging.root, 0n);
    return { list: ascending(mapper.list), capped: false, repeated: mapper.repeated };
  } catch (error) {
    if (!(error instanceof Limit)) throw error;
    return { list: ascending(mapper.list), capped: true, repeated: mapper.repeated };
  }
}

/** Joins two lists: the first, and of the second what the first leaves free. Both ascend, as does the result. */
export function joined(first: readonly Mapping[], second: readonly Mapping[]): Mapping[] {
  const out: Mapping[] = [...first];
  let at = 0;
  for (const { va, pfn, count } of second) {
    const end = va + count;
    let from = va;
    while (at < first.length && endOf(first[at]) <= va) at++;
    for (let over = at; from < end; over++) {
      const taken = first[over];
      const to = Math.min(end, taken?.va ?? end);
      if (to > from) out.push({ va: from, pfn: pfn + from - va, count: to - from });
      if (!taken || taken.va >= end) break;
      from = Math.max(from, endOf(taken));
    }
  }
  return ascending(out);
}

const endOf = (mapping: Mapping | undefined): number => (mapping ? mapping.va + mapping.count : 0);
