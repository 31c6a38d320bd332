/** What Xen refuses to use a page of a PV guest as: tables whose entries it must not trust, pages in two uses at once. */
import { hex0x } from '../../../../lib/text';
import { type LogLine, says } from '../../../kit/log-line';
import { type Hit, type Rule, type RuleText, ADVICE } from '../../../kit/rule';
import type { Cause } from './cause';
import { type Entry, flagNames } from './entry';
import { Kind } from './kinds';
import { PAGE_TYPE_LINES as LINES } from './page-type-lines';

/** A page that Xen refused. */
export interface PageUse {
  /** What Xen was doing: it loaded a vCPU, or pinned a table. */
  readonly by: { readonly what: 'gdt' | 'cr3' | 'cr1'; readonly vcpu: number } | { readonly what: 'pin' };
  readonly pfn: number;
  /** What it was to be: 1 to 4 for a page table. */
  readonly kind: number;
  readonly errno: number;
  readonly cause: Cause;
  /** Lines of a debug build. */
  readonly lines: readonly LogLine[];
  /** The configuration is known, and with it whether the guest may choose how memory is cached. */
  readonly knownHost: boolean;
}

const MM = 'xen/arch/x86/mm.c';

function useName(kind: number): string {
  if (kind === Kind.writable) return 'memory that the guest writes to';
  return kind === Kind.segment ? 'a page of the GDT' : `an L${kind} table`;
}

function when({ by, pfn, kind }: PageUse): string {
  if (by.what === 'pin') return `pinning L${kind} table ${hex0x(pfn)}`;
  return `loading the ${by.what === 'gdt' ? 'GDT' : by.what} of vCPU ${by.vcpu}`;
}

const entryName = ({ table, level, index }: Entry): string => `L${level} table ${hex0x(table)}, entry ${index}`;

type Of<W extends Cause['what']> = Extract<Cause, { readonly what: W }>;

const isCause = <W extends Cause['what']>(cause: Cause, what: W): cause is Of<W> => cause.what === what;

/** Makes a rule for one kind of cause. */
function refused<W extends Cause['what']>(
  what: W,
  {
    log,
    ...rule
  }: Omit<RuleText, 'layer' | 'severity' | 'debug' | 'advice' | 'log'> & { readonly log?: readonly string[] },
  say: (cause: Of<W>, use: PageUse) => false | string | (Hit & { readonly message: string }),
): Rule<PageUse> {
  return {
    layer: 'hypervisor',
    severity: 'fatal',
    debug: true,
    advice: ADVICE.copy,
    ...rule,
    ...(log && { log: log.map((text) => says.xen(text)) }),
    explain: `${rule.explain} Only debug builds of Xen say why.`,
    when: (use) => {
      const said = isCause(use.cause, what) && say(use.cause, use);
      if (said === false) return false;
      const hit = typeof said === 'string' ? { message: said } : said;
      return { errno: use.errno, log: use.lines, ...hit, message: `${hit.message} (${when(use)})` };
    },
  };
}

// `already pinned` (HP-19) cannot come of a stream, which has one type for each page, nor can a vCPU be loaded twice (HP-13).
export const PAGE_TYPE_RULES: readonly Rule<PageUse>[] = [
  refused(
    'flags',
    {
      id: 'HP-14',
      log: [LINES.l1Flags, LINES.failure, LINES.validating],
      title: 'an L1 entry chooses how its page is cached',
      explain:
        'Only guests that have devices, I/O memory or I/O ports of the host may set PWT, PCD and PAT. Xen refuses a table with such an entry.',
      source: `${MM}: get_page_from_l1e()`,
    },
    ({ entry, flags }, { knownHost }) =>
      entry.level === 1 && {
        message: `${entryName(entry)}: flags ${flagNames(flags, 1)}, which this guest must not set`,
        settled: knownHost,
      },
  ),
  refused(
    'flags',
    {
      id: 'HP-15',
      log: [LINES.flags],
      title: 'an entry of an upper page table has flags that no guest may set',
      explain:
        'An entry of an L2, L3 or L4 table may only lead to a table: it must not map a large page (PSE), be global or choose how memory is cached. In the root of a 32-bit guest bits 63 to 52 are reserved too.',
      source: `${MM}: get_page_from_l2e(), get_page_from_l3e(), get_page_from_l4e()`,
    },
    ({ entry, flags }) =>
      entry.level > 1 && `${entryName(entry)}: flags ${flagNames(flags, entry.level)}, which no guest may set`,
  ),
  refused(
    'writable',
    {
      id: 'HP-16',
      log: [LINES.notWritable, LINES.noFrame],
      title: 'the guest could write to one of its page tables, or to its GDT',
      explain:
        'Xen validates these pages, and the guest must ask Xen to change them: no entry may map one of them with write permission.',
      source: `${MM}: get_page_from_l1e(), _get_page_type()`,
    },
    ({ entry, kind }) => `${entryName(entry)} maps PFN ${hex0x(entry.frame)} writable, which is ${useName(kind)}`,
  ),
  refused(
    'type',
    {
      id: 'HP-17',
      log: [LINES.wrongType],
      title: 'a page is used as a page table and as something else',
      explain:
        'A page has one use at a time. A page that the guest can write to, or that is a table of one level, cannot be a table of another level.',
      source: `${MM}: _get_page_type(), get_page_and_type_from_mfn()`,
    },
    ({ entry, kind }) =>
      `${entryName(entry)} takes PFN ${hex0x(entry.frame)} for an L${entry.level - 1} table, but it is ${useName(kind)}`,
  ),
  refused(
    'linear',
    {
      id: 'HP-39',
      log: [LINES.linearWrite],
      title: 'a linear page table that the guest could write to',
      explain:
        'An entry may lead to a table of its own level, so that the guest can read its page tables as memory, but it must not be writable.',
      source: `${MM}: define_get_linear_pagetable()`,
    },
    ({ entry }) =>
      `${entryName(entry)} leads to ${entry.frame === entry.table ? 'its own table' : `PFN ${hex0x(entry.frame)}, a table of the same level,`} with write permission`,
  ),
  refused(
    'shared-slot',
    {
      id: 'HP-20',
      log: [LINES.sharedSlot],
      title: 'the table for the last GiB of a 32-bit guest is used twice',
      explain:
        'Xen keeps the end of that GiB for itself and writes its own entries into that L2 table, so two roots cannot share it.',
      source: `${MM}: pae_xen_mappings_check()`,
    },
    ({ table }) => `L3 table ${hex0x(table)}, entry 3: the L2 table that it leads to is used by another root`,
  ),
  refused(
    'no-slot',
    {
      id: 'HP-41',
      title: 'the root of a 32-bit guest has no table for the last GiB',
      explain: 'Xen keeps the end of that GiB for itself and needs an L2 table for it in every root.',
      source: `${MM}: promote_l3_table()`,
    },
    ({ table }) => `L3 table ${hex0x(table)}, entry 3: empty, where Xen needs a table for its own part of memory`,
  ),
  refused(
    'foreign',
    {
      id: 'HP-40',
      log: [LINES.foreign, LINES.notOwned],
      title: 'a page that was not sent as a page table is used as one',
      explain:
        'libxc translates the PFNs in page tables to machine frames of the new domain, but only in pages that the stream marks as page tables. The entries of this page name frames that do not belong to the guest.',
      source: `tools/libs/guest/xg_sr_restore_x86_pv.c: x86_pv_localise_page(); ${MM}: get_page_from_l1e()`,
    },
    ({ entry }) =>
      `L${entry.level} table ${hex0x(entry.table)} was not sent as a page table: entry ${entry.index} names machine frame ${hex0x(entry.frame)}, which is not the guest’s`,
  ),
  refused(
    'descriptor',
    {
      id: 'HP-42',
      log: [LINES.validating],
      title: 'a descriptor not allowed in a guest’s GDT',
      explain:
        'Apart from code and data segments Xen allows only call gates, and only those into segments of the guest: no TSS, LDT or other gates, and no 64-bit code in a 32-bit guest.',
      source: 'xen/arch/x86/pv/descriptor-tables.c: check_descriptor()',
    },
    ({ page, index }) =>
      `GDT page ${hex0x(page)}, descriptor ${index}: Xen does not let a guest have such a descriptor`,
  ),
  refused(
    'root',
    {
      id: 'HP-10',
      log: [LINES.wrongType],
      title: 'a page of the GDT is in use as something else',
      explain: 'A page of the GDT cannot be a page table, and the guest must not be able to write to it.',
      source: 'xen/arch/x86/pv/descriptor-tables.c: pv_set_gdt()',
    },
    ({ page, kind }, { by }) => by.what === 'gdt' && `GDT page ${hex0x(page)} is ${useName(kind)}`,
  ),
  refused(
    'root',
    {
      id: 'HP-12',
      log: [LINES.wrongType],
      title: 'a root of page tables is in use as something else',
      explain:
        'The page that cr3 or cr1 names must not be a table of another level, and the guest must not be able to write to it.',
      source: 'xen/arch/x86/domain.c: arch_set_info_guest()',
    },
    ({ page, kind }, { by }) =>
      (by.what === 'cr3' || by.what === 'cr1') && `${by.what} names PFN ${hex0x(page)}, which is ${useName(kind)}`,
  ),
  refused(
    'root',
    {
      id: 'HP-18',
      log: [LINES.pinning],
      title: 'a page table to be pinned is in use as something else',
      explain:
        'The stream marks the page as a pinned page table, but tables that were loaded earlier use it as something else or let the guest write to it.',
      source: `${MM}: do_mmuext_op()`,
    },
    ({ page, kind }, use) =>
      use.by.what === 'pin' &&
      `PFN ${hex0x(page)} is a pinned L${use.kind} table according to the stream, but already ${useName(kind)}`,
  ),
];
