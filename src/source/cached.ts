/** A bounded cache of pages over a source, for views that ask for the same bytes on every frame. */
import { Lru } from '../lib/lru';
import { Signal } from '../lib/signal';
import { type ByteSource, ReadError } from './source';

const PAGE = 64 * 1024;
const PAGES = 256;

/** Bytes that are there, on their way, or could not be read. */
export type Peek =
  | { readonly state: 'ready'; readonly bytes: Uint8Array }
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly reason: string };

/** Bytes as far as they are loaded. */
export interface Bytes {
  /** Returns what is known at once; starts reading what is missing, and signals a change when it has come. */
  peek(offset: number, length: number): Peek;
}

/** A source that remembers the pages read last. */
export interface CachedSource extends ByteSource, Bytes {
  /** Tells when pages came, or could not be read. */
  readonly changes: Signal;
  /** The bytes loaded so far: another object once more have come, for those who keep what they made of them. */
  readonly loaded: Bytes;
}

/** Puts a cache of pages over a source. */
export function cachedSource(source: ByteSource, changes = new Signal()): CachedSource {
  const pages = new Lru<number, Uint8Array | string>(PAGES);
  const pending = new Set<number>();

  const load = (page: number): void => {
    if (pending.has(page)) return;
    pending.add(page);
    source
      .read(page * PAGE, PAGE)
      .then((bytes) => pages.set(page, bytes))
      .catch((error: unknown) => pages.set(page, error instanceof ReadError ? error.message : 'the read failed'))
      .finally(() => {
        pending.delete(page);
        changes.change();
      });
  };

  const peek = (offset: number, length: number): Peek => {
    const end = Math.min(source.size, offset + length);
    if (end <= offset) return { state: 'ready', bytes: new Uint8Array(0) };
    const first = Math.floor(offset / PAGE);
    const last = Math.floor((end - 1) / PAGE);
    const out = new Uint8Array(end - offset);
    let missing = false;
    let reason: string | undefined;
    for (let page = first; page <= last; page++) {
      const known = pages.get(page);
      if (known === undefined) {
        missing = true;
        load(page);
      } else if (typeof known === 'string') {
        reason = known;
      } else {
        const from = Math.max(offset, page * PAGE);
        const to = Math.min(end, page * PAGE + known.length);
        out.set(known.subarray(from - page * PAGE, to - page * PAGE), from - offset);
      }
    }
    if (reason !== undefined) return { state: 'failed', reason };
    return missing ? { state: 'loading' } : { state: 'ready', bytes: out };
  };

  let loaded = { peek, count: changes.count };
  return {
    name: source.name,
    size: source.size,
    changes,
    read: (offset, length) => source.read(offset, length),
    peek,
    get loaded() {
      if (loaded.count !== changes.count) loaded = { peek, count: changes.count };
      return loaded;
    },
  };
}
