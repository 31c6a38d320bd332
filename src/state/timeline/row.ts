/** The rows of the timeline. */
import type { Layer } from '../../format/layers';
import type { ContextEntry, Gap } from '../../scan/image';

/** A row of the timeline; `block` is what is folded and unfolded with it. */
export type TimelineRow =
  | {
      readonly kind: 'layer';
      readonly layer: Layer;
      readonly depth: number;
      readonly open: boolean;
      readonly block: number;
      readonly record: number;
    }
  | {
      readonly kind: 'run';
      readonly first: number;
      readonly count: number;
      readonly pages: number;
      readonly depth: number;
      readonly open: boolean;
      readonly block: number;
    }
  | {
      readonly kind: 'record';
      readonly record: number;
      readonly depth: number;
      /** Set for a record that has entries to unfold. */
      readonly open?: boolean;
      readonly block: number;
    }
  | {
      readonly kind: 'entry';
      readonly record: number;
      readonly entry: ContextEntry;
      readonly depth: number;
      readonly block: number;
    }
  | { readonly kind: 'gap'; readonly gap: Gap; readonly depth: number; readonly block: number };
