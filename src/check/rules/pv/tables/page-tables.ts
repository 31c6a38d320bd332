/** What libxc meets when it turns the PFNs in a PV guest's page tables back into machine frames. */
import { elementAt } from '../../../../format/kit/fields';
import { PAGE_TABLE_ENTRY_64 } from '../../../../format/x86/page-table';
import { hex0x } from '../../../../lib/text';
import { says } from '../../../kit/log-line';
import { type Rule, ADVICE } from '../../../kit/rule';

/** One page table as the stream has it. */
export interface PageTable {
  readonly pfn: number;
  /** 1 to 4. */
  readonly level: number;
  /** Highest PFN of the guest. */
  readonly maxPfn: number;
  /** Index of the first present entry whose PFN is too high, −1 for none, and that PFN. */
  readonly outside: number;
  readonly outsidePfn: number;
}

const LOCALISE = 'tools/libs/guest/xg_sr_restore_x86_pv.c: x86_pv_localise_page()';
const entryAt = (index: number) => elementAt(PAGE_TABLE_ENTRY_64, index);

// `Bad mfn for L%u[%u]` (LP-14) cannot come of a stream: libxc gets memory for every page that an entry names.
export const LOCALISE_RULES: readonly Rule<PageTable>[] = [
  {
    id: 'LP-13',
    layer: 'libxc',
    severity: 'fatal',
    log: [
      says.libxc(
        "libxl-save-helper: xg_sr_restore_x86_pv.c:7: pfn_to_mfn: Assertion `pfn <= ctx->x86.pv.max_pfn' failed.",
      ),
      says.libxl('domain {N} save/restore helper [%s] died due to fatal signal Aborted'),
    ],
    title: 'a page table entry that names a PFN beyond the guest’s last',
    explain: 'libxc does not expect this: an assertion fails and ends the restore helper.',
    advice: ADVICE.copy,
    source: LOCALISE,
    when: ({ pfn, level, outside, outsidePfn, maxPfn }) =>
      outside >= 0 && {
        values: ['N'],
        message: `L${level} table ${hex0x(pfn)}, entry ${outside}: PFN ${hex0x(outsidePfn)} lies beyond the guest’s last, ${hex0x(maxPfn)}`,
        at: entryAt(outside),
      },
  },
];

/** Present entries of a table, as it stands when the stream has ended, whose pages the stream has no content for. */
export interface TableTargets {
  readonly pfn: number;
  readonly level: number;
  /** How many, the index of the first, and its PFN. */
  readonly lost: number;
  readonly first: number;
  readonly firstPfn: number;
}

const lostMessage = ({ pfn, level, lost, first, firstPfn }: TableTargets): string =>
  `L${level} table ${hex0x(pfn)}, entry ${first}: the stream has no content for PFN ${hex0x(firstPfn)}${lost > 1 ? `, and ${lost - 1} more such` : ''}`;

export const TARGET_RULES: readonly Rule<TableTargets>[] = [
  {
    id: 'PT-01',
    layer: 'spec',
    severity: 'warning',
    title: 'a page table is missing: a table above leads to a page that the stream has no content for',
    explain:
      'libxc gives the guest an empty page in its place, and everything that was mapped through it is gone. A saver that cannot translate a table, say because an entry names a page that is not the guest’s, sends it without content and without a message.',
    advice: ADVICE.resave,
    source: `${LOCALISE}; xg_sr_save.c: write_batch()`,
    when: (table) => table.level > 1 && table.lost > 0 && { message: lostMessage(table), at: entryAt(table.first) },
  },
  {
    id: 'PT-02',
    layer: 'spec',
    severity: 'warning',
    title: 'a mapped page is missing: the stream has no content for it',
    explain: 'The guest has the page mapped; libxc gives it an empty one in its place.',
    advice: ADVICE.resave,
    source: LOCALISE,
    when: (table) => table.level === 1 && table.lost > 0 && { message: lostMessage(table), at: entryAt(table.first) },
  },
];
