/** Rules of PV guests. */
import { context32, context64, extended, pages, patch, pv32Parts, PV_PAGES, pvParts, vcpu, xsave } from '../../../fixtures/restorable';
import { concat, record, T, u32, u64, XC } from '../../../fixtures/stream';
import type { Change, RuleCase } from './case';
import { HOST } from './libxc';

const pv = pvParts();
const part = (name: string): Uint8Array => pv[name] ?? new Uint8Array(0);
const info = part('info');
const SHORT = record(XC.PV_INFO, Uint8Array.of(8, 4));
const frames = (start: number, end: number, ...list: readonly (number | bigint)[]): Uint8Array =>
  record(XC.P2M_FRAMES, concat(u32(start), u32(end), ...list.map((frame) => u64(frame))));
const basic = (...written: readonly (readonly [number, Uint8Array])[]): Change => ({
  basic: vcpu(XC.VCPU_BASIC, 0, written.reduce((bytes, [at, value]) => patch(bytes, at, value), context64)),
});
const ext = (...written: readonly (readonly [number, Uint8Array])[]): Change => ({
  extended: vcpu(XC.VCPU_EXTENDED, 0, written.reduce((bytes, [at, value]) => patch(bytes, at, value), extended)),
});
const xs = (...written: readonly (readonly [number, Uint8Array])[]): Change => ({
  xsave: vcpu(XC.VCPU_XSAVE, 0, written.reduce((bytes, [at, value]) => patch(bytes, at, value), xsave)),
});
const msrs = (...entries: readonly (readonly [index: number, value: number | bigint, reserved?: number])[]): Change => ({
  xsave: concat(
    part('xsave'),
    vcpu(XC.VCPU_MSRS, 0, concat(...entries.map(([index, value, reserved = 0]) => concat(u32(index), u32(reserved), u64(value))))),
  ),
});
/** The pages with some left out or replaced. */
const memory = (by: Readonly<Record<number, readonly [number, Uint8Array?] | undefined>>): Change => ({
  pages: pages(
    PV_PAGES.flatMap((page) => {
      const [pfn] = page;
      if (!(pfn in by)) return [page];
      const other = by[pfn];
      return other ? [[pfn, ...other] as const] : [];
    }),
  ),
});
const page = (pfn: number): Uint8Array => PV_PAGES.find(([one]) => one === pfn)?.[2] ?? new Uint8Array(4096);
const data = new Uint8Array(4096).fill(0x11);
/** start_info at PFN 3 with these rings. */
const rings = (store: number, console: number): Change =>
  memory({ 3: [T.NOTAB, patch(patch(page(3), 56, u64(store)), 72, u64(console))] });
const failed = (what: string): readonly string[] => [`Failed to set vcpu0's ${what} (22 = Invalid argument)`];
const NON_CANONICAL = u64(0x0000_8000_0000_0000n);

export const PV_CASES: readonly RuleCase[] = [
  { id: 'LP-01', base: pvParts, bad: { info: concat(info, info) }, near: {}, log: ['Already received X86_PV_INFO record'], at: ['info', 16] },
  { id: 'LP-02', base: pvParts, bad: { info: SHORT }, near: {}, log: ['X86_PV_INFO record truncated: length 2, expected 8'], at: ['info', 4] },
  {
    id: 'LP-03',
    base: pvParts,
    bad: { info: patch(info, 9, 3) },
    near: {},
    log: ['Invalid X86_PV_INFO combination: width 8, pt_levels 3'],
    at: ['info', 8],
  },
  { id: 'LP-04', base: pvParts, bad: { info: patch(info, 8, 4, 3) }, near: {}, unsettled: true, at: ['info', 8] },
  { id: 'LP-53', base: pvParts, bad: { info: patch(info, 12, 1) }, near: {}, at: ['info', 10] },
  {
    id: 'LP-06',
    base: pvParts,
    bad: { info: undefined },
    near: {},
    log: ['Not yet received X86_PV_INFO record'],
    at: ['p2m', 0],
  },
  {
    id: 'LP-07',
    base: pvParts,
    bad: { p2m: record(XC.P2M_FRAMES, new Uint8Array(4)) },
    near: {},
    log: ['X86_PV_P2M_FRAMES record truncated: length 4, min 16'],
    at: ['p2m', 4],
  },
  {
    id: 'LP-08',
    base: pvParts,
    bad: { p2m: frames(0x40, 0x3f, 11) },
    near: { p2m: frames(0x3f, 0x3f, 11) },
    log: ['End pfn in stream (0x3f) exceeds Start (0x40)'],
    at: ['p2m', 8],
  },
  {
    id: 'LP-09',
    base: pvParts,
    bad: { p2m: frames(0, 0x200, 11) },
    near: { p2m: frames(0, 0x1ff, 11) },
    log: ['X86_PV_P2M_FRAMES record wrong size: start_pfn 0, end_pfn 0x200, length 16, expected 8 + (2 - 0) * 8'],
    at: ['p2m', 4],
  },
  {
    id: 'LP-10',
    base: pvParts,
    bad: { p2m: frames(0, 0, 11) },
    near: { p2m: concat(frames(0, 0x3f, 11), frames(0, 0, 11)) },
    log: ['domain N save/restore helper [N] died due to fatal signal Segmentation fault'],
    at: ['p2m', 12],
  },
  {
    id: 'LP-12',
    base: pvParts,
    bad: { p2m: undefined, pages: pages([[0, T.NOTAB, data]]) },
    near: { p2m: undefined, pages: pages([[1, T.NOTAB, data]]) },
    log: ['domain N save/restore helper [N] died due to fatal signal Segmentation fault'],
  },
  {
    id: 'LP-24',
    base: pvParts,
    bad: { info: undefined, cpuid: concat(part('shared'), part('cpuid')), shared: undefined },
    near: { cpuid: concat(part('shared'), part('cpuid')), shared: undefined },
    log: ['Not yet received X86_PV_INFO record'],
    at: ['cpuid', 0],
  },
  {
    id: 'LP-25',
    base: pvParts,
    bad: { shared: record(XC.SHARED_INFO, new Uint8Array(4088)) },
    near: {},
    log: ['X86_PV_SHARED_INFO record wrong size: length 4088, expected 4096'],
    at: ['shared', 4],
  },
  { id: 'LP-60', base: pvParts, bad: { shared: undefined }, near: {} },
  {
    id: 'LP-16',
    base: pvParts,
    bad: { basic: record(XC.VCPU_BASIC, new Uint8Array(7)) },
    near: {},
    log: ['X86_PV_VCPU_BASIC record truncated: length 7, header size 8'],
    at: ['basic', 4],
  },
  {
    id: 'LP-17',
    base: pvParts,
    bad: { xsave: vcpu(XC.VCPU_MSRS, 1, new Uint8Array(0)) },
    near: {},
    log: ['Skipping empty x86 PV vcpu msrs record for vcpu 1'],
    at: ['xsave', 0],
  },
  {
    id: 'LP-18',
    base: pvParts,
    bad: { extended: vcpu(XC.VCPU_EXTENDED, 2, extended) },
    near: { extended: concat(part('extended'), vcpu(XC.VCPU_EXTENDED, 1, patch(extended, 0, u32(1)))) },
    log: ['X86_PV_VCPU_EXTENDED record vcpu_id (2) exceeds domain max (1)'],
    at: ['extended', 8],
  },
  {
    id: 'LP-19',
    base: pvParts,
    bad: { basic: vcpu(XC.VCPU_BASIC, 0, context64.subarray(0, 5160)) },
    near: {},
    log: ['X86_PV_VCPU_BASIC record wrong size: expected 5176, got 5168'],
    at: ['basic', 4],
  },
  {
    id: 'LP-20',
    base: pvParts,
    bad: { extended: vcpu(XC.VCPU_EXTENDED, 0, concat(extended, new Uint8Array(65))) },
    near: { extended: vcpu(XC.VCPU_EXTENDED, 0, concat(extended, new Uint8Array(64))) },
    log: ['X86_PV_VCPU_EXTENDED record too long: max 136, got 137'],
    at: ['extended', 4],
  },
  {
    id: 'LP-21',
    base: pvParts,
    bad: { xsave: vcpu(XC.VCPU_XSAVE, 0, new Uint8Array(15)) },
    near: { xsave: vcpu(XC.VCPU_XSAVE, 0, new Uint8Array(16)) },
    log: ['X86_PV_VCPU_XSAVE record too short: min 24, got 23'],
    at: ['xsave', 4],
  },
  {
    id: 'LP-22',
    base: pvParts,
    bad: { xsave: vcpu(XC.VCPU_MSRS, 0, new Uint8Array(12)) },
    near: {},
    log: ['X86_PV_VCPU_MSRS record payload size 12 expected to be a multiple of 16'],
    at: ['xsave', 4],
  },
  { id: 'LP-54', base: pvParts, bad: { extended: patch(part('extended'), 12, u32(1)) }, near: {}, at: ['extended', 12] },
  { id: 'LP-55', base: pvParts, bad: { extended: concat(part('extended'), part('extended')) }, near: {}, at: ['extended', 80] },
  {
    id: 'LP-13',
    base: pvParts,
    bad: memory({ 9: [T.L1, patch(page(9), 8, u64(0x4_0027n))] }),
    near: memory({ 9: [T.L1, patch(page(9), 8, u64(0x4_0026n))] }),
    log: [
      "libxl-save-helper: xg_sr_restore_x86_pv.c:7: pfn_to_mfn: Assertion `pfn <= ctx->x86.pv.max_pfn' failed.",
      'domain N save/restore helper [N] died due to fatal signal Aborted',
    ],
    at: ['pages', 16 + 80 + 6 * 4096 + 8],
  },
  {
    id: 'PT-01',
    base: pvParts,
    bad: memory({ 9: [T.XTAB] }),
    near: { ...memory({ 9: [T.XTAB] }), tsc: concat(pages([[9, T.L1, page(9)]]), part('tsc')) },
    at: ['pages', 16 + 80 + 5 * 4096],
  },
  {
    id: 'PT-02',
    base: pvParts,
    bad: memory({ 10: undefined }),
    near: {},
    at: ['pages', 16 + 72 + 6 * 4096],
  },
  {
    id: 'PT-03',
    base: pvParts,
    bad: { p2m: frames(0, 0x3f, 13), tsc: concat(pages([[13, T.NOTAB, new Uint8Array(4096)]]), part('tsc')) },
    near: {},
    at: ['p2m', 16],
  },
  { id: 'LP-47', base: pvParts, bad: { p2m: frames(0, 0x3f, 0x40) }, near: { p2m: frames(0, 0x3f, 11) }, log: ['pfn (0x40) for p2m_frame_list[0] out of range'], at: ['p2m', 16] },
  { id: 'LP-48', base: pvParts, bad: { p2m: frames(0, 0x3f, 9) }, near: {}, log: ['pfn (0x9) for p2m_frame_list[0] has bad type 1'], at: ['p2m', 16] },
  { id: 'LP-49', base: pvParts, bad: { p2m: frames(0, 0x3f, 0x20) }, near: {}, log: ['p2m_frame_list[0] has bad mfn'], at: ['p2m', 16] },
  {
    id: 'LP-57',
    base: pvParts,
    bad: { xsave: concat(part('xsave'), vcpu(XC.VCPU_EXTENDED, 1, patch(extended, 0, u32(1)))) },
    near: { xsave: concat(part('xsave'), vcpu(XC.VCPU_BASIC, 1, context64), vcpu(XC.VCPU_EXTENDED, 1, patch(extended, 0, u32(1)))) },
  },
  { id: 'LP-58', base: pvParts, bad: { extended: undefined }, near: {} },
  {
    id: 'LP-59',
    base: pvParts,
    bad: { xsave: concat(part('xsave'), vcpu(XC.VCPU_BASIC, 1, context64), vcpu(XC.VCPU_EXTENDED, 1, patch(extended, 0, u32(1)))) },
    near: { xsave: concat(vcpu(XC.VCPU_BASIC, 1, context64), vcpu(XC.VCPU_EXTENDED, 1, patch(extended, 0, u32(1)))) },
  },
  { id: 'LP-27', base: pvParts, bad: { basic: undefined }, near: {}, log: ["Sender didn't send vcpu0's basic state"], at: ['end', 0] },
  { id: 'LP-28', base: pvParts, bad: basic([616, u64(0x40)]), near: {}, log: ['Start Info pfn 0x40 out of range'], at: ['basic', 16 + 616] },
  { id: 'LP-29', base: pvParts, bad: basic([616, u64(9)]), near: basic([616, u64(3)]), log: ['Start Info pfn 0x9 has bad type 1'], at: ['basic', 16 + 616] },
  { id: 'LP-30', base: pvParts, bad: basic([616, u64(0x20)]), near: {}, log: ['Start Info has bad mfn'], at: ['basic', 16 + 616] },
  { id: 'LP-32', base: pvParts, bad: rings(0x40, 5), near: rings(5, 5), log: ['XenStore pfn 0x40 out of range'], at: ['pages', 16 + 80 + 56] },
  { id: 'LP-33', base: pvParts, bad: rings(0x20, 5), near: {}, log: ['XenStore pfn has bad mfn'], at: ['pages', 16 + 80 + 56] },
  { id: 'LP-34', base: pvParts, bad: rings(4, 0x40), near: rings(4, 4), log: ['Console pfn 0x40 out of range'], at: ['pages', 16 + 80 + 72] },
  { id: 'LP-35', base: pvParts, bad: rings(4, 0x20), near: {}, log: ['Console pfn has bad mfn'], at: ['pages', 16 + 80 + 72] },
  {
    id: 'LP-36',
    base: pvParts,
    bad: basic([4960, u64(7169)]),
    near: basic([4960, u64(7168)], ...Array.from({ length: 14 }, (_, at) => [4832 + at * 8, u64(12)] as const)),
    log: ['GDT entry count (7169) out of range (max 7168)'],
    at: ['basic', 16 + 4960],
  },
  { id: 'LP-37', base: pvParts, bad: basic([4960, u64(513)], [4840, u64(0x40)]), near: basic([4960, u64(512)], [4840, u64(0x40)]), log: ['GDT frame 1 (pfn 0x40) out of range'], at: ['basic', 16 + 4840] },
  { id: 'LP-38', base: pvParts, bad: basic([4832, u64(9)]), near: {}, log: ['GDT frame 0 (pfn 0x9) has bad type 1'], at: ['basic', 16 + 4832] },
  { id: 'LP-39', base: pvParts, bad: basic([4832, u64(0x20)]), near: {}, log: ['GDT frame 0 has bad mfn'], at: ['basic', 16 + 4832] },
  { id: 'LP-40', base: pvParts, bad: basic([5008, u64(0x4_0000)]), near: {}, log: ['cr3 (pfn 0x40) out of range'], at: ['basic', 16 + 5008] },
  { id: 'LP-41', base: pvParts, bad: basic([5008, u64(0x7000)]), near: {}, log: ['cr3 (pfn 0x7) has bad type 3, expected 4'], at: ['basic', 16 + 5008] },
  { id: 'LP-43', base: pvParts, bad: basic([4992, u64(0x4_0001)]), near: basic([4992, u64(0)]), log: ['cr1 (pfn 0x40) out of range'], at: ['basic', 16 + 4992] },
  { id: 'LP-43', base: pvParts, bad: basic([4992, u64(0x7001)]), near: basic([4992, u64(0x6001)]), log: ['cr1 (pfn 0x7) has bad type 3, expected 4'], at: ['basic', 16 + 4992] },
  { id: 'HP-02', base: pvParts, xen: 418, bad: basic([5048 + 56, u64(2n ** 32n)]), near: basic([5048 + 56, u64(2n ** 32n - 1n)]), log: failed('basic info'), at: ['basic', 16 + 5104] },
  { id: 'HP-03', base: pvParts, xen: 418, bad: basic([5048, u64(0xffff_8000_0000_0000n)]), near: basic([5048, u64(0xffff_8800_0000_0000n)]), log: failed('basic info'), at: ['basic', 16 + 5048] },
  { id: 'HP-04', base: pvParts, bad: basic([648, NON_CANONICAL]), near: basic([648, u64(0xffff_8000_0000_0000n)]), log: failed('basic info'), at: ['basic', 16 + 648] },
  { id: 'HP-06', base: pvParts, bad: basic([4816, u64(0xffff_8000_0000_0000n)]), near: basic([4816, u64(0xffff_8800_0000_0000n)]), log: failed('basic info'), at: ['basic', 16 + 4816] },
  { id: 'HP-08', base: pvParts, bad: basic([4824, u64(8193)]), near: basic([4824, u64(8192)]), log: failed('basic info'), at: ['basic', 16 + 4816] },
  { id: 'HP-09', base: pvParts, bad: basic([5136, u64(0x40)]), near: basic([5136, u64(0x1_0000_003fn)]), log: failed('basic info'), at: ['basic', 16 + 5136] },
  { id: 'HP-11', base: pvParts, bad: basic([512, u64(0)]), near: basic([512, u64(0)], [4992, u64(0x6001)]), log: failed('basic info'), at: ['basic', 16 + 4992] },
  {
    id: 'HP-07',
    base: pv32Parts,
    xen: 422,
    bad: { basic: vcpu(XC.VCPU_BASIC, 0, patch(context32, 556, u32(0x2_0202))) },
    near: { basic: vcpu(XC.VCPU_BASIC, 0, patch(context32, 556, u32(0x202))) },
    log: failed('basic info'),
    at: ['basic', 16 + 556],
  },
  {
    id: 'HP-22',
    base: pvParts,
    bad: ext([0, u32(2)]),
    near: ext([0, u32(1)]),
    log: ["Failed to set vcpu0's extended info (3 = No such process)"],
    at: ['extended', 16],
  },
  { id: 'HP-23', base: pvParts, bad: ext([4, u32(31)]), near: ext([4, u32(32)]), log: failed('extended info'), at: ['extended', 20] },
  { id: 'HP-24', base: pvParts, bad: ext([16, NON_CANONICAL]), near: ext([16, u64(0x7fff_ffff_ffffn)]), log: failed('extended info'), at: ['extended', 32] },
  {
    id: 'HP-25',
    base: pvParts,
    target: HOST,
    bad: ext([32, u64(0x100_0000)]),
    near: ext([32, u64(0x1ff)]),
    log: ['PV restore: unsupported MCA capabilities 0x1000000 for dNv0 (supported: 0)', ...failed('extended info')],
    at: ['extended', 48],
  },
  { id: 'LP-23', base: pvParts, bad: ext([0, u32(1)]), near: {}, at: ['extended', 16] },
  { id: 'LP-56', base: pvParts, bad: ext([4, u32(65)]), near: ext([4, u32(64)]), at: ['extended', 20] },
  { id: 'HP-26', base: pvParts, target: HOST, bad: { xsave: vcpu(XC.VCPU_XSAVE, 0, patch(new Uint8Array(849), 0, xsave)) }, near: { xsave: vcpu(XC.VCPU_XSAVE, 0, patch(new Uint8Array(848), 0, xsave)) }, log: failed('xsave info') },
  { id: 'HP-27', base: pvParts, bad: { xsave: vcpu(XC.VCPU_XSAVE, 0, xsave.subarray(0, 16)) }, near: { xsave: vcpu(XC.VCPU_XSAVE, 0, new Uint8Array(16)) }, log: failed('xsave info'), at: ['xsave', 24] },
  { id: 'HP-28', base: pvParts, bad: { xsave: vcpu(XC.VCPU_XSAVE, 0, concat(u64(1), u64(0))) }, near: { xsave: vcpu(XC.VCPU_XSAVE, 0, concat(u64(0), u64(0))) }, log: failed('xsave info'), at: ['xsave', 16] },
  { id: 'HP-29', base: pvParts, bad: xs([0, u64(7)]), near: xs([0, u64(1)]), log: failed('xsave info'), at: ['xsave', 16] },
  {
    id: 'HP-29',
    base: pvParts,
    // Reserved words of the header.
    bad: xs([16 + 512 + 16, u64(1)]),
    near: {},
    log: ["Failed to set vcpu0's xsave info (5 = Input/output error)"],
  },
  { id: 'HP-32', base: pvParts, bad: xs([0, u64(0)], [8, u64(0)], [16 + 520, u64(1n << 63n)]), near: { xsave: vcpu(XC.VCPU_XSAVE, 0, new Uint8Array(16)) }, log: ["Failed to set vcpu0's xsave info (95 = Operation not supported)"], at: ['xsave', 16 + 16 + 520] },
  { id: 'HP-33', base: pvParts, bad: { xsave: vcpu(XC.VCPU_XSAVE, 0, patch(new Uint8Array(600), 0, xsave)) }, near: {}, log: failed('xsave info') },
  { id: 'HP-34', base: pvParts, bad: msrs(...Array.from({ length: 8 }, () => [0x140, 0] as const)), near: msrs(...Array.from({ length: 7 }, () => [0x140, 0] as const)), log: failed('msrs') },
  { id: 'HP-35', base: pvParts, bad: msrs([0x140, 0, 1]), near: msrs([0x140, 0]), log: failed('msrs') },
  { id: 'HP-36', base: pvParts, bad: msrs([0xc000_0080, 0]), near: msrs([0x140, 0]), log: failed('msrs') },
  {
    id: 'HP-36',
    base: pvParts,
    xen: 420,
    bad: msrs([0xc000_0080, 0]),
    near: msrs([0x140, 0]),
    log: ['dNv0 attempted load of unhandled MSR 0xc0000080', "Failed to set vcpu0's msrs (6 = No such device or address)"],
  },
  { id: 'HP-37', base: pvParts, bad: msrs([0x140, 2]), near: msrs([0x140, 0]), log: failed('msrs') },
  {
    id: 'HP-37',
    base: pvParts,
    xen: 420,
    bad: msrs([0x48, 1]),
    near: msrs([0x140, 0]),
    log: ['dNv0 load MSR 0x48 with value 0x1 failed', "Failed to set vcpu0's msrs (6 = No such device or address)"],
  },
];

