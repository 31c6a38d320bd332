/** Options of commands: what they are called, what they take, and what is said of them. */

export interface Flag {
  readonly kind: 'flag';
  /** What it does, as `--help` says it. */
  readonly help: string;
  /** Key of the option without which this one means nothing. */
  readonly with?: string;
}

export interface Valued {
  readonly kind: 'valued';
  /** What stands for its value in the usage: `FILE`. */
  readonly value: string;
  readonly help: string;
  readonly with?: string;
  /** A second name, of one letter. */
  readonly short?: string;
}

export type Option = Flag | Valued;

/** Options by the name under which a command reads them: `targetPolicy` is `--target-policy` on the command line. */
export type Options = Readonly<Record<string, Option>>;

/** What was given: a flag is there or not, any other option has its text or is undefined. */
export type Given<O extends Options> = {
  readonly [Key in keyof O]: O[Key] extends Flag ? boolean : string | undefined;
};

/** Makes an option that is given or not. */
export const flag = (help: string, more: Pick<Flag, 'with'> = {}): Flag => ({ kind: 'flag', help, ...more });

/** Makes an option that takes a value, which the usage calls `value`. */
export const valued = (value: string, help: string, more: Pick<Valued, 'with' | 'short'> = {}): Valued => ({
  kind: 'valued',
  value,
  help,
  ...more,
});

/** Returns the name on the command line of the option that a command reads under `key`. */
export const optionName = (key: string): string =>
  `--${key.replaceAll(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`)}`;

/** Options that mean the same wherever a command takes them. */
export const JSON_OPTION = { json: flag('JSON instead of text, one object a line') };
export const VCPU_OPTION = { vcpu: valued('N', 'the vCPU whose page tables count; the first one if not given') };
export const SYMBOL_OPTIONS = {
  symbols: valued('FILE', 'names from the System.map or vmlinux of the guest’s kernel'),
  ownSymbols: flag('names from the table that a 64-bit Linux kernel carries with it'),
};
/** Shown once for all commands. */
export const SHARED_OPTIONS: Options = { ...JSON_OPTION, ...VCPU_OPTION, ...SYMBOL_OPTIONS };
