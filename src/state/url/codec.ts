/** The link in the hash, whatever its version. Nothing of the address but the hash is used. */
import { type Link, START } from '../place';
import { readV1, writeV1 } from './v1';

const CURRENT_VERSION = 1;

/** What the hash of an address says. */
export type Decoded =
  | { readonly kind: 'none' }
  | { readonly kind: 'link'; readonly link: Link }
  /** Made by a later Xenscope: nothing in it may be guessed. */
  | { readonly kind: 'newer'; readonly version: number }
  | { readonly kind: 'unreadable' };

/** `+` separates offset and length in a byte range, so it must not read as the space that forms make of it. */
const keysOf = (hash: string): URLSearchParams => new URLSearchParams(hash.replace(/^#/u, '').replaceAll('+', '%2B'));

/** Reads the hash of the page's address, of whichever version it is. Never throws. */
export function decodeHash(hash: string): Decoded {
  if (hash === '' || hash === '#') return { kind: 'none' };
  const keys = keysOf(hash);
  const text = keys.get('v');
  if (text === null || !/^\d{1,6}$/u.test(text) || Number(text) === 0) return { kind: 'unreadable' };
  const version = Number(text);
  if (version > CURRENT_VERSION) return { kind: 'newer', version };
  return { kind: 'link', link: readV1(keys) };
}

/** Returns the hash for a link, with `#`; empty where there is nothing to say. */
export function encodeHash(link: Link): string {
  if (!link.image && writeV1({ place: link.place }) === writeV1({ place: START })) return '';
  return `#${writeV1(link)}`;
}
