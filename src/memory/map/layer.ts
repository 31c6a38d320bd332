/** What a layer of the page map is: one entry in `layers.ts`, and nothing else to add. */
import type { Pass } from '../../scan/image';
import type { StreamMarks } from '../../scan/restored/ends';
import type { Shape } from './page-types';

/** State of a cell of which the layer has nothing to say: PFNs that the stream never mentions, pages without a role. */
export const NOTHING = 0xff;

export type LayerId = 'type' | 'presence' | 'sends' | 'pass' | 'record' | 'role' | 'content' | 'findings';

/** What layers need to know of the image besides the pages. The same on both sides of the worker. */
export interface MapFacts extends StreamMarks {
  readonly passes: readonly Pass[];
  /** CHECKPOINT records seen. */
  readonly checkpoints: number;
  /** 1 PV, 2 HVM or PVH. */
  readonly domainType?: number;
}

/** One state: how it is drawn and what it is called. */
export interface LayerEntry {
  readonly state: number;
  /** What the legend calls it. */
  readonly short: string;
  /** What a sentence calls it. */
  readonly name: string;
  /** Token of the colour. */
  readonly colour: string;
  readonly shape: Shape;
  /** Left out of the legend while there is no such page. */
  readonly quiet?: boolean;
}

/** The state of pages that the page index holds alike. `record` is that of the copy that a restore stores, or `NO_COPY` or `NOT_TAKEN`. */
type ValueOf = (facts: MapFacts) => (type: number, sends: number, record: number) => number;

export interface MapLayer {
  readonly id: LayerId;
  /** On its button. */
  readonly label: string;
  /** Above its legend. */
  readonly title: string;
  /** What it shows, in a sentence. */
  readonly doc: string;
  /** The states, in the order of the legend. */
  readonly entries: (facts: MapFacts) => readonly LayerEntry[];
  /** Orders states: of several in one cell the one of the lowest rank is shown, what is rarer and matters more. */
  readonly rank: (state: number) => number;
  /** Gives the state of pages in layers of the page index; the others have their own source in `guest-map.ts`. */
  readonly value?: ValueOf;
  /** What a cell without a state means. */
  readonly nothing: string;
}

/** Makes an entry of a legend; filled where no shape is given. */
export const entry = (
  state: number,
  short: string,
  name: string,
  colour: string,
  shape: Shape = 'fill',
): LayerEntry => ({ state, short, name, colour, shape });
