/** The sources: what they hand out, at their edges and when reading fails. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { blobSource } from '../../../src/source/blob';
import { cachedSource } from '../../../src/source/cached';
import { memorySource } from '../../../src/source/memory';
import { openNodeFile } from '../../../src/source/node-file';
import { type ByteSource, ReadError } from '../../../src/source/source';

const bytes = Uint8Array.from({ length: 200_000 }, (_, index) => (index * 13) & 0xff);
const digest = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex');
let folder = '';
let path = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'xenscope-'));
  path = join(folder, 'image.xlsave');
  writeFileSync(path, bytes);
});
afterAll(() => rmSync(folder, { recursive: true }));

const SOURCES: [string, () => ByteSource][] = [
  ['memory', () => memorySource(bytes)],
  ['blob', () => blobSource(new Blob([bytes]), 'image.xlsave')],
  ['file', () => openNodeFile(path)],
];

describe.each(SOURCES)('%s', (_name, open) => {
  test('size', () => {
    expect(open().size).toBe(200_000);
  });

  test.each([
    [0, 1],
    [0, 200_000],
    [199_999, 1],
    [65_530, 131_072],
  ])('%i, %i bytes', async (offset, length) => {
    const source = open();
    const wanted = digest(bytes.slice(offset, offset + length));
    expect(digest(await source.read(offset, length))).toBe(wanted);
    if (source.readNow) expect(digest(source.readNow(offset, length))).toBe(wanted);
  });

  test.each([
    [199_990, 100, 10],
    [200_000, 10, 0],
    [300_000, 10, 0],
    [5, 0, 0],
  ])('at %i, %i bytes asked, %i there', async (offset, length, there) => {
    const source = open();
    expect(await source.read(offset, length)).toHaveLength(there);
    if (source.readNow) expect(source.readNow(offset, length)).toHaveLength(there);
  });

  test('what read() gave is the caller’s to keep', async () => {
    const source = open();
    const first = await source.read(100, 1000);
    await source.read(50_000, 1000);
    source.readNow?.(60_000, 1000);
    expect(first).toEqual(bytes.slice(100, 1100));
  });
});

describe('file', () => {
  test('has the name without the folder', () => {
    expect(openNodeFile(path).name).toBe('image.xlsave');
  });

  test('a folder or a missing file cannot be opened', () => {
    expect(() => openNodeFile(folder)).toThrow('it is a directory');
    expect(() => openNodeFile(join(folder, 'missing'))).toThrow('ENOENT');
  });

  test('that became shorter: the read fails, and no zeros appear', async () => {
    const short = join(folder, 'short');
    writeFileSync(short, bytes);
    const source = openNodeFile(short);
    truncateSync(short, 1000);
    expect(() => source.readNow(500, 1000)).toThrow(ReadError);
    await expect(source.read(500, 1000)).rejects.toMatchObject({
      name: 'ReadError',
      offset: 1000,
      message: 'the file became shorter while it was read',
    });
    source.close();
  });

  test('that was closed: a failed read, not a crash', () => {
    const source = openNodeFile(path);
    source.close();
    expect(() => source.readNow(0, 10)).toThrow(ReadError);
  });
});

/** A blob whose slices cannot be read. */
const failing = (error: unknown): Blob => {
  const blob = new Blob([bytes]);
  const slice = new Blob();
  vi.spyOn(slice, 'arrayBuffer').mockRejectedValue(error);
  vi.spyOn(blob, 'slice').mockReturnValue(slice);
  return blob;
};

describe('blob', () => {
  test.each([
    ['NotReadableError', 'changed on disk'],
    ['NotFoundError', 'no longer there'],
    ['SecurityError', 'refuses'],
  ])('%s becomes a read error that says what happened', async (name, words) => {
    const source = blobSource(failing(new DOMException('', name)), 'image');
    await expect(source.read(7, 10)).rejects.toMatchObject({ name: 'ReadError', offset: 7 });
    await expect(source.read(7, 10)).rejects.toThrow(words);
  });

  test('fewer bytes than asked is a failed read', async () => {
    const blob = new Blob([bytes]);
    const slice = new Blob([bytes.slice(0, 10)]);
    vi.spyOn(slice, 'arrayBuffer').mockResolvedValue(new ArrayBuffer(5));
    vi.spyOn(blob, 'slice').mockReturnValue(slice);
    await expect(blobSource(blob, 'image').read(0, 10)).rejects.toThrow('became shorter');
  });
});

/** Ends the wait for what never comes: far above what anything takes on a busy machine. */
const GIVE_UP_MS = 120_000;

/** What a cached source says once it has stopped loading. */
const settled = (source: ReturnType<typeof cachedSource>, offset: number, length: number) =>
  vi.waitFor(() => {
    const peek = source.peek(offset, length);
    if (peek.state === 'loading') throw new Error('still loading');
    return peek;
  }, GIVE_UP_MS);

describe('cached', () => {
  test('bytes come later, then at once', async () => {
    const changed = vi.fn();
    const source = cachedSource(memorySource(bytes));
    source.changes.subscribe(changed);
    expect(source.peek(65_000, 2000)).toEqual({ state: 'loading' });
    expect(await settled(source, 65_000, 2000)).toEqual({ state: 'ready', bytes: bytes.slice(65_000, 67_000) });
    expect(changed).toHaveBeenCalledTimes(2);
    expect(source.peek(65_100, 10)).toEqual({ state: 'ready', bytes: bytes.slice(65_100, 65_110) });
  });

  test('cut at the end of the source', async () => {
    const source = cachedSource(memorySource(bytes));
    source.peek(199_990, 100);
    expect(await settled(source, 199_990, 100)).toEqual({ state: 'ready', bytes: bytes.slice(199_990) });
    expect(source.peek(200_000, 10)).toEqual({ state: 'ready', bytes: new Uint8Array(0) });
  });

  test('a page is asked for once while it is on its way', async () => {
    const inner = memorySource(bytes);
    const read = vi.fn<ByteSource['read']>((offset, length) => inner.read(offset, length));
    const source = cachedSource({ name: inner.name, size: inner.size, read });
    for (let time = 0; time < 5; time++) source.peek(0, 100);
    await settled(source, 0, 100);
    expect(read).toHaveBeenCalledTimes(1);
  });

  test('a failed read is shown as failed, never as zeros', async () => {
    const broken: ByteSource = {
      name: 'broken',
      size: 200_000,
      read: (offset) => Promise.reject(new ReadError(offset, 'input/output error')),
    };
    const source = cachedSource(broken);
    source.peek(0, 10);
    expect(await settled(source, 0, 10)).toEqual({ state: 'failed', reason: 'input/output error' });
  });
});
