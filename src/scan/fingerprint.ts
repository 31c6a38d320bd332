/**
 * The fingerprint of an image: a SHA-256 tree over its size and all of it that may be shared, so that it stays when an
 * image is made for sharing. Bytes are gathered into leaves of 1 MiB; the root is the digest of the size (u64,
 * little-endian) followed by the digests of the leaves; the fingerprint is its first 16 hex digits.
 */
import { hexBytes } from '../lib/text';
import type { SharingSink } from './sharing/sink';

const LEAF = 1024 * 1024;
const DIGEST = 32;
const IN_FLIGHT = 8;
/** Up to so many bytes a loop is faster than set(). */
const SMALL = 32;

/** Returns the platform's digest. Pages served without TLS from another machine have none: they do without a fingerprint. */
const digest = (): SubtleCrypto['digest'] | undefined => {
  const subtle = globalThis.crypto.subtle as SubtleCrypto | undefined;
  return subtle?.digest.bind(subtle);
};

/** Where the fingerprint stood at a mark. */
interface Mark {
  /** Leaves that were closed. */
  readonly leaves: number;
  readonly filled: number;
  /** What the open leaf held, kept when it is closed. */
  bytes?: Uint8Array;
}

/** The fingerprint of an image while its bytes are gathered. */
export class Fingerprint implements SharingSink {
  readonly #digest = digest();
  readonly #leaf = new Uint8Array(LEAF);
  #filled = 0;
  #leaves = 0;
  #mark: Mark | undefined;
  readonly #digests: Promise<ArrayBuffer>[] = [];
  readonly #done: Uint8Array[] = [];

  /** Takes bytes in file order; they are copied. */
  keep(bytes: Uint8Array): void {
    if (!this.#digest) return;
    if (bytes.length <= SMALL && this.#filled + bytes.length < LEAF) {
      for (const byte of bytes) this.#leaf[this.#filled++] = byte;
      return;
    }
    for (let from = 0; from < bytes.length;) {
      const count = Math.min(LEAF - this.#filled, bytes.length - from);
      this.#leaf.set(bytes.subarray(from, from + count), this.#filled);
      this.#filled += count;
      from += count;
      if (this.#filled === LEAF) this.#close();
    }
  }

  /** Nothing to do: what may not be shared does not count. */
  fill(): void {
    // Bytes that are left out leave no trace.
  }

  mark(): void {
    this.#mark = { leaves: this.#leaves, filled: this.#filled };
  }

  rollBack(): void {
    const mark = this.#mark;
    if (!mark) return;
    if (mark.bytes) this.#leaf.set(mark.bytes);
    this.#filled = mark.filled;
    for (; this.#leaves > mark.leaves; this.#leaves--) if (!this.#digests.pop()) this.#done.pop();
    this.#mark = undefined;
  }

  /** Tells whether so many digests are under way that the caller should `settle` before going on. */
  get busy(): boolean {
    return this.#digests.length >= IN_FLIGHT;
  }

  /** Waits for the digests that are under way. */
  async settle(): Promise<void> {
    for (const leaf of this.#digests.splice(0)) this.#done.push(new Uint8Array(await leaf));
  }

  /** Returns the fingerprint, sixteen hex digits, of an image of `size` bytes; undefined where the platform has no digests. */
  async finish(size: number): Promise<string | undefined> {
    if (!this.#digest) return undefined;
    if (this.#filled > 0) this.#close();
    await this.settle();
    const root = new Uint8Array(8 + this.#done.length * DIGEST);
    new DataView(root.buffer).setBigUint64(0, BigInt(size), true);
    for (const [index, leaf] of this.#done.entries()) root.set(leaf, 8 + index * DIGEST);
    return hexBytes(new Uint8Array(await this.#digest('SHA-256', root)).subarray(0, 8));
  }

  #close(): void {
    const mark = this.#mark;
    if (mark?.leaves === this.#leaves) mark.bytes = this.#leaf.slice(0, mark.filled);
    // digest() copies its input before it returns, so the leaf can be filled again at once.
    const leaf = this.#digest?.('SHA-256', this.#leaf.subarray(0, this.#filled));
    if (leaf) this.#digests.push(leaf);
    this.#leaves++;
    this.#filled = 0;
  }
}
