/**
 * What of an image goes into one for sharing: stretches of the file as columns, an image of 1 TiB has a quarter of a
 * million, and how many bytes of each kind are kept and filled.
 */
import type { KeptKind, Secret } from '../../../format/sharing/judge';
import { float64Column } from '../../../lib/column';
import type { Range } from '../../../lib/range';
import type { FilledKind, SharingSink } from '../../../scan/sharing/sink';
import type { Scrub } from './scrub';

/** Why bytes of an image for sharing are filled. */
export type FilledWhy = FilledKind | Scrub | 'lost';

/** Bytes by kind. */
export interface Ledger {
  readonly kept: Partial<Record<KeptKind, number>>;
  readonly filled: Partial<Record<FilledWhy, number>>;
}

/** What is left to whoever asks for the image. */
export interface SharedOptions {
  readonly scrub: ReadonlySet<Scrub>;
  /** Bytes stay that are framed well and mean nothing that is known. */
  readonly keepUnknown: boolean;
}

/** Kinds of bytes that hold what memory holds too: registers, settings, lists of numbers. */
const OWN: ReadonlySet<KeptKind> = new Set(['vcpus', 'config', 'lists', 'unknown']);

interface Mark {
  readonly spans: number;
  readonly own: number;
  readonly open: Range;
  readonly ledger: Ledger;
}

const NONE: Range = { start: -1, end: -1 };

/** Gathers what is kept of an image, as the walk tells it. */
export class SharedSpans implements SharingSink {
  readonly #options: SharedOptions;
  readonly #start = float64Column();
  readonly #end = float64Column();
  readonly #ownStart = float64Column();
  readonly #ownEnd = float64Column();
  #open: Range = NONE;
  #ledger: Ledger = { kept: {}, filled: {} };
  #mark: Mark | undefined;

  constructor(options: SharedOptions) {
    this.#options = options;
  }

  keep(bytes: Uint8Array, offset: number, kind: KeptKind, secret: Secret | undefined): void {
    if (secret !== undefined && this.#options.scrub.has(secret)) count(this.#ledger.filled, secret, bytes.length);
    else this.#add(offset, bytes.length, kind);
  }

  fill(offset: number, length: number, kind: FilledKind): void {
    if (kind === 'unknown' && this.#options.keepUnknown) this.#add(offset, length, 'unknown');
    else count(this.#ledger.filled, kind, length);
  }

  mark(): void {
    const { kept, filled } = this.#ledger;
    this.#mark = {
      spans: this.#start.length,
      own: this.#ownStart.length,
      open: this.#open,
      ledger: { kept: { ...kept }, filled: { ...filled } },
    };
  }

  rollBack(): void {
    const mark = this.#mark;
    if (!mark) return;
    this.#start.cut(mark.spans);
    this.#end.cut(mark.spans);
    this.#ownStart.cut(mark.own);
    this.#ownEnd.cut(mark.own);
    this.#open = mark.open;
    this.#ledger = mark.ledger;
    this.#mark = undefined;
  }

  /** Returns how many bytes of an image of `size` bytes are kept and filled, by kind. */
  ledger(size: number): Ledger {
    const { kept, filled } = this.#ledger;
    const told = [...Object.values(kept), ...Object.values(filled)].reduce((sum, bytes) => sum + bytes, 0);
    return { kept, filled: { ...filled, lost: Math.max(0, size - told) } };
  }

  /** Returns the stretches that are kept, ascending and apart, within `size`. A walk that went back over damage has some twice. */
  sorted(size: number): Range[] {
    this.#close();
    const all = Array.from({ length: this.#start.length }, (_, index) => ({
      start: this.#start.at(index),
      end: Math.min(size, this.#end.at(index)),
    })).toSorted((a, b) => a.start - b.start);
    const out: { start: number; end: number }[] = [];
    for (const span of all) {
      const last = out.at(-1);
      if (last && span.start <= last.end) last.end = Math.max(last.end, span.end);
      else out.push(span);
    }
    return out;
  }

  /** Returns the stretches among these that hold what memory holds too, in the order of the walk. */
  own(): Range[] {
    return Array.from({ length: this.#ownStart.length }, (_, index) => ({
      start: this.#ownStart.at(index),
      end: this.#ownEnd.at(index),
    })).toSorted((a, b) => a.start - b.start);
  }

  #add(offset: number, length: number, kind: KeptKind): void {
    if (length === 0) return;
    if (OWN.has(kind)) {
      this.#ownStart.push(offset);
      this.#ownEnd.push(offset + length);
    }
    count(this.#ledger.kept, kind, length);
    if (offset === this.#open.end) this.#open = { start: this.#open.start, end: offset + length };
    else {
      this.#close();
      this.#open = { start: offset, end: offset + length };
    }
  }

  #close(): void {
    if (this.#open.start < 0) return;
    this.#start.push(this.#open.start);
    this.#end.push(this.#open.end);
    this.#open = NONE;
  }
}

function count<Kind extends string>(sums: Partial<Record<Kind, number>>, kind: Kind, bytes: number): void {
  sums[kind] = (sums[kind] ?? 0) + bytes;
}
