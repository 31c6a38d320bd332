/** Where it is told what of an image may be shared: the fingerprint, and whoever makes an image for sharing. */
import type { KeptKind, Secret } from '../../format/sharing/judge';

/**
 * Why bytes may not be shared. `pages`: page contents. `unknown`: framed well, but nothing gives them a meaning.
 * `damaged`: of a record that makes no sense, or makes none where it stands. What nothing is said of is lost: between
 * records, or not reached.
 */
export type FilledKind = 'pages' | 'unknown' | 'damaged';

/** Takes what may be shared and what may not, in file order. */
export interface SharingSink {
  /** Takes bytes that may be shared. They are valid during the call only. */
  keep(bytes: Uint8Array, offset: number, kind: KeptKind, secret: Secret | undefined): void;
  /** Takes note of bytes that may not. */
  fill(offset: number, length: number, kind: FilledKind): void;
  /** Remembers what was taken so far: all that follows is in doubt. */
  mark(): void;
  /** Forgets all that was taken since the mark. */
  rollBack(): void;
}

/** A sink for those who need none. */
export const NO_SINK: SharingSink = {
  keep: () => undefined,
  fill: () => undefined,
  mark: () => undefined,
  rollBack: () => undefined,
};

/** Makes a sink that hands all to two others. */
export const bothSinks = (one: SharingSink, other: SharingSink): SharingSink => ({
  keep: (bytes, offset, kind, secret) => {
    one.keep(bytes, offset, kind, secret);
    other.keep(bytes, offset, kind, secret);
  },
  fill: (offset, length, kind) => {
    one.fill(offset, length, kind);
    other.fill(offset, length, kind);
  },
  mark: () => {
    one.mark();
    other.mark();
  },
  rollBack: () => {
    one.rollBack();
    other.rollBack();
  },
});
