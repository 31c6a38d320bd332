/** How the check agrees with a real Xen 4.17, by the image that was broken: test/unit/check/broken.test.ts holds it so. */
export interface Agreement {
  readonly base: string;
  /** Variants, and how many of them come to the same verdict and first log line. */
  readonly all: number;
  readonly agree: number;
  readonly fails: number;
  readonly suspect: number;
  readonly ok: number;
}

export const AGREEMENT: readonly Agreement[] = [
  { base: 'micro64.xlsave', all: 158, agree: 158, fails: 111, suspect: 12, ok: 35 },
  { base: 'micropvh.xlsave', all: 110, agree: 110, fails: 66, suspect: 4, ok: 40 },
  { base: 'hvmbios.xlsave', all: 40, agree: 40, fails: 25, suspect: 4, ok: 11 },
  { base: 'micropvh-xsave.xlsave', all: 9, agree: 9, fails: 6, suspect: 0, ok: 3 },
];
