/**
 * From a linear address to memory, level by level, over tables that may be damaged or malicious: each level is looked
 * at once, so a walk ends after as many steps as its mode has levels, whatever the entries say.
 */
import { readU32, readU64 } from '../../format/kit/bytes';
import { entryFlags } from '../../format/x86/page-table';
import { hex0x } from '../../lib/text';
import type { AbsentPage, GuestMemory, PagePlace } from '../guest-memory';
import { absenceText } from '../reasons';
import { frameOf, isLarge, isUnfit, low, PRESENT, reservedBits } from './entries';
import { isXens64, type Level, mayBeXens32, type ModeId } from './modes';
import type { Paging } from './paging';
import { ALL, allowedBy, GLOBAL, isGlobal, type Rights, rightsOf } from './rights';

/** One table looked into. */
export interface WalkStep {
  /** What the entry is called: `PML4E`, `L2`. */
  readonly level: string;
  /** PFN of the table. */
  readonly table: number;
  readonly index: number;
  /** Record and file offset of the entry. */
  readonly record: number;
  readonly offset: number;
  readonly entry: bigint;
  /** Flags that are set, by name. */
  readonly flags: readonly string[];
}

type WalkProblem =
  | 'non-canonical'
  /** An address that Xen keeps for itself in PV guests. */
  | 'xen'
  | 'not-present'
  | 'reserved-bit'
  /** A table that the image does not hold. */
  | 'absent'
  /** PV: a page that the stream does not know as a table of this level; its entries would be frames of the old host. */
  | 'wrong-type';

interface WalkFailure {
  readonly why: WalkProblem;
  /** Level at which it failed; undefined for what is wrong with the address itself. */
  readonly level?: string;
  /** In words. */
  readonly text: string;
  /** Bytes of the aligned stretch around the address of which all fails for the same reason. */
  readonly span?: number;
}

export interface WalkResult {
  readonly mode: ModeId;
  readonly side?: 'kernel' | 'user';
  readonly va: bigint;
  /** Guest-physical address of the top table; 0 without paging. */
  readonly root: bigint;
  readonly steps: readonly WalkStep[];
  /** Guest-physical address, and how many bytes from there on belong to the same page, at most `pageSize`. */
  readonly gpa?: bigint;
  readonly pageSize?: number;
  /** What all levels together allow; not there for a walk that failed. */
  readonly rights?: Rights;
  readonly failure?: WalkFailure;
}

const XENS = 'an address of Xen itself, which the image leaves out';

/** The address as the CPU takes it; undefined where its upper bits are not all alike. */
function canonical(va: bigint, bits: 32 | 48 | 57): bigint | undefined {
  if (bits === 32) return BigInt.asUintN(32, va);
  const whole = BigInt.asUintN(64, va);
  return BigInt.asUintN(64, BigInt.asIntN(bits, whole)) === whole ? whole : undefined;
}

export async function walk(memory: GuestMemory, paging: Paging, address: bigint): Promise<WalkResult> {
  const { mode, side, root } = paging;
  const steps: WalkStep[] = [];
  const va = canonical(address, mode.addressBits);
  const base = { mode: mode.id, ...(side === undefined ? {} : { side }), va: va ?? address, root, steps };
  const fail = (why: WalkProblem, text: string, depth?: number, span = 0): WalkResult => {
    const level = depth === undefined ? undefined : mode.levels[depth]?.entry;
    const named = level === undefined ? {} : { level };
    return { ...base, failure: { why, text, ...named, ...(span === 0 ? {} : { span }) } };
  };
  if (va === undefined) return fail('non-canonical', `not a canonical address of ${mode.addressBits} bits`);
  if (mode.id === 'pv64' && isXens64(va)) return fail('xen', XENS, undefined, 2 ** 39);
  let table = root;
  let allowed = ALL;
  /** Bytes that the table looked into is for. */
  let reach = 2 ** mode.addressBits;
  for (const [depth, level] of mode.levels.entries()) {
    const page = memory.page(Number(table >> 12n));
    if (page.state === 'absent') return fail('absent', absentText(level, page), depth, reach);
    if (isUnfit(level, page)) return fail('wrong-type', unfitText(level, page.pfn), depth, reach);
    reach = 2 ** level.shift;
    const isLast = depth === mode.levels.length - 1;
    const step = await look(memory, { level, page, table, va, paging, isLast });
    steps.push(step);
    const { entry } = step;
    if ((entry & PRESENT) === 0n) {
      if (mode.id === 'pv32' && mayBeXens32(va) && depth === 1) return fail('xen', XENS, depth, reach);
      return fail('not-present', `${level.entry} ${step.index} is not present`, depth, reach);
    }
    const large = isLarge(level, entry, paging);
    const wrong = entry & reservedBits(level, large, paging);
    if (wrong !== 0n) return fail('reserved-bit', reservedText(level, step.index, wrong), depth, reach);
    allowed &= allowedBy(paging, depth, entry);
    if (large || isLast) {
      const inPage = low(level.shift);
      const gpa = (frameOf(entry, large, paging) & ~inPage) | (va & inPage);
      return { ...base, gpa, pageSize: reach, rights: rightsOf(allowed | (isGlobal(entry) ? GLOBAL : 0)) };
    }
    table = frameOf(entry, false, paging);
  }
  return { ...base, gpa: va, pageSize: 4096, rights: rightsOf(ALL) };
}

interface Looked {
  readonly level: Level;
  readonly page: PagePlace & { readonly state: 'here' };
  /** Guest-physical address of the table: PAE pointers need not start on a page. */
  readonly table: bigint;
  readonly va: bigint;
  readonly paging: Paging;
  readonly isLast: boolean;
}

async function look(memory: GuestMemory, { level, page, table, va, paging, isLast }: Looked): Promise<WalkStep> {
  const { entrySize, id } = paging.mode;
  const index = Number((va >> BigInt(level.shift)) & low(level.bits));
  const at = Number(table & 0xfffn) + index * entrySize;
  const bytes = await memory.pageBytes(page);
  // Page tables are memory of an x86 guest, little-endian whatever the stream around them is.
  const entry = entrySize === 8 ? readU64(bytes, at, true) : BigInt(readU32(bytes, at, true));
  const { pfn, record, offset } = page;
  return {
    level: level.entry,
    table: pfn,
    index,
    record,
    offset: offset + at,
    entry,
    flags: entryFlags(entry, { isLast, ofPv64: id === 'pv64' }),
  };
}

const unfitText = ({ entry }: Level, pfn: number): string =>
  `PFN ${hex0x(pfn)} should be a table of ${entry} entries, but was not saved as one`;

const absentText = ({ entry }: Level, page: AbsentPage): string =>
  `the table of the ${entry} is not in the image: ${absenceText(page)}`;

const reservedText = ({ entry }: Level, index: number, wrong: bigint): string =>
  `${entry} ${index} has reserved bits set: ${hex0x(wrong)}`;
