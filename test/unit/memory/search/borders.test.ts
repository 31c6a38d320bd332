/** Matches are the same wherever the borders of batches, records and copies of pages fall. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, test as plain } from 'vitest';
import { hexBytes } from '../../../../src/lib/text';
import { MemoryPieces } from '../../../../src/memory/search/memory-pieces';
import type { Query, Scope } from '../../../../src/memory/search/kit/query';
import { search } from '../../../../src/memory/search/search';
import { asyncSource, failingSource, slowSource } from '../../../fixtures/sources';
import { plainStarts, query, searched } from '../../../fixtures/searching';
import { rowsOf, scanBytes } from '../../../fixtures/scanning';
import {
  concat,
  end,
  HVM,
  latin1,
  libxcStream,
  record,
  staticDataEnd,
  u32,
  u64,
  XC,
} from '../../../fixtures/built/stream';

const PAGE = 4096;

/** A page of zeros with a text at each of some places, negative ones from its end. */
const page = (...texts: readonly (readonly [at: number, text: string])[]): Uint8Array => {
  const bytes = new Uint8Array(PAGE);
  for (const [at, text] of texts) bytes.set(latin1(text), at < 0 ? PAGE + at : at);
  return bytes;
};

const pages = (...entries: readonly (readonly [pfn: number, bytes: Uint8Array])[]): Uint8Array =>
  record(
    XC.PAGE_DATA,
    concat(u32(entries.length), u32(0), ...entries.map(([pfn]) => u64(pfn)), ...entries.map(([, bytes]) => bytes)),
  );

const image = (...records: readonly Uint8Array[]): Uint8Array => libxcStream(HVM, [staticDataEnd(), ...records, end()]);

interface Found {
  readonly at: string;
  readonly parts: number;
}

async function find(bytes: Uint8Array, asked: Query, scope: Scope, all = false, batch?: number): Promise<Found[]> {
  const { hits } = await searched(await scanBytes(bytes), asyncSource(bytes), { query: asked, scope, all }, batch);
  for (const { bytes: around, lead, length } of hits) {
    expect(lead).toBeLessThanOrEqual(16);
    expect(around.length - lead).toBeGreaterThanOrEqual(Math.min(length, 48));
  }
  return hits.map(({ page: at, older, parts, offset }) => ({
    at: at ? `${at.pfn}${older ? ' older' : ''}` : String(offset),
    parts: parts?.length ?? 1,
  }));
}

describe('the whole file', () => {
  const bytes = image(pages([0, page([100, 'needle'], [4000, 'needleneedle'])]));

  plain('the same with a border at every byte of a match', async () => {
    const scan = await scanBytes(bytes);
    const expected = plainStarts(bytes, hexBytes(latin1('needle')));
    expect(expected).toHaveLength(3);
    for (const asked of [query('text', 'needle'), query('regex', 'ne+d[a-z]e'), query('regex', 'n[a-z]{1,9}?d[^]e')]) {
      const within = expected.flatMap((start) => Array.from({ length: 8 }, (_, at) => start - 1 + at));
      for (const batch of [3, 17, 100, ...within]) {
        const { hits, result } = await searched(scan, asyncSource(bytes), { query: asked, scope: 'file' }, batch);
        expect(hits.map(({ offset }) => offset)).toEqual(expected);
        expect(result).toMatchObject({ hits: 3, capped: false, searchedBytes: bytes.length, failed: [] });
        for (const { bytes: around, lead, offset } of hits)
          expect(hexBytes(around)).toBe(hexBytes(bytes.subarray(offset - lead, offset - lead + around.length)));
      }
    }
  });

  test.prop([
    fc.uint8Array({ maxLength: 2000 }),
    fc.integer({ min: 1, max: 500 }),
    fc.constantFrom('00', '0?', '?001', '01', '0??0'),
  ])('as a plain loop finds it, whatever the batches', async (raw, batch, digits) => {
    const few = raw.map((byte) => byte % 3);
    const scan = await scanBytes(few);
    const { hits } = await searched(scan, slowSource(few), { query: query('hex', digits), scope: 'file' }, batch);
    expect(hits.map(({ offset }) => offset)).toEqual(plainStarts(few, digits));
  });

  plain('ends at the limit, and says so', async () => {
    const { hits, result } = await searched(await scanBytes(bytes), asyncSource(bytes), {
      query: query('hex', '00'),
      scope: 'file',
      limit: 7,
    });
    expect(hits).toHaveLength(7);
    expect(result.capped).toBe(true);
  });

  plain('ends soon after it is cancelled', async () => {
    const stop = new AbortController();
    const hits: unknown[] = [];
    const { searchedBytes } = await search(
      await scanBytes(bytes),
      asyncSource(bytes),
      { query: query('text', 'needle'), scope: 'file' },
      {
        signal: stop.signal,
        onPart: (part) => {
          hits.push(...part);
          stop.abort();
        },
      },
      256,
    );
    expect(hits).toHaveLength(1);
    expect(searchedBytes).toBeLessThan(1024);
  });

  plain('hands out the first hit at once, and can be cancelled where one hit follows the other', async () => {
    const stop = new AbortController();
    const parts: number[] = [];
    const { hits } = await search(
      await scanBytes(bytes),
      asyncSource(bytes),
      { query: query('hex', '00'), scope: 'file' },
      {
        signal: stop.signal,
        onPart: (part) => {
          parts.push(part.length);
          stop.abort();
        },
      },
    );
    expect([parts, hits]).toEqual([[1], 1]);
  });

  plain('what cannot be read is told, and the rest searched', async () => {
    const bad = 3000;
    const { hits, result } = await searched(
      await scanBytes(bytes),
      failingSource(bytes, bad, false),
      { query: query('text', 'needle'), scope: 'file' },
      256,
    );
    expect(hits.map(({ offset }) => offset)).toEqual(plainStarts(bytes.subarray(0, bad), hexBytes(latin1('needle'))));
    const from = Math.floor(bad / 256) * 256;
    expect(result.failed).toEqual([{ offset: from, length: bytes.length - from, reason: 'input/output error' }]);
    expect(result.searchedBytes).toBe(from);
  });
});

describe('memory', () => {
  plain('over the border of pages far apart in the file, and not where a page is missing between', async () => {
    const bytes = image(
      pages([7, page([0, 'dle'])]),
      pages([9, page([-3, 'nee'])]),
      record(XC.TSC_INFO, new Uint8Array(24)),
      pages([3, page([0, 'dle'])]),
      pages([2, page([-3, 'nee'])]),
      pages([6, page([-3, 'nee'])], [10, page([0, 'dle'])]),
      pages([5, page([-3, 'nee'])]),
    );
    for (const asked of [
      query('text', 'needle'),
      query('regex', 'nee[d]le'),
      query('regex', '[^\\0]+dle'),
      query('hex', '6e65??64'),
    ]) {
      for (const batch of [61, 1000, 4095, 4096, 4097, 5000, 100_000]) {
        expect(await find(bytes, asked, 'memory', false, batch)).toEqual([
          { at: '2', parts: 2 },
          { at: '6', parts: 2 },
          { at: '9', parts: 2 },
        ]);
      }
    }
  });

  const sent = image(
    pages(
      [0, page([50, 'needle'])],
      [1, page([8, 'needle'], [-3, 'nee'])],
      [2, page([0, 'dle'], [-2, 'ne'])],
      [3, page([0, 'edle'])],
    ),
    pages([1, page([-3, 'nee'])], [5, page([9, 'needle'])]),
    pages([2, page([1, 'needle'])]),
  );

  plain('only what a restore would keep', async () => {
    expect(await find(sent, query('text', 'needle'), 'memory')).toEqual([
      { at: '0', parts: 1 },
      { at: '2', parts: 1 },
      { at: '5', parts: 1 },
    ]);
  });

  plain('or every copy, those that were replaced after the others, with borders as they were sent', async () => {
    for (const batch of [61, 4096, 1_000_000]) {
      expect(await find(sent, query('text', 'needle'), 'memory', true, batch)).toEqual([
        { at: '0', parts: 1 },
        { at: '2', parts: 1 },
        { at: '5', parts: 1 },
        { at: '1 older', parts: 1 },
        { at: '1 older', parts: 1 },
        // Into page 3, which is the newest still.
        { at: '2 older', parts: 1 },
      ]);
    }
  });

  plain('PFNs that no guest has are searched like any other, every copy of them too', async () => {
    const high = 2 ** 51;
    const bytes = image(
      pages([high + 1, page([0, 'dle'])], [0, page([0, 'needle'])]),
      pages([high, page([-3, 'nee'])], [2 ** 40, page([8, 'needle'])]),
      pages([2 ** 40, page([9, 'needle'])]),
    );
    expect(await find(bytes, query('text', 'needle'), 'memory', true)).toEqual([
      { at: '0', parts: 1 },
      { at: String(2 ** 40), parts: 1 },
      { at: String(high), parts: 2 },
      { at: `${2 ** 40} older`, parts: 1 },
    ]);
  });

  plain('each byte of every copy counts once', async () => {
    const { result } = await searched(await scanBytes(sent), asyncSource(sent), {
      query: query('hex', '77'),
      scope: 'memory',
    });
    expect(result.searchedBytes).toBe(5 * PAGE);
    const { pages: index, image: about } = await scanBytes(sent);
    expect(new MemoryPieces(index, about).latestBytes()).toBe(5 * PAGE);
  });
});

describe('records', () => {
  plain('bodies and headers, and of PAGE_DATA the list only', async () => {
    const bytes = image(pages([0x6e65, page([0, 'needle'])]), record(XC.TSC_INFO, latin1('xxneedlexxxxxxxxxxxxxxxx')));
    const row = rowsOf(await scanBytes(bytes)).find(({ name }) => name === 'TSC_INFO' || name === 'X86_TSC_INFO');
    expect(await find(bytes, query('text', 'needle'), 'records')).toEqual([
      { at: String((row?.offset ?? 0) + 10), parts: 1 },
    ]);
    expect(await find(bytes, query('int', '0x6e65'), 'records')).toHaveLength(1);
    expect(await find(bytes, query('text', 'needle'), 'file')).toHaveLength(2);
  });
});
