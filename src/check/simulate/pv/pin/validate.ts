/**
 * Xen's validation of PV page tables, played through over the pages that libxc has loaded: each page is looked at when it
 * is first put to a use, and tables from there down. Machine frames of the new domain stand for PFNs one to one, so the
 * PFNs of the image serve as well. What a host alone knows (owners of other frames, roots above 4 GiB, L1TF) is left out.
 * Source: xen/arch/x86/mm.c, promote_l1_table() to promote_l4_table().
 */
import { elementAt } from '../../../../format/kit/fields';
import { PAGE_SIZE } from '../../../../format/page';
import { SEGMENT_DESCRIPTOR } from '../../../../format/x86/descriptor';
import { PTES } from '../../../../format/x86/page-table';
import type { Reader, Reading } from '../../../../scan/reader';
import type { Cause } from '../../../rules/pv/tables/cause';
import { type Entry, entryOf, PRESENT, refusedFlags, WRITABLE } from '../../../rules/pv/tables/entry';
import { Kind } from '../../../rules/pv/tables/kinds';
import { isHostsOwn, isNoMemory, STRAY_TABLE_RULES } from '../../../rules/pv/tables/stray-frames';
import type { DomainConfig } from '../../../kit/domain';
import type { Span } from '../../../../lib/range';
import type { Rule } from '../../../kit/rule';
import type { XenVersion } from '../../../kit/xen-version';
import type { LibxcState } from '../../state';
import type { LatestPages } from '../../../../scan/restored/latest-pages';
import { storedPages, type StoringReader, takenPages, takenRuns } from '../../stored';
import type { Frames } from '../frames';
import { type PageContent, PageContents } from './contents';
import { refusedDescriptor } from './descriptor';
import { PageTypes } from './page-types';
import { isXens, LAST_GIB } from './slots';
import { presentEntries, type Table } from './table';
import { XenLines } from './xen-lines';

const EPERM = 1;
const EBUSY = 16;
const EINVAL = 22;

/** Tables that were never sent as such, looked for at most: one is a mistake, many are not worth the search. */
const STRAY_LIMIT = 64;

/** The guest whose pages are validated, and where what is found is reported. */
interface ValidatedGuest extends StoringReader {
  readonly xen: XenVersion;
  readonly reader: Reader;
  readonly config: DomainConfig | undefined;
  readonly libxc: StoringReader['libxc'] & Pick<LibxcState, 'maxPfn' | 'width'>;
  readonly frames: Frames;
  apply<S>(rules: readonly Rule<S>[], subject: S, place: Span): boolean;
}

/** Xen's types of all pages, as they come about while pages are put to use. */
export class Validation {
  readonly lines: XenLines;
  /** The last mention of each page that is taken, whatever it comes to. */
  readonly mentions: LatestPages;
  /** What Xen objected to first. */
  cause: Cause | undefined;
  readonly #guest: ValidatedGuest;
  readonly #types: PageTypes;
  readonly #contents: PageContents;
  readonly #narrow: boolean;
  #strays = 0;
  /** Page tables read. */
  tables = 0;

  constructor(guest: ValidatedGuest) {
    this.#guest = guest;
    this.#types = new PageTypes(guest.frames.last + 1);
    this.mentions = takenPages(guest, 'all');
    this.#contents = new PageContents(guest.scan.pages, storedPages(guest), takenRuns(guest));
    this.#narrow = guest.libxc.width === 4;
    this.lines = new XenLines(guest.xen);
  }

  /** The guest is too large to be gone through. */
  get cut(): boolean {
    return this.#contents.cut || this.#types.isFull;
  }

  /** Returns what Xen uses a page as. */
  kindOf(pfn: number): number {
    return this.#types.kindOf(pfn);
  }

  /** Puts a page to a use; returns 0, or the number of the error. */
  *use(pfn: number, kind: number, xenL2 = false): Reading<number> {
    if (this.#types.isFull) return 0;
    if (this.#types.kindOf(pfn) !== Kind.none) return this.#again(pfn, kind, xenL2);
    this.#types.take(pfn, kind, xenL2);
    const errno = kind === Kind.segment ? yield* this.#segment(pfn) : yield* this.#table(pfn, kind, xenL2);
    if (errno === 0) this.#types.accept(pfn);
    else this.lines.validating(pfn, kind, xenL2);
    return errno;
  }

  /** Puts a page that is in use to a use; returns the number of the error. */
  #again(pfn: number, kind: number, xenL2: boolean): number {
    const seen = this.#types.kindOf(pfn);
    if (seen === kind && this.#types.isXenL2(pfn) === xenL2) return 0;
    // Xen says nothing of what may yet be a linear page table.
    if (!(kind <= 3 && seen === kind + 1 && !xenL2)) this.lines.wrongType(pfn, kind, xenL2);
    return EINVAL;
  }

  /** Validates a page as a table, and all that it leads to. */
  *#table(pfn: number, level: number, xenL2: boolean): Reading<number> {
    const content = this.#contents.table(pfn) ?? this.#strayContent(pfn);
    // A page without content is empty: of all tables only the root of a 32-bit guest must not be.
    if (!content && !(this.#narrow && level === 3)) return 0;
    this.tables++;
    const table: Table = {
      bytes: yield* this.#bytesOf(content),
      at: { table: pfn, level, offset: content?.offset ?? 0 },
      hasContent: content !== undefined,
    };
    if (content && !content.localised) return this.#stray(table);
    for (let index = 0; index < PTES; index++) {
      if (isXens(level, index, xenL2)) continue;
      const entry = entryOf(table.bytes, table.at, index);
      if (this.#narrow && level === 3 && index === LAST_GIB) return yield* this.#lastGib(entry, table);
      if ((entry.flags & PRESENT) === 0) continue;
      const errno = level === 1 ? this.#mapped(entry) : yield* this.#below(entry);
      if (errno === 0) continue;
      this.lines.failure(level, index, errno);
      return errno;
    }
    return 0;
  }

  /** Reads the bytes of a page, copied as tables below are read before the last entry is looked at; zeros for an empty one. */
  *#bytesOf(content: PageContent | undefined): Reading<DataView> {
    const bytes = new Uint8Array(PAGE_SIZE);
    if (content) bytes.set(yield* this.#guest.reader.at(content.offset, PAGE_SIZE));
    return new DataView(bytes.buffer);
  }

  /** Finds the content of a page that was never sent as a table. */
  #strayContent(pfn: number): PageContent | undefined {
    if (this.#strays >= STRAY_LIMIT || !this.#guest.frames.hadContent(pfn)) return undefined;
    this.#strays++;
    return this.#contents.find(pfn);
  }

  /** Tells whether an entry has flags that Xen refuses. */
  #flagsRefused(entry: Entry): boolean {
    const { config } = this.#guest;
    const flags = refusedFlags(entry, this.#narrow, config?.hasPassthrough === true || config?.hasIo === true);
    if (flags === 0) return false;
    if (entry.level === 1) this.lines.l1Flags(flags);
    else this.lines.flags(entry.level, flags);
    this.cause ??= { what: 'flags', entry, flags };
    return true;
  }

  /** Does what get_page_from_l1e() does: an entry maps a page. */
  #mapped(entry: Entry): number {
    const { frame, flags } = entry;
    if (this.#flagsRefused(entry)) return EINVAL;
    if (frame > this.#guest.libxc.maxPfn || (flags & WRITABLE) === 0) return 0;
    const kind = this.#types.kindOf(frame);
    if (kind === Kind.none) this.#types.take(frame, Kind.writable, false);
    if (kind === Kind.none || kind === Kind.writable) return 0;
    this.lines.wrongType(frame, Kind.writable, false);
    this.lines.notWritable(frame);
    this.cause ??= { what: 'writable', entry, kind };
    return EBUSY;
  }

  /** Does what get_page_from_l2e() to get_page_from_l4e() do: an entry leads to a table of the level below. */
  *#below(entry: Entry): Reading<number> {
    const { frame, level } = entry;
    if (this.#flagsRefused(entry)) return EINVAL;
    if (frame > this.#guest.libxc.maxPfn) return 0;
    const kind = this.#types.kindOf(frame);
    const errno = yield* this.use(frame, level - 1);
    const mayBeLinear = errno === EINVAL && !(this.#narrow && level === 3);
    if (mayBeLinear && this.#isLinear(entry)) return 0;
    if (errno !== 0) this.cause ??= { what: 'type', entry, kind };
    return errno;
  }

  /** Tells whether an entry may lead to a table of its own level, which Xen asks whenever that is none of the level below. */
  #isLinear(entry: Entry): boolean {
    const { table, frame, level, flags } = entry;
    if ((flags & WRITABLE) !== 0) {
      this.lines.linearWrite();
      if (this.#types.kindOf(frame) === level) this.cause ??= { what: 'linear', entry };
      return false;
    }
    return frame === table || this.#types.link(table, frame);
  }

  /** Validates the last entry of a 32-bit guest's root, whose table Xen has the end of. */
  *#lastGib(entry: Entry, table: Table): Reading<number> {
    const errno = yield* this.#sharedWithXen(entry, table);
    if (errno === 0) return 0;
    // Before Xen 4.14 it found the table shared when it had gone through all of the entries.
    const isLate = this.cause?.what === 'shared-slot' && this.#guest.xen < 414;
    this.lines.failure(entry.level, isLate ? PTES : entry.index, errno);
    return errno;
  }

  *#sharedWithXen(entry: Entry, { hasContent }: Table): Reading<number> {
    const { table, frame, flags } = entry;
    const place = hasContent ? entry.place : undefined;
    if ((flags & PRESENT) === 0) {
      this.cause ??= { what: 'no-slot', table, place };
      return EINVAL;
    }
    const refused = refusedFlags(entry, true, false);
    if (refused !== 0) {
      this.cause ??= { what: 'flags', entry, flags: refused };
      return EINVAL;
    }
    if (frame > this.#guest.libxc.maxPfn) return 0;
    const kind = this.#types.kindOf(frame);
    const errno = yield* this.use(frame, 2, true);
    if (errno !== 0) this.cause ??= { what: 'type', entry, kind };
    if (errno !== 0 || kind === Kind.none) return errno;
    this.lines.sharedSlot();
    this.cause ??= { what: 'shared-slot', table, place };
    return EINVAL;
  }

  /** Validates a table that was not sent as one: its entries name frames of the old host, or PFNs that nobody has translated. */
  #stray({ bytes, at }: Table): number {
    const present = presentEntries({ bytes, at });
    const [first] = present;
    if (!first) return 0;
    // Entries before it may be the domain's by chance, and are not as a rule: Xen stops at the first.
    if (present.some(({ frame }) => isHostsOwn(frame))) return this.#foreign(first);
    this.#guest.apply(STRAY_TABLE_RULES, { ...at, present: present.length, frame: first.frame }, first.place);
    return 0;
  }

  /** Refuses an entry that names a frame that is not the guest's. */
  #foreign(entry: Entry): number {
    const { level, index, frame, flags } = entry;
    this.cause ??= { what: 'foreign', entry };
    const errno = level > 1 ? EINVAL : isNoMemory(frame) ? EPERM : EBUSY;
    if (errno === EPERM) this.lines.foreign(frame);
    else if (errno === EBUSY) this.lines.notOwned(frame);
    else if ((flags & WRITABLE) !== 0) this.lines.linearWrite();
    this.lines.failure(level, index, errno);
    return errno;
  }

  /** Validates a page of the GDT. */
  *#segment(pfn: number): Reading<number> {
    const content = this.#contents.find(pfn);
    if (!content) return 0;
    const page = yield* this.#guest.reader.at(content.offset, PAGE_SIZE);
    const index = refusedDescriptor(page, this.#narrow);
    if (index < 0) return 0;
    this.cause = { what: 'descriptor', page: pfn, index, place: elementAt(SEGMENT_DESCRIPTOR, index, content.offset) };
    return EINVAL;
  }
}
