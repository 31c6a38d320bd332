/** Reserved bits of PFN entries are found in every record, also behind more findings than a scan keeps. */
import { expect, test } from 'vitest';
import { check } from '../../../src/check/check';
import { FINDING_LIMIT } from '../../../src/scan/finding';
import { memorySource } from '../../../src/source/memory';
import { assemble, hvmParts, pages, patch } from '../../fixtures/built/restorable';
import { concat, u32 } from '../../fixtures/built/stream';
import { scanBytes } from '../../fixtures/scanning';

const page = new Uint8Array(4096);
const plain = pages([[9, 0, page]]);
/** Its reserved word is set: a finding of the scan, LC-56 of the check. */
const oddWord = patch(plain, 12, u32(1));
/** Bit 52 of its one entry is set: a finding of the scan, LC-39 of the check. */
const oddBits = patch(plain, 16 + 6, 0x10);

/** How much a check finds in a whole HVM image with these records put in. */
async function found(...records: readonly Uint8Array[]): Promise<number> {
  const parts = hvmParts();
  const image = assemble({ ...parts, tsc: concat(...records, parts['tsc'] ?? new Uint8Array(0)) });
  const scan = await scanBytes(image);
  const { findings, suppressed } = await check(scan, memorySource(image, 'image'), { xen: 417 });
  return findings.length + suppressed;
}

test('an entry with reserved bits is one finding more', async () => {
  expect((await found(oddBits)) - (await found(plain))).toBe(1);
});

test('behind as many findings as a scan keeps, too', async () => {
  const many = Array.from({ length: FINDING_LIMIT }, () => oddWord);
  expect((await found(...many, oddBits)) - (await found(...many, plain))).toBe(1);
});
