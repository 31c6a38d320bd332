/** What a command is: all that parsing, usage and README need to know of it, and what it does. */
import type { NodeFileSource } from '../source/node-file';
import type { ScanResult } from '../scan/scan';
import type { Given, Options } from './option';

/** Options that were given, by key, whatever the command. */
export type AnyGiven = Readonly<Record<string, string | boolean | undefined>>;

export interface Input<O extends Options> {
  readonly scan: ScanResult;
  readonly source: NodeFileSource;
  /** The image as it was named. */
  readonly path: string;
  /** The operand behind the image; empty where the command has none. */
  readonly operand: string;
  readonly options: Given<O>;
}

/** Options of which one at most can be given. */
interface Choice<Key> {
  readonly of: readonly Key[];
  /** One has to be given. */
  readonly required?: true;
}

/** A command; `Key` are the keys of its options. */
interface Described<Key> {
  readonly name: string;
  /** `REF`, for a second operand behind the image. */
  readonly operand?: string;
  /** What it prints, in a sentence or two. */
  readonly about: string;
  /** What exit code 1 means, where the command has it. */
  readonly one?: string;
  readonly choices?: readonly Choice<Key>[];
  /** The option that has to be given. */
  readonly required?: Key;
  /** Tells what the guest's pages hold, which a blanked image does not. */
  readonly readsPages?: true;
  /** Looks at files that hold no stream too. */
  readonly anyFile?: true;
}

/** A command as the table has it, its options by any key. */
export interface Command extends Described<string> {
  /** The options in the order of the usage. */
  readonly options: Options;
  /** Returns the exit code, if not 0. Throws `CliError`. */
  run(input: Omit<Input<Options>, 'options'> & { readonly options: AnyGiven }): number | void | Promise<number | void>;
}

/** Makes a command; the names of its options, and what `run` is given of them, are checked against `options`. */
export const command = <O extends Options>(
  described: Described<keyof O & string> & {
    readonly options: O;
    run(input: Input<O>): number | void | Promise<number | void>;
  },
): Command => described;
