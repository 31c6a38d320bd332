/** The first row of each kind in an image, found in one pass for all lines of a log. */
import type { Layer } from '../../format/layers';
import type { RecordIndex } from '../../scan/records';

/** Rows looked through: what a log tells of stands early in a stream. */
const SEARCH_LIMIT = 1 << 20;

/** Rows of one layer, or of headers. */
class OfLayer {
  readonly #first = new Map<number, number>();
  readonly #byLength = new Map<number, Map<number, number>>();

  add(row: number, type: number, length: number): void {
    if (!this.#first.has(type)) this.#first.set(type, row);
    const lengths = this.#byLength.get(type) ?? new Map<number, number>();
    if (!lengths.has(length)) this.#byLength.set(type, lengths.set(length, row));
  }

  find(type: number, length: number | undefined): number | undefined {
    return length === undefined ? this.#first.get(type) : this.#byLength.get(type)?.get(length);
  }
}

/** Finds the first row of a kind. */
export class FirstRows {
  readonly #records: RecordIndex;
  readonly #layers = new Map<Layer | 'header', OfLayer>();
  #isReady = false;

  constructor(records: RecordIndex) {
    this.#records = records;
  }

  /** Returns the first header of a type; undefined where there is none. */
  header(type: number): number | undefined {
    return this.#of('header')?.find(type, undefined);
  }

  /** Returns the first record of a type in a layer, and of a length if one is given; undefined where there is none. */
  record(layer: Layer, type: number, length?: number): number | undefined {
    return this.#of(layer)?.find(type, length);
  }

  #of(layer: Layer | 'header'): OfLayer | undefined {
    if (!this.#isReady) this.#look();
    return this.#layers.get(layer);
  }

  #look(): void {
    this.#isReady = true;
    const records = this.#records;
    for (let row = 0; row < Math.min(records.count, SEARCH_LIMIT); row++) {
      const layer = records.isHeader(row) ? 'header' : records.layerAt(row);
      const rows = this.#layers.get(layer) ?? new OfLayer();
      this.#layers.set(layer, rows);
      rows.add(row, records.typeAt(row), records.lengthAt(row));
    }
  }
}
