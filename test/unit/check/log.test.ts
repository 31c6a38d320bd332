/** Lines of a log, and what of an image they are about. */
import { expect, test } from 'vitest';
import { check } from '../../../src/check/check';
import { keyOf } from '../../../src/check/kit/rule';
import { matchLog } from '../../../src/check/log/match';
import { memorySource } from '../../../src/source/memory';
import { assemble, hvmContextRecord, hvmEntries, hvmParts, patch, pvParts } from '../../fixtures/built/restorable';
import { scanBytes } from '../../fixtures/scanning';
import { hvmEntry, u64 } from '../../fixtures/built/stream';

async function notesOf(image: Uint8Array, log: string) {
  const scan = await scanBytes(image);
  const { findings } = await check(scan, memorySource(image, 'image'));
  return matchLog(log, findings, scan).map(({ note, record }) => [note, record]);
}

test('lines of any restore lead to headers', async () => {
  const log = `Loading new save file /tmp/a b (new xl fmt info 0x3/0x0/128)
 Savefile contains xl domain config in JSON format
libxl: debug: libxl_stream_read.c:351:stream_header_done: Domain 7:Stream v2
xc: info: Found x86 PV domain from Xen 4.17: Internal error
`;
  const pv = assemble(pvParts());
  const optional = new DataView(pv.buffer).getUint32(44, true);
  expect(await notesOf(pv, log.replace('/128)', `/${optional})`))).toEqual([
    ['the header of xl', 0],
    ['the configuration', 0],
    ['the header of libxl', 1],
    ['the domain header', 4],
  ]);
});

test('a log of another file is told by the length of the optional data', async () => {
  const image = assemble(hvmParts());
  const here = new DataView(image.buffer).getUint32(44, true);
  expect(await notesOf(image, 'Loading new save file /tmp/x (new xl fmt info 0x3/0x0/777)')).toEqual([
    [`the log is of another file: 777 bytes of optional data there, ${here} here`, 0],
  ]);
});

/** An HVM guest whose vCPU 0 has paging without protected mode in CR0: what Xen prints for it. */
const noProtection = (): Uint8Array =>
  assemble({
    ...hvmParts(),
    // cr0 is at 656 of the entry, behind its descriptor of 8 bytes.
    hvm: hvmContextRecord({
      ...hvmEntries(),
      cpu: patch(hvmEntries()['cpu'] ?? new Uint8Array(0), 8 + 656, u64(0x8000_0000)),
    }),
  });

test.each([
  ['xl', 'xc: error: Unable to restore HVM context (22 = Invalid argument): Internal error'],
  ['libvirt’s driver', '2026-11-24 20:00:01.123+0000: xc: Unable to restore HVM context (22 = Invalid argument)'],
  ['syslog', 'Nov 24 20:00:01 host xenguest-7[43]: xc: error: Unable to restore HVM context (22 = Invalid argument)'],
  ['journal', '2026-11-24T20:00:01.1+00:00 host xenguest[4]: Unable to restore HVM context (22 = Invalid argument)'],
  [
    'xenopsd',
    'Nov 24 20:00:01 h xenopsd-xc: [debug||12 |Async.VM.resume R:1|helper] xenguest-7: xc: error: Unable to restore HVM context (22 = Invalid argument)',
  ],
  ['Xen with a time', '(XEN) [2026-11-24 20:00:01.123] HVM7 restore: bad CR0 0x80000000'],
  ['the kernel’s log', '[   12.345678] (XEN) [ 1.25] HVM7 restore: bad CR0 0x80000000'],
  ['two lines', '(XEN) HVM7 restore: bad CR0\n  0x80000000'],
])('the same line of %s', async (_, log) => {
  const image = noProtection();
  const scan = await scanBytes(image);
  const { findings } = await check(scan, memorySource(image, 'image'));
  expect(matchLog(log, findings, scan).map(({ finding }) => finding?.id)).toEqual(['HH-15']);
});

test('a line that was cut off is told as such, another value is none of this image', async () => {
  const image = noProtection();
  const scan = await scanBytes(image);
  const { findings } = await check(scan, memorySource(image, 'image'));
  const log = 'xc: error: Unable to restore HVM context (22 = Inv\n(XEN) HVM7 restore: bad CR0 0x8000';
  expect(matchLog(log, findings, scan).map(({ finding, rule, note }) => [finding?.id, rule?.id, note])).toEqual([
    ['HH-15', undefined, 'cut off'],
    [undefined, 'HH-15', undefined],
  ]);
});

test('an entry that Xen names and the image has not', async () => {
  expect(await notesOf(assemble(hvmParts()), '(XEN) HVM7 restore: failed to load entry 20/0')).toEqual([
    ['CPU_MSR of vCPU 0, which is not in this image', undefined],
  ]);
});

test('of several rules that print a line the one that this image breaks is named, with another value', async () => {
  // A VIRIDIAN_DOMAIN, which a Xen of 4.22 may know or not: HH-07. An entry of a type that no Xen knows, HH-06, reads the same.
  const image = assemble({
    ...hvmParts(),
    hvm: hvmContextRecord({ ...hvmEntries(), link: hvmEntry(15, 0, new Uint8Array(32)) }),
  });
  const scan = await scanBytes(image);
  const { findings } = await check(scan, memorySource(image, 'image'), { xen: 422 });
  const log = '(XEN) HVM7 restore: unknown entry typecode 33';
  const lines = matchLog(log, findings, scan);
  expect(lines.map(({ rule, otherValue }) => [rule?.id, otherValue])).toEqual([['HH-07', true]]);
  expect(matchLog(log, [], scan).map(({ rule, otherValue }) => [rule?.id, otherValue])).toEqual([['HH-06', undefined]]);
});

test('the rule of a length that Xen does not take is that of the type which the line names', async () => {
  const ruleOf = async (line: string): Promise<string | undefined> => {
    const [match] = matchLog(`(XEN) HVM restore mismatch: ${line}`, [], await scanBytes(assemble(hvmParts())));
    return match?.rule && keyOf(match.rule);
  };
  expect(await ruleOf('expected strict type 7 length 16, saw type 7 length 14.  99 bytes remaining')).toBe('HH-10');
  expect(await ruleOf('expected strict type 4 length 400, saw type 4 length 14.  99 bytes remaining')).toBe('HH-45');
  expect(await ruleOf('expected zeroextended type 2 length 1032, saw type 2 length 1040.  9999 bytes remaining')).toBe(
    'HH-11.too-long',
  );
});

test('a line of a debug build, behind its place in the source, is told by the rule that prints it', async () => {
  const line = '(XEN) vmce.c:84: HVM restore: unsupported MCA capabilities 0x1000000 for d7v0 (supported: 0)';
  const [match] = matchLog(line, [], await scanBytes(assemble(hvmParts())));
  expect(match?.rule?.id).toBe('HH-59');
});
