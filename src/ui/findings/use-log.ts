/** The log of a restore that is held against the image: where it comes from, and what its lines mean. */
import { useState } from 'react';
import { logText } from '../../check/log/clean';
import type { MatchedLine } from '../../check/log/matched';
import type { CheckResult } from '../../check/result';
import { reasonOf } from '../../lib/reason';
import { LOG_LIMIT, takeLog } from '../../state/dropped-text';
import { useAnswer } from '../shared/use-answer';
import { useFile, useView } from '../shared/use-file';

interface Log {
  readonly text: string;
  /** Its lines; none until they are matched. */
  readonly matches: readonly MatchedLine[];
  /** What the log shows that the verdict does not know of; empty where it shows nothing such. */
  readonly headline: string;
  /** Why it could not be taken whole, or not be matched; empty if nothing went wrong. */
  readonly problem: string;
  readonly take: (text: string) => void;
  readonly takeFile: (file: File) => Promise<void>;
  readonly paste: () => Promise<void>;
}

/** Returns the log that was given, matched against what the check has found, and the ways to give another one. */
export function useLog(result: CheckResult): Log {
  const file = useFile();
  const text = useView((view) => view.log);
  const [problem, setProblem] = useState('');
  // A new result means another check, against which the log is held anew.
  const asked = useAnswer(text, text === '' ? undefined : () => file.request('log', { text }), { again: result });
  const failure = asked.state === 'failed' ? `The log could not be matched: ${asked.reason}` : '';
  const take = (given: string): void => {
    setProblem(given.length > LOG_LIMIT ? 'Only the first 4 MiB of the log were taken.' : '');
    takeLog(file, given);
  };
  return {
    text,
    matches: text !== '' && asked.state === 'ready' ? asked.value.lines : [],
    headline: (text !== '' && asked.state === 'ready' && asked.value.headline) || '',
    problem: failure || problem,
    take,
    takeFile: async (given) => {
      try {
        take(logText(new Uint8Array(await given.slice(0, LOG_LIMIT).arrayBuffer())));
      } catch (error) {
        setProblem(`${given.name} could not be read: ${reasonOf(error)}`);
      }
    },
    paste: async () => {
      try {
        take(await navigator.clipboard.readText());
      } catch {
        setProblem('The browser did not allow reading the clipboard. Paste into the box instead.');
      }
    },
  };
}
