/** A worked example of CONTRIBUTING.md, as edits that a test makes step by step. */

/** A piece of text put into a file, in front of or instead of the first occurrence of another; the whole of a new file. */
export interface Edit {
  readonly file: string;
  readonly before?: string;
  readonly insteadOf?: string;
  readonly text: string;
}

export interface Example {
  /** Its heading in CONTRIBUTING.md. */
  readonly heading: string;
  /** Source files that it takes. */
  readonly files: number;
  /** What it adds to the tests, as far as CONTRIBUTING.md prints it. */
  readonly tests?: string;
  /** After each step the compiler is asked, and after the last it has nothing to say. */
  readonly steps: readonly (readonly Edit[])[];
}
