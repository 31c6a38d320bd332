/**
 * Records grouped into blocks as they arrive: layers, runs of PAGE_DATA, contexts with entries, gaps, plain records.
 */
import { HeaderType, type Layer, LAYER_SPECS } from '../../format/layers';
import { LibxcType } from '../../format/libxc/types';
import type { Gap } from '../../scan/image';
import type { RecordIndex } from '../../scan/records';

type BlockKind = 'layer' | 'plain' | 'run' | 'context' | 'gap';

/** Rows that belong together, and are counted as one. */
export interface Block {
  readonly kind: BlockKind;
  /** First record; for a layer or gap the record that follows it. */
  readonly start: number;
  count: number;
  readonly layer: Layer;
  /** Layers that must be open for the block to show. */
  readonly within: readonly Layer[];
  readonly gap?: Gap;
  /** PFNs and bytes of a run. */
  pages: number;
  open: boolean;
}

/** Groups records into blocks as they arrive. */
export class Blocks {
  readonly list: Block[] = [];
  readonly #records: RecordIndex;
  readonly #present = new Set<Layer>();
  #seen = 0;
  #gaps = 0;

  constructor(records: RecordIndex) {
    this.#records = records;
  }

  /** Takes in what arrived since the last call; returns the first block that it may have changed. */
  update(gaps: readonly Gap[]): number {
    const before = this.list.length;
    for (; this.#seen < this.#records.count; this.#seen++) this.#take(this.#seen, gaps);
    while (this.#gaps < gaps.length && (gaps[this.#gaps]?.before ?? 0) <= this.#seen) this.#takeGap(gaps);
    return Math.max(0, before - 1);
  }

  #takeGap(gaps: readonly Gap[]): void {
    const gap = gaps[this.#gaps++];
    if (!gap || gap.length === 0) return;
    const layer = this.list.at(-1)?.layer ?? 'libxc';
    this.#push({ kind: 'gap', start: gap.before, count: 0, layer, gap });
  }

  #take(index: number, gaps: readonly Gap[]): void {
    while (this.#gaps < gaps.length && (gaps[this.#gaps]?.before ?? Number.POSITIVE_INFINITY) <= index)
      this.#takeGap(gaps);
    const records = this.#records;
    const layer = records.layerAt(index);
    const type = records.typeAt(index);
    if (records.isHeader(index) && type !== HeaderType.DOMAIN_HEADER) {
      this.#present.add(layer);
      this.#push({ kind: 'layer', start: index, count: 0, layer });
    }
    const isPages = layer === 'libxc' && !records.isHeader(index) && type === LibxcType.PAGE_DATA;
    const isContext = layer === 'libxc' && !records.isHeader(index) && type === LibxcType.HVM_CONTEXT;
    const last = this.list.at(-1);
    if (isPages) {
      const pages = Math.max(0, records.pagesAt(index));
      if (last?.kind === 'run' && !records.isPassStart(index)) {
        last.count++;
        last.pages += pages;
      } else {
        this.#push({ kind: 'run', start: index, count: 1, layer, pages });
      }
    } else if (isContext) {
      this.#push({ kind: 'context', start: index, count: 1, layer, open: true });
    } else if (last?.kind === 'plain' && last.layer === layer) {
      last.count++;
    } else {
      this.#push({ kind: 'plain', start: index, count: 1, layer });
    }
  }

  #push(
    block: Pick<Block, 'kind' | 'start' | 'count' | 'layer'> & { gap?: Gap; pages?: number; open?: boolean },
  ): void {
    const { kind, layer } = block;
    const within = LAYER_SPECS[layer].within.filter((outer) => this.#present.has(outer));
    this.list.push({ pages: 0, open: false, ...block, within: kind === 'layer' ? within : [...within, layer] });
  }
}
