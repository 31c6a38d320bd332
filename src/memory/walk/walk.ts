/**
 * From a linear address to memory, level by level, over tables that may be damaged or malicious: each level is looked
 * at once, so a walk ends after as many steps as its mode has levels, whatever the entries say.
 */
import { readU32, readU64 } from '../../format/kit/bytes';
import { entryFlags } from '../../format/x86/page-table';
import type { AbsentPage, GuestMemory, PagePlace } from '../guest-memory';
import { absenceText } from '../reasons';
import { isXens64, type Level, mayBeXens32, type ModeId } from './modes';
import type { Paging } from './paging';

/** One table looked into. */
interface WalkStep {
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
}

export interface WalkResult {
  readonly mode: ModeId;
  readonly side?: 'kernel' | 'user';
  readonly va: bigint;
  readonly steps: readonly WalkStep[];
  /** Guest-physical address, and how many bytes from there on belong to the same page, at most `pageSize`. */
  readonly gpa?: bigint;
  readonly pageSize?: number;
  readonly failure?: WalkFailure;
}

const FRAME = 0x000f_ffff_ffff_f000n;
const PRESENT = 1n;
const LARGE = 0x80n;

const low = (bits: number): bigint => (1n << BigInt(bits)) - 1n;

/** The address as the CPU takes it; undefined where its upper bits are not all alike. */
function canonical(va: bigint, bits: 32 | 48 | 57): bigint | undefined {
  if (bits === 32) return BigInt.asUintN(32, va);
  const whole = BigInt.asUintN(64, va);
  return BigInt.asUintN(64, BigInt.asIntN(bits, whole)) === whole ? whole : undefined;
}

export async function walk(memory: GuestMemory, paging: Paging, address: bigint): Promise<WalkResult> {
  const { mode, side } = paging;
  const steps: WalkStep[] = [];
  const va = canonical(address, mode.addressBits);
  const base = { mode: mode.id, ...(side === undefined ? {} : { side }), va: va ?? address, steps };
  const fail = (why: WalkProblem, text: string, level?: string): WalkResult => ({
    ...base,
    failure: { why, text, ...(level === undefined ? {} : { level }) },
  });
  if (va === undefined) return fail('non-canonical', `not a canonical address of ${mode.addressBits} bits`);
  if (mode.id === 'pv64' && isXens64(va)) return fail('xen', 'an address of Xen itself, which the image leaves out');
  let table = paging.root;
  for (const [depth, level] of mode.levels.entries()) {
    const page = memory.page(Number(table >> 12n));
    const refused = unfit(level, page);
    if (refused) return fail(refused.why, refused.text, level.entry);
    if (page.state === 'absent') return fail('absent', absentText(level, page), level.entry);
    const step = await look(memory, { level, page, table, va, entrySize: mode.entrySize });
    steps.push(step);
    const { entry } = step;
    if ((entry & PRESENT) === 0n) {
      if (mode.id === 'pv32' && mayBeXens32(va) && depth === 1)
        return fail('xen', 'an address of Xen itself, which the image leaves out', level.entry);
      return fail('not-present', `${level.entry} ${step.index} is not present`, level.entry);
    }
    const large = isLarge(level, entry, paging);
    const wrong = entry & reservedBits(level, large, paging);
    if (wrong !== 0n) return fail('reserved-bit', reservedText(level, step.index, wrong), level.entry);
    const isLast = depth === mode.levels.length - 1;
    if (large || isLast) {
      const inPage = low(level.shift);
      return { ...base, gpa: (frameOf(entry, large, paging) & ~inPage) | (va & inPage), pageSize: 2 ** level.shift };
    }
    table = frameOf(entry, false, paging);
  }
  return { ...base, gpa: va, pageSize: 4096 };
}

interface Looked {
  readonly level: Level;
  readonly page: PagePlace & { readonly state: 'here' };
  /** Guest-physical address of the table: PAE pointers need not start on a page. */
  readonly table: bigint;
  readonly va: bigint;
  readonly entrySize: 4 | 8;
}

async function look(memory: GuestMemory, { level, page, table, va, entrySize }: Looked): Promise<WalkStep> {
  const index = Number((va >> BigInt(level.shift)) & low(level.bits));
  const at = Number(table & 0xfffn) + index * entrySize;
  const bytes = await memory.pageBytes(page);
  // Page tables are memory of an x86 guest, little-endian whatever the stream around them is.
  const entry = entrySize === 8 ? readU64(bytes, at, true) : BigInt(readU32(bytes, at, true));
  const { pfn, record, offset } = page;
  return { level: level.entry, table: pfn, index, record, offset: offset + at, entry, flags: entryFlags(entry) };
}

/** Whether the page cannot be the table: what PV streams carry under another type holds frames of the old host. */
function unfit({ entry, tableType }: Level, page: PagePlace): Pick<WalkFailure, 'why' | 'text'> | undefined {
  if (tableType === undefined || page.state === 'absent' || (page.type & 7) === tableType) return undefined;
  const text = `PFN 0x${page.pfn.toString(16)} should be a table of ${entry} entries, but was not saved as one`;
  return { why: 'wrong-type', text };
}

const absentText = ({ entry }: Level, page: AbsentPage): string =>
  `the table of the ${entry} is not in the image: ${absenceText(page)}`;

const reservedText = ({ entry }: Level, index: number, wrong: bigint): string =>
  `${entry} ${index} has reserved bits set: 0x${wrong.toString(16)}`;

function isLarge({ large }: Level, entry: bigint, { pse }: Paging): boolean {
  return (entry & LARGE) !== 0n && (large === 'always' || (large === 'pse' && pse));
}

function reservedBits(level: Level, large: boolean, { mode, nx, addressBits }: Paging): bigint {
  const { reserved = 0n, reservedLarge = 0n } = level;
  const beyond = mode.entrySize === 8 ? FRAME & ~low(addressBits) : 0n;
  const noNx = mode.hasNx && !nx ? 1n << 63n : 0n;
  return reserved | beyond | noNx | (large ? reservedLarge : 0n);
}

function frameOf(entry: bigint, large: boolean, { mode }: Paging): bigint {
  if (mode.entrySize === 8) return entry & FRAME;
  // PSE-36: bits 20–13 are bits 39–32 of the address.
  return large ? (entry & 0xffc0_0000n) | (((entry >> 13n) & 0xffn) << 32n) : entry & 0xffff_f000n;
}
