/** Values that lines of a log name, looked up in the image. */
import { expect, test } from 'vitest';
import { explainLog, headlineOf } from '../../../src/check/log/explain';
import { memorySource } from '../../../src/source/memory';
import {
  assemble,
  emulator,
  hvmContextRecord,
  hvmEntries,
  hvmParts,
  params,
  qemu,
} from '../../fixtures/built/restorable';
import { concat, hvmEnd, hvmEntry, u32, u64, XL } from '../../fixtures/built/stream';
import { scanBytes } from '../../fixtures/scanning';
import { change } from './cases/case';

/** SPEC_CTRL = 6 in CPU_MSR, XCR0 and XCR0_accum 7 in CPU_XSAVE, Viridian 0x25. */
const parts = {
  ...hvmParts(),
  hvm: hvmContextRecord({
    ...change(hvmEntries(), { end: undefined }),
    msr: hvmEntry(20, 0, concat(u32(1), u32(0), u32(0x48), u32(0), u64(6))),
    xsave: hvmEntry(16, 0, concat(u64(7), u64(7), u64(7), new Uint8Array(576))),
    end: hvmEnd(),
  }),
  params: params([1, 0xfeffc], [17, 0xfefff], [9, 0x25]),
  emulator: emulator(XL.EMULATOR_CONTEXT, qemu),
};
const image = assemble(parts);
const startOf = (name: string): number => {
  let sum = 0;
  for (const [one, bytes] of Object.entries(parts)) {
    if (one === name) break;
    sum += bytes.length;
  }
  return sum;
};

async function explained(log: string) {
  const source = memorySource(image, 'image');
  return explainLog(log, [], await scanBytes(image), (offset, length) => source.read(offset, length));
}

test.each([
  ['(XEN) HVM d7v0 load MSR 0x48 with value 0x6 failed', 'MSR 0x48 (SPEC_CTRL) of vCPU 0 = 0x6, as in this image'],
  [
    '(XEN) HVM d7v0 load MSR 0x48 with value 0x4 failed',
    'MSR 0x48 (SPEC_CTRL) of vCPU 0 is 0x6 in this image: the log may be of another file',
  ],
  [
    '(XEN) HVM d7v1 load MSR 0x48 with value 0x6 failed',
    'MSR 0x48 (SPEC_CTRL) of vCPU 1, which is not in this image: the log may be of another file',
  ],
  [
    '(XEN) HVM7.0 restore: inconsistent xsave state (feat=0x7 accum=0x7 xcr0=0x7 bv=0x7 err=-22)',
    'XCR0_accum of vCPU 0 = 0x7, as in this image',
  ],
  [
    '(XEN) HVM7.0 restore: inconsistent xsave state (feat=0x7 accum=0x1f xcr0=0x7 bv=0x7 err=-22)',
    'XCR0_accum of vCPU 0 is 0x7 in this image: the log may be of another file',
  ],
  ['(XEN) HVM7 restore: bad CR0 0x11', 'CR0 of vCPU 0 = 0x11, as in this image'],
  ['(XEN) HVM7 restore: bad CR0 0x80000011', 'CR0 of vCPU 0 is 0x11 in this image: the log may be of another file'],
  [
    'xc: error: set HVM param 9 = 0x0000000000000025 (17 = File exists): Internal error',
    'HVM parameter 9 (VIRIDIAN) = 0x25, as in this image',
  ],
  [
    "qemu-system-i386: Unknown savevm section or instance '0000:00:00.0/I440FX' 0. Make sure that your current VM setup matches your saved VM setup, including any hotplugged devices",
    'the state of 0000:00:00.0/I440FX, which QEMU was not told to create',
  ],
])('%s', async (log, note) => {
  const [match] = await explained(log);
  expect(match?.note).toBe(note);
});

test('a line leads to the bytes of the value', async () => {
  const [viridian] = await explained('set HVM param 9 = 0x0000000000000025 (17 = File exists)');
  // Behind the record header and that of the list the third entry of 16 bytes.
  expect([viridian?.offset, viridian?.length]).toEqual([startOf('params') + 16 + 32, 16]);
  expect(viridian?.rule).toBeUndefined();
});

test('of a leaf that Xen refused the rule that goes by it is named', async () => {
  const line = 'Failed to set CPUID policy: leaf 00000007, subleaf 00000000, msr ffffffff (22 = Invalid argument)';
  const [match] = await explained(line);
  expect(match?.rule?.id).toBe('HO-09');
});

test('the headline is of what the image has and the check has no finding of', async () => {
  const lines = await explained('(XEN) HVM d7v0 load MSR 0x48 with value 0x6 failed');
  expect(headlineOf(lines)).toBe(
    'the log shows that Xen refused MSR 0x48 (SPEC_CTRL) of vCPU 0 = 0x6; whether it must depends on the target',
  );
  expect(headlineOf(await explained('(XEN) HVM7 restore: bad CR0 0x80000011'))).toBeUndefined();
});
