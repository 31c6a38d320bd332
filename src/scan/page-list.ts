/** Turning the PFN list of a PAGE_DATA into runs, and PAGE_DATA records into passes. The hot loop of the scan. */
import { hasPageData, isKnownPageType, PAGE_SIZE } from '../format/libxc/page-data';
import { type PageIndex, RUN_LIMIT } from './pages';

/** State of one list while it is read block by block. */
export class PageListReader {
  readonly #index: PageIndex;
  readonly #record: number;
  /** End of the page contents that the file really has. */
  readonly #dataEnd: number;
  #data: number;
  #entry = 0;
  #runPfn = -1;
  #runCount = 0;
  #runType = -1;
  #runEntry = 0;
  #runOffset = -1;

  /** Entries whose type has content. */
  pages = 0;
  firstPfn = -1;
  lastPfn = -1;
  /** First entry with a reserved type, and first with reserved bits set; −1 for none. */
  badType = -1;
  badBits = -1;

  constructor(index: PageIndex, record: number, dataStart: number, dataEnd: number) {
    this.#index = index;
    this.#record = record;
    this.#data = dataStart;
    this.#dataEnd = dataEnd;
  }

  /** Takes whole 8-byte entries. */
  add(list: Uint8Array, littleEndian: boolean): void {
    const view = new DataView(list.buffer, list.byteOffset, list.byteLength);
    for (let at = 0; at + 8 <= list.length; at += 8) {
      const low = view.getUint32(littleEndian ? at : at + 4, littleEndian);
      const high = view.getUint32(littleEndian ? at + 4 : at, littleEndian);
      this.#take((high & 0xf_ffff) * 0x1_0000_0000 + low, high >>> 28, (high & 0x0ff0_0000) !== 0);
    }
  }

  #take(pfn: number, type: number, reserved: boolean): void {
    const entry = this.#entry++;
    if (this.firstPfn < 0) this.firstPfn = pfn;
    this.lastPfn = pfn;
    if (reserved && this.badBits < 0) this.badBits = entry;
    if (this.badType < 0 && !isKnownPageType(type)) this.badType = entry;
    let offset = -1;
    if (hasPageData(type)) {
      this.pages++;
      if (this.#data + PAGE_SIZE <= this.#dataEnd) offset = this.#data;
      this.#data += PAGE_SIZE;
    }
    const joins =
      type === this.#runType &&
      pfn === this.#runPfn + this.#runCount &&
      this.#runCount < RUN_LIMIT &&
      offset < 0 === this.#runOffset < 0;
    if (!joins) {
      this.flush();
      this.#runPfn = pfn;
      this.#runType = type;
      this.#runEntry = entry;
      this.#runOffset = offset;
    }
    this.#runCount++;
  }

  /** Hands the last run to the index. */
  flush(): void {
    if (this.#runCount > 0) {
      this.#index.add(this.#runPfn, this.#runCount, this.#runType, this.#record, this.#runEntry, this.#runOffset);
    }
    this.#runCount = 0;
    this.#runType = -1;
  }
}
