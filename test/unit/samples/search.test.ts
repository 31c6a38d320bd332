/** Searches of real images: texts that are known to be there, where a plain search of the whole file has them. */
import { describe, expect, test } from 'vitest';
import { GuestMemory } from '../../../src/memory/guest-memory';
import { MemoryPieces } from '../../../src/memory/search/memory-pieces';
import { PAGE_SIZE } from '../../../src/format/page';
import { memorySource } from '../../../src/source/memory';
import { samples } from '../../fixtures/samples';
import { mentionsOf, scanBytes } from '../../fixtures/scanning';
import { query, searched } from '../../fixtures/searching';

/** File offsets of a text, by the search of Node's own Buffer. */
function plainOffsets(bytes: Uint8Array, text: string): number[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const found: number[] = [];
  for (let at = buffer.indexOf(text, 0, 'latin1'); at >= 0; at = buffer.indexOf(text, at + text.length, 'latin1'))
    found.push(at);
  return found;
}

describe.each(samples)('$name', (sample) => {
  test('the pages that are searched are those that a restore keeps, in order', async () => {
    const bytes = sample.open();
    const scan = await scanBytes(bytes);
    const memory = new GuestMemory(memorySource(bytes), scan.pages, scan.image);
    // As numbers in a row, PFN and offset of each page in turn: lists of pairs take seconds to compare.
    const searchedPages: number[] = [];
    const pieces = new MemoryPieces(scan.pages, scan.image);
    for (const { page, offset, length } of pieces.latest()) {
      for (let at = 0; at < length / PAGE_SIZE; at++)
        searchedPages.push((page?.pfn ?? -1) + at, offset + at * PAGE_SIZE);
    }
    const kept: number[] = [];
    for (let pfn = 0; pfn <= scan.pages.highest; pfn++) {
      const found = memory.page(pfn);
      if (found.state === 'here') kept.push(pfn, found.offset);
    }
    expect(Float64Array.from(searchedPages)).toEqual(Float64Array.from(kept));
    expect(pieces.latestBytes()).toBe((kept.length / 2) * PAGE_SIZE);
  });

  test('a text is found in the file wherever it is, and with every copy of memory and the records nowhere else', async () => {
    const bytes = sample.open();
    const scan = await scanBytes(bytes);
    const source = memorySource(bytes);
    const text = sample.name.startsWith('pv64') ? 'Linux version' : 'Xen';
    const plain = plainOffsets(bytes, text);
    const find = async (scope: 'file' | 'memory' | 'records'): Promise<number[]> => {
      const { hits } = await searched(scan, source, { query: query('text', text), scope, all: scope === 'memory' });
      const astray = hits.filter(
        ({ page, offset }) =>
          page && !mentionsOf(scan.pages, page.pfn).some((one) => one.offset === offset - page.inPage),
      );
      expect(astray).toEqual([]);
      return hits.map(({ offset }) => offset);
    };
    expect(await find('file')).toEqual(plain);
    const apart = new Set([...(await find('memory')), ...(await find('records'))]);
    expect(plain.filter((at) => !apart.has(at) && !inHeader(scan, at))).toEqual([]);
  });
});

/** The 8 bytes before a body belong to no scope but the file. */
function inHeader({ records }: Awaited<ReturnType<typeof scanBytes>>, offset: number): boolean {
  for (let index = 0; index < records.count; index++) {
    const at = records.offsetAt(index);
    if (!records.isHeader(index) && offset >= at && offset < at + 8) return true;
  }
  return false;
}
