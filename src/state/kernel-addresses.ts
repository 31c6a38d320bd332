/**
 * Where the kernel has bytes of pages, and their names: what rows ask for at one time is asked of the worker
 * together.
 */
import { Lru } from '../lib/lru';
import type { KernelAddress } from '../memory/kernel/kernel-address';
import type { PageByte } from '../memory/guest-memory';
import type { SymbolsInfo } from '../memory/kernel/fit';
import type { OpenFile } from './open-file';

/** Answers that are kept: some screens of rows. */
const KEPT = 2048;

type Answer = Promise<KernelAddress | undefined>;

class Places {
  readonly #file: OpenFile;
  readonly #known = new Lru<string, Answer>(KEPT);
  /** Points whose question has not gone out yet. */
  #waiting: PageByte[] = [];
  #next: Promise<readonly (KernelAddress | undefined)[]> | undefined;

  constructor(file: OpenFile) {
    this.#file = file;
  }

  of({ pfn, inPage }: PageByte): Answer {
    const key = `${pfn}:${inPage}`;
    const known = this.#known.get(key);
    if (known) return known;
    const index = this.#waiting.push({ pfn, inPage }) - 1;
    this.#next ??= this.#ask();
    const answer = this.#next.then((places) => places[index]);
    this.#known.set(key, answer);
    // A question that failed may be asked again.
    answer.catch(() => this.#known.delete(key));
    return answer;
  }

  async #ask(): Promise<readonly (KernelAddress | undefined)[]> {
    // Rows that come into view together ask before this goes on.
    await Promise.resolve();
    const points = this.#waiting;
    this.#waiting = [];
    this.#next = undefined;
    return (await this.#file.request('kernelAddresses', { points })).places;
  }
}

const placesOf = new WeakMap<SymbolsInfo, Places>();

/**
 * Finds where the kernel has a byte of a page, by the symbols at hand, which `info` describes. Rejects where the file was
 * closed, or could not be read.
 */
export function kernelAddressOf(file: OpenFile, info: SymbolsInfo, point: PageByte): Answer {
  const places = placesOf.get(info) ?? new Places(file);
  placesOf.set(info, places);
  return places.of(point);
}
