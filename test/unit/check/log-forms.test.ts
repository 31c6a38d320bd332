/** One message in the forms in which people paste it: behind whatever stands before it, it is the same line. */
import { describe, expect, test } from 'vitest';
import { check } from '../../../src/check/check';
import { logText } from '../../../src/check/log/clean';
import { HOST_LINES } from '../../../src/check/log/host-lines';
import { matchLog } from '../../../src/check/log/match';
import { memorySource } from '../../../src/source/memory';
import { assemble, hvmContextRecord, hvmEntries, hvmParts, patch } from '../../fixtures/built/restorable';
import { scanBytes } from '../../fixtures/scanning';
import { u64 } from '../../fixtures/built/stream';

/** vCPU 0 has paging without protected mode. */
const image = assemble({
  ...hvmParts(),
  hvm: hvmContextRecord({
    ...hvmEntries(),
    cpu: patch(hvmEntries()['cpu'] ?? new Uint8Array(0), 8 + 656, u64(0x8000_0000)),
  }),
});

async function idsOf(log: string) {
  const scan = await scanBytes(image);
  const { findings } = await check(scan, memorySource(image, 'image'));
  return matchLog(log, findings, scan).map(({ finding }) => finding?.id);
}

const MESSAGE = 'Unable to restore HVM context (22 = Invalid argument)';
const LINE = `xc: error: ${MESSAGE}: Internal error`;

test.each([
  ['German journal', `Mär 14 19:13:14 test drakrun[18646]: ${LINE}`],
  ['Chinese journal', `3月 14 19:13:14 test drakrun[18646]: ${LINE}`],
  ['journal with Unix time', `1746172526.123456 dom0 xl[7833]: ${LINE}`],
  ['xl -T', `2025-05-02 11:22:33 CEST [1423] ${LINE}`],
  ['grep -n', `1423:${LINE}`],
  ['grep -H', `/var/log/xen/xl-guest.log:${LINE}`],
  ['colours', `\u{1b}[31m${LINE}\u{1b}[0m`],
  ['a list in Markdown', `- \`${LINE}\``],
  ['a quotation', `> > "${LINE}"`],
  ['bytes of Python', `b'${LINE}\\nlibxl: error: something: else\\n'`],
  ['one line of several', `exited with exit code 1 (migration target: Ready to receive domain.; ${LINE}; libxl: er`],
  ['the helper of libxl', `libxl-save-helper: ${LINE}`],
])('%s', async (_, log) => {
  expect(await idsOf(log)).toEqual(['HH-15']);
});

test('what a progress line overwrote stands by itself', async () => {
  expect(await idsOf(`xc: progress: Frames: 1/2 0%\rxc: progress: Frames: 2/2 1%\r${LINE}\r\n`)).toEqual([
    undefined,
    undefined,
    'HH-15',
  ]);
});

test('UTF-16, with a mark and without', () => {
  const words = (swap: boolean, mark: boolean): Uint8Array => {
    const text = mark ? `\u{feff}${LINE}` : LINE;
    const bytes = new Uint8Array(text.length * 2);
    const view = new DataView(bytes.buffer);
    for (let at = 0; at < text.length; at++) view.setUint16(at * 2, text.charCodeAt(at), !swap);
    return bytes;
  };
  for (const swap of [false, true]) for (const mark of [false, true]) expect(logText(words(swap, mark))).toBe(LINE);
  expect(logText(new TextEncoder().encode(`Mär ${LINE}`))).toBe(`Mär ${LINE}`);
});

describe('lines that are of no image', () => {
  /** As tools, Xen and guests print them, and whose fault they are. */
  test.each([
    ['xen be: qdisk-51712: error: Failed to get "write" lock', 'host'],
    ['Failed to read config file: /root/a.config: No such file or directory', 'host'],
    ['libxl: error: libxl_create.c:693:libxl__domain_make: domain creation fail: Invalid argument', 'host'],
    ['libxl: error: libxl_create.c:1100:initiate_domain_create: cannot make domain: -3', 'host'],
    ['Domain with name "vm-1" already exists.', 'host'],
    [
      'libxl: error: libxl_device.c:1111:device_backend_callback: unable to add device with path /local/domain/0/backend/vbd/5/51712',
      'host',
    ],
    [
      'libxl: error: libxl_exec.c:117:libxl_report_child_exitstatus: /etc/xen/scripts/block add [4242] exited with error status 1',
      'host',
    ],
    [
      'xc: error: Failed to populate 1024 pfns for batch of 1024 pages (12 = Cannot allocate memory): Internal error',
      'host',
    ],
    ['failed to free memory for the domain', 'host'],
    ["(XEN) d7: Over-allocation: d7's page count 1048833 is above its maximum 1048832", 'host'],
    ["TypeError: can't multiply sequence by non-int of type 'float'", 'host'],
    ["libxl: error: libxl_dom_suspend.c:339: Domain 7:guest didn't acknowledge suspend, cancelling request", 'sender'],
    ['Migration failed, resuming at sender.', 'sender'],
    ['xc: error: Save failed (22 = Invalid argument): Internal error', 'sender'],
    ['(XEN) PTE truncation detected.  L1[23] = 8010000abcde067', 'sender'],
    ['xc: error: Failed to write page data to stream (28 = No space left on device): Internal error', 'sender'],
    ['libxl: error: libxl_dom_save.c:284: Domain 7:Cannot save a guest with vNUMA configured', 'sender'],
    ['(XEN) Domain 7 (vcpu#0) crashed on cpu#3:', 'guest'],
    ['(XEN) d7v0 Triple fault - invoking HVM shutdown action 1', 'guest'],
    ['[   12.3] Kernel panic - not syncing: Fatal exception', 'guest'],
    ['xenopsd internal error: File "ocaml/xenopsd/xc/domain.ml", line 1585: Assertion failed', 'toolstack'],
  ])('%s', async (log, side) => {
    const [match] = matchLog(log, [], await scanBytes(image));
    expect([match?.side, match?.rule, match?.finding]).toEqual([side, undefined, undefined]);
  });

  test('each starts as some message does, so that it is found behind anything', () => {
    expect(HOST_LINES.map(({ pattern }) => pattern.source).filter((source) => !source.startsWith('^'))).toEqual([]);
  });
});
