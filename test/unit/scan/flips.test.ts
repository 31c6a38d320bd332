/** Images with one byte changed: nothing throws or hangs, and a changed header does not go unnoticed. */
import { describe, expect, test } from 'vitest';
import { smallHvm, smallPv } from '../../fixtures/built/images';
import { mentionsOf, rowsOf, scanBytes } from '../../fixtures/scanning';
import type { RecordRow } from '../../../src/scan/records';

const IMAGES = { 'PV image': smallPv, 'HVM image': smallHvm };

function changed(bytes: Uint8Array, at: number, mask: number): Uint8Array {
  const out = bytes.slice();
  out[at] = (out[at] ?? 0) ^ mask;
  return out;
}

/** The bytes that frame the image: fixed header fields, and type and length of every record. */
function framing(rows: readonly RecordRow[]): number[] {
  return rows.flatMap(({ name, kind, offset, length }) => {
    const size = kind === 'record' ? 8 : name === 'XL_HEADER' ? 48 : length;
    return Array.from({ length: size }, (_, index) => offset + index);
  });
}

describe.each(Object.entries(IMAGES))('%s', (_name, bytes) => {
  test('every framing byte inverted is noticed', async () => {
    const intact = await scanBytes(bytes);
    expect(intact.findings).toEqual([]);
    const places = framing(rowsOf(intact));
    expect(places.length).toBeGreaterThan(180);
    for (const at of places) {
      const scan = await scanBytes(changed(bytes, at, 0xff));
      const noticed = scan.image.refusal !== undefined || scan.findings.length > 0;
      expect(noticed, `byte ${at} inverted`).toBe(true);
      for (const { offset, length } of scan.findings) {
        expect(offset, `byte ${at} inverted`).toBeGreaterThanOrEqual(0);
        expect(offset + length, `byte ${at} inverted`).toBeLessThanOrEqual(bytes.length);
      }
    }
  });

  test('rows before an inverted byte stay as they were', async () => {
    const intact = rowsOf(await scanBytes(bytes));
    for (const { offset, index } of intact.filter(({ kind }) => kind === 'record')) {
      for (let byte = 0; byte < 8; byte++) {
        const rows = rowsOf(await scanBytes(changed(bytes, offset + byte, 0xff)));
        expect(rows.slice(0, index), `byte ${offset + byte} inverted`).toEqual(intact.slice(0, index));
      }
    }
  });

  test('every single bit of the framing flipped: the scan ends, with a result', async () => {
    const places = framing(rowsOf(await scanBytes(bytes)));
    for (const at of places) {
      for (let bit = 0; bit < 8; bit++) {
        const scan = await scanBytes(changed(bytes, at, 1 << bit));
        expect(scan.image.refusal !== undefined || scan.records.count > 0, `bit ${bit} of byte ${at}`).toBe(true);
      }
    }
  });

  test('bytes of bodies inverted: the scan ends, and no row is made up', async () => {
    const intact = await scanBytes(bytes);
    const framed = new Set(framing(rowsOf(intact)));
    // Of page contents, which nothing reads, a few are enough.
    const inPage = (at: number): boolean =>
      mentionsOf(intact.pages, 3).some(({ offset }) => at >= offset && at < offset + 4096);
    for (let at = 0; at < bytes.length; at++) {
      if (framed.has(at) || (inPage(at) && at % 16 !== 0)) continue;
      const scan = await scanBytes(changed(bytes, at, 0xff));
      expect(scan.records.count, `byte ${at} inverted`).toBeLessThanOrEqual(intact.records.count);
    }
  });
});
