/**
 * What a link can say: a place in an image, and which image. The current version of it; `v1.ts` reads and writes it.
 */
import type { XenVersion } from '../check/kit/xen-version';
import type { Range } from '../lib/range';
import type { LayerId } from '../memory/map/layer';

/** The tabs, in their order. */
export const TABS = ['record', 'memory', 'cpus', 'policy', 'config', 'findings'] as const;
/** The name of a tab, as links have it. */
export type Tab = (typeof TABS)[number];

/** Which bytes the hex view goes over. */
export type HexScope = 'record' | 'file';

/** What is shown below the page map. */
export const PAGE_VIEWS = ['passes', 'resent', 'verify', 'hex', 'table', 'text', 'code', 'compare'] as const;
/** What is shown below the page map, as links have it. */
export type PageView = (typeof PAGE_VIEWS)[number];

/** The image that a link is about: never its contents. */
export interface ImageName {
  readonly name: string;
  readonly size: number;
  /** Sixteen hex digits; missing in links that were made before the scan had ended. */
  readonly fingerprint?: string;
}

/** What is looked at, as far as a link can name it. */
export interface Place {
  readonly record?: number;
  /** Selected bytes, file offsets. */
  readonly range?: Range;
  readonly tab: Tab;
  readonly pfn?: number;
  readonly vcpu?: number;
  /** Linear address, as the tables of that vCPU map it: the Memory tab then shows virtual memory. */
  readonly va?: bigint;
  /** Layer of the page map; page types if not given. */
  readonly layer?: LayerId;
  /** Below the page map: nothing chosen if not given. */
  readonly pageView?: PageView;
  /** The finding that is looked at: the key of its rule, in old links its id, and its file offset. */
  readonly finding?: { readonly key: string; readonly offset: number };
  /** The Xen that the restore is played through for; that which saved if not given. */
  readonly xen?: XenVersion;
  readonly filter: string;
  readonly hexScope: HexScope;
}

/** What a link says: which image, and which place in it. */
export interface Link {
  readonly image?: ImageName;
  readonly place: Place;
}

/** Where a file starts. */
export const START: Place = { tab: 'record', filter: '', hexScope: 'record' };
