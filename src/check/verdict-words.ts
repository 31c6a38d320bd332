/** What a check came to in words, one table for the terminal, the page and reports. */
import type { Severity, Verdict } from './kit/finding';
import type { CheckResult } from './result';

interface VerdictWords {
  /** Colour and shape that go with it. */
  readonly sign: Severity | 'ok';
  /** One or two words, for a badge. */
  readonly badge: string;
  /** What follows the name of the image in the title of a report: “… on Xen 4.17”. */
  readonly report: string;
  /** A line of its own. */
  readonly headline: string;
  /** The first line that the terminal program prints. */
  readonly terminal: string;
}

const WORDS: Readonly<Record<Verdict, VerdictWords>> = {
  ok: {
    sign: 'ok',
    badge: 'Would restore',
    report: 'would restore',
    headline: 'No fault found in the image',
    terminal: 'ok: no fault found in the image: it would restore',
  },
  suspect: {
    sign: 'warning',
    badge: 'Suspect',
    report: 'would restore, but the guest would be damaged',
    headline: 'It would restore, but the guest would be damaged',
    terminal: 'suspect: it would restore, but the guest would be damaged',
  },
  fails: {
    sign: 'fatal',
    badge: 'Would fail',
    report: 'would not restore',
    headline: 'The restore fails',
    terminal: 'fails: it would not restore',
  },
  unknown: {
    sign: 'note',
    badge: 'Cannot be told',
    report: 'whether it would restore cannot be told',
    headline: 'Whether it would restore cannot be told',
    terminal: 'unknown: whether it would restore cannot be told',
  },
};

/** Returns the words for what a check came to. */
export const verdictWords = ({ verdict }: Pick<CheckResult, 'verdict'>): VerdictWords => WORDS[verdict];
