/**
 * Which machine frame each page of a PV guest had on the host that saved it, by the guest’s own list, the P2M. Its pages
 * are named in X86_PV_P2M_FRAMES, and are in the image as the guest left them: the saver turns page tables and registers
 * into PFNs, and nothing else. Source: xg_sr_save_x86_pv.c and xg_sr_common_x86_pv.h of libxc.
 */
import { P2M_LIST, P2M_RANGE } from '../../../format/libxc/p2m-frames';
import { parse } from '../../../format/kit/parse';
import { PFN_ENTRY_SIZE } from '../../../format/libxc/page-data';
import { PAGE_SIZE } from '../../../format/page';
import { hex0x } from '../../../lib/text';
import { RECORD_HEADER_SIZE } from '../../../format/framing';
import { keptRecords } from '../../../scan/restored/records';
import type { GuestMemory } from '../../guest-memory';
import { absenceText } from '../../absence';
import { type Exportable, ExportRefused } from '../kit/plan';

/** Bytes of lists that are read: that of 16 TiB. A guest that grows while it is migrated has several, the last of which counts. */
const LIST_LIMIT = 64 * 1024 * 1024;
const RECORD_LIMIT = 8;
const BREATHE_EVERY = 4096;
/** Above its frame an entry has flags of the guest’s: Linux marks frames of others, and what maps to itself. */
const FRAME_BITS = { 4: 30, 8: 40 } as const;
const WORD = 2 ** 32;

/** Part of the list of the list’s pages, as one record gives it. */
interface Listed {
  /** Number of the first page of the P2M that it names. */
  readonly first: number;
  /** PFNs, 8 bytes each. */
  readonly pfns: DataView;
}

interface MachineOptions {
  readonly signal?: AbortSignal;
  readonly breathe?: () => Promise<void>;
}

export class MachineFrames {
  readonly #memory: GuestMemory;
  /** The last first. */
  readonly #listed: readonly Listed[];
  readonly #width: 4 | 8;
  /** Entries in a page. */
  readonly each: number;

  private constructor(memory: GuestMemory, listed: readonly Listed[], width: 4 | 8) {
    this.#memory = memory;
    this.#listed = listed;
    this.#width = width;
    this.each = PAGE_SIZE / width;
  }

  /** Rejects with `ExportRefused` where the list is not whole, and with `ReadError`. */
  static async of(file: Exportable, options: MachineOptions = {}): Promise<MachineFrames> {
    const { image, source, records, memory } = file;
    const width = image.guestWidth;
    if (width !== 4 && width !== 8)
      throw new ExportRefused('the image does not say how wide the words of the guest are');
    const listed: Listed[] = [];
    let left = LIST_LIMIT;
    for (const index of keptRecords(file).p2mFrames.slice(-RECORD_LIMIT).toReversed()) {
      const length = Math.min(records.lengthAt(index), left);
      if (length < P2M_LIST.offset || records.isDamaged(index)) continue;
      left -= length;
      const body = await source.read(records.offsetAt(index) + RECORD_HEADER_SIZE, length);
      const { start_pfn: start } = parse(P2M_RANGE, body);
      listed.push({ first: Math.floor((start * width) / PAGE_SIZE), pfns: viewOf(body.subarray(P2M_LIST.offset)) });
    }
    if (listed.length === 0) throw new ExportRefused('no record says where the guest’s list of machine frames is');
    if (image.blanked?.pages === true)
      throw new ExportRefused('the guest’s list of machine frames was blanked before the image was shared');
    const frames = new MachineFrames(memory, listed, width);
    await frames.#mustBeWhole(file.pages.highest, options);
    return frames;
  }

  /** Machine frame of a page, undefined where the list has none: it was given back to Xen, or is another’s. */
  async frame(pfn: number): Promise<number | undefined> {
    const number = Math.floor(pfn / this.each);
    return this.#entry(await this.#page(number), pfn % this.each);
  }

  /** Returns the machine frames of PFNs that follow each other, as `frame` does of one. Rejects with `ReadError`. */
  async frames(pfn: number, count: number): Promise<(number | undefined)[]> {
    const found: (number | undefined)[] = [];
    for (let at = pfn; at < pfn + count;) {
      const page = await this.#page(Math.floor(at / this.each));
      do found.push(this.#entry(page, at++ % this.each));
      while (at < pfn + count && at % this.each !== 0);
    }
    return found;
  }

  /** A page table as the CPU had it. Rejects with `ExportRefused` where an entry leads to a page without a frame. */
  async table(pfn: number, bytes: Uint8Array): Promise<Uint8Array> {
    // A copy, whatever the source gives: `slice` of a Buffer is none.
    const out = new Uint8Array(bytes);
    const view = viewOf(out);
    const pages = new Map<number, DataView | undefined>();
    // By words, not by a layout: each page table of the guest goes through here.
    // Frames of a 32-bit guest end at bit 43 (MADDR_BITS_X86).
    const upper = this.#width === 8 ? 0x000f_ffff : 0x0000_0fff;
    for (let at = 0; at < out.length; at += 8) {
      const low = view.getUint32(at, true);
      if ((low & 1) === 0) continue;
      const high = view.getUint32(at + 4, true);
      const named = (high & upper) * 0x10_0000 + (low >>> 12);
      const number = Math.floor(named / this.each);
      if (!pages.has(number)) pages.set(number, await this.#page(number));
      const frame = this.#entry(pages.get(number), named % this.each);
      if (frame === undefined)
        throw new ExportRefused(
          `entry ${at / 8} of the page table at PFN ${hex0x(pfn)} names PFN ${hex0x(named)}, which has no machine frame in the guest’s list`,
        );
      view.setUint32(at, (low & 0xfff) | ((frame % 0x10_0000) << 12), true);
      view.setUint32(at + 4, (high & ~upper) | Math.floor(frame / 0x10_0000), true);
    }
    return out;
  }

  #place(number: number): number | undefined {
    for (const { first, pfns } of this.#listed) {
      const at = (number - first) * PFN_ENTRY_SIZE;
      if (at >= 0 && at + PFN_ENTRY_SIZE <= pfns.byteLength) return Number(pfns.getBigUint64(at, true));
    }
    return undefined;
  }

  async #page(number: number): Promise<DataView | undefined> {
    const pfn = this.#place(number);
    const page = pfn === undefined ? undefined : this.#memory.page(pfn);
    return page?.state === 'here' ? viewOf(await this.#memory.pageBytes(page)) : undefined;
  }

  #entry(page: DataView | undefined, index: number): number | undefined {
    if (!page) return undefined;
    const at = index * this.#width;
    const frame = page.getUint32(at, true) + (this.#width === 8 ? page.getUint32(at + 4, true) * WORD : 0);
    return frame < 2 ** FRAME_BITS[this.#width] ? frame : undefined;
  }

  /** Up to the highest PFN of the image. */
  async #mustBeWhole(highest: number, { signal, breathe }: MachineOptions): Promise<void> {
    const end = Math.floor(highest / this.each);
    for (let number = 0; number <= end; number++) {
      if (number % BREATHE_EVERY === 0) await breathe?.();
      signal?.throwIfAborted();
      const pfn = this.#place(number);
      if (pfn === undefined)
        throw new ExportRefused(`the guest’s list of machine frames ends before PFN ${hex0x(number * this.each)}`);
      const page = this.#memory.page(pfn);
      if (page.state === 'absent')
        throw new ExportRefused(`a page of the guest’s list of machine frames is missing: ${absenceText(page)}`);
    }
  }
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
