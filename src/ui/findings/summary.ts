/** What the findings come to, in a headline and a sentence. Says what is damaged, not whether it would restore. */
import { byteSize, counted } from '../../lib/text';
import type { Finding, Severity } from '../../scan/finding';
import type { Phase } from '../../state/store';

export const WORDS: Readonly<Record<Severity, string>> = { fatal: 'Fatal', warning: 'Warning', note: 'Note' };
const WEIGHT: Readonly<Record<Severity, number>> = { fatal: 0, warning: 1, note: 2 };

/** The gravest first; of one severity in the order of the file. */
export const bySeverity = (findings: readonly Finding[]): Finding[] =>
  findings.toSorted((a, b) => WEIGHT[a.severity] - WEIGHT[b.severity]);

export interface Summary {
  readonly headline: string;
  readonly sentence: string;
  /** The gravest severity; `ok` without damage. */
  readonly grade: Severity | 'ok';
}

interface Given {
  readonly findings: readonly Finding[];
  readonly suppressed: number;
  readonly phase: Phase;
  readonly complete: boolean;
  /** How far the scan has come, bytes. */
  readonly position: number;
}

function counts(findings: readonly Finding[], suppressed: number): string {
  const fatal = findings.filter(({ severity }) => severity === 'fatal').length;
  const all = counted(findings.length + suppressed, 'finding');
  if (findings.length === 1 && fatal === 1) return '1 finding, and it is fatal';
  return fatal === 0 ? `${all}, none of them fatal` : `${all}, ${fatal} of them fatal`;
}

export function summarise({ findings, suppressed, phase, complete, position }: Given): Summary {
  const grade = bySeverity(findings)[0]?.severity;
  const isClean = grade === undefined || grade === 'note';
  const soFar = phase === 'scanning' ? ' so far' : '';
  const unseen = phase === 'cancelled' || phase === 'crashed';
  const headline =
    isClean && unseen ? 'Not scanned to the end' : (isClean ? 'No damage found' : counts(findings, suppressed)) + soFar;
  const sentence =
    phase === 'scanning'
      ? `The scan is at ${byteSize(position)}.`
      : phase === 'cancelled'
        ? `The scan was cancelled: what lies behind ${byteSize(position)} was not looked at.`
        : phase === 'crashed'
          ? 'The scan stopped by itself: what lies behind was not looked at.'
          : grade === 'fatal'
            ? 'The stream is damaged. What weighs most comes first.'
            : grade === 'warning'
              ? 'The stream departs from the specification.'
              : complete
                ? 'The stream is complete and undamaged.'
                : 'Everything in the stream is sound, but it has no end of its own.';
  return { headline, sentence, grade: isClean ? 'ok' : grade };
}
