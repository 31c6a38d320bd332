/** A walk over page tables in the image, with all that was seen on the way, what it allows, and why it failed. */
import { entryFlags } from '../../format/x86/page-table';
import { hex0x } from '../../lib/text';
import type { AbsentPage } from '../../scan/restored/pages';
import type { GuestMemory } from '../guest-memory';
import { absenceText } from '../absence';
import { isUnfit } from '../../format/paging/entries';
import type { Level, ModeId } from '../../format/paging/modes';
import type { Paging } from '../../format/paging/paging';
import { canonical, readEntry, walkTables } from '../../format/paging/walk';
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
  /** Tables of an image whose pages were blanked. */
  | 'blanked'
  /** A table that the image does not hold. */
  | 'absent'
  /** PV: a page that the stream does not know as a table of this level; its entries would be frames of the old host. */
  | 'wrong-type';

interface WalkFailure {
  readonly why: WalkProblem;
  /** Level at which it failed; undefined for what is wrong with the address itself. */
  readonly level?: string;
  /** The reason in words. */
  readonly text: string;
  /** Bytes of the aligned range around the address of which all fails for the same reason. */
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
const BLANKED = 'the pages of this image were blanked, and the page tables with them';

/** Walks an address through the page tables in the image. Rejects with `ReadError`. */
export async function walk(memory: GuestMemory, paging: Paging, address: bigint): Promise<WalkResult> {
  const { mode, side, root } = paging;
  const steps: WalkStep[] = [];
  const va = canonical(address, paging);
  const base = { mode: mode.id, ...(side === undefined ? {} : { side }), va: va ?? address, root, steps };
  const fail = (why: WalkProblem, text: string, span?: number, level?: Level): WalkResult => {
    const named = level === undefined ? {} : { level: level.entry };
    return { ...base, failure: { why, text, ...named, ...(span === undefined ? {} : { span }) } };
  };
  if (va === undefined) return fail('non-canonical', `not a canonical address of ${mode.addressBits} bits`);
  if (memory.blanked && mode.levels.length > 0) return fail('blanked', BLANKED, 2 ** mode.addressBits);
  const tables = walkTables(paging, va);
  let allowed = ALL;
  let next = tables.next();
  while (next.done !== true) {
    const { level, depth, isLast, pfn, at, index, reach } = next.value;
    const page = memory.page(pfn);
    if (page.state === 'absent') return fail('absent', absentText(level, page), reach, level);
    if (isUnfit(level, page)) return fail('wrong-type', unfitText(level, pfn), reach, level);
    const entry = readEntry(await memory.pageBytes(page), at, paging);
    const flags = entryFlags(entry, { isLast, ofPv64: mode.id === 'pv64' });
    const { record, offset } = page;
    steps.push({ level: level.entry, table: pfn, index, record, offset: offset + at, entry, flags });
    allowed &= allowedBy(paging, depth, entry);
    next = tables.next(entry);
  }
  const end = next.value;
  if ('gpa' in end) {
    const global = isGlobal(steps.at(-1)?.entry ?? 0n) ? GLOBAL : 0;
    return { ...base, ...end, rights: rightsOf(allowed | global) };
  }
  switch (end.why) {
    case 'xen':
      return fail('xen', XENS, end.span, end.level);
    case 'not-present':
      return fail('not-present', `${end.level.entry} ${end.index} is not present`, end.span, end.level);
    case 'reserved-bit':
      return fail('reserved-bit', reservedText(end.level, end.index, end.wrong), end.span, end.level);
  }
}

const unfitText = ({ entry }: Level, pfn: number): string =>
  `PFN ${hex0x(pfn)} should be a table of ${entry} entries, but was not saved as one`;

const absentText = ({ entry }: Level, page: AbsentPage): string =>
  `the table of the ${entry} is not in the image: ${absenceText(page)}`;

const reservedText = ({ entry }: Level, index: number, wrong: bigint): string =>
  `${entry} ${index} has reserved bits set: ${hex0x(wrong)}`;
