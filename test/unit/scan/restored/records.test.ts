/** Which records a restore takes, and how far into the stream. Rows: 0 and 1 are the headers of a bare libxc stream. */
import { expect, test } from 'vitest';
import { restoreEnds } from '../../../../src/scan/restored/ends';
import { keptRecords, RestoredRecords } from '../../../../src/scan/restored/records';
import { stateEnd } from '../../../../src/scan/restored/rounds';
import { restoredVcpus } from '../../../../src/scan/restored/vcpus';
import {
  concat,
  cpuidPolicy,
  end,
  HVM,
  hvmCpuEntry,
  hvmEntry,
  hvmHeaderEntry,
  hvmParams,
  libxcStream,
  libxlStream,
  msrPolicy,
  p2mFrames,
  pageData,
  PV,
  pvInfo,
  record,
  sharedInfo,
  staticDataEnd,
  tscInfo,
  u32,
  vcpuBasic64,
  vcpuExtended,
  vcpuMsrs,
  vcpuXsave,
  XC,
  XL,
} from '../../../fixtures/built/stream';
import { rowsOf, scanBytes } from '../../../fixtures/scanning';

const PAGES = pageData([{ pfn: 1, fill: 1 }]);
const CHECKPOINT = record(XC.CHECKPOINT);
const CHECKPOINT_END = record(XL.CHECKPOINT_END);
const EMULATOR = record(XL.EMULATOR_CONTEXT, concat(u32(2), u32(0), new Uint8Array(8)));
/** A per-vCPU record of a number and nothing else, as older senders wrote by mistake. */
const emptyBasic = (vcpu: number): Uint8Array => record(XC.VCPU_BASIC, concat(u32(vcpu), u32(0)));

const keptIn = async (bytes: Uint8Array) => keptRecords(await scanBytes(bytes));
const plainVcpus = async (bytes: Uint8Array) => Object.fromEntries((await keptIn(bytes)).vcpus);

test('of a plain stream the last record of each kind', async () => {
  const kept = await keptIn(
    libxcStream(PV, [
      pvInfo(),
      cpuidPolicy(),
      msrPolicy(),
      staticDataEnd(),
      p2mFrames(7, [1]),
      PAGES,
      tscInfo(),
      sharedInfo(),
      vcpuBasic64(0),
      vcpuExtended(0),
      vcpuXsave(0),
      vcpuMsrs(0),
      vcpuBasic64(1),
      tscInfo(),
      sharedInfo(),
      vcpuBasic64(0),
      end(),
    ]),
  );
  expect(kept).toEqual({
    pvInfo: 2,
    cpuidPolicy: 3,
    msrPolicy: 4,
    p2mFrames: [6],
    hvmParams: [],
    tscInfo: 15,
    sharedInfo: 16,
    vcpus: new Map([
      // Each kind by itself: what is not sent again stays.
      [0, { basic: 17, extended: 11, xsave: 12, msrs: 13 }],
      [1, { basic: 14 }],
    ]),
  });
});

test('a policy counts as it was at STATIC_DATA_END; without one before it, the first behind it is shown', async () => {
  const early = await keptIn(
    libxcStream(PV, [cpuidPolicy(), cpuidPolicy(), staticDataEnd(), cpuidPolicy(), msrPolicy(), msrPolicy(), end()]),
  );
  expect([early.cpuidPolicy, early.msrPolicy]).toEqual([3, 6]);
});

test('an empty record of a vCPU takes the place of none', async () => {
  const bytes = libxcStream(PV, [vcpuBasic64(0), emptyBasic(0), emptyBasic(1), emptyBasic(1), vcpuExtended(2), end()]);
  expect(await plainVcpus(bytes)).toEqual({ 0: { basic: 2, empty: 3 }, 1: { empty: 4 }, 2: { extended: 6 } });
  // What has an empty one is shown as such; what has other state only is not a vCPU of which there is anything to show.
  expect(await shownVcpus(bytes)).toEqual([
    [0, 2, undefined],
    [1, 4, undefined],
  ]);
});

test('a second X86_PV_INFO is refused: the first one counts', async () => {
  expect((await keptIn(libxcStream(PV, [pvInfo(), pvInfo(4, 3), end()]))).pvInfo).toBe(2);
});

test('what the scan learns of the guest comes from the records that count', async () => {
  const policy = (bits: number): Uint8Array =>
    record(XC.CPUID_POLICY, concat(...[0x8000_0008, 0xffff_ffff, bits, 0, 0, 0].map((word) => u32(word))));
  const { image } = await scanBytes(
    libxcStream(PV, [
      pvInfo(),
      pvInfo(4, 3),
      policy(36),
      policy(40),
      staticDataEnd(),
      policy(46),
      p2mFrames(0x1f, [1]),
      p2mFrames(7, [1]),
      end(),
    ]),
  );
  expect([image.guestWidth, image.maxPfn, image.addressBits]).toEqual([8, 0x1f, 40]);
});

test('a record that the end of the file cuts takes the place of no whole one, but stands for its own vCPU', async () => {
  const whole = libxcStream(PV, [vcpuBasic64(0), vcpuBasic64(0)]);
  expect(await plainVcpus(whole.subarray(0, whole.length - 100))).toEqual({ 0: { basic: 2 } });
  const other = libxcStream(PV, [vcpuBasic64(0), vcpuBasic64(1)]);
  expect(await plainVcpus(other.subarray(0, other.length - 100))).toEqual({ 0: { basic: 2 }, 1: { basic: 3 } });
  // Cut in its number it is nobody's.
  expect(await plainVcpus(other.subarray(0, other.length - 5176 + 2))).toEqual({ 0: { basic: 2 } });
});

test('what follows END is read by nobody', async () => {
  const kept = await keptIn(
    concat(
      libxlStream(libxcStream(PV, [vcpuBasic64(0), PAGES, end()]), [EMULATOR]),
      // Another stream behind the first, long enough to be found.
      libxcStream(PV, [PAGES, vcpuBasic64(0), vcpuBasic64(1), end()]),
    ),
  );
  expect(Object.fromEntries(kept.vcpus)).toEqual({ 0: { basic: 4 } });
});

/** Rounds of a checkpointed stream inside a libxl stream. Rows: 0 and 1 of libxl, 2 and 3 headers of libxc. */
const ROUNDS = [
  // 4 … 9
  concat(PAGES, vcpuBasic64(0), vcpuXsave(0), vcpuBasic64(1), CHECKPOINT, EMULATOR, CHECKPOINT_END),
  // 11 … 15
  concat(PAGES, vcpuBasic64(0), CHECKPOINT, EMULATOR, CHECKPOINT_END),
  // 16 …
  concat(PAGES, vcpuBasic64(0), vcpuBasic64(1), vcpuXsave(1)),
];
const NAMES = [
  'LIBXL_HEADER LIBXC_CONTEXT IMAGE_HEADER DOMAIN_HEADER',
  'PAGE_DATA X86_PV_VCPU_BASIC X86_PV_VCPU_XSAVE X86_PV_VCPU_BASIC CHECKPOINT EMULATOR_CONTEXT CHECKPOINT_END',
  'PAGE_DATA X86_PV_VCPU_BASIC CHECKPOINT EMULATOR_CONTEXT CHECKPOINT_END',
  'PAGE_DATA X86_PV_VCPU_BASIC X86_PV_VCPU_BASIC X86_PV_VCPU_XSAVE',
];
const streamOf = (...parts: Uint8Array[]): Uint8Array => {
  const whole = libxlStream(libxcStream(PV, parts));
  return whole.subarray(0, whole.length - 8);
};

const askAll = async (bytes: Uint8Array) => {
  const scan = await scanBytes(bytes);
  const restored = RestoredRecords.of(scan.records);
  expect(restored.advance(scan.image)).toBe(true);
  return {
    ends: restoreEnds(scan.image),
    vcpus: Object.fromEntries(restored.soFar.vcpus),
    emulator: restored.soFarOfLibxl.emulatorContext,
  };
};
const NO_END = Number.POSITIVE_INFINITY;

test('a checkpointed stream as it stands', async () => {
  const scan = await scanBytes(streamOf(...ROUNDS));
  expect(rowsOf(scan).map(({ name }) => name)).toEqual(NAMES.join(' ').split(' '));
});

test.each([
  [
    'inside its third round: the second checkpoint',
    streamOf(...ROUNDS),
    // vCPU 1 was not sent in the second round: libxc keeps what the first one brought.
    { ends: { pages: 13, libxc: 13, libxl: 15 }, vcpus: { 0: { basic: 12, xsave: 6 }, 1: { basic: 7 } }, emulator: 14 },
  ],
  [
    'before the CHECKPOINT_END of the second: the first checkpoint',
    streamOf(...ROUNDS.slice(0, 2)).slice(0, -8),
    { ends: { pages: 8, libxc: 8, libxl: 10 }, vcpus: { 0: { basic: 5, xsave: 6 }, 1: { basic: 7 } }, emulator: 9 },
  ],
  [
    'inside the second CHECKPOINT: the first checkpoint',
    streamOf(...ROUNDS.slice(0, 2)).slice(0, -8 - 24 - 4),
    { ends: { pages: 8, libxc: 8, libxl: 10 }, vcpus: { 0: { basic: 5, xsave: 6 }, 1: { basic: 7 } }, emulator: 9 },
  ],
  [
    'before the first CHECKPOINT_END: all that there is',
    streamOf(...ROUNDS.slice(0, 1)).slice(0, -8),
    {
      ends: { pages: NO_END, libxc: NO_END, libxl: NO_END },
      vcpus: { 0: { basic: 5, xsave: 6 }, 1: { basic: 7 } },
      emulator: 9,
    },
  ],
])('cut %s', async (_, bytes, wanted) => {
  expect(await askAll(bytes)).toEqual(wanted);
});

test('END after checkpoints: what was kept back since the last one is thrown away', async () => {
  const bytes = libxlStream(libxcStream(PV, [...ROUNDS, end()]));
  expect(await askAll(bytes)).toMatchObject({ ends: { pages: 13, libxc: 13 }, vcpus: { 0: { basic: 12 } } });
});

test('VERIFY ends what is stored of pages, not of records, and only once its checkpoint is complete', async () => {
  const verified = [PAGES, record(XC.VERIFY), PAGES, vcpuBasic64(0)];
  expect(await askAll(libxlStream(libxcStream(PV, [...verified, end()])))).toMatchObject({
    ends: { pages: 5, libxc: 8 },
    vcpus: { 0: { basic: 7 } },
  });
  const open = concat(...ROUNDS.slice(0, 1), ...verified);
  expect(await askAll(streamOf(open))).toMatchObject({ ends: { pages: 8, libxc: 8 }, vcpus: { 0: { basic: 5 } } });
  const closed = concat(open, CHECKPOINT, CHECKPOINT_END);
  expect(await askAll(streamOf(closed))).toMatchObject({ ends: { pages: 12, libxc: 15 }, vcpus: { 0: { basic: 14 } } });
});

test('rows that come later are taken as they come, and given back when a checkpoint ends before them', async () => {
  const { records, image } = await scanBytes(streamOf(...ROUNDS));
  const restored = RestoredRecords.of(records);
  expect(restored.advance({})).toBe(true);
  expect(Object.fromEntries(restored.soFar.vcpus)).toEqual({ 0: { basic: 17, xsave: 6 }, 1: { basic: 18, xsave: 19 } });
  expect(restored.soFar).toBe(restored.soFar);
  expect(restored.advance(image)).toBe(true);
  expect(Object.fromEntries(restored.soFar.vcpus)).toEqual({ 0: { basic: 12, xsave: 6 }, 1: { basic: 7 } });
});

test('an earlier round: what libxc had kept when it ended', async () => {
  const { records } = await scanBytes(streamOf(...ROUNDS));
  const restored = RestoredRecords.of(records);
  expect([5, 7, 12, 17, 19].map((row) => stateEnd(records, row))).toEqual([8, 8, 13, 20, 20]);
  expect(Object.fromEntries(restored.asOf(8).vcpus)).toEqual({ 0: { basic: 5, xsave: 6 }, 1: { basic: 7 } });
  expect(restored.asOf(20).vcpus.get(1)).toEqual({ basic: 18, xsave: 19 });
});

const CPU = 2;
const END = 0;
const contextOf = (...entries: Uint8Array[]): Uint8Array =>
  record(XC.HVM_CONTEXT, concat(hvmHeaderEntry(), ...entries, hvmEntry(END, 0, new Uint8Array(0))));
const shownVcpus = async (bytes: Uint8Array) => {
  const scan = await scanBytes(bytes);
  return restoredVcpus(scan.image, keptRecords(scan)).map(({ id, record: row, entries }) => [
    id,
    row,
    entries?.map(({ typecode }) => typecode),
  ]);
};

test('an HVM guest: the last context, and the parameters of all', async () => {
  const kept = await keptIn(
    libxcStream(HVM, [
      contextOf(hvmCpuEntry(0)),
      hvmParams([[1, 1n]]),
      contextOf(hvmCpuEntry(0)),
      hvmParams([[2, 1n]]),
      end(),
    ]),
  );
  expect([kept.hvmContext, kept.hvmParams]).toEqual([4, [3, 5]]);
});

test('vCPUs of a context, one of them never brought up', async () => {
  const lapic = hvmEntry(5, 1, new Uint8Array(16));
  const bytes = libxcStream(HVM, [contextOf(hvmCpuEntry(0)), contextOf(lapic, hvmCpuEntry(0)), end()]);
  expect(await shownVcpus(bytes)).toEqual([
    [0, 3, [CPU]],
    [1, 3, [5]],
  ]);
});

test('the kind of guest says whose state counts, where a stream has both', async () => {
  const both = [vcpuBasic64(0), contextOf(hvmCpuEntry(3)), end()];
  expect(await shownVcpus(libxcStream(PV, both))).toEqual([[0, 2, undefined]]);
  expect(await shownVcpus(libxcStream(HVM, both))).toEqual([[3, 3, [CPU]]]);
  // Where its own kind has none, the other is better than nothing.
  expect(await shownVcpus(libxcStream(HVM, [vcpuBasic64(0), end()]))).toEqual([[0, 2, undefined]]);
});

test('a vCPU of which there is state, but no registers, is none', async () => {
  expect(await shownVcpus(libxcStream(PV, [vcpuBasic64(0), vcpuExtended(1), end()]))).toEqual([[0, 2, undefined]]);
});

test('of many contexts the entries of the last ones are remembered', async () => {
  const cpu = hvmCpuEntry(0);
  // 63 contexts of 1042 entries each: more than are kept. The older half of them is forgotten at once, 32 contexts.
  const many = Array.from({ length: 1040 }, (_, index) => hvmEntry(5, index, new Uint8Array(8)));
  const context = contextOf(cpu, ...many);
  const scan = await scanBytes(libxcStream(HVM, [...Array.from({ length: 64 }, () => context), end()]));
  expect(scan.image.context.at(-1)?.record).toBe(65);
  expect(scan.image.context.length).toBeLessThanOrEqual(65_536);
  const first = scan.image.context[0];
  expect([first?.typecode, first?.record]).toEqual([1, 34]);
});
