/** Versions of Xen, as rules name them: 4.17 is 417. */

import type { ImageInfo } from '../../scan/image';

export type XenVersion = number;

/** Newest that the rules know; the development version after it counts as the same. */
export const NEWEST_XEN: XenVersion = 423;
/** The first that reads these streams. */
export const OLDEST_XEN: XenVersion = 406;

export interface VersionRange {
  /** First version that behaves so. */
  readonly from?: XenVersion;
  /** First version that no longer does. */
  readonly before?: XenVersion;
}

/** Returns the version of the Xen that a stream names, brought into the range that the rules know. */
const versionOf = (major: number, minor: number): XenVersion =>
  Math.min(NEWEST_XEN, Math.max(OLDEST_XEN, major * 100 + minor));

/** Returns the version of the Xen that saved an image; undefined where it does not say, or where a converter wrote it. */
export const savingXen = ({ xenMajor, xenMinor }: Pick<ImageInfo, 'xenMajor' | 'xenMinor'>): XenVersion | undefined =>
  xenMajor === undefined || xenMajor === 0 || xenMinor === undefined ? undefined : versionOf(xenMajor, xenMinor);

/** Reads a version such as `4.17` or `4.17.5`; returns undefined for anything else, and for versions that never read such streams. */
export function parseVersion(text: string): XenVersion | undefined {
  const match = /^4\.(\d{1,2})(?:\.\d+)?(?:[-+]\S*)?$/u.exec(text.trim());
  if (!match) return undefined;
  const version = 400 + Number(match[1]);
  return version < OLDEST_XEN ? undefined : Math.min(NEWEST_XEN, version);
}

/** Returns a version as Xen writes it: `4.17`. */
export const versionText = (version: XenVersion): string => `${Math.floor(version / 100)}.${version % 100}`;

/** Tells whether a version lies in a range. */
export const inRange = ({ from = 0, before = Number.POSITIVE_INFINITY }: VersionRange, version: XenVersion): boolean =>
  version >= from && version < before;
