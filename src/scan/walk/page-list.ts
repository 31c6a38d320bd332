/**
 * The PFN list of a PAGE_DATA, turned into runs. This is the hot loop of the scan, 0.2 % of all bytes: it reads words by
 * number, not by the layout (PAGE_DATA_HEADER), which would make an object of each of a billion entries.
 */
import { hasPageData, isKnownPageType, PAGE_SIZE } from '../../format/page';
import { type PageIndex, RUN_LIMIT } from '../pages';

/** PFNs are below: an address has 52 bits at most. */
const PFN_LIMIT = 2 ** 40;

const MACHINE_IS_LITTLE = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

/** The state of one list while it is read block by block. */
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
  highestPfn = -1;
  /** First entry with a reserved type, and first with reserved bits set; −1 for none. */
  badType = -1;
  badBits = -1;

  constructor(index: PageIndex, record: number, dataStart: number, dataEnd: number) {
    this.#index = index;
    this.#record = record;
    this.#data = dataStart;
    this.#dataEnd = dataEnd;
  }

  /** Tells whether all entries are such as a sender writes: nothing else is a list. */
  get isSound(): boolean {
    return this.badType < 0 && this.badBits < 0 && this.highestPfn < PFN_LIMIT;
  }

  /** Takes whole 8-byte entries. */
  add(list: Uint8Array, littleEndian: boolean): void {
    const words = wordsOf(list, littleEndian);
    const count = words.length / 2;
    for (let at = 0; at < count;) {
      const low = words[at * 2] ?? 0;
      const high = words[at * 2 + 1] ?? 0;
      this.#take((high & 0xf_ffff) * 0x1_0000_0000 + low, high >>> 28, (high & 0x0ff0_0000) !== 0);
      at++;
      // What follows on, which is nearly everything, is only counted.
      const end = Math.min(count, at + this.#room());
      const from = at;
      for (let next = low + 1; at < end && words[at * 2] === next && words[at * 2 + 1] === high; next++) at++;
      this.#extend(at - from);
    }
  }

  /** Returns by how many entries the run may grow. */
  #room(): number {
    const byLimit = RUN_LIMIT - this.#runCount;
    return this.#runOffset < 0 ? byLimit : Math.min(byLimit, Math.floor((this.#dataEnd - this.#data) / PAGE_SIZE));
  }

  #extend(count: number): void {
    this.#entry += count;
    this.#runCount += count;
    this.lastPfn += count;
    if (!hasPageData(this.#runType)) return;
    this.pages += count;
    this.#data += count * PAGE_SIZE;
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
      this.highestPfn = Math.max(this.highestPfn, this.#runPfn + this.#runCount - 1);
      this.#index.add(this.#runPfn, this.#runCount, this.#runType, this.#record, this.#runEntry, this.#runOffset);
    }
    this.#runCount = 0;
    this.#runType = -1;
  }
}

/** Returns the entries as 32-bit words of this machine, low word first. */
function wordsOf(list: Uint8Array, littleEndian: boolean): Uint32Array {
  const length = Math.floor(list.length / 8) * 8;
  if (littleEndian && MACHINE_IS_LITTLE) {
    // A copy by constructor: slice() of Node's Buffer is a view, as unaligned as before.
    const aligned = list.byteOffset % 4 === 0 ? list : new Uint8Array(list);
    return new Uint32Array(aligned.buffer, aligned.byteOffset, length / 4);
  }
  const words = new Uint32Array(length / 4);
  const view = new DataView(list.buffer, list.byteOffset, list.byteLength);
  for (let at = 0; at < length; at += 8) {
    words[at / 4] = view.getUint32(littleEndian ? at : at + 4, littleEndian);
    words[at / 4 + 1] = view.getUint32(littleEndian ? at + 4 : at, littleEndian);
  }
  return words;
}
