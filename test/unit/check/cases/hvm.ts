/** Rules of HVM and PVH guests. */
import {
  hvmContextRecord,
  hvmCpu,
  hvmEntries,
  hvmParts,
  pages,
  params,
  patch,
  pvhEntries,
  pvhParts,
} from '../../../fixtures/built/restorable';
import { concat, hvmEntry, record, T, u32, u64, XC, xlHeader } from '../../../fixtures/built/stream';
import { type Change, change, type RuleCase } from './case';
import { HOST, OLD } from './libxc';

const hvm = hvmParts();
const part = (name: string): Uint8Array => hvm[name] ?? new Uint8Array(0);
const own = hvmEntries();
const entry = (name: string): Uint8Array => own[name] ?? new Uint8Array(0);
/** A context with other entries. */
const context = (by: Change): Change => ({ hvm: hvmContextRecord(change(hvmEntries(), by)) });
const pvh = (by: Change): Change => ({ hvm: hvmContextRecord(change(pvhEntries(), by)) });
/** An entry with bytes of its body written over. */
const body = (name: string, ...written: readonly (readonly [number, Uint8Array | number])[]): Change =>
  context({ [name]: written.reduce((bytes, [offset, value]) => patch(bytes, 8 + offset, value), entry(name)) });
const cpu = (...written: readonly (readonly [number, Uint8Array])[]): Change => body('cpu', ...written);
/** The configuration and the policy (leaf 1, ecx; leaf 80000001, ecx) of a guest that has VMX and SVM. */
const nested: Change = {
  xl: xlHeader(
    `${JSON.stringify({
      c_info: { type: 'hvm', name: 'guest' },
      b_info: { max_vcpus: 1, max_memkb: 4096, target_memkb: 4096, nested_hvm: 'True', 'type.hvm': {} },
    })}\0`,
  ),
  cpuid: patch(patch(part('cpuid'), 8 + 24 + 16, u32(0x1400_0020)), 8 + 6 * 24 + 16, u32(4)),
};
const lead = 8;
/** A CPU entry of 1016 bytes with a pending event. */
const oldCpu = (event: number): Uint8Array => {
  const bytes = new Uint8Array(1016);
  bytes.set(hvmCpu.subarray(0, 1000));
  bytes.set(u32(event), 1008);
  return bytes;
};
/** Offset of an entry in the record. */
function at(name: string, offset: number): readonly ['hvm', number] {
  let sum = lead;
  for (const [one, bytes] of Object.entries(own)) {
    if (one === name) return ['hvm', sum + offset];
    sum += bytes.length;
  }
  throw new Error(name);
}
/** The three lines of an entry that Xen 4.17 refuses. */
const refused = (what: string, line: string | undefined, rc: number, text: string): readonly string[] => [
  ...(line === undefined ? [] : [line]),
  `HVMN restore: failed to load entry ${what} rc -${rc}`,
  `Unable to restore HVM context (${rc} = ${text})`,
];
const EINVAL = 'Invalid argument';
const inval = (what: string, line?: string): readonly string[] => refused(what, line, 22, EINVAL);
const HVM_PARAMS = params([1, 0xfeffc], [17, 0xfefff]);
const setParam = (index: number, value: bigint | number): Change => ({
  params: concat(HVM_PARAMS, params([index, value])),
});
const paramCase = (
  key: string,
  bad: readonly [number, bigint | number],
  near: readonly [number, bigint | number],
  log: string,
): RuleCase => ({
  key,
  base: hvmParts,
  bad: setParam(...bad),
  near: setParam(...near),
  log: [log],
  at: ['params', HVM_PARAMS.length + 16],
});
/** CPU_XSAVE: feature mask, XCR0, accum, area of this many bytes with xstate_bv. */
const xsaveEntry = (xcr0: number, accum: number, bv: number, size: number, length = 24 + size): Uint8Array => {
  const bytes = new Uint8Array(length);
  bytes.set(concat(u64(7), u64(xcr0), u64(accum)));
  if (length >= 24 + 520) bytes.set(u64(bv), 24 + 512);
  return hvmEntry(16, 0, bytes);
};
const withEntry = (bytes: Uint8Array): Change => context({ tscAdjust: concat(entry('tscAdjust'), bytes) });
const msrEntry = (
  ...list: readonly (readonly [index: number, value: number | bigint, reserved?: number])[]
): Uint8Array =>
  hvmEntry(
    20,
    0,
    concat(
      u32(list.length),
      u32(0),
      ...list.map(([index, value, reserved = 0]) => concat(u32(index), u32(reserved), u64(value))),
    ),
  );
const entryLength = (bytes: Uint8Array, length: number): Uint8Array => patch(bytes, 4, u32(length));
const contextBytes = Object.values(own).reduce((sum, bytes) => sum + bytes.length, 0);
/** Bytes of the context behind the descriptor of an entry. */
const remaining = (name: string): number => contextBytes - (at(name, 0)[1] - lead) - 8;

/** An APIC in x2APIC mode with this id and logical id. */
const x2apic = (id: number, ldr: number): Change =>
  context({
    lapic: hvmEntry(5, 0, concat(u64(0xfee0_0c00), new Uint8Array(16))),
    regs: patch(entry('regs'), 8 + 0x20, u32(id), new Uint8Array(0xac), u32(ldr)),
  });

/** A context of Xen before 4.14, with entries that had not grown yet. */
const older = (by: Change): Change => context({ rtc: hvmEntry(11, 0, new Uint8Array(16)), ...by });
const TWO_VCPUS = xlHeader('{"c_info":{"type":"hvm","name":"guest"},"b_info":{"max_vcpus":2,"type.hvm":{}}}');
/** The same of vCPU 1, beside the APIC of vCPU 0. */
const second = (id: number, ldr: number): Change =>
  context({
    lapic: concat(entry('lapic'), hvmEntry(5, 1, concat(u64(0xfee0_0c00), new Uint8Array(16)))),
    regs: concat(
      entry('regs'),
      hvmEntry(6, 1, patch(new Uint8Array(1024), 0x20, u32(id), new Uint8Array(0xac), u32(ldr))),
    ),
  });

/** An MSR that Xen refuses: it says which since 4.20. */
const msrCase = (
  key: string,
  bad: readonly [number, number],
  near: readonly [number, number],
  xen: number,
  line: string,
): RuleCase => ({
  key,
  base: hvmParts,
  xen,
  bad: withEntry(msrEntry(bad)),
  near: withEntry(msrEntry(near)),
  log:
    xen >= 420
      ? [
          line,
          'HVM restore dN: failed to load CPU_MSR:0 rc -6',
          'Unable to restore HVM context (6 = No such device or address)',
        ]
      : refused('20/0', undefined, 6, 'No such device or address'),
});

const CONTEXT: readonly RuleCase[] = [
  {
    key: 'LH-01',
    base: hvmParts,
    bad: { hvm: record(XC.HVM_CONTEXT) },
    near: {},
    log: ['Unable to allocate 0 bytes for hvm context'],
    at: ['hvm', 4],
  },
  {
    key: 'LH-02',
    base: hvmParts,
    bad: { hvm: undefined },
    near: {},
    log: [
      'HVM restore: not enough data left to read 8 bytes for type 1 header',
      'Unable to restore HVM context (61 = No data available)',
    ],
  },
  {
    key: 'HH-09',
    base: hvmParts,
    bad: { hvm: record(XC.HVM_CONTEXT, new Uint8Array(7)) },
    near: {},
    log: [
      'HVM restore: not enough data left to read 8 bytes for type 1 header',
      'Unable to restore HVM context (61 = No data available)',
    ],
  },
  {
    key: 'HH-01',
    base: hvmParts,
    bad: context({ header: undefined }),
    near: {},
    log: [
      `HVM restore mismatch: expected strict type 1 length 24, saw type 2 length 1032.  ${contextBytes - 32 - 8} bytes remaining`,
      'Unable to restore HVM context (61 = No data available)',
    ],
    at: ['hvm', 8],
  },
  {
    key: 'HH-02',
    base: hvmParts,
    bad: body('header', [0, u32(0x5438_1287)]),
    near: {},
    log: ['HVMN restore: bad magic number 0x54381287', `Unable to restore HVM context (22 = ${EINVAL})`],
    at: ['hvm', 16],
  },
  {
    key: 'HH-03',
    base: hvmParts,
    bad: body('header', [4, u32(2)]),
    near: {},
    log: ['HVMN restore: unsupported version 2', `Unable to restore HVM context (22 = ${EINVAL})`],
    at: ['hvm', 20],
  },
  {
    key: 'HH-04',
    base: hvmParts,
    target: HOST,
    bad: body('header', [16, u32(0x0080_0f22)]),
    near: body('header', [16, u32(0x0080_0f13)]),
    log: ['HVMN restore: VM saved on one CPU (0x800f22) and restored on another (0x800f12).'],
    at: ['hvm', 32],
  },
  {
    key: 'HH-05',
    base: hvmParts,
    bad: context({ end: undefined }),
    near: {},
    log: ['HVMN restore: save did not end with a null entry', 'Unable to restore HVM context (61 = No data available)'],
  },
  {
    key: 'HH-06',
    base: hvmParts,
    bad: context({ tscAdjust: hvmEntry(21, 0, new Uint8Array(8)) }),
    near: withEntry(msrEntry([0x140, 0])),
    log: ['HVMN restore: unknown entry typecode 21', `Unable to restore HVM context (22 = ${EINVAL})`],
    at: at('tscAdjust', 0),
  },
  {
    key: 'HH-08',
    base: hvmParts,
    xen: 419,
    bad: context({ mtrr: entryLength(entry('mtrr'), 0x10_0000) }),
    near: {},
    log: ['Unable to restore HVM context (61 = No data available)'],
    at: at('mtrr', 4),
  },
  {
    key: 'HH-07',
    unsettled: true,
    base: hvmParts,
    xen: 422,
    bad: withEntry(hvmEntry(15, 0, new Uint8Array(32))),
    near: withEntry(hvmEntry(17, 0, new Uint8Array(16))),
  },
  { key: 'HH-61', base: hvmParts, bad: context({ cpu: undefined }), near: {} },
  { key: 'HH-63', base: hvmParts, bad: context({ regs: undefined }), near: {} },
  { key: 'HH-64', base: hvmParts, bad: context({ link: concat(entry('link'), entry('link')) }), near: {} },
  { key: 'HH-60', base: hvmParts, bad: context({ end: concat(entry('end'), new Uint8Array(3)) }), near: {} },
  {
    key: 'HM-01',
    base: hvmParts,
    bad: {
      pages: pages([
        [0, T.NOTAB, new Uint8Array(4096)],
        [0xfeffc, T.NOTAB, new Uint8Array(4096)],
        [0xfefff, T.NOTAB, new Uint8Array(4096)],
      ]),
    },
    // A page of 4 MiB at 0xfec00000, of which the stream has what is needed.
    near: {
      ...cpu([640, u64(0x3f_c123)], [656, u64(0x8000_0011)], [672, u64(0)], [680, u64(0x10)]),
      pages: pages([
        [0, T.NOTAB, patch(new Uint8Array(4096), 0, u32(0xfec0_0083))],
        [0xfeffc, T.NOTAB, new Uint8Array(4096)],
        [0xfefff, T.NOTAB, new Uint8Array(4096)],
      ]),
    },
    at: at('cpu', 0),
  },
];

const ENTRIES: readonly RuleCase[] = [
  {
    key: 'HH-43',
    base: pvhParts,
    bad: pvh({ mtrr: concat(entry('ioapic'), entry('mtrr')) }),
    near: {},
    log: refused('4/0', undefined, 19, 'No such device'),
  },
  {
    key: 'HH-46',
    base: pvhParts,
    bad: pvh({ mtrr: concat(entry('rtc'), entry('mtrr')) }),
    near: {},
    log: refused('11/0', undefined, 19, 'No such device'),
  },
  {
    key: 'HH-47',
    base: hvmParts,
    bad: context({ pic1: hvmEntry(3, 2, new Uint8Array(8)) }),
    near: {},
    log: refused('3/2', undefined, 2, 'No such file or directory'),
    at: at('pic1', 2),
  },
  {
    key: 'HH-13',
    base: hvmParts,
    bad: context({ cpu: hvmEntry(2, 1, hvmCpu) }),
    near: {},
    log: inval('2/1'),
    at: at('cpu', 2),
  },
  {
    key: 'HH-10',
    base: hvmParts,
    bad: context({ link: hvmEntry(9, 0, new Uint8Array(9)) }),
    near: {},
    log: inval(
      '9/0',
      `HVM restore mismatch: expected strict type 9 length 8, saw type 9 length 9.  ${remaining('link') + 1} bytes remaining`,
    ),
    at: at('link', 4),
  },
  {
    key: 'HH-11.too-long',
    base: hvmParts,
    bad: context({ lapic: hvmEntry(5, 0, concat(u64(0xfee0_0800), new Uint8Array(24))) }),
    near: context({ lapic: hvmEntry(5, 0, u64(0xfee0_0800)) }),
    log: inval(
      '5/0',
      `HVM restore mismatch: expected zeroextended type 5 length 24, saw type 5 length 32.  ${remaining('lapic') + 8} bytes remaining`,
    ),
    at: at('lapic', 4),
  },
  {
    key: 'HH-14',
    base: hvmParts,
    bad: cpu([1028, u32(1)]),
    near: cpu([1028, u32(0)]),
    log: inval('2/0'),
    at: at('cpu', 8 + 1028),
  },
  {
    key: 'HH-15',
    base: hvmParts,
    bad: cpu([656, u64(0x8000_0010)]),
    near: cpu([656, u64(0x11)]),
    log: inval('2/0', 'HVMN restore: bad CR0 0x80000010'),
    at: at('cpu', 8 + 656),
  },
  // FSGSBASE is in the policy, UMIP is not.
  {
    key: 'HH-16.brief',
    base: hvmParts,
    bad: cpu([680, u64(0x800)]),
    near: cpu([680, u64(0x1_0000)]),
    log: inval('2/0', 'HVMN restore: bad CR4 0x800'),
    at: at('cpu', 8 + 680),
  },
  {
    key: 'HH-16.detailed',
    base: hvmParts,
    xen: 418,
    bad: cpu([680, u64(0x800)]),
    near: cpu([680, u64(0x1_0000)]),
    log: inval('2/0', 'HVMN restore: bad CR4 0x800 (valid 0x1507ff, rejected 0x800)'),
    at: at('cpu', 8 + 680),
  },
  {
    key: 'HH-17',
    base: hvmParts,
    bad: cpu([992, u64(0x400)]),
    near: cpu([992, u64(0x900)]),
    log: inval('2/0', 'dNv0: HVM restore: bad EFER 0x400 - LMA/LME/CR0.PG inconsistency'),
    at: at('cpu', 8 + 992),
  },
  {
    key: 'HH-18',
    base: hvmParts,
    xen: 418,
    bad: cpu([720, u64(2n ** 32n)]),
    near: cpu([720, u64(2n ** 32n - 1n)]),
    log: inval('2/0', 'dNv0: HVM restore: bad DR6 0x100000000 or DR7 0'),
    at: at('cpu', 8 + 720),
  },
  {
    key: 'HH-19',
    base: hvmParts,
    bad: cpu([672, u64(2n ** 40n)]),
    near: cpu([672, u64(2n ** 40n - 4096n)]),
    log: inval('2/0', 'HVMN restore: bad CR3 0x10000000000'),
    at: at('cpu', 8 + 672),
  },
  {
    key: 'HH-20',
    base: hvmParts,
    bad: cpu([1024, u32(2)]),
    near: cpu([1024, u32(1)]),
    log: inval('2/0', 'bad flags value in CPU context: 0x2'),
    at: at('cpu', 8 + 1024),
  },
  {
    key: 'HH-21',
    base: hvmParts,
    bad: cpu([1000, u64(2n ** 32n)]),
    near: cpu([1000, u64(2n ** 32n - 1n)]),
    log: inval('2/0', 'dNv0: HVM restore: bad MSR_TSC_AUX 0x100000000'),
    at: at('cpu', 8 + 1000),
  },
  {
    key: 'HH-22.type',
    base: hvmParts,
    bad: cpu([1016, u32(0x8000_0130)]),
    near: cpu([1016, u32(0x8000_0430)]),
    log: inval('2/0'),
    at: at('cpu', 8 + 1016),
  },
  // The form before Xen 4.0 has no TSC_AUX: the event lies 8 bytes earlier.
  {
    key: 'HH-22.type',
    base: hvmParts,
    bad: context({ cpu: hvmEntry(2, 0, oldCpu(0x8000_0130)) }),
    near: context({ cpu: hvmEntry(2, 0, oldCpu(0)) }),
    log: inval('2/0'),
    at: at('cpu', 8 + 1008),
  },
  {
    key: 'HH-22.intel-only',
    base: hvmParts,
    target: HOST,
    bad: cpu([1016, u32(0x8000_0500)]),
    near: cpu([1016, u32(0x8000_0400)]),
    log: inval('2/0'),
    at: at('cpu', 8 + 1016),
  },
  {
    key: 'HH-23',
    base: hvmParts,
    bad: cpu([1016, u32(0x8000_0b0e)], [1020, u32(0x1_0000)]),
    near: cpu([1016, u32(0x8000_0b0e)], [1020, u32(0xffff)]),
    log: inval('2/0'),
    at: at('cpu', 8 + 1020),
  },
  {
    key: 'HH-24',
    unsettled: true,
    base: hvmParts,
    bad: cpu([656, u64(0x8000_0011)], [672, u64(0x1000)]),
    near: cpu([656, u64(0x8000_0011)], [672, u64(0x2000)]),
    at: at('cpu', 8 + 672),
  },
  {
    key: 'HH-66',
    base: hvmParts,
    bad: cpu([656, u64(0x8000_0011)], [680, u64(0x20)], [992, u64(0x500)], [640, u64(0x8000_0000_0000n)]),
    near: cpu([656, u64(0x8000_0011)], [680, u64(0x20)], [992, u64(0x500)], [640, u64(0x7fff_ffff_ffffn)]),
    at: at('cpu', 8 + 640),
  },
  {
    key: 'HH-67',
    base: hvmParts,
    bad: cpu([656, u64(0x8000_0011)], [992, u64(0x500)]),
    near: cpu([656, u64(0x8000_0011)], [680, u64(0x20)], [992, u64(0x500)]),
    at: at('cpu', 8 + 680),
  },
  {
    key: 'HH-68',
    base: hvmParts,
    bad: { ...nested, ...cpu([680, u64(0x2000)]) },
    near: { ...nested, ...cpu([680, u64(0x20)]) },
    at: at('cpu', 8 + 680),
  },
  {
    key: 'HH-69',
    base: hvmParts,
    bad: { ...nested, ...cpu([992, u64(0x1000)]) },
    near: { ...nested, ...cpu([992, u64(0)]) },
    at: at('cpu', 8 + 992),
  },
  {
    key: 'HH-45',
    base: hvmParts,
    bad: context({ ioapic: hvmEntry(4, 0, new Uint8Array(392)) }),
    near: {},
    log: refused(
      '4/0',
      `HVM restore mismatch: expected strict type 4 length 400, saw type 4 length 392.  ${remaining('ioapic') - 8} bytes remaining`,
      61,
      'No data available',
    ),
    at: at('ioapic', 4),
  },
  {
    key: 'HH-11.lapic-32',
    unsettled: true,
    base: hvmParts,
    xen: 420,
    bad: context({ lapic: hvmEntry(5, 0, concat(u64(0xfee0_0800), new Uint8Array(24))) }),
    near: context({ lapic: hvmEntry(5, 0, concat(u64(0xfee0_0800), new Uint8Array(16))) }),
    at: at('lapic', 4),
  },
  {
    key: 'HH-11.too-long',
    base: hvmParts,
    xen: 412,
    bad: { ...OLD, ...older({ vmce: hvmEntry(18, 0, new Uint8Array(40)) }) },
    near: { ...OLD, ...older({}) },
    log: [
      `HVM restore mismatch: expected zeroextended type 18 length 32, saw type 18 length 40.  ${remaining('vmce') + 8} bytes remaining`,
      'HVMN restore: failed to load entry 18/0',
      'Unable to restore HVM context (1 = Operation not permitted)',
    ],
    // The RTC before it is 8 bytes shorter.
    at: at('vmce', 4 - 8),
  },
  {
    key: 'HH-48',
    base: hvmParts,
    xen: 419,
    bad: body('pic1', [7, 2]),
    near: body('pic1', [7, 1]),
    log: [
      'HVM restore dN: failed to check PIC:1 rc -33',
      'Unable to restore HVM context (33 = Numerical argument out of domain)',
    ],
    at: at('pic1', 8 + 7),
  },
  {
    key: 'HH-49',
    base: hvmParts,
    xen: 419,
    bad: body('pic1', [6, 0x01]),
    near: body('pic1', [6, 0xde]),
    log: ['HVM restore dN: failed to check PIC:1 rc -22', `Unable to restore HVM context (22 = ${EINVAL})`],
    at: at('pic1', 8 + 6),
  },
  {
    key: 'HH-50',
    base: hvmParts,
    xen: 419,
    bad: body('pit', [48, u32(2)]),
    near: body('pit', [48, u32(1)]),
    log: [
      'HVM restore dN: failed to check PIT:0 rc -33',
      'Unable to restore HVM context (33 = Numerical argument out of domain)',
    ],
    at: at('pit', 8 + 48),
  },
  {
    key: 'HH-51',
    base: hvmParts,
    xen: 419,
    bad: body('pit', [0, u32(0x1_0001)]),
    near: body('pit', [0, u32(0x1_0000)]),
    log: [
      'HVM restore dN: failed to check PIT:0 rc -33',
      'Unable to restore HVM context (33 = Numerical argument out of domain)',
    ],
    at: at('pit', 8),
  },
  {
    key: 'HH-52',
    base: hvmParts,
    xen: 419,
    bad: body('pit', [15, 0]),
    near: body('pit', [47, 0]),
    log: ['HVM restore dN: failed to check PIT:0 rc -22', `Unable to restore HVM context (22 = ${EINVAL})`],
    at: at('pit', 8 + 15),
  },
  {
    key: 'HH-53',
    base: hvmParts,
    xen: 419,
    bad: body('link', [4, 1]),
    near: {},
    log: ['HVM restore dN: failed to check PCI_LINK:0 rc -22', `Unable to restore HVM context (22 = ${EINVAL})`],
    at: at('link', 8 + 4),
  },
  {
    key: 'HH-54',
    base: hvmParts,
    bad: body('link', [2, 16]),
    near: body('link', [2, 15]),
    log: inval('9/0', 'HVM restore: PCI-ISA link 2 out of range (16)'),
    at: at('link', 8 + 2),
  },
  {
    key: 'HH-55',
    base: hvmParts,
    bad: body('lapic', [0, u64(0xfee0_0400)]),
    near: body('lapic', [0, u64(0xfee0_0c00)]),
    log: inval('5/0'),
    at: at('lapic', 8),
  },
  {
    key: 'HH-55',
    base: hvmParts,
    xen: 419,
    bad: body('lapic', [0, u64(0xfee0_0400)]),
    near: body('lapic', [0, u64(0xfee0_0c00)]),
    log: ['HVM restore dN: failed to load LAPIC:0 rc -22', `Unable to restore HVM context (22 = ${EINVAL})`],
    at: at('lapic', 8),
  },
  {
    key: 'HH-55',
    base: hvmParts,
    xen: 420,
    bad: body('lapic', [0, u64(0xfee0_0400)]),
    near: body('lapic', [0, u64(0xfee0_0c00)]),
    log: ['HVM restore dN: failed to check LAPIC:0 rc -22', `Unable to restore HVM context (22 = ${EINVAL})`],
    at: at('lapic', 8),
  },
  {
    key: 'HH-57.mended',
    base: hvmParts,
    xen: 416,
    bad: x2apic(0x12, 1),
    near: x2apic(0x12, 0x1_0004),
    at: at('regs', 8 + 0xd0),
  },
  // vCPU 0 has logical id 1 by its number, as the bug before has: any other vCPU shows the difference.
  {
    key: 'HH-57.kept',
    base: hvmParts,
    bad: { xl: TWO_VCPUS, ...second(0x12, 2) },
    near: { xl: TWO_VCPUS, ...second(0x12, 0x1_0004) },
  },
  {
    key: 'HH-57.bogus',
    base: hvmParts,
    xen: 419,
    bad: x2apic(0x12, 5),
    near: x2apic(0x12, 0x1_0004),
    log: ['dNv0: bogus x2APIC record: ID 0x12, LDR 0x5, expected LDR 0x10004'],
    at: at('regs', 8 + 0xd0),
  },
  {
    key: 'HH-41',
    base: hvmParts,
    bad: body('mtrr', [224, u64(0x509)]),
    near: body('mtrr', [224, u64(0x508)]),
    log: inval('14/0'),
    at: at('mtrr', 8 + 224),
  },
  {
    key: 'HH-42',
    base: hvmParts,
    bad: body('mtrr', [136, Uint8Array.of(2)]),
    near: body('mtrr', [136, Uint8Array.of(4)]),
    at: at('mtrr', 8 + 136),
  },
  {
    key: 'HH-65',
    base: hvmParts,
    bad: body(
      'mtrr',
      ...Array.from({ length: 8 }, (_, range) => [8 + range * 16, concat(u64(6), u64(0x800))] as const),
    ),
    near: body(
      'mtrr',
      ...Array.from({ length: 7 }, (_, range) => [8 + range * 16, concat(u64(6), u64(0x800))] as const),
    ),
    at: at('mtrr', 16),
  },
  {
    key: 'HH-58',
    base: hvmParts,
    bad: withEntry(hvmEntry(17, 0, concat(u64(0), Uint8Array.of(0, 0, 1)))),
    near: withEntry(hvmEntry(17, 0, concat(u64(0), Uint8Array.of(1)))),
    log: inval('17/0'),
  },
  {
    key: 'HH-59.invalid',
    base: hvmParts,
    target: HOST,
    bad: body('vmce', [0, u64(0x100_0000)]),
    near: body('vmce', [0, u64(0x1ff)]),
    log: inval('18/0', 'HVM restore: unsupported MCA capabilities 0x1000000 for dNv0 (supported: 0)'),
    at: at('vmce', 8),
  },
  {
    key: 'HH-59.not-permitted',
    base: hvmParts,
    xen: 412,
    target: HOST,
    bad: { ...OLD, ...older({ vmce: patch(entry('vmce'), 8, u64(0x100_0000)) }) },
    near: { ...OLD, ...older({ vmce: patch(entry('vmce'), 8, u64(0x1ff)) }) },
    log: ['HVMN restore: failed to load entry 18/0', 'Unable to restore HVM context (1 = Operation not permitted)'],
    debugLog: ['HVM restore: unsupported MCA capabilities 0x1000000 for dNv0 (supported: 0)'],
    // The RTC before it is 8 bytes shorter.
    at: at('vmce', 8 - 8),
  },
];

const STATE: readonly RuleCase[] = [
  {
    key: 'HH-70',
    base: hvmParts,
    bad: context({ pic1: undefined }),
    near: pvh({}),
    at: ['hvm', 8],
  },
  {
    key: 'HH-70',
    base: hvmParts,
    bad: context({ pit: undefined, hpet: undefined }),
    near: {},
    at: ['hvm', 8],
  },
  {
    key: 'HH-25',
    base: hvmParts,
    target: HOST.replaceAll('14000000', '10000000'),
    bad: withEntry(xsaveEntry(3, 3, 3, 576)),
    near: {},
    log: refused('16/0', undefined, 95, 'Operation not supported'),
  },
  {
    key: 'HH-26',
    base: hvmParts,
    bad: withEntry(entryLength(xsaveEntry(3, 3, 3, 576), 4096)),
    near: withEntry(xsaveEntry(3, 3, 3, 576)),
    log: refused('16/0', 'HVMN.0 restore: not enough data left to read 4096 xsave bytes', 61, 'No data available'),
  },
  {
    key: 'HH-27',
    base: hvmParts,
    bad: withEntry(xsaveEntry(0, 0, 0, 0, 599)),
    near: withEntry(xsaveEntry(3, 3, 3, 576)),
    log: inval('16/0', 'HVMN.0 restore mismatch: xsave length 599 < 600'),
  },
  {
    key: 'HH-28',
    base: hvmParts,
    bad: withEntry(xsaveEntry(7, 3, 3, 576)),
    near: withEntry(xsaveEntry(7, 7, 3, 832)),
    log: inval('16/0', 'HVMN.0 restore: inconsistent xsave state (feat=0x7 accum=0x3 xcr0=0x7 bv=0x3 err=-22)'),
  },
  {
    key: 'HH-29',
    base: hvmParts,
    bad: withEntry(patch(xsaveEntry(3, 3, 3, 592), 8 + 24 + 580, 1)),
    near: withEntry(xsaveEntry(3, 3, 3, 592)),
    log: refused(
      '16/0',
      'HVMN.0 restore mismatch: xsave length 0x268 > 0x258 (non-zero data at 0x25c)',
      95,
      'Operation not supported',
    ),
  },
  {
    key: 'HH-30',
    base: hvmParts,
    bad: withEntry(xsaveEntry(3, 3, 3, 592)),
    near: withEntry(xsaveEntry(3, 3, 3, 576)),
    log: ['HVMN.0 restore mismatch: xsave length 0x268 > 0x258'],
  },
  {
    key: 'HH-32',
    base: hvmParts,
    bad: withEntry(xsaveEntry(7, 7, 7, 831)),
    near: withEntry(xsaveEntry(7, 7, 7, 832)),
    log: inval('16/0', 'HVMN.0 restore mismatch: xsave length 0x357 != 0x358'),
  },
  {
    key: 'HH-33',
    base: hvmParts,
    bad: withEntry(entryLength(msrEntry([0x140, 0]), 64)),
    near: withEntry(msrEntry([0x140, 0])),
    log: refused('20/0', 'HVMN.0 restore: not enough data left to read 64 MSR bytes', 61, 'No data available'),
  },
  {
    key: 'HH-34',
    base: hvmParts,
    bad: withEntry(hvmEntry(20, 0, new Uint8Array(23))),
    near: withEntry(msrEntry([0x140, 0])),
    log: inval('20/0', 'HVMN.0 restore mismatch: MSR length 23 < 24'),
  },
  {
    key: 'HH-35',
    base: hvmParts,
    bad: withEntry(hvmEntry(20, 0, concat(u32(2), new Uint8Array(20)))),
    near: withEntry(msrEntry([0x140, 0])),
    log: refused('20/0', 'HVMN.0 restore mismatch: MSR length 24 != 40', 95, 'Operation not supported'),
  },
  {
    key: 'HH-36',
    base: hvmParts,
    bad: withEntry(msrEntry([0x140, 0, 1])),
    near: withEntry(msrEntry([0x140, 0])),
    log: refused('20/0', undefined, 95, 'Operation not supported'),
  },
  msrCase('HH-37.silent', [0x6e1, 0], [0x140, 0], 417, 'HVM dNv0 attempted load of unhandled MSR 0x6e1'),
  msrCase('HH-37.told', [0xda1, 0], [0x140, 0], 420, 'HVM dNv0 attempted load of unhandled MSR 0xda1'),
  msrCase('HH-38.silent', [0x48, 0x401], [0x140, 0], 417, 'HVM dNv0 load MSR 0x48 with value 0x401 failed'),
  msrCase('HH-38.told', [0x48, 0x401], [0x140, 0], 420, 'HVM dNv0 load MSR 0x48 with value 0x401 failed'),
  msrCase('HH-39.silent', [0x140, 2], [0x140, 0], 417, 'HVM dNv0 load MSR 0x140 with value 0x2 failed'),
  msrCase('HH-39.told', [0x140, 2], [0x140, 0], 420, 'HVM dNv0 load MSR 0x140 with value 0x2 failed'),
  msrCase('HH-40.silent', [0xda0, 1], [0x140, 0], 417, 'HVM dNv0 load MSR 0xda0 with value 0x1 failed'),
  msrCase('HH-40.told', [0xda0, 1], [0x140, 0], 420, 'HVM dNv0 load MSR 0xda0 with value 0x1 failed'),
];

const PARAMS: readonly RuleCase[] = [
  {
    key: 'LH-04',
    base: hvmParts,
    bad: { params: record(XC.HVM_PARAMS, new Uint8Array(7)) },
    near: {},
    log: ['HVM_PARAMS record truncated: length 7, header size 8'],
    at: ['params', 4],
  },
  {
    key: 'LH-05.other-length',
    base: hvmParts,
    bad: { params: record(XC.HVM_PARAMS, concat(u32(1), u32(0), new Uint8Array(24))) },
    near: {},
    log: ['HVM_PARAMS record truncated: header 8, count 1, expected len 16, got 32'],
    at: ['params', 4],
  },
  {
    key: 'LH-05.too-short',
    base: hvmParts,
    xen: 408,
    bad: {
      image: patch(part('image'), 12, u32(2, false)),
      static: undefined,
      cpuid: undefined,
      msr: undefined,
      params: record(XC.HVM_PARAMS, concat(u32(2), u32(0), new Uint8Array(24))),
    },
    near: {
      image: patch(part('image'), 12, u32(2, false)),
      static: undefined,
      cpuid: undefined,
      msr: undefined,
      params: record(XC.HVM_PARAMS, concat(u32(1), u32(0), new Uint8Array(24))),
    },
    log: ['HVM_PARAMS record truncated: header 8, count 2, expected len 32, got 32'],
    at: ['params', 4],
  },
  {
    key: 'LH-06',
    base: hvmParts,
    bad: { params: concat(HVM_PARAMS, params()) },
    near: {},
    log: ['Skipping empty HVM_PARAMS record'],
    at: ['params', HVM_PARAMS.length],
  },
  { key: 'LH-13', base: hvmParts, bad: { params: patch(HVM_PARAMS, 12, u32(1)) }, near: {}, at: ['params', 12] },
  paramCase('HR-01', [39, 0], [38, 0], 'set HVM param 39 = 0x0000000000000000 (22 = Invalid argument)'),
  paramCase('HR-02', [24, 1], [27, 1], 'set HVM param 24 = 0x0000000000000001 (22 = Invalid argument)'),
  {
    ...paramCase('HR-03.not-settable', [35, 0], [34, 0], 'set HVM param 35 = 0x0000000000000000 (17 = File exists)'),
    xen: 419,
  },
  paramCase('HR-03.mode', [35, 4], [35, 3], 'set HVM param 35 = 0x0000000000000004 (22 = Invalid argument)'),
  // Xen gets 32 bits of an index; libxc prints, and looks for the rings by, all of it.
  paramCase(
    'HR-07',
    [0x1_0000_000a, 4],
    [0x1_0000_000a, 3],
    'set HVM param 4294967306 = 0x0000000000000004 (22 = Invalid argument)',
  ),
  {
    key: 'LH-09',
    base: hvmParts,
    bad: { params: params([0x1_0000_0001, 0xfeffc], [17, 0xfefff]) },
    near: { params: params([1, 0xfeffc], [17, 0xfefff]) },
  },
  {
    key: 'HR-04.set-twice',
    base: hvmParts,
    bad: { params: concat(HVM_PARAMS, params([5, 1], [5, 2])) },
    near: { params: concat(HVM_PARAMS, params([5, 1], [5, 1])) },
    log: ['set HVM param 5 = 0x0000000000000002 (17 = File exists)'],
    at: ['params', HVM_PARAMS.length + 32],
  },
  paramCase('HR-05', [9, 2], [9, 0x1fff], 'set HVM param 9 = 0x0000000000000002 (22 = Invalid argument)'),
  // What came with 4.7, 4.9, 4.13 and 4.15.
  ...(
    [
      [406, 0x11, 0x0f],
      [408, 0x41, 0x3f],
      [412, 0x81, 0x7f],
      [414, 0x401, 0x3ff],
      [415, 0x2001, 0x1fff],
    ] as const
  ).map(([xen, bad, good]): RuleCase => {
    const log = `set HVM param 9 = 0x${bad.toString(16).padStart(16, '0')} (22 = Invalid argument)`;
    const old: Change =
      xen < 414
        ? { image: patch(part('image'), 12, u32(2, false)), cpuid: undefined, msr: undefined, static: undefined }
        : {};
    const one = paramCase('HR-05', [9, bad], [9, good], log);
    return { ...one, xen, bad: { ...old, ...one.bad }, near: { ...old, ...one.near } };
  }),
  paramCase('HR-07', [10, 4], [10, 3], 'set HVM param 10 = 0x0000000000000004 (22 = Invalid argument)'),
  paramCase('HR-08', [14, 2], [14, 3], 'set HVM param 14 = 0x0000000000000002 (22 = Invalid argument)'),
  paramCase('HR-09.place', [19, 2], [19, 1], 'set HVM param 19 = 0x0000000000000002 (22 = Invalid argument)'),
  {
    key: 'HR-09.pvh',
    base: pvhParts,
    bad: setParam(19, 0),
    near: setParam(11, 0),
    log: ['set HVM param 19 = 0x0000000000000000 (19 = No such device)'],
    at: ['params', HVM_PARAMS.length + 16],
  },
  paramCase('HR-10', [31, 6], [31, 5], 'set HVM param 31 = 0x0000000000000006 (22 = Invalid argument)'),
  paramCase('HR-11', [33, 65], [33, 64], 'set HVM param 33 = 0x0000000000000041 (22 = Invalid argument)'),
  paramCase('HR-12', [36, 5], [36, 4], 'set HVM param 36 = 0x0000000000000005 (22 = Invalid argument)'),
  paramCase(
    'HR-13',
    [15, 2n ** 32n],
    [15, 2n ** 32n - 1n],
    'set HVM param 15 = 0x0000000100000000 (22 = Invalid argument)',
  ),
  paramCase(
    'HR-14',
    [37, 103n << 32n],
    [37, 104n << 32n],
    'set HVM param 37 = 0x0000006700000000 (22 = Invalid argument)',
  ),
  paramCase('HR-15', [38, 2], [38, 1], 'set HVM param 38 = 0x0000000000000002 (22 = Invalid argument)'),
  {
    key: 'LH-08',
    base: hvmParts,
    bad: setParam(4, 1),
    near: setParam(38, 1),
    at: ['params', HVM_PARAMS.length + 16],
  },
  { key: 'LH-09', base: hvmParts, bad: { params: undefined }, near: {} },
  {
    key: 'LH-14',
    base: hvmParts,
    bad: { params: params([1, 0xfeffc], [17, 0xfeffe]) },
    near: { params: params([1, 0xfeffc], [17, 0xfefff]) },
    log: ['domain N console tty: timed out'],
    at: ['params', 32],
  },
];

export const HVM_CASES: readonly RuleCase[] = [...CONTEXT, ...ENTRIES, ...STATE, ...PARAMS];
