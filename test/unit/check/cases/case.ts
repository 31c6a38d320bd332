/** A rule’s two streams: one that it objects to, one that comes close and that it takes. */
import type { ReaderId } from '../../../../src/check/kit/reader';
import type { Parts } from '../../../fixtures/built/restorable';

/** Parts put in place of those of a whole image; undefined leaves one out. */
export type Change = Readonly<Record<string, Uint8Array | undefined>>;

export interface RuleCase {
  /** Of the rule, with its variant. */
  readonly key: string;
  /** The whole image that is changed. */
  readonly base: () => Parts;
  readonly bad: Change;
  readonly near: Change;
  /** Lines as Xen prints them, written out. */
  readonly log?: readonly string[];
  /** Those that only a debug build prints, before them. */
  readonly debugLog?: readonly string[];
  /** The guilty bytes: the part that they are in, and where in it. */
  readonly at?: readonly [part: string, offset: number];
  /** The reader that the image was made for if not given. */
  readonly reader?: ReaderId;
  /** 4.17 if not given. */
  readonly xen?: number;
  /** `xen-cpuid -p` of the target. */
  readonly target?: string;
  /** Cuts the image: bytes kept of it, counted from its end where negative. */
  readonly cut?: number;
  readonly nearCut?: number;
  /** The note that stands where nothing is known of the target. */
  readonly unsettled?: true;
}

export function change(parts: Parts, by: Change): Parts {
  return Object.fromEntries(
    Object.entries({ ...parts, ...by }).flatMap(([name, bytes]) => (bytes === undefined ? [] : [[name, bytes]])),
  );
}
