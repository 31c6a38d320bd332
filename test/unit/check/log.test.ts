/** Lines of a log, and what of an image they are about. */
import { expect, test } from 'vitest';
import { check } from '../../../src/check/check';
import { matchLog } from '../../../src/check/log/match';
import { memorySource } from '../../../src/source/memory';
import { assemble, hvmParts, pvParts } from '../../fixtures/restorable';
import { scanBytes } from '../../fixtures/scanning';

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
