/** What libxc looks at when it turns the PFNs in a PV guest's registers and start_info back into machine frames. */
import { PageType, tableLevel } from '../../../format/page';
import { hex0x } from '../../../lib/text';
import { says } from '../../kit/log-line';
import { type Rule, ADVICE } from '../../kit/rule';

/** A PFN that something names. */
export interface NamedPage {
  /** Index among its kind: of the GDT frame, or the entry of the P2M frame list. */
  readonly index: number;
  readonly pfn: bigint;
  readonly maxPfn: number;
  /** Type that the page has when the stream has ended. */
  readonly type: number;
  /** Memory was got for it. */
  readonly populated: boolean;
  /** Paging levels of the guest: the type that a root must have. */
  readonly levels: number;
}

interface PageRule {
  readonly id: string;
  readonly variant?: string;
  readonly log: string;
  readonly title: string;
  readonly values: (page: NamedPage) => readonly (number | bigint)[];
}

interface Kind {
  readonly what: string;
  readonly explain: string;
  readonly source: string;
  readonly outside: PageRule;
  readonly type?: PageRule & { readonly wrong: (page: NamedPage) => boolean };
  /** A page of the right type always has memory where the type is that of a page table. */
  readonly missing?: PageRule;
}

const isOutside = ({ pfn, maxPfn }: NamedPage): boolean => pfn > BigInt(maxPfn);

/**
 * The three tests that libxc makes of every page that it looks up: in range, of the right type, with memory. (`cr3 has bad
 * mfn`, LP-42, cannot come of a stream: what is sent as a table of the right level has memory.)
 */
function pageRules({ what, explain, source, outside, type, missing }: Kind): readonly Rule<NamedPage>[] {
  const entry = (
    rule: PageRule,
    when: (page: NamedPage) => boolean,
    text: (page: NamedPage) => string,
  ): Rule<NamedPage> => ({
    id: rule.id,
    ...(rule.variant !== undefined && { variant: rule.variant }),
    layer: 'libxc',
    severity: 'fatal',
    log: [says.libxc(rule.log)],
    title: rule.title,
    explain,
    advice: ADVICE.copy,
    source,
    when: (page) => when(page) && { values: rule.values(page), message: text(page) },
  });
  return [
    entry(
      outside,
      isOutside,
      ({ pfn, maxPfn }) => `${what}: PFN ${hex0x(pfn)} lies beyond the guest’s last, ${hex0x(maxPfn)}`,
    ),
    ...(type
      ? [
          entry(
            type,
            (page) => !isOutside(page) && type.wrong(page),
            (page) => `${what}: PFN ${hex0x(page.pfn)} is a page of type ${page.type}`,
          ),
        ]
      : []),
    ...(missing
      ? [
          entry(
            missing,
            (page) => !isOutside(page) && !page.populated,
            ({ pfn }) => `${what}: the stream has no page for PFN ${hex0x(pfn)}`,
          ),
        ]
      : []),
  ];
}

const RESTORE = 'tools/libs/guest/xg_sr_restore_x86_pv.c';
const isNoData = ({ type }: NamedPage): boolean => type !== PageType.NOTAB;
const isNoRoot = ({ type, levels }: NamedPage): boolean => tableLevel(type) !== levels;
const pfnOf = ({ pfn }: NamedPage) => [pfn];
const none = () => [];

export const START_INFO_RULES = pageRules({
  what: 'start_info',
  explain: 'rdx of vCPU 0 names the guest’s start_info page, which libxc fills in for the new domain.',
  source: `${RESTORE}: process_start_info()`,
  outside: {
    id: 'LP-28',
    log: 'Start Info pfn %#lx out of range',
    title: 'a start_info page beyond the guest’s last page',
    values: pfnOf,
  },
  type: {
    id: 'LP-29',
    log: 'Start Info pfn %#lx has bad type %u',
    title: 'a start_info page that is not a data page',
    values: ({ pfn, type }) => [pfn, type],
    wrong: isNoData,
  },
  missing: {
    id: 'LP-30',
    log: 'Start Info has bad mfn',
    title: 'a start_info page that is not in the stream',
    values: none,
  },
});

export const STORE_RULES = pageRules({
  what: 'the xenstore ring',
  explain: 'store_mfn of the start_info page names the ring that the guest talks to xenstore through.',
  source: `${RESTORE}: process_start_info()`,
  outside: {
    id: 'LP-32',
    log: 'XenStore pfn %#lx out of range',
    title: 'a xenstore ring beyond the guest’s last page',
    values: pfnOf,
  },
  missing: {
    id: 'LP-33',
    log: 'XenStore pfn has bad mfn',
    title: 'a xenstore ring that is not in the stream',
    values: none,
  },
});

export const CONSOLE_RULES = pageRules({
  what: 'the console ring',
  explain: 'console.domU.mfn of the start_info page names the ring of the guest’s console.',
  source: `${RESTORE}: process_start_info()`,
  outside: {
    id: 'LP-34',
    log: 'Console pfn %#lx out of range',
    title: 'a console ring beyond the guest’s last page',
    values: pfnOf,
  },
  missing: {
    id: 'LP-35',
    log: 'Console pfn has bad mfn',
    title: 'a console ring that is not in the stream',
    values: none,
  },
});

export const GDT_FRAME_RULES = pageRules({
  what: 'a frame of the GDT',
  explain: 'gdt_frames of a vCPU name the pages that hold its GDT.',
  source: `${RESTORE}: process_vcpu_basic()`,
  outside: {
    id: 'LP-37',
    log: 'GDT frame %u (pfn %#lx) out of range',
    title: 'a GDT frame beyond the guest’s last page',
    values: ({ index, pfn }) => [index, pfn],
  },
  type: {
    id: 'LP-38',
    log: 'GDT frame %u (pfn %#lx) has bad type %u',
    title: 'a GDT frame that is not a data page',
    values: ({ index, pfn, type }) => [index, pfn, type],
    wrong: isNoData,
  },
  missing: {
    id: 'LP-39',
    log: 'GDT frame %u has bad mfn',
    title: 'a GDT frame that is not in the stream',
    values: ({ index }) => [index],
  },
});

/** Ids of the two tests, and variants where both share one id. */
interface RootIds {
  readonly outside: Pick<PageRule, 'id' | 'variant'>;
  readonly type: Pick<PageRule, 'id' | 'variant'>;
}

const root = (name: 'cr3' | 'cr1', ids: RootIds) =>
  pageRules({
    what: name,
    explain:
      name === 'cr3'
        ? 'cr3 names the root of a vCPU’s page tables, which must be a table of the highest level.'
        : 'cr1 names the root of the page tables that a 64-bit guest uses in user mode.',
    source: `${RESTORE}: process_vcpu_basic()`,
    outside: {
      ...ids.outside,
      log: `${name} (pfn %#lx) out of range`,
      title: `a root of page tables (${name}) beyond the guest’s last page`,
      values: pfnOf,
    },
    type: {
      ...ids.type,
      log: `${name} (pfn %#lx) has bad type %u, expected %u`,
      title: `a root of page tables (${name}) that is not a table of the highest level`,
      values: ({ pfn, type, levels }) => [pfn, type, levels],
      wrong: isNoRoot,
    },
  });

export const CR3_RULES = root('cr3', { outside: { id: 'LP-40' }, type: { id: 'LP-41' } });
export const CR1_RULES = root('cr1', {
  outside: { id: 'LP-43', variant: 'range' },
  type: { id: 'LP-43', variant: 'type' },
});

export const P2M_FRAME_RULES = pageRules({
  what: 'a frame of the P2M',
  explain:
    'X86_PV_P2M_FRAMES lists the pages that hold the guest’s table from PFNs to machine frames; libxc writes the new one into them.',
  source: `${RESTORE}: update_guest_p2m()`,
  outside: {
    id: 'LP-47',
    log: 'pfn (%#lx) for p2m_frame_list[%u] out of range',
    title: 'a P2M frame beyond the guest’s last page',
    values: ({ pfn, index }) => [pfn, index],
  },
  type: {
    id: 'LP-48',
    log: 'pfn (%#lx) for p2m_frame_list[%u] has bad type %u',
    title: 'a P2M frame that is not a data page',
    values: ({ pfn, index, type }) => [pfn, index, type],
    wrong: isNoData,
  },
  missing: {
    id: 'LP-49',
    log: 'p2m_frame_list[%u] has bad mfn',
    title: 'a P2M frame that is not in the stream',
    values: ({ index }) => [index],
  },
});
