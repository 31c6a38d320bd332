/** What is said of every record type, whatever its layer: the columns of the tables in `libxc/types` and `libxl/types`. */

/** What a record is for; decides its colour. */
export type Group = 'header' | 'info' | 'policy' | 'pages' | 'cpu' | 'device' | 'control' | 'unknown';

/**
 * Lengths of a body that a reader accepts: `min`, `min + step`, … up to `max`. Source: the restore handlers of
 * tools/libs/guest/xg_sr_restore*.c and xg_sr_common_x86*.c.
 */
export interface LengthRule {
  readonly min: number;
  readonly max: number;
  readonly step?: number;
}

/** The kinds of guest in whose stream a reader takes the record; `none` where every release refuses it. */
type TakenFor = 'all' | 'pv' | 'hvm' | 'none';

/** A record type, as a row of its layer's table. What of its body may be shared, its judge says (`sharing/judges`). */
export interface RecordRow {
  readonly group: Group;
  /** One sentence: what the record carries. */
  readonly doc: string;
  readonly length: LengthRule;
  readonly takenFor: TakenFor;
  /** The body holds state of one vCPU, and starts with its id. */
  readonly perVcpu?: true;
  /** The fields are found by going through the body from its start, so that all of it is loaded to show them. */
  readonly walked?: true;
}

/** The names in a table of those types that some reader takes: what reads a stream must know what to do with each. */
export type TakenNames<Table extends Readonly<Record<string, RecordRow>>> = {
  [Name in keyof Table]: Table[Name]['takenFor'] extends 'none' ? never : Name;
}[keyof Table];

/** A record type with its name, as the specification spells it. */
export type RecordSpec = RecordRow & { readonly name: string };

/** Returns the rule for a body of one length only. */
export const exactly = (length: number): LengthRule => ({ min: length, max: length });

/** Returns the rule for a body of `min` bytes or more, in steps. */
export const atLeast = (min: number, step = 1): LengthRule => ({ min, max: Number.POSITIVE_INFINITY, step });

/** Tells whether a length is one that the rule accepts. */
export function fitsRule({ min, max, step = 1 }: LengthRule, length: number): boolean {
  return length >= min && length <= max && (length - min) % step === 0;
}
