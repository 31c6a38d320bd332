/** Bytes of a descriptor table: page by page, each with where it stands in the file or why it is not there. */
import { offsetInPage, PAGE_SIZE } from '../../format/page';
import type { VcpuMemory } from '../../format/paging/vcpu';
import { absenceText } from '../absence';
import type { GuestMemory } from '../guest-memory';
import { translate } from '../walk/virtual';
import { whyNot } from '../walk/reasons';

/** Xen maps the GDT of a PV guest by its pages; all other tables have a linear address. */
export type TableSource = { readonly frames: readonly number[] } | { readonly base: bigint };

/** Part of a table within one page. */
interface Part {
  /** First byte, from the start of the table, and the one behind the last. */
  readonly from: number;
  readonly to: number;
  /** File offset of the first, or why the image has none of them. */
  readonly found: { readonly offset: number; readonly bytes: Uint8Array } | { readonly reason: string };
}

export type EntryBytes = { readonly bytes: Uint8Array; readonly offset: number } | { readonly reason: string };

const BLANKED = 'the pages of this image were blanked, and the table with them';

/** A stretch of a table. */
export class TableBytes {
  readonly #parts: readonly Part[];

  private constructor(parts: readonly Part[]) {
    this.#parts = parts;
  }

  /** Reads `length` bytes of a table from its byte `from` on. Rejects with `ReadError`. */
  static async read(
    memory: GuestMemory,
    vcpu: VcpuMemory,
    table: TableSource,
    from: number,
    length: number,
  ): Promise<TableBytes> {
    const parts: Part[] = [];
    const end = from + length;
    // A table need not start at the start of a page.
    const skew = 'base' in table ? offsetInPage(table.base) : 0;
    for (let at = from; at < end;) {
      const inPage = (at + skew) % PAGE_SIZE;
      const to = Math.min(end, at + PAGE_SIZE - inPage);
      parts.push({ from: at, to, found: await pageOf(memory, vcpu, table, at, to - at) });
      at = to;
    }
    return new TableBytes(parts);
  }

  /** An entry of `length` bytes, whole or not at all. */
  entry(at: number, length: number): EntryBytes {
    const bytes = new Uint8Array(length);
    let offset = -1;
    for (let done = 0; done < length;) {
      const part = this.#partOf(at + done);
      if (!part) return { reason: 'it is beyond the end of the table' };
      const { found, from, to } = part;
      if ('reason' in found) return found;
      const start = at + done - from;
      const count = Math.min(length - done, to - at - done);
      bytes.set(found.bytes.subarray(start, start + count), done);
      if (offset < 0) offset = found.offset + start;
      done += count;
    }
    return { bytes, offset };
  }

  #partOf(at: number): Part | undefined {
    return this.#parts.find(({ from, to }) => at >= from && at < to);
  }
}

/** `length` bytes of a table from its byte `at` on, all in one page. */
async function pageOf(
  memory: GuestMemory,
  { registers }: VcpuMemory,
  table: TableSource,
  at: number,
  length: number,
): Promise<Part['found']> {
  if (memory.blanked) return { reason: BLANKED };
  if ('frames' in table) {
    const pfn = table.frames[Math.floor(at / PAGE_SIZE)];
    if (pfn === undefined) return { reason: 'the context names no page for it' };
    const page = memory.page(pfn);
    if (page.state === 'absent') return { reason: `the page of the GDT is not in the image: ${absenceText(page)}` };
    return cut(await memory.pageBytes(page), page.offset, at % PAGE_SIZE, length);
  }
  const va = BigInt.asUintN(64, table.base + BigInt(at));
  const led = await translate(memory, registers, va);
  if (led.page?.state !== 'here') return { reason: whyNot(led) ?? 'no such memory' };
  return cut(await memory.pageBytes(led.page), led.page.offset, offsetInPage(va), length);
}

const cut = (bytes: Uint8Array, offset: number, from: number, length: number): Part['found'] => ({
  bytes: bytes.subarray(from, from + length),
  offset: offset + from,
});
