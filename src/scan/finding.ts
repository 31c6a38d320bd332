/** What a scan notices: damage and departures from the specification, each with the bytes that show it. */
import type { Layer } from '../format/layers';

export type Severity = 'fatal' | 'warning' | 'note';

/** Damage, or a departure from the specification. */
export interface Finding {
  /** Stable name of the rule. */
  readonly id: string;
  readonly severity: Severity;
  readonly layer: Layer | 'file';
  /** Record index; undefined where no record is concerned. */
  readonly record: number | undefined;
  /** File offset and length of the bytes that show it. */
  readonly offset: number;
  readonly length: number;
  readonly message: string;
  readonly expected?: string;
  readonly found?: string;
}

/** Findings kept of one scan: a hostile file can hold millions of faults, a person reads the first few. */
export const FINDING_LIMIT = 1000;
