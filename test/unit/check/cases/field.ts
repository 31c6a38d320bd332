/** Faults that public reports tell of, each built anew. */
import {
  emulator,
  hvmContextRecord,
  hvmEntries,
  hvmParts,
  pages,
  params,
  patch,
  pvParts,
} from '../../../fixtures/built/restorable';
import { concat, hvmEntry, latin1, T, u32, u64, XL, xlHeader } from '../../../fixtures/built/stream';
import { change, type Change, type RuleCase } from './case';

/** The file of an HVM guest with this in `type.hvm`, and this beside it. */
const hvm = (of: object, build: object = {}): Change => ({
  xl: xlHeader(
    `${JSON.stringify({
      c_info: { type: 'hvm', name: 'guest' },
      b_info: { max_vcpus: 1, max_memkb: 4096, target_memkb: 4096, ...build, 'type.hvm': of },
    })}\0`,
  ),
});

/** Pages that get memory and have no content. */
const allocated = (count: number): Uint8Array =>
  pages(Array.from({ length: count }, (_, at) => [0x100 + at, T.XALLOC] as const));
const rings = hvmParts()['pages'] ?? new Uint8Array(0);
const few = (target: number, count: number): Change => ({
  ...hvm({}, { target_memkb: target }),
  pages: concat(rings, allocated(count)),
});

const viridian = (value: number): Uint8Array => params([1, 0xfeffc], [17, 0xfefff], [9, value]);

/** One-shot timer 0 of 32 bits, on, behind or ahead of the main counter. */
function hpet(counter: bigint, comparator: bigint): Uint8Array {
  const body = patch(new Uint8Array(1048), 16, u64(1));
  return hvmEntry(12, 0, patch(patch(body, 240, u64(counter)), 256, u64(0x104), u64(comparator)));
}
const context = (entries: Change): Change => ({ hvm: hvmContextRecord(change(hvmEntries(), entries)) });

/** The clock as Xen before 4.14 wrote it. */
const rtc = hvmEntry(11, 0, new Uint8Array(16));

/** QEMU's state of one more device. */
const device = (name: string): Uint8Array =>
  emulator(
    XL.EMULATOR_CONTEXT,
    concat(
      latin1('QEVM'),
      u32(3, false),
      Uint8Array.of(4),
      u32(0, false),
      Uint8Array.of(name.length),
      latin1(name),
      u32(0, false),
      u32(3, false),
      new Uint8Array(300),
      Uint8Array.of(0),
    ),
  );
const unknownDevice = (name: string): readonly string[] => [
  'domain N device model: spawn failed (rc=-3)',
  'Post DM startup configs failed, rc=-3',
  'device model did not start: -3',
  `Unknown savevm section or instance '${name}' 0. Make sure that your current VM setup matches your saved VM setup, including any hotplugged devices`,
  'load of migration failed: Invalid argument',
];

/** A stream of version 2, as Xen before 4.14 reads it. */
const OLD: Change = {
  image: patch(hvmParts()['image'] ?? new Uint8Array(0), 12, u32(2, false)),
  cpuid: undefined,
  msr: undefined,
  static: undefined,
};

const xl = pvParts()['xl'] ?? new Uint8Array(0);

export const FIELD_CASES: readonly RuleCase[] = [
  {
    // 1 MiB on top of target_memkb: 266 pages for 40 KiB; 4 of the image and 262 more are just that.
    key: 'LC-41',
    base: hvmParts,
    bad: few(40, 263),
    near: few(40, 262),
    log: ['Failed to populate physmap (16 = Device or resource busy)'],
  },
  // viridian=1 is 0x5 in 4.6, 0x25 in 4.7 and 4.8, 0x65 from 4.9 to 4.14; from 4.15 on the stream alone sets it.
  ...(
    [
      [406, 0x25, 0x05],
      [408, 0x65, 0x25],
      [409, 0x25, 0x65],
      [414, 0x1865, 0x65],
    ] as const
  ).map(([xen, bad, near]): RuleCase => ({
    key: 'HR-04.set-by-libxl',
    base: () => change(hvmParts(), { ...hvm({ viridian: 'True' }), ...(xen < 414 ? OLD : {}) }),
    bad: { params: viridian(bad) },
    near: { params: viridian(near) },
    log: [`set HVM param 9 = 0x${bad.toString(16).padStart(16, '0')} (17 = File exists)`],
    xen,
  })),
  {
    key: 'HR-04.set-by-libxl',
    base: () => change(hvmParts(), { ...hvm({ viridian: 'True', viridian_disable: [1] }), ...OLD }),
    bad: { params: viridian(0x65) },
    near: { params: viridian(0x67) },
    log: ['set HVM param 9 = 0x0000000000000065 (17 = File exists)'],
    xen: 413,
  },
  { key: 'HH-71', base: hvmParts, bad: context({ rtc }), near: {} },
  {
    // Due 1 s ago: 62,500,000 ticks of 16 ns. The low halves count.
    key: 'HH-72',
    base: () => change(hvmParts(), OLD),
    bad: context({ rtc, hpet: hpet(0x2_4000_0000n, 0x4000_0000n - 62_500_000n) }),
    near: context({ rtc, hpet: hpet(0x2_4000_0000n, 0x4000_0000n + 62_500_000n) }),
    xen: 412,
  },
  {
    key: 'QM-03',
    base: hvmParts,
    bad: { ...hvm({ usb: 'False' }), emulator: device('0000:00:01.2/uhci') },
    near: { ...hvm({ usbdevice_list: ['tablet'] }), emulator: device('0000:00:01.2/uhci') },
    log: unknownDevice('0000:00:01.2/uhci'),
  },
  {
    key: 'QM-03',
    base: hvmParts,
    bad: { ...hvm({}), emulator: device('0000:00:04.0/es1370') },
    near: { ...hvm({ soundhw: 'es1370' }), emulator: device('0000:00:04.0/es1370') },
    log: unknownDevice('0000:00:04.0/es1370'),
  },
  {
    key: 'LX-01.no-stream',
    base: pvParts,
    bad: {},
    near: {},
    cut: xl.length,
    nearCut: xl.length + 8,
    log: ['Invalid ident: expected 0x4c6962786c466d74, got 0x0000000000000000'],
  },
  {
    key: 'LX-01.no-header',
    base: pvParts,
    bad: { xl: undefined, libxl: undefined },
    near: { xl: undefined },
    log: ['Invalid ident: expected 0x4c6962786c466d74, got 0x0100000000000000'],
  },
  {
    key: 'LC-09.no-such-type',
    base: hvmParts,
    bad: { domain: patch(hvmParts()['domain'] ?? new Uint8Array(0), 0, u32(3)) },
    near: {},
    log: ['Unable to restore Reserved domain into an x86 HVM domain'],
    at: ['domain', 0],
  },
];
