/** Large images made on the fly: sparse files whose page contents are holes, with every header and PFN list real. */
import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';

const PAGE = 4096;
const BATCH = 1024;
const RECORD_HEADER = 8;
const BODY = 8 + BATCH * 8 + BATCH * PAGE;
const STRIDE = RECORD_HEADER + BODY;
const HEADERS = 24 + 16;

/** libxc image header (big-endian) and domain header of an HVM guest, version 3; STATIC_DATA_END. */
function head(): Buffer {
  const bytes = Buffer.alloc(HEADERS + RECORD_HEADER);
  bytes.fill(0xff, 0, 8);
  bytes.writeUInt32BE(0x5845_4e46, 8);
  bytes.writeUInt32BE(3, 12);
  bytes.writeUInt32LE(2, 24);
  bytes.writeUInt16LE(12, 28);
  bytes.writeUInt32LE(4, 32);
  bytes.writeUInt32LE(17, 36);
  bytes.writeUInt32LE(0x10, 40);
  return bytes;
}

/** PFNs of the list's entries and the page type of each. */
function fillList(list: Buffer, of: (entry: number) => readonly [pfn: number, type: number]): void {
  for (let entry = 0; entry < BATCH; entry++) {
    const [pfn, type] = of(entry);
    list.writeUInt32LE(pfn % 2 ** 32, 16 + entry * 8);
    list.writeUInt32LE(Math.floor(pfn / 2 ** 32) + type * 2 ** 28, 20 + entry * 8);
  }
}

/** 4 MiB that look like memory: half of the pages zero, the others without any order. */
function contents(): Buffer {
  const bytes = Buffer.alloc(BATCH * PAGE);
  let seed = 1;
  for (let at = 0; at < bytes.length; at += 4) {
    if ((at / PAGE) & 1) continue;
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    bytes.writeUInt32LE(seed, at);
  }
  return bytes;
}

/**
 * A bare libxc stream of `gib` GiB of memory, PFNs in order, 1024 a record, then `again` records of pages that lie
 * scattered over all of it, as the second pass of a live migration has them; returns the file's size in bytes. Its pages
 * are holes, or `filled`.
 */
export function writeBigImage(path: string, gib: number, { again = 0, filled = false } = {}): number {
  const pages = filled ? contents() : undefined;
  const first = (gib * 2 ** 30) / (BATCH * PAGE);
  const records = first + again;
  const fd = openSync(path, 'w');
  const start = head();
  writeSync(fd, start, 0, start.length, 0);
  const list = Buffer.alloc(RECORD_HEADER + 8 + BATCH * 8);
  list.writeUInt32LE(1, 0);
  list.writeUInt32LE(BODY, 4);
  list.writeUInt32LE(BATCH, 8);
  for (let record = 0; record < records; record++) {
    if (record < first) fillList(list, (entry) => [record * BATCH + entry, 0]);
    else {
      const stride = (first * BATCH) / (again * BATCH);
      const from = (record - first) * BATCH;
      // Every page table type, pinned or not, in no order.
      fillList(list, (entry) => [Math.floor((from + entry) * stride), ((from + entry) * 7) % 5]);
    }
    const at = start.length + record * STRIDE;
    writeSync(fd, list, 0, list.length, at);
    if (pages) writeSync(fd, pages, 0, pages.length, at + list.length);
  }
  const size = start.length + records * STRIDE + RECORD_HEADER;
  // The END record is eight zeros: the hole at the end is one.
  ftruncateSync(fd, size);
  closeSync(fd);
  return size;
}

/** A file of 1 TiB that starts as a libxc stream and ends with the byte 0xa5; all between is a hole. */
export function writeTebibyte(path: string): void {
  const size = 2 ** 40;
  const fd = openSync(path, 'w');
  const start = head();
  writeSync(fd, start, 0, start.length, 0);
  ftruncateSync(fd, size);
  writeSync(fd, Buffer.of(0xa5), 0, 1, size - 1);
  closeSync(fd);
}

/** A bare libxc stream of `count` empty VERIFY records before its END: as many records as bytes can make. */
export function writeManyRecords(path: string, count: number): number {
  const fd = openSync(path, 'w');
  const start = head();
  writeSync(fd, start, 0, start.length, 0);
  const block = Buffer.alloc(RECORD_HEADER * 65_536);
  for (let at = 0; at < block.length; at += RECORD_HEADER) block.writeUInt32LE(0x0d, at);
  for (let done = 0; done < count;) {
    const some = Math.min(65_536, count - done);
    writeSync(fd, block, 0, some * RECORD_HEADER, start.length + done * RECORD_HEADER);
    done += some;
  }
  const size = start.length + (count + 1) * RECORD_HEADER;
  ftruncateSync(fd, size);
  closeSync(fd);
  return size;
}
