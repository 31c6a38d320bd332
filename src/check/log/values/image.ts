/** What lines of a log look up in an image: the records and entries that a restore takes, and their bytes. */
import { HVM_DESCRIPTOR_SIZE } from '../../../format/hvm/entries';
import { HvmType } from '../../../format/hvm/types';
import type { StructField, ValueOf } from '../../../format/kit/layout';
import { loadedFields } from '../../../format/hvm/loaded';
import { RECORD_HEADER_SIZE } from '../../../format/framing';
import { type KeptRecords, RestoredRecords } from '../../../scan/restored/records';
import type { ScanResult } from '../../../scan/scan';

/** Reads bytes of the image, fewer where it ends. Rejects where a read fails. */
export type ReadBytes = (offset: number, length: number) => Promise<Uint8Array>;

/** A part of the image: where its body starts, how long it is, and the row that it belongs to. */
export interface Part {
  readonly record: number;
  readonly body: number;
  readonly length: number;
}

/** Bytes of a part that are looked at. */
const PART_LIMIT = 1024 * 1024;

/** An image as lines of a log ask about it. */
export class LogImage {
  readonly #scan: ScanResult;
  readonly #read: ReadBytes;
  readonly #restored: RestoredRecords;
  readonly #kept: KeptRecords;

  constructor(scan: ScanResult, read: ReadBytes) {
    this.#scan = scan;
    this.#read = read;
    this.#restored = RestoredRecords.of(scan.records);
    this.#restored.advance(scan.image);
    this.#kept = this.#restored.soFar;
  }

  get kept(): KeptRecords {
    return this.#kept;
  }

  /** Returns the state of the device model that a restore takes. */
  get emulator(): Part | undefined {
    return this.record(this.#restored.soFarOfLibxl.emulatorContext);
  }

  /** Returns the numbers of the vCPUs that have an entry of a type in the HVM context. */
  instancesOf(type: keyof typeof HvmType): number[] {
    const { hvmContext } = this.#kept;
    return this.#scan.image.context
      .filter(({ record, typecode }) => record === hvmContext && typecode === HvmType[type])
      .map(({ instance }) => instance);
  }

  /** Returns an entry of the HVM context. */
  entry(type: keyof typeof HvmType, instance: number): Part | undefined {
    const { hvmContext } = this.#kept;
    const found = this.#scan.image.context.find(
      (one) => one.record === hvmContext && one.typecode === HvmType[type] && one.instance === instance,
    );
    return found && { record: found.record, body: found.offset + HVM_DESCRIPTOR_SIZE, length: found.length };
  }

  /** Returns a record's body. */
  record(row: number | undefined): Part | undefined {
    if (row === undefined) return undefined;
    const { records } = this.#scan;
    return { record: row, body: records.offsetAt(row) + RECORD_HEADER_SIZE, length: records.lengthAt(row) };
  }

  /** Reads a part, at most its first MiB. */
  async bytes({ body, length }: Part): Promise<Uint8Array> {
    return this.#read(body, Math.min(length, PART_LIMIT));
  }

  /** Reads a part by its layout; zeros where it ends before. */
  async fields<F extends StructField>(layout: F, part: Part): Promise<ValueOf<F>> {
    return loadedFields(layout, await this.bytes(part));
  }
}
