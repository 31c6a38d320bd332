/**
 * What of a record's body may be shown to others: the vocabulary. Rule of all judges: kept is what a known structure,
 * of its proper size, gives a meaning that is no memory of the guest. Zeros are kept wherever nothing else is meant.
 */
import type { XstateComponent } from '../guest';

/** What kept bytes are, as a report counts them. */
export type KeptKind = 'framing' | 'lists' | 'config' | 'policy' | 'guest' | 'vcpus' | 'devices' | 'unknown';

/** What is taken out of an image in addition, when asked. */
export type Secret = 'registers' | 'config';

/** Bytes `from … to` of a body that may be kept. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly kind: KeptKind;
  /** Goes with the registers or the configuration, when these are taken out. */
  readonly secret?: Secret | undefined;
}

/** What the stream has said before a body, as far as its judge must know it. */
export interface Told {
  readonly little: boolean;
  /** Bytes in a word of a PV guest; undefined where no record said so. */
  readonly width?: number | undefined;
  readonly xstate?: readonly XstateComponent[] | undefined;
}

/** Judges the bodies of one record type. */
export interface Judge {
  /** Longest body that is looked at, bytes: a longer one is none. */
  readonly most: number;
  /** Returns what may be kept, ascending and apart; undefined for a body that makes no sense: none of it may. */
  readonly keeps: (body: Uint8Array, told: Told) => readonly Stretch[] | undefined;
}

/** Tells whether `from … to` are all zeros. */
export function isZero(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (bytes[at] !== 0) return false;
  return true;
}

/** Returns the first `size` bytes as kept, and what follows them if it is zeros: a rest that says something means nothing. */
export function structure(
  body: Uint8Array,
  size: number,
  kind: KeptKind,
  secret?: Secret,
): readonly Stretch[] | undefined {
  if (body.length < size) return undefined;
  return [{ from: 0, to: isZero(body, size, body.length) ? body.length : size, kind, secret }];
}

/** Returns all of a body as kept. */
export const all = (body: Uint8Array, kind: KeptKind, secret?: Secret): readonly Stretch[] => [
  { from: 0, to: body.length, kind, secret },
];
