/** What libxc looks at in a PAGE_DATA: its count, its list of PFNs, and whether the pages fill the record. */
import { hex0x } from '../../../lib/text';
import { isKnownPageType, PAGE_SIZE } from '../../../format/page';
import { PAGE_DATA_HEADER, PAGE_DATA_HEADER_SIZE, PFN_ENTRY_SIZE } from '../../../format/libxc/page-data';
import { nth } from '../../../format/kit/fields';
import { says } from '../../kit/log-line';
import { inBody, LENGTH_AT } from '../../kit/places';
import { type Rule, ADVICE } from '../../kit/rule';

export interface PageDataFrame {
  readonly length: number;
  readonly count: number;
  readonly reserved: number;
  /** STATIC_DATA_END was there, or version 2 let libxc infer it. */
  readonly staticDataEnd: boolean;
}

const field = inBody(PAGE_DATA_HEADER);
/** The length in the record's header and the count behind it. */
const LENGTHS_AT = { offset: LENGTH_AT.offset, length: LENGTH_AT.length + field('count').length };
const HANDLE = 'tools/libs/guest/xg_sr_restore.c: handle_page_data()';

/** Bytes of a body up to the end of its list. */
const listEnd = (count: number): number => PAGE_DATA_HEADER_SIZE + PFN_ENTRY_SIZE * count;

export const STATIC_DATA_RULES: readonly Rule<{ readonly staticDataEnd: boolean }>[] = [
  {
    id: 'LC-22',
    layer: 'libxc',
    severity: 'fatal',
    versions: { from: 414 },
    log: [says.libxc('No STATIC_DATA_END seen')],
    title: 'memory before STATIC_DATA_END',
    explain: 'In a stream of version 3 the policies and STATIC_DATA_END come before all memory.',
    advice: ADVICE.writer,
    source: HANDLE,
    when: ({ staticDataEnd }) => !staticDataEnd,
  },
];

export const PAGE_FRAME_RULES: readonly Rule<PageDataFrame>[] = [
  {
    id: 'LC-33',
    layer: 'libxc',
    severity: 'fatal',
    log: [says.libxc('PAGE_DATA record truncated: length %u, min %zu')],
    title: 'a PAGE_DATA shorter than its header',
    explain: 'It starts with the count of PFNs and a reserved word, 8 bytes.',
    advice: ADVICE.writer,
    source: HANDLE,
    when: ({ length }) => length < PAGE_DATA_HEADER_SIZE && { values: [length, PAGE_DATA_HEADER_SIZE], at: LENGTH_AT },
  },
  {
    id: 'LC-34',
    layer: 'libxc',
    severity: 'fatal',
    log: [says.libxc('Expected at least 1 pfn in PAGE_DATA record')],
    title: 'a PAGE_DATA without a PFN',
    explain: 'The count must be at least 1.',
    advice: ADVICE.writer,
    source: HANDLE,
    when: ({ count }) => count < 1 && { at: field('count') },
  },
  {
    id: 'LC-35',
    layer: 'libxc',
    severity: 'fatal',
    log: [says.libxc('PAGE_DATA record (length %u) too short to contain %u pfns worth of information')],
    title: 'a PAGE_DATA that has no room for its list of PFNs',
    explain: 'The count is larger than the record can hold: count or length is damaged.',
    advice: ADVICE.copy,
    source: HANDLE,
    when: ({ length, count }) =>
      length < listEnd(count) && {
        values: [length, count],
        message: `${count} PFNs do not fit into a PAGE_DATA of ${length} bytes`,
        at: LENGTHS_AT,
      },
  },
  {
    id: 'LC-56',
    layer: 'spec',
    severity: 'note',
    title: 'the reserved word of a PAGE_DATA is set; libxc ignores it',
    explain: 'verify-stream-v2 refuses it.',
    advice: ADVICE.none,
    source: 'docs/specs/libxc-migration-stream.pandoc: PAGE_DATA',
    when: ({ reserved }) =>
      reserved !== 0 && {
        message: `the reserved word of a PAGE_DATA is ${hex0x(reserved)}`,
        at: field('reserved'),
      },
  },
];

/** PFNs that follow on in the list and are of one type. */
export interface PfnRun {
  readonly pfn: number;
  readonly count: number;
  readonly type: number;
  /** Index of the first in the list. */
  readonly entry: number;
  readonly isPv: boolean;
  readonly maxPfn: number;
}

const entryAt = (entry: number) => nth(field('pfn[0]'), entry);

/** Bits 59 to 52 of an entry, as the scan has found them. */
export interface ReservedBits {
  /** First entry that has some set, −1 for none. */
  readonly entry: number;
}

export const PFN_BIT_RULES: readonly Rule<ReservedBits>[] = [
  {
    id: 'LC-39',
    layer: 'spec',
    severity: 'note',
    title: 'reserved bits of a PFN entry are set; libxc ignores them',
    explain: 'Bits 59 to 52 must be zero. verify-stream-v2 refuses anything else.',
    advice: ADVICE.none,
    source: 'docs/specs/libxc-migration-stream.pandoc: PAGE_DATA',
    when: ({ entry }) => entry >= 0 && { at: entryAt(entry) },
  },
];

/** Entries of a run up to where its PFNs leave the guest. */
const within = ({ pfn, isPv, maxPfn }: PfnRun): number =>
  isPv ? Math.max(0, maxPfn + 1 - pfn) : Number.POSITIVE_INFINITY;

export const PFN_RULES: readonly Rule<PfnRun>[] = [
  {
    id: 'LC-38',
    layer: 'libxc',
    severity: 'fatal',
    log: [says.libxc('Unknown type %#x for pfn %#lx (index %u)')],
    title: 'a page of a type that does not exist',
    explain: 'Types 5 to 8 are reserved. Types are the upper four bits of an entry.',
    advice: ADVICE.copy,
    source: HANDLE,
    when: (run) =>
      !isKnownPageType(run.type) &&
      within(run) > 0 && {
        // libxc prints the word as it keeps types: in its four highest bits.
        values: [run.type * 2 ** 28, run.pfn, run.entry],
        message: `PFN ${hex0x(run.pfn)} is of type ${run.type}, which does not exist`,
        at: entryAt(run.entry),
      },
  },
  {
    id: 'LC-37',
    layer: 'libxc',
    severity: 'fatal',
    log: [says.libxc('pfn %#lx (index %u) outside domain maximum')],
    title: 'a PFN beyond the guest’s last',
    explain: 'X86_PV_P2M_FRAMES says how far the PFNs of a PV guest go; before it, only PFN 0 is taken.',
    advice: ADVICE.copy,
    source: HANDLE,
    when: (run) => {
      const good = within(run);
      if (good >= run.count) return false;
      return {
        values: [run.pfn + good, run.entry + good],
        message: `PFN ${hex0x(run.pfn + good)} lies beyond the guest’s last, ${hex0x(run.maxPfn)}`,
        at: entryAt(run.entry + good),
      };
    },
  },
];

export interface PageDataSize {
  readonly length: number;
  readonly count: number;
  /** Entries whose type has content. */
  readonly pages: number;
}

export const PAGE_SIZE_RULES: readonly Rule<PageDataSize>[] = [
  {
    id: 'LC-36',
    layer: 'libxc',
    severity: 'fatal',
    log: [says.libxc('PAGE_DATA record wrong size: length %u, expected %zu + %zu + %lu')],
    title: 'a PAGE_DATA whose length does not fit its list of PFNs',
    explain:
      'The record holds its header, 8 bytes for each PFN, and 4096 for each whose type has content. Count, a type or the length is damaged.',
    advice: ADVICE.copy,
    source: HANDLE,
    when: ({ length, count, pages }) =>
      length !== listEnd(count) + PAGE_SIZE * pages && {
        values: [length, PAGE_DATA_HEADER_SIZE, PFN_ENTRY_SIZE * count, PAGE_SIZE * pages],
        message: `a PAGE_DATA of ${length} bytes, while its list of ${count} PFNs with ${pages} pages takes ${listEnd(count) + PAGE_SIZE * pages}`,
        at: LENGTHS_AT,
      },
  },
];
