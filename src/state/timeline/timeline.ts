/**
 * The timeline's rows. They are counted per block, so that ten million records cost what their blocks cost, and the row
 * at any position is found by bisection.
 */
import { upperBound } from '../../lib/bisect';
import { Signal } from '../../lib/signal';
import type { Layer } from '../../format/layers';
import type { ContextEntry, ImageInfo } from '../../scan/image';
import type { RecordIndex } from '../../scan/records';
import { type Block, Blocks } from './blocks';
import type { TimelineRow } from './row';

/** The rows of the timeline, found by their position. */
export class Timeline {
  /** Tells that rows came, were folded or unfolded. */
  readonly changes = new Signal();
  readonly #grouped: Blocks;
  readonly #blocks: readonly Block[];
  readonly #closed = new Set<Layer>();
  #context: readonly ContextEntry[] = [];
  /** Rows before each block; rebuilt from `#fresh` on. */
  #rowsBefore: number[] = [0];
  #fresh = 0;

  constructor(records: RecordIndex) {
    this.#grouped = new Blocks(records);
    this.#blocks = this.#grouped.list;
  }

  /** Takes in what arrived since the last call. */
  update(image: ImageInfo): void {
    this.#context = image.context;
    this.#fresh = Math.min(this.#fresh, this.#grouped.update(image.gaps));
    this.changes.change();
  }

  #rowsOf(block: Block): number {
    if (block.within.some((layer) => this.#closed.has(layer))) return 0;
    switch (block.kind) {
      case 'layer':
      case 'gap':
        return 1;
      case 'plain':
        return block.count;
      case 'run':
        return block.count === 1 ? 1 : block.open ? block.count + 1 : 1;
      case 'context':
        return 1 + (block.open ? this.#entriesOf(block.start).length : 0);
    }
  }

  #entriesOf(record: number): readonly ContextEntry[] {
    const from = upperBound(this.#context.length, (at) => this.#context[at]?.record ?? 0, record - 1);
    const to = upperBound(this.#context.length, (at) => this.#context[at]?.record ?? 0, record);
    return this.#context.slice(from, to);
  }

  #count(): void {
    let rows = this.#rowsBefore[this.#fresh] ?? 0;
    this.#rowsBefore.length = this.#fresh + 1;
    for (let at = this.#fresh; at < this.#blocks.length; at++) {
      const block = this.#blocks[at];
      if (block) rows += this.#rowsOf(block);
      this.#rowsBefore.push(rows);
    }
    this.#fresh = this.#blocks.length;
  }

  get rows(): number {
    if (this.#fresh < this.#blocks.length || this.#rowsBefore.length !== this.#blocks.length + 1) this.#count();
    return this.#rowsBefore[this.#blocks.length] ?? 0;
  }

  /** Returns the row at a position; undefined outside. */
  row(position: number): TimelineRow | undefined {
    if (position < 0 || position >= this.rows) return undefined;
    const at = upperBound(this.#blocks.length + 1, (index) => this.#rowsBefore[index] ?? 0, position) - 1;
    const block = this.#blocks[at];
    return block && this.#rowIn(block, at, position - (this.#rowsBefore[at] ?? 0));
  }

  #rowIn(block: Block, at: number, offset: number): TimelineRow | undefined {
    const depth = block.within.length;
    switch (block.kind) {
      case 'layer':
        return {
          kind: 'layer',
          layer: block.layer,
          depth,
          open: !this.#closed.has(block.layer),
          block: at,
          record: block.start,
        };
      case 'gap':
        return block.gap && { kind: 'gap', gap: block.gap, depth, block: at };
      case 'plain':
        return { kind: 'record', record: block.start + offset, depth, block: at };
      case 'run':
        if (block.count === 1) return { kind: 'record', record: block.start, depth, block: at };
        if (offset === 0)
          return {
            kind: 'run',
            first: block.start,
            count: block.count,
            pages: block.pages,
            depth,
            open: block.open,
            block: at,
          };
        return { kind: 'record', record: block.start + offset - 1, depth: depth + 1, block: at };
      case 'context': {
        if (offset === 0) return { kind: 'record', record: block.start, depth, open: block.open, block: at };
        const entry = this.#entriesOf(block.start)[offset - 1];
        return entry && { kind: 'entry', record: block.start, entry, depth: depth + 1, block: at };
      }
    }
  }

  /**
   * Returns the position of a record's row: that of the folded run that hides it, or −1 where its layer is folded.
   */
  position(record: number): number {
    const { rows } = this;
    let at = upperBound(this.#blocks.length, (index) => this.#blocks[index]?.start ?? 0, record) - 1;
    while (at >= 0 && (this.#blocks[at]?.count ?? 0) === 0) at--;
    const block = this.#blocks[at];
    if (!block || rows === 0 || this.#rowsOf(block) === 0) return -1;
    const base = this.#rowsBefore[at] ?? 0;
    if (block.kind === 'plain') return base + record - block.start;
    if (block.kind === 'run' && block.count > 1 && block.open) return base + 1 + record - block.start;
    return base;
  }

  /** Folds or unfolds what the row at `block` stands for. */
  toggle(block: number, open?: boolean): void {
    const target = this.#blocks[block];
    if (!target) return;
    if (target.kind === 'layer') {
      if (open ?? this.#closed.has(target.layer)) this.#closed.delete(target.layer);
      else this.#closed.add(target.layer);
      this.#fresh = 0;
    } else {
      target.open = open ?? !target.open;
      this.#fresh = Math.min(this.#fresh, block);
    }
    this.changes.change();
  }

  /** Unfolds whatever hides a record. */
  reveal(record: number): void {
    this.#closed.clear();
    this.#fresh = 0;
    const at = upperBound(this.#blocks.length, (index) => this.#blocks[index]?.start ?? 0, record) - 1;
    const block = this.#blocks[at];
    if (block?.kind === 'run') block.open = true;
    this.changes.change();
  }
}
