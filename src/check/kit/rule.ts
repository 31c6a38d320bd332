/** A rule: one condition under which Xen, or a reader of the specification, objects. Adding a rule is adding one entry. */
import type { Span } from '../../lib/range';
import type { LogValue } from '../../lib/printf';
import type { Certainty, Layer, Severity } from './finding';
import type { LogLine } from './log-line';
import type { VersionRange } from './xen-version';

/** What a rule saw. */
export interface Hit {
  /** Values for the conversions of the rule's lines, in order. */
  readonly values?: readonly LogValue[];
  /** What is wrong, with its numbers; the rule's title if not given. */
  readonly message?: string;
  /** The guilty bytes, from the start of what the rule looks at; the whole of it if not given. */
  readonly at?: Span;
  /** Error number of this failure; the rule's own if not given. */
  readonly errno?: number;
  /** Known of the target, so that a `target` rule decides; or not known, so that a `certain` one does not. */
  readonly settled?: boolean;
  /** Lines that are printed; the rule's own if not given. */
  readonly log?: readonly LogLine[];
}

export interface RuleText {
  /** Id in the catalogue of restore checks. */
  readonly id: string;
  /** Tells rules of one id apart, in kebab case: all of them have one. Never changed once it was published. */
  readonly variant?: string;
  readonly layer: Layer;
  readonly severity: Severity;
  readonly certainty?: Certainty;
  /** Versions of Xen that it holds for; all if not given. */
  readonly versions?: VersionRange;
  /** Lines as they are printed, each a format of C. */
  readonly log?: readonly LogLine[];
  /** Only debug builds of Xen print the lines. */
  readonly debug?: true;
  /** Error number of the failure, where one is printed or returned. */
  readonly errno?: number;
  /** libxc puts the error number behind the last line. */
  readonly perror?: true;
  /** What is wrong, in few words. */
  readonly title: string;
  /** What it means, in plain words. */
  readonly explain: string;
  /** What to do about it. */
  readonly advice: string;
  /** Where Xen tests it. */
  readonly source: string;
}

export interface Rule<S> extends RuleText {
  /** Whether, and with what values, it applies to what it looks at. */
  readonly when: (subject: S) => Hit | boolean;
}

/** Returns the name of a rule that no other rule has: its id, with the variant behind it where rules share the id. */
export const keyOf = ({ id, variant }: Pick<RuleText, 'id' | 'variant'>): string =>
  variant === undefined ? id : `${id}.${variant}`;

/** Advice that many rules share. */
export const ADVICE = {
  copy: 'Compare the file with its original (size, checksum) and copy it again in binary mode.',
  resave: 'Save the domain again; the missing data exists nowhere else in the file.',
  writer: 'Check the tool that wrote the stream; Xen itself never writes this.',
  newer: 'Restore on a Xen that is at least as new as the one that saved the domain.',
  none: 'No action needed: Xen accepts this.',
  config: 'Correct the configuration, or pass xl restore a configuration of your own.',
  target: 'Restrict the guest to CPU features that both hosts have, or restore it on the host that saved it.',
} as const;
