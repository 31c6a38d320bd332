/** Page tables, GDT pages and roots of PV guests that Xen does not take. */
import { context64, pages, patch, pv32Parts, PV_PAGES, pvParts, vcpu } from '../../../fixtures/built/restorable';
import { concat, T, u32, u64, XC } from '../../../fixtures/built/stream';
import type { Change, RuleCase } from './case';

type Page = readonly [pfn: number, type: number, content?: Uint8Array];

const L2 = 2;
const L4 = 4;
const L1_PINNED = 9;
const L3_PINNED = 0xb;
const empty = new Uint8Array(4096);
const page = (pfn: number): Uint8Array => PV_PAGES.find(([one]) => one === pfn)?.[2] ?? empty;
/** The pages of the whole image, some of them otherwise, some more behind them. */
const memory = (...changed: readonly Page[]): Change => ({
  pages: pages([
    ...PV_PAGES.map((one) => changed.find(([pfn]) => pfn === one[0]) ?? one),
    ...changed.filter(([pfn]) => PV_PAGES.every(([known]) => known !== pfn)),
  ]),
});
/** Where the content of a page of `PV_PAGES` starts, with `more` pages in the list. */
const contentAt = (pfn: number, more = 0): number =>
  16 + (PV_PAGES.length + more) * 8 + PV_PAGES.findIndex(([one]) => one === pfn) * 4096;

/** The L1 table 9 with a second entry; entry 0 maps PFN 10 writable. */
const l1 = (entry: number): Page => [9, T.L1, patch(page(9), 8, u64(entry))];
const l2 = (entry: number): Page => [8, L2, patch(page(8), 8, u64(entry))];
const basic = (...written: readonly (readonly [number, number])[]): Change => ({
  basic: vcpu(
    XC.VCPU_BASIC,
    0,
    written.reduce((bytes, [at, value]) => patch(bytes, at, u64(value)), context64),
  ),
});
const CR1 = 4992;
const CR1_AT = 16 + CR1;
/** vCPU 1 with a GDT in this page. */
const second = (frame: number): Change => ({
  xsave: concat(pvParts()['xsave'] ?? empty, vcpu(XC.VCPU_BASIC, 1, patch(context64, 4832, u64(frame)))),
});
const gdt = (low: number, high: number): Page => [12, T.NOTAB, patch(page(12), 0, u32(low), u32(high))];

const small = pv32Parts();
const pages32 = small['pages'] ?? empty;
/** The root of the 32-bit guest: PFN 6, whose entries 0 and 3 are present. Its list has ten entries. */
const root32 = (at: number, ...entries: readonly (number | bigint)[]): Change => ({
  pages: patch(pages32, 16 + 80 + 3 * 4096 + at, ...entries.map((entry) => u64(entry))),
});
/** Pages that follow those of the 32-bit guest. */
const more32 = (...list: readonly Page[]): Change => ({ tsc: concat(pages(list), small['tsc'] ?? empty) });
const pae = (l2Table: number): Uint8Array => patch(empty, 24, u64(l2Table * 4096 + 1));

/** A stream of version 2, which Xen before 4.14 reads. */
const old: Change = {
  image: patch(small['image'] ?? empty, 12, u32(2, false)),
  cpuid: undefined,
  msr: undefined,
  static: undefined,
};

const busy = "Failed to set vcpu0's basic info (16 = Device or resource busy)";
const invalid = "Failed to set vcpu0's basic info (22 = Invalid argument)";
const notPinned = 'Failed to pin batch of pagetables (22 = Invalid argument)';
const LINEAR = 'Attempt to create linear p.t. with write perms';

/** What Xen prints of the tables above one that it refuses, whose entries 0 lead to it with write permission. */
const above = (failure: (level: number) => string, ...levels: readonly (readonly [level: number, line: string])[]) =>
  levels.flatMap(([level, line]) => [LINEAR, failure(level), line]);
const promote = (level: number): string => `Failure -22 in promote_l${level}_table: slot 0`;
const alloc = (level: number): string => `Failure in alloc_l${level}_table: entry 0`;
const L2_LINE = 'Error while validating mfn N (pfn 00008) for type 4000000000000000: caf=N taf=4000000000000001';
const L3_LINE = 'Error while validating mfn N (pfn 00007) for type 6000000000000000: caf=N taf=6000000000000001';
const L4_LINE = 'Error while validating mfn N (pfn 00006) for type 8000000000000000: caf=N taf=8000000000000001';
const L1_LINE = 'Error while validating mfn N (pfn 00009) for type 2000000000000000: caf=N taf=2000000000000001';

export const PV_TABLE_CASES: readonly RuleCase[] = [
  {
    key: 'HP-14',
    base: pvParts,
    // PAT; what is global may be so.
    bad: memory(l1(0xa0a7)),
    near: memory(l1(0xa127)),
    log: [invalid],
    debugLog: [
      'Bad L1 flags 80',
      'Failure -22 in promote_l1_table: slot 0x1',
      L1_LINE,
      ...above(promote, [2, L2_LINE], [3, L3_LINE], [4, L4_LINE]),
    ],
    at: ['pages', contentAt(9) + 8],
  },
  {
    key: 'HP-14',
    base: pvParts,
    xen: 408,
    bad: { ...old, ...memory(l1(0xa03f)) },
    near: { ...old, ...memory(l1(0xa027)) },
    log: [invalid],
    debugLog: [
      'Bad L1 flags 18',
      'Failure in alloc_l1_table: entry 1',
      'Error while validating mfn N (pfn 9) for type 1000000000000000: caf=N taf=1000000000000001',
      ...above(
        alloc,
        [2, 'Error while validating mfn N (pfn 8) for type 2000000000000000: caf=N taf=2000000000000001'],
        [3, 'Error while validating mfn N (pfn 7) for type 3000000000000000: caf=N taf=3000000000000001'],
        [4, 'Error while validating mfn N (pfn 6) for type 4000000000000000: caf=N taf=4000000000000001'],
      ),
    ],
  },
  {
    // A pinned table that no root leads to.
    key: 'HP-14',
    base: pvParts,
    xen: 420,
    bad: memory([13, L1_PINNED, patch(empty, 4088, u64(0xa035))]),
    near: memory([13, T.L1, patch(empty, 4088, u64(0xa035))]),
    log: [notPinned],
    debugLog: [
      'Bad L1 flags 0x10',
      'Failure -22 in promote_l1_table: slot 0x1ff',
      'Error while validating mfn N (pfn 0000d) for type 2000000000000000: caf=N taf=2000000000000001',
      'Error -22 while pinning mfn N',
    ],
    at: ['pages', 16 + 11 * 8 + 10 * 4096 + 4088],
  },
  {
    key: 'HP-15',
    base: pvParts,
    // PSE; the bits that guests may use.
    bad: memory(l2(0x90a7)),
    near: memory(l2(0x9e27)),
    log: [invalid],
    debugLog: [
      'Bad L2 flags 80',
      'Failure -22 in promote_l2_table: slot 0x1',
      L2_LINE,
      ...above(promote, [3, L3_LINE], [4, L4_LINE]),
    ],
    at: ['pages', contentAt(8) + 8],
  },
  {
    key: 'HP-15',
    base: pvParts,
    xen: 413,
    // A global L4 entry; one in a slot that Xen fills in itself.
    bad: { ...old, ...memory([6, T.L4_PINNED, patch(page(6), 255 * 8, u64(0x7127))]) },
    near: { ...old, ...memory([6, T.L4_PINNED, patch(page(6), 256 * 8, u64(0x7127))]) },
    log: [invalid],
    debugLog: ['Bad L4 flags 100', 'Failure -22 in alloc_l4_table: slot 0xff', L4_LINE],
  },
  {
    key: 'HP-15',
    base: pv32Parts,
    // No-execute is nothing for the root of a 32-bit guest.
    bad: root32(0, 0x8000_0000_0000_8027n),
    near: {},
    log: [invalid],
    at: ['pages', 16 + 80 + 3 * 4096],
  },
  {
    key: 'HP-16',
    base: pvParts,
    bad: memory(l1(0x9027)),
    near: memory(l1(0x9025)),
    log: [busy],
    debugLog: [
      'Bad type (saw N != exp e000000000000000) for mfn N (pfn 00009)',
      'Could not get page type PGT_writable_page',
      'Error getting mfn N (pfn 00009) from L1 entry N for l1e_owner dN, pg_owner dN',
      'Failure -16 in promote_l1_table: slot 0x1',
      L1_LINE,
      'Failure -16 in promote_l2_table: slot 0',
      L2_LINE,
      'Failure -16 in promote_l3_table: slot 0',
      L3_LINE,
      'Failure -16 in promote_l4_table: slot 0',
      L4_LINE,
    ],
    at: ['pages', contentAt(9) + 8],
  },
  {
    // The GDT is loaded before the tables are.
    key: 'HP-16',
    base: pvParts,
    bad: memory(l1(0xc027)),
    near: memory(l1(0xc025)),
    log: [busy],
    at: ['pages', contentAt(9) + 8],
  },
  {
    key: 'HP-17',
    base: pvParts,
    // PFN 10 is mapped writable by the table that entry 0 leads to.
    bad: memory(l2(0xa025)),
    near: memory(l2(0x9025)),
    log: [invalid],
    debugLog: [
      'Bad type (saw N != exp 2000000000000000) for mfn N (pfn 0000a)',
      'Failure -22 in promote_l2_table: slot 0x1',
      L2_LINE,
      ...above(promote, [3, L3_LINE], [4, L4_LINE]),
    ],
    at: ['pages', contentAt(8) + 8],
  },
  {
    key: 'HP-39',
    base: pvParts,
    bad: memory([6, T.L4_PINNED, patch(page(6), 8, u64(0x6027))]),
    near: memory([6, T.L4_PINNED, patch(page(6), 8, u64(0x6025))]),
    log: [invalid],
    debugLog: [LINEAR, 'Failure -22 in promote_l4_table: slot 0x1', L4_LINE],
    at: ['pages', contentAt(6) + 8],
  },
  {
    key: 'HP-20',
    base: pv32Parts,
    bad: more32([14, L3_PINNED, pae(13)]),
    near: more32([14, L3_PINNED, pae(15)], [15, L2, empty]),
    log: [notPinned],
    debugLog: [
      'PAE L3 3rd slot is shared',
      'Failure -22 in promote_l3_table: slot 0x3',
      'Error while validating mfn N (pfn 0000e) for type 6000000000000000: caf=N taf=6000000000000001',
      'Error -22 while pinning mfn N',
    ],
  },
  {
    key: 'HP-20',
    base: pv32Parts,
    xen: 412,
    bad: { ...old, ...more32([14, L3_PINNED, pae(13)]) },
    near: { ...old, ...more32([14, L3_PINNED, pae(15)], [15, L2, empty]) },
    log: [notPinned],
    debugLog: [
      'PAE L3 3rd slot is shared',
      'Failure in alloc_l3_table: slot 0x200',
      'Error while validating mfn N (pfn 0000e) for type 6000000000000000: caf=N taf=6000000000000001',
      'Error -22 while pinning mfn N',
    ],
  },
  {
    key: 'HP-41',
    base: pv32Parts,
    bad: root32(24, 0xd026),
    near: root32(24, 0xd001),
    log: [invalid],
    debugLog: [
      'Failure -22 in promote_l3_table: slot 0x3',
      'Error while validating mfn N (pfn 00006) for type 6000000000000000: caf=N taf=6000000000000001',
    ],
    at: ['pages', 16 + 80 + 3 * 4096 + 24],
  },
  {
    key: 'HP-40',
    base: pvParts,
    bad: memory([9, T.NOTAB, page(9)]),
    near: memory([9, T.NOTAB, empty]),
    log: ["Failed to set vcpu0's basic info (1 = Operation not permitted)"],
    debugLog: [
      'dN non-privileged attempt to map MMIO space 0000a',
      'Failure -1 in promote_l1_table: slot 0',
      L1_LINE,
      'Failure -1 in promote_l2_table: slot 0',
      L2_LINE,
      'Failure -1 in promote_l3_table: slot 0',
      L3_LINE,
      'Failure -1 in promote_l4_table: slot 0',
      L4_LINE,
    ],
    at: ['pages', contentAt(9)],
  },
  {
    // A frame of the first 16 MiB is memory, and not the guest's.
    key: 'HP-40',
    base: pvParts,
    bad: memory([9, T.NOTAB, patch(empty, 16, u64(0x20_0027))]),
    near: memory([9, T.NOTAB, patch(empty, 16, u64(0x100_0027))]),
    log: ["Failed to set vcpu0's basic info (16 = Device or resource busy)"],
    debugLog: [
      'pg_owner dN l1e_owner dN, but real_pg_owner dN',
      'Error getting mfn 00200 (pfn N) from L1 entry N for l1e_owner dN, pg_owner dN',
      'Failure -16 in promote_l1_table: slot 0x2',
      L1_LINE,
      'Failure -16 in promote_l2_table: slot 0',
      L2_LINE,
      'Failure -16 in promote_l3_table: slot 0',
      L3_LINE,
      'Failure -16 in promote_l4_table: slot 0',
      L4_LINE,
    ],
    at: ['pages', contentAt(9) + 16],
  },
  {
    key: 'PT-04',
    base: pvParts,
    bad: memory([9, T.NOTAB, patch(empty, 16, u64(0x1234_5027))]),
    near: memory([9, T.L1, patch(empty, 16, u64(0xa027))]),
    at: ['pages', contentAt(9) + 16],
  },
  {
    key: 'HP-42',
    base: pvParts,
    // A TSS; a call gate to the first segment of the guest.
    bad: memory(gdt(0, 0x8900)),
    near: memory(gdt(0x8_0000, 0x8c00)),
    log: [invalid],
    debugLog: ['Error while validating mfn N (pfn 0000c) for type a000000000000000: caf=N taf=a000000000000001'],
    at: ['pages', contentAt(12)],
  },
  {
    key: 'HP-10',
    base: pvParts,
    bad: second(10),
    near: second(12),
    log: ["Failed to set vcpu1's basic info (22 = Invalid argument)"],
    debugLog: ['Bad type (saw N != exp a000000000000000) for mfn N (pfn 0000a)'],
  },
  {
    key: 'HP-12',
    base: pvParts,
    bad: { ...memory(l1(0xd027), [13, L4, empty]), ...basic([CR1, 0xd001]) },
    near: { ...memory(l1(0xd025), [13, L4, empty]), ...basic([CR1, 0xd001]) },
    log: [invalid],
    debugLog: ['Bad type (saw N != exp 8000000000000000) for mfn N (pfn 0000d)'],
    at: ['basic', CR1_AT],
  },
  {
    key: 'HP-43',
    base: pvParts,
    bad: basic([CR1, 0x5000]),
    near: basic([CR1, 0x6001]),
    log: [invalid],
    at: ['basic', CR1_AT],
  },
  {
    key: 'HP-18',
    base: pvParts,
    bad: memory(l1(0xd027), [13, L1_PINNED, empty]),
    near: memory(l1(0xd025), [13, L1_PINNED, empty]),
    log: [notPinned],
    debugLog: ['Bad type (saw N != exp 2000000000000000) for mfn N (pfn 0000d)', 'Error -22 while pinning mfn N'],
    at: ['pages', 16 + 10 * 8],
  },
  {
    key: 'HP-21',
    base: pv32Parts,
    bad: more32([14, T.L4_PINNED, empty]),
    near: more32([14, L4, empty]),
  },
];
