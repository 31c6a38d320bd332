/** Where hits go: handed out as they come, with time for other work in between. */
import { type Hit, byteIn } from './hit';
import type { PageFinder } from './where';

export interface SearchTools {
  readonly signal?: AbortSignal | undefined;
  readonly onPart: (hits: readonly Hit[]) => void;
  /** Bytes. */
  readonly onProgress?: (done: number, total: number) => void;
  readonly breathe?: () => Promise<void>;
}

/** Between two pauses, and between two messages. */
const BREATH_MS = 12;
const POST_MS = 60;

export class Output {
  readonly #tools: SearchTools;
  readonly #limit: number;
  readonly #total: number;
  /** Finds the pages of hits, where those were not searched as such. */
  readonly #pages: PageFinder | undefined;
  #pending: Hit[] = [];
  #posted = Number.NEGATIVE_INFINITY;
  #breathed = performance.now();
  hits = 0;
  done = 0;

  constructor(tools: SearchTools, limit: number, total: number, pages: PageFinder | undefined) {
    this.#pages = pages;
    this.#tools = tools;
    this.#limit = limit;
    this.#total = total;
  }

  get full(): boolean {
    return this.hits >= this.#limit;
  }

  add(hit: Hit): void {
    this.hits++;
    const page = this.#pages?.at(hit.offset);
    this.#pending.push(page ? { ...hit, page: byteIn(page, hit.offset) } : hit);
  }

  flush(): void {
    if (this.#pending.length > 0) this.#tools.onPart(this.#pending);
    this.#pending = [];
    this.#posted = performance.now();
    this.#tools.onProgress?.(this.done, this.#total);
  }

  /** Called between slices: posts what there is, lets messages in; false once the search shall end. */
  async pause(): Promise<boolean> {
    const now = performance.now();
    if (now - this.#posted > POST_MS) this.flush();
    if (now - this.#breathed > BREATH_MS) {
      await this.#tools.breathe?.();
      this.#breathed = performance.now();
    }
    return !this.full && this.#tools.signal?.aborted !== true;
  }
}
