/** The record index: one row per header and record, kept as columns. */
import { int32Column, uint32Column, uint8Column, WideColumn } from '../lib/column';
import type { Layer } from '../format/layers';
import type { Group } from '../format/record-spec';
import { headerSpec, recordSpec, unknownName } from '../format/records';
import { endOf, isOptional } from '../format/framing';
import { DAMAGED, HEADER, layerOf, metaOf, PASS_START, RESERVED_BITS } from './row-meta';

/** Rows that an index holds at most; a file of empty records would otherwise fill memory. */
export const RECORD_LIMIT = 1 << 24;

/** One row as it is written. */
export interface RecordEntry {
  readonly layer: Layer;
  readonly kind: 'header' | 'record';
  /** Record type, or HeaderType for a header. */
  readonly type: number;
  /** File offset of the header, bytes. */
  readonly offset: number;
  /** body_length as the header claims it; for a header its size. Bytes. */
  readonly length: number;
  /** Row that this one is nested in, −1 for none. */
  readonly parent: number;
  /** Id of the vCPU that a record belongs to, −1 where there is none. */
  readonly vcpu: number;
  /** PFNs of a PAGE_DATA, −1 for other records. */
  readonly pages: number;
  /** The length cannot be trusted, or the file ends inside. */
  readonly damaged: boolean;
  /** First PAGE_DATA of a pass over memory. */
  readonly passStart: boolean;
  /** Some entry in the list of a PAGE_DATA has reserved bits set. */
  readonly reservedBits: boolean;
}

/** One row as it is read: what was written and what the format says of it. */
export interface RecordRow extends RecordEntry {
  readonly index: number;
  readonly name: string;
  readonly group: Group;
  /** The format defines this type. */
  readonly known: boolean;
  /** Bit 31 of a libxc type: skipped by readers that do not know it. */
  readonly optional: boolean;
}

/** Rows in transit: parallel arrays, transferable. */
export interface RecordBatch {
  readonly offset: Float64Array;
  readonly length: Uint32Array;
  readonly type: Uint32Array;
  readonly meta: Uint8Array;
  readonly parent: Int32Array;
  readonly vcpu: Int32Array;
  readonly pages: Int32Array;
}

const endOfAny = (isHeader: boolean, offset: number, length: number): number =>
  isHeader ? offset + length : endOf(offset, length);

/** Returns the file offset behind a row, its padding included, as its header claims it. */
export const endOfRow = ({ kind, offset, length }: Pick<RecordRow, 'kind' | 'offset' | 'length'>): number =>
  endOfAny(kind === 'header', offset, length);

/** The rows of an image, one for each header and record, as columns. */
export class RecordIndex {
  readonly #offset = new WideColumn();
  readonly #length = uint32Column();
  readonly #type = uint32Column();
  readonly #meta = uint8Column();
  readonly #parent = int32Column();
  readonly #vcpu = int32Column();
  readonly #pages = int32Column();

  get count(): number {
    return this.#offset.length;
  }

  get byteLength(): number {
    const columns = [this.#offset, this.#length, this.#type, this.#meta, this.#parent, this.#vcpu, this.#pages];
    return columns.reduce((sum, column) => sum + column.byteLength, 0);
  }

  /** Appends a row and returns its index. */
  add(entry: RecordEntry): number {
    const flags =
      (entry.kind === 'header' ? HEADER : 0) |
      (entry.damaged ? DAMAGED : 0) |
      (entry.passStart ? PASS_START : 0) |
      (entry.reservedBits ? RESERVED_BITS : 0);
    this.#offset.push(entry.offset);
    this.#length.push(entry.length);
    this.#type.push(entry.type);
    this.#meta.push(metaOf(entry.layer, flags));
    this.#parent.push(entry.parent);
    this.#vcpu.push(entry.vcpu);
    this.#pages.push(entry.pages);
    return this.count - 1;
  }

  /** Appends rows that came from another index. */
  append(batch: RecordBatch): void {
    this.#offset.append(batch.offset);
    this.#length.append(batch.length);
    this.#type.append(batch.type);
    this.#meta.append(batch.meta);
    this.#parent.append(batch.parent);
    this.#vcpu.append(batch.vcpu);
    this.#pages.append(batch.pages);
  }

  /** Returns the rows `start … end` as arrays of their own. */
  batch(start: number, end: number): RecordBatch {
    return {
      offset: this.#offset.slice(start, end),
      length: this.#length.slice(start, end),
      type: this.#type.slice(start, end),
      meta: this.#meta.slice(start, end),
      parent: this.#parent.slice(start, end),
      vcpu: this.#vcpu.slice(start, end),
      pages: this.#pages.slice(start, end),
    };
  }

  /** Returns the file offset of a row's header, bytes. */
  offsetAt(index: number): number {
    return this.#offset.at(index);
  }
  /** Returns the length that a row's header claims, bytes. */
  lengthAt(index: number): number {
    return this.#length.at(index);
  }
  /** Returns the file offset behind a row, its padding included, as its header claims it. */
  endAt(index: number): number {
    return endOfAny(this.isHeader(index), this.offsetAt(index), this.lengthAt(index));
  }
  /** Returns the type of a row, or its HeaderType. */
  typeAt(index: number): number {
    return this.#type.at(index);
  }
  /** Returns the number of PFNs in a PAGE_DATA, −1 for other rows. */
  pagesAt(index: number): number {
    return this.#pages.at(index);
  }
  /** Returns the id of the vCPU that a row belongs to, −1 for none. */
  vcpuAt(index: number): number {
    return this.#vcpu.at(index);
  }
  /** Returns the layer that a row is of. */
  layerAt(index: number): Layer {
    return layerOf(this.#meta.at(index));
  }
  /** Tells whether a row is a header, not a record. */
  isHeader(index: number): boolean {
    return (this.#meta.at(index) & HEADER) !== 0;
  }
  /** Tells whether a row's length cannot be trusted, or the file ends inside. */
  isDamaged(index: number): boolean {
    return (this.#meta.at(index) & DAMAGED) !== 0;
  }
  /** Tells whether a row is the first PAGE_DATA of a pass over memory. */
  isPassStart(index: number): boolean {
    return (this.#meta.at(index) & PASS_START) !== 0;
  }
  /** Tells whether some entry in the list of a PAGE_DATA has reserved bits set. */
  hasReservedBits(index: number): boolean {
    return (this.#meta.at(index) & RESERVED_BITS) !== 0;
  }

  /** Returns the row at `index`; undefined outside the index. */
  row(index: number): RecordRow | undefined {
    if (!Number.isInteger(index) || index < 0 || index >= this.count) return undefined;
    const layer = this.layerAt(index);
    const type = this.typeAt(index);
    const isHeader = this.isHeader(index);
    const spec = isHeader ? headerSpec(type) : recordSpec(layer, type);
    return {
      index,
      layer,
      kind: isHeader ? 'header' : 'record',
      type,
      offset: this.offsetAt(index),
      length: this.lengthAt(index),
      parent: this.#parent.at(index),
      vcpu: this.vcpuAt(index),
      pages: this.pagesAt(index),
      damaged: this.isDamaged(index),
      passStart: this.isPassStart(index),
      reservedBits: this.hasReservedBits(index),
      name: spec?.name ?? unknownName(type),
      group: spec?.group ?? 'unknown',
      known: spec !== undefined,
      optional: !isHeader && isOptional(layer, type),
    };
  }
}
