/** What the page shows, as one small serialisable state. Bytes and index live beside it, in `session.ts`. */
import { create } from 'zustand';
import type { CheckResult } from '../check/result';
import type { XenVersion } from '../check/kit/xen-version';
import type { SymbolsInfo } from '../memory/symbols/fit';
import type { Finding } from '../scan/finding';
import { emptyImage, type ImageInfo } from '../scan/image';
import type { Progress } from '../worker/protocol';
import { type ImageName, type Place, START } from './url/link';

/** empty → scanning → done | cancelled | refused | crashed */
type Phase = 'empty' | 'scanning' | 'done' | 'cancelled' | 'refused' | 'crashed';

export type Theme = 'system' | 'light' | 'dark';

/** What was asked of the check besides the image. */
export interface Target {
  /** The Xen that restores; that of the image if not given. */
  readonly xen?: XenVersion;
  /** CPU policy of the host that restores: what xen-cpuid -p prints or an image saved there, and what to call it. */
  readonly policy?: { readonly name: string; readonly data: Blob };
}

export type Check =
  | { readonly state: 'none' }
  | { readonly state: 'running'; readonly done: number; readonly total: number }
  | { readonly state: 'done'; readonly result: CheckResult }
  | { readonly state: 'cancelled'; readonly done: number; readonly total: number }
  | { readonly state: 'failed'; readonly reason: string };

/** The symbols of the guest's kernel. */
export type Symbols =
  | { readonly state: 'none' }
  | { readonly state: 'reading'; readonly name: string }
  | { readonly state: 'failed'; readonly name: string; readonly reason: string }
  | { readonly state: 'ready'; readonly name: string; readonly info: SymbolsInfo };

export interface AppState {
  readonly phase: Phase;
  readonly file: { readonly name: string; readonly size: number } | undefined;
  readonly progress: Progress;
  readonly image: ImageInfo;
  readonly findings: readonly Finding[];
  readonly suppressed: number;
  /** Whether the image would restore: asked once the scan has ended, and again for another target. */
  readonly check: Check;
  readonly target: Target;
  readonly symbols: Symbols;
  /** Text of the restore log that is held against the image. */
  readonly log: string;
  /** The finding that is looked at, by its place in the list. */
  readonly finding: number | undefined;
  readonly fingerprint: string | undefined;
  readonly crash: string | undefined;
  /** Rises with every change of the index, the page cache or a fold: what is drawn from them is drawn again. */
  readonly version: number;
  readonly place: Place;
  /** Rises with every jump: what was jumped to is brought into view even if it was selected already. */
  readonly jumps: number;
  /** Path of the selected field in the record's tree, to tell apart fields that share their bytes. */
  readonly fieldPath: string | undefined;
  /** The image that the link asked for. */
  readonly expected: ImageName | undefined;
  /** Where in it the link leads: kept while other files are tried. */
  readonly expectedPlace: Place;
  /** Why the link could not be followed. */
  readonly linkProblem: string | undefined;
  /** A short word on what just happened. */
  readonly notice: string | undefined;
  readonly theme: Theme;
  readonly dialog: 'palette' | 'keys' | 'export' | undefined;
}

const NO_PROGRESS: Progress = { position: 0, records: 0, mentions: 0, highestPfn: -1, elapsedMs: 0 };

export const NO_FILE = {
  phase: 'empty',
  file: undefined,
  progress: NO_PROGRESS,
  image: emptyImage(),
  findings: [],
  suppressed: 0,
  check: { state: 'none' },
  target: {},
  symbols: { state: 'none' },
  log: '',
  finding: undefined,
  fingerprint: undefined,
  crash: undefined,
  fieldPath: undefined,
} as const satisfies Partial<AppState>;

export const useApp = create<AppState>(() => ({
  ...NO_FILE,
  version: 0,
  jumps: 0,
  place: START,
  expected: undefined,
  expectedPlace: START,
  linkProblem: undefined,
  notice: undefined,
  theme: 'system',
  dialog: undefined,
}));
