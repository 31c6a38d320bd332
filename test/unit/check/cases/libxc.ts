/** Rules of libxc that hold for every guest. */
import { hvmParts, leaf, pages, patch, pvParts } from '../../../fixtures/built/restorable';
import { concat, record, T, u16, u32, u64, XC, XL } from '../../../fixtures/built/stream';
import type { RuleCase } from './case';

const pv = pvParts();
const hvm = hvmParts();
const part = (parts: Readonly<Record<string, Uint8Array>>, name: string): Uint8Array =>
  parts[name] ?? new Uint8Array(0);
const image = part(pv, 'image');
const domain = part(pv, 'domain');
const v2 = patch(image, 12, u32(2, false));
/** A stream of version 2, which Xen before 4.14 takes. */
export const OLD = { image: v2, cpuid: undefined, msr: undefined, static: undefined } as const;
const tsc = part(pv, 'tsc');
const memory = part(pv, 'pages');
const data = new Uint8Array(4096).fill(0x22);

/** Of both layers, as Remus sends it. */
const CHECKPOINT = [record(XC.CHECKPOINT), record(XL.CHECKPOINT_END)];

/** Bytes of an image in front of a part. */
function before(parts: Readonly<Record<string, Uint8Array>>, name: string): number {
  let sum = 0;
  for (const [one, bytes] of Object.entries(parts)) {
    if (one === name) break;
    sum += bytes.length;
  }
  return sum;
}

export const LIBXC_CASES: readonly RuleCase[] = [
  {
    key: 'LC-01',
    base: pvParts,
    bad: {},
    near: {},
    cut: before(pv, 'image') + 23,
    nearCut: before(pv, 'image') + 24,
    log: ['Failed to read Image Header from stream (0 = Success)'],
  },
  {
    key: 'LC-02',
    base: pvParts,
    bad: { image: patch(image, 0, 0xfe) },
    near: {},
    log: ['Invalid marker: Got 0xfffffffffffffffe'],
    at: ['image', 0],
  },
  {
    key: 'LC-03',
    base: pvParts,
    bad: { image: patch(image, 11, 0x47) },
    near: {},
    log: ['Invalid ID: Expected 0x58454e46, Got 0x58454e47'],
    at: ['image', 8],
  },
  {
    key: 'LC-04',
    base: pvParts,
    bad: { image: patch(image, 12, u32(4, false)) },
    near: { image: v2 },
    log: ['Invalid Version: Expected 2 <= ver <= 3, Got 4'],
    at: ['image', 12],
  },
  {
    key: 'LC-05',
    base: pvParts,
    bad: {},
    near: OLD,
    xen: 413,
    log: ['Invalid Version: Expected 3, Got 2'],
    at: ['image', 12],
  },
  {
    key: 'LC-06',
    base: pvParts,
    bad: { image: patch(image, 16, u16(1, false)) },
    near: { image: patch(image, 16, u16(2, false)) },
    log: ['Unable to handle big endian streams'],
    at: ['image', 16],
  },
  { key: 'LC-07', base: pvParts, bad: { image: patch(image, 20, u32(1, false)) }, near: {}, at: ['image', 16] },
  {
    key: 'LC-08',
    base: pvParts,
    bad: {},
    near: {},
    cut: before(pv, 'domain') + 15,
    nearCut: before(pv, 'domain') + 16,
    log: ['Failed to read Domain Header from stream (0 = Success)'],
  },
  {
    key: 'LC-09.pv',
    base: pvParts,
    bad: { domain: patch(domain, 0, u32(2)) },
    near: {},
    log: ['Unable to restore x86 HVM domain into an x86_pv domain'],
    at: ['domain', 0],
  },
  {
    key: 'LC-09.hvm',
    base: hvmParts,
    bad: { domain: patch(part(hvm, 'domain'), 0, u32(1)) },
    near: {},
    log: ['Unable to restore x86 PV domain into an x86 HVM domain'],
    at: ['domain', 0],
  },
  {
    key: 'LC-10.pv',
    base: pvParts,
    bad: { domain: patch(domain, 4, u16(13)) },
    near: { domain: patch(domain, 4, u16(44)) },
    log: ['Invalid page size 8192 for x86_pv domains'],
    at: ['domain', 4],
  },
  {
    key: 'LC-10.hvm',
    base: hvmParts,
    bad: { domain: patch(part(hvm, 'domain'), 4, u16(21)) },
    near: {},
    log: ['Invalid page size 2097152 for x86 HVM domains'],
    at: ['domain', 4],
  },
  { key: 'LC-53', base: pvParts, bad: { domain: patch(domain, 6, u16(1)) }, near: {}, at: ['domain', 6] },
  {
    key: 'LC-11',
    base: pvParts,
    bad: { domain: patch(domain, 8, u32(0)) },
    near: {},
    log: ['Found x86 PV domain, converted from legacy stream format'],
    at: ['domain', 8],
  },
  {
    key: 'LC-13',
    base: pvParts,
    bad: {},
    near: {},
    cut: before(pv, 'tsc') + 7,
    nearCut: before(pv, 'tsc') + 8,
    log: ['Failed to read Record Header from stream (0 = Success)'],
    at: ['tsc', 0],
  },
  {
    key: 'LC-14.128-mib',
    base: pvParts,
    bad: { tsc: concat(u32(8), u32(0x800_0001), new Uint8Array(24)) },
    near: { tsc: concat(u32(8), u32(0x800_0000), new Uint8Array(24)) },
    log: ['Record (0x00000008, x86 TSC info) length 0x8000001 exceeds max (0x8000000)'],
    at: ['tsc', 4],
  },
  {
    key: 'LC-14.8-mib',
    base: pvParts,
    bad: { ...OLD, tsc: concat(u32(8), u32(0x80_0001), new Uint8Array(24)) },
    near: { ...OLD, tsc: concat(u32(8), u32(0x80_0000), new Uint8Array(24)) },
    xen: 409,
    log: ['Record (0x00000008, x86 TSC info) length 0x800001 exceeds max (0x800000)'],
    at: ['tsc', 4],
  },
  {
    key: 'LC-16',
    base: pvParts,
    bad: {},
    near: {},
    cut: before(pv, 'tsc') + 31,
    nearCut: before(pv, 'tsc') + 32,
    log: ['Failed to read 24 bytes of data for record (0x00000008, x86 TSC info) (0 = Success)'],
  },
  {
    key: 'LC-17.not-handled',
    base: pvParts,
    bad: { tsc: concat(tsc, record(0x13)) },
    near: { tsc: concat(tsc, record(0x8000_0013)) },
    log: ['Mandatory record 0x13 (Reserved) not handled'],
  },
  {
    key: 'LC-17.version-3',
    base: pvParts,
    bad: { image: v2, cpuid: undefined, msr: undefined },
    near: OLD,
    xen: 413,
    log: ['Mandatory record 0x10 (Reserved) not handled'],
    at: ['static', 0],
  },
  {
    key: 'LC-18',
    base: pvParts,
    bad: { tsc: concat(tsc, record(0x8000_0013)) },
    near: {},
    log: ['Ignoring optional record 0x80000013 (Reserved)'],
  },
  {
    key: 'LC-20',
    base: pvParts,
    bad: { tsc: concat(tsc, u32(0x8000_0013), u32(3), Uint8Array.of(1, 2, 3, 4, 0, 0, 0, 0)) },
    near: { tsc: concat(tsc, u32(0x8000_0013), u32(3), Uint8Array.of(1, 2, 3, 0, 0, 0, 0, 0)) },
  },
  {
    key: 'LC-46',
    base: pvParts,
    reader: 'xl',
    bad: { end: record(XC.CHECKPOINT), done: concat(record(4), part(pv, 'end'), part(pv, 'done')) },
    near: { end: concat(record(XC.VERIFY), part(pv, 'end')) },
    log: ['Found checkpoint in non-checkpointed stream'],
    at: ['end', 0],
  },
  {
    key: 'LC-23',
    base: pvParts,
    bad: { static: concat(record(XC.STATIC_DATA_END), record(XC.STATIC_DATA_END)) },
    near: {},
    log: ['Multiple STATIC_DATA_END records found'],
    at: ['static', 8],
  },
  { key: 'LC-21', base: pvParts, bad: { end: record(XC.END, new Uint8Array(8)) }, near: {}, at: ['end', 4] },
  { key: 'LC-54', base: pvParts, bad: { image: v2 }, near: {}, at: ['cpuid', 0] },
  {
    key: 'LC-29',
    base: pvParts,
    bad: { cpuid: undefined, tsc: concat(part(pv, 'cpuid'), tsc) },
    near: {},
    at: ['tsc', 0],
  },
  {
    key: 'LC-31',
    base: pvParts,
    bad: { tsc: record(XC.TSC_INFO, new Uint8Array(16)) },
    near: {},
    log: ['X86_TSC_INFO record wrong size: length 16, expected 24'],
    at: ['tsc', 4],
  },
  {
    key: 'LC-26',
    base: pvParts,
    bad: { cpuid: record(XC.CPUID_POLICY, new Uint8Array(25)) },
    near: {},
    log: ['X86_CPUID_POLICY size 25 should be multiple of 24'],
    at: ['cpuid', 4],
  },
  {
    key: 'LC-27',
    base: pvParts,
    bad: { msr: record(XC.MSR_POLICY, new Uint8Array(24)) },
    near: {},
    log: ['X86_MSR_POLICY size 24 should be multiple of 24'],
    at: ['msr', 4],
  },
  {
    key: 'LC-32.modes-0-2',
    base: pvParts,
    bad: { tsc: patch(tsc, 8, u32(3)) },
    near: { tsc: patch(tsc, 8, u32(2)) },
    log: ['Unable to set TSC information (22 = Invalid argument)'],
    at: ['tsc', 8],
  },
  {
    key: 'LC-32.modes-0-3',
    base: pvParts,
    bad: { ...OLD, tsc: patch(tsc, 8, u32(4)) },
    near: { ...OLD, tsc: patch(tsc, 8, u32(3)) },
    xen: 411,
    log: ['Unable to set TSC information (22 = Invalid argument)'],
    at: ['tsc', 8],
  },
  { key: 'LC-55', base: pvParts, bad: { tsc: patch(tsc, 28, u32(1)) }, near: {}, at: ['tsc', 28] },
  { key: 'LC-57', base: pvParts, bad: { tsc: undefined }, near: {} },
  {
    key: 'LC-22',
    base: hvmParts,
    bad: { static: undefined },
    near: { static: undefined, image: v2 },
    log: ['No STATIC_DATA_END seen'],
    at: ['pages', 0],
  },
  {
    key: 'LC-33',
    base: hvmParts,
    bad: { pages: record(XC.PAGE_DATA, new Uint8Array(7)) },
    near: {},
    log: ['PAGE_DATA record truncated: length 7, min 8'],
    at: ['pages', 4],
  },
  {
    key: 'LC-34',
    base: hvmParts,
    bad: { pages: record(XC.PAGE_DATA, new Uint8Array(8)) },
    near: {},
    log: ['Expected at least 1 pfn in PAGE_DATA record'],
    at: ['pages', 8],
  },
  {
    key: 'LC-35',
    base: hvmParts,
    bad: { tsc: concat(record(XC.PAGE_DATA, concat(u32(2), u32(0), u64(0xf000_0000_0000_0009n))), tsc) },
    near: { tsc: concat(record(XC.PAGE_DATA, concat(u32(1), u32(0), u64(0xf000_0000_0000_0009n))), tsc) },
    log: ['PAGE_DATA record (length 16) too short to contain 2 pfns worth of information'],
    at: ['tsc', 4],
  },
  { key: 'LC-56', base: pvParts, bad: { pages: patch(memory, 12, u32(1)) }, near: {}, at: ['pages', 12] },
  {
    key: 'LC-39',
    base: pvParts,
    bad: { pages: patch(memory, 16 + 8 + 6, 0x10) },
    near: {},
    at: ['pages', 24],
  },
  {
    key: 'LC-38',
    base: hvmParts,
    bad: { tsc: concat(pages([[9, 5]]), tsc) },
    near: { tsc: concat(pages([[9, 4, data]]), tsc) },
    log: ['Unknown type 0x50000000 for pfn 0x9 (index 0)'],
    at: ['tsc', 16],
  },
  {
    key: 'LC-37',
    base: pvParts,
    bad: {
      tsc: concat(
        pages([
          [0x3e, T.XTAB],
          [0x3f, T.XTAB],
          [0x40, T.XTAB],
        ]),
        tsc,
      ),
    },
    near: {
      tsc: concat(
        pages([
          [0x3e, T.XTAB],
          [0x3f, T.XTAB],
        ]),
        tsc,
      ),
    },
    log: ['pfn 0x40 (index 2) outside domain maximum'],
    at: ['tsc', 32],
  },
  {
    key: 'LC-36',
    base: hvmParts,
    bad: { tsc: concat(record(XC.PAGE_DATA, concat(u32(1), u32(0), u64(9), data, new Uint8Array(8))), tsc) },
    near: { tsc: concat(record(XC.PAGE_DATA, concat(u32(1), u32(0), u64(9), data)), tsc) },
    log: ['PAGE_DATA record wrong size: length 4120, expected 8 + 8 + 4096'],
    at: ['tsc', 4],
  },
  {
    key: 'LC-42',
    base: hvmParts,
    bad: { tsc: concat(pages([[2 ** 35, T.NOTAB, data]]), tsc) },
    near: { tsc: concat(pages([[2 ** 34 - 1, T.NOTAB, data]]), tsc) },
    log: ['Failed to realloc populated bitmap', 'Failed to populate pfns for batch of 1 pages'],
  },
  {
    key: 'LC-19',
    base: pvParts,
    bad: { end: concat(...CHECKPOINT, record(0x8000_0042), ...CHECKPOINT) },
    near: { end: concat(record(0x8000_0042), ...CHECKPOINT, record(XC.TSC_INFO, new Uint8Array(24)), ...CHECKPOINT) },
    log: ['Mandatory record 0xe (Checkpoint) not handled'],
  },
  {
    key: 'LC-52.between-records',
    base: pvParts,
    reader: 'xl',
    bad: { end: concat(...CHECKPOINT, u32(XC.PAGE_DATA)), done: undefined },
    near: { end: concat(...CHECKPOINT, record(XC.END)) },
    log: ['Failed to read Record Header from stream (0 = Success)'],
    at: ['end', 16],
  },
  {
    key: 'LC-52.in-record',
    base: pvParts,
    reader: 'xl',
    bad: { end: concat(...CHECKPOINT, u32(XC.TSC_INFO), u32(24), new Uint8Array(23)), done: undefined },
    near: { end: concat(...CHECKPOINT, u32(XC.TSC_INFO), u32(24), new Uint8Array(24), record(XC.END)) },
    log: ['Failed to read 24 bytes of data for record (0x00000008, x86 TSC info) (0 = Success)'],
    at: ['end', 16 + 8 + 23],
  },
  {
    key: 'LC-44',
    base: hvmParts,
    bad: { tsc: concat(tsc, record(XC.VERIFY), pages([[2, T.NOTAB, data]])) },
    near: { tsc: concat(tsc, record(XC.VERIFY), pages([[2, T.NOTAB, new Uint8Array(4096).fill(0x11)]])) },
    log: ['verify pfn 0x2 failed (type 0)'],
  },
];

const policy = (...leaves: readonly Uint8Array[]): Uint8Array => record(XC.CPUID_POLICY, concat(...leaves));
const NONE = 0xffff_ffff;
const REFUSED = 'Failed to set CPUID policy:';

/** The host of the samples, as far as its policies are needed. */
const host = (maxLeaf: string, sub7: string, maxExtended: string, vendor = '68747541:444d4163:69746e65'): string =>
  ['Host', 'PV Max', 'HVM Max']
    .map(
      (name) => `${name} policy: 6 leaves, 2 MSRs
 CPUID:
  leaf     subleaf  -> eax      ebx      ecx      edx
  00000000:ffffffff -> ${maxLeaf}:${vendor}
  00000001:ffffffff -> 00800f12:00000000:14000000:178bfbff
  00000007:00000000 -> ${sub7}:00000181:00000000:00000000
  0000000d:00000000 -> 00000007:00000340:00000340:00000000
  0000000d:00000002 -> 00000100:00000240:00000000:00000000
  80000000:ffffffff -> ${maxExtended}:68747541:444d4163:69746e65
  80000001:ffffffff -> 00000000:00000000:00000000:20100800
  80000008:ffffffff -> 00003028:00000000:00000000:00000000
 MSRs:
  index    -> value
  000000ce -> 0000000000000000
  0000010a -> 0000000000000000
`,
    )
    .join('');
export const HOST = host('0000000d', '00000000', '80000008');

export const POLICY_CASES: readonly RuleCase[] = [
  {
    key: 'HO-01',
    base: pvParts,
    bad: { cpuid: policy(...Array.from({ length: 121 }, () => leaf(1, NONE, 0, 0, 0x1400_0000, 0))) },
    near: { cpuid: policy(...Array.from({ length: 120 }, () => leaf(1, NONE, 0, 0, 0x1400_0000, 0))) },
    log: [`${REFUSED} leaf ffffffff, subleaf ffffffff, msr ffffffff (7 = Argument list too long)`],
  },
  {
    key: 'HO-02',
    base: pvParts,
    bad: { cpuid: concat(policy(leaf(7, 3, 0, 0, 0, 0))) },
    near: { cpuid: policy(leaf(7, 2, 0, 0, 0, 0), leaf(1, NONE, 0, 0, 0x1400_0000, 0)) },
    log: [`${REFUSED} leaf 00000007, subleaf 00000003, msr ffffffff (34 = Numerical result out of range)`],
    at: ['cpuid', 8],
  },
  {
    key: 'HO-03',
    base: pvParts,
    bad: { msr: record(XC.MSR_POLICY, concat(...[0xce, 0x10a, 0x10a].map((idx) => concat(u32(idx), u32(0), u64(0))))) },
    near: { msr: record(XC.MSR_POLICY, concat(...[0xce, 0x10a].map((idx) => concat(u32(idx), u32(0), u64(0))))) },
    log: [`${REFUSED} leaf ffffffff, subleaf ffffffff, msr ffffffff (7 = Argument list too long)`],
    at: ['msr', 8],
  },
  {
    key: 'HO-04',
    base: pvParts,
    bad: { msr: record(XC.MSR_POLICY, concat(u32(0xce), u32(1), u64(0))) },
    near: {},
    log: [`${REFUSED} leaf ffffffff, subleaf ffffffff, msr 000000ce (22 = Invalid argument)`],
    at: ['msr', 8],
  },
  {
    key: 'HO-05',
    base: pvParts,
    bad: { msr: record(XC.MSR_POLICY, concat(u32(0x10b), u32(0), u64(0))) },
    near: { msr: record(XC.MSR_POLICY, concat(u32(0x10a), u32(0), u64(0))) },
    log: [`${REFUSED} leaf ffffffff, subleaf ffffffff, msr 0000010b (34 = Numerical result out of range)`],
    at: ['msr', 8],
  },
  {
    key: 'HO-06',
    base: pvParts,
    bad: { msr: record(XC.MSR_POLICY, concat(u32(0xce), u32(0), u64(2n ** 32n))) },
    near: { msr: record(XC.MSR_POLICY, concat(u32(0xce), u32(0), u64(2n ** 31n))) },
    log: [`${REFUSED} leaf ffffffff, subleaf ffffffff, msr 000000ce (75 = Value too large for defined data type)`],
    at: ['msr', 8],
  },
  {
    key: 'HO-07',
    base: pvParts,
    bad: { cpuid: patch(part(pv, 'cpuid'), 8 + 12, u32(0x756e_6547), u32(0x6c65_746e), u32(0x4965_6e69)) },
    near: {},
    xen: 422,
    target: HOST,
    log: [`${REFUSED} leaf 00000000, subleaf ffffffff, msr ffffffff (22 = Invalid argument)`],
    at: ['cpuid', 8],
  },
  {
    key: 'HO-08',
    base: pvParts,
    bad: { cpuid: patch(part(pv, 'cpuid'), 8 + 8, u32(0xe)) },
    near: { cpuid: patch(part(pv, 'cpuid'), 8 + 8, u32(0xd)) },
    log: [`${REFUSED} leaf 00000000, subleaf ffffffff, msr ffffffff (22 = Invalid argument)`],
    at: ['cpuid', 8],
  },
  {
    key: 'HO-09',
    base: pvParts,
    bad: { cpuid: patch(part(pv, 'cpuid'), 8 + 48 + 8, u32(2)) },
    near: { cpuid: patch(part(pv, 'cpuid'), 8 + 48 + 8, u32(0)) },
    target: HOST,
    log: [`${REFUSED} leaf 00000007, subleaf 00000000, msr ffffffff (22 = Invalid argument)`],
    at: ['cpuid', 8 + 48],
  },
  {
    key: 'HO-10',
    base: pvParts,
    bad: { cpuid: patch(part(pv, 'cpuid'), 8 + 5 * 24 + 8, u32(0x8000_0009)) },
    near: { cpuid: patch(part(pv, 'cpuid'), 8 + 5 * 24 + 8, u32(0x8000_0008)) },
    target: HOST,
    log: [`${REFUSED} leaf 80000000, subleaf ffffffff, msr ffffffff (22 = Invalid argument)`],
    at: ['cpuid', 8 + 5 * 24],
  },
  {
    key: 'HO-11',
    base: pvParts,
    bad: { msr: record(XC.MSR_POLICY, concat(u32(0xce), u32(0), u64(2n ** 31n))) },
    near: {},
    target: HOST,
    log: [`${REFUSED} leaf ffffffff, subleaf ffffffff, msr 000000ce (22 = Invalid argument)`],
    at: ['msr', 8],
  },
  {
    key: 'HO-12',
    base: pvParts,
    bad: { cpuid: patch(part(pv, 'cpuid'), 8 + 48 + 12, u32(0x0001_0181)) },
    near: {},
    target: HOST,
    at: ['cpuid', 8 + 48 + 12],
  },
  { key: 'HO-14', base: pvParts, bad: { cpuid: undefined, msr: undefined }, near: {} },
];
