/** Long work in a terminal: it hears signals, and says how far it is. */
import { byteSize } from '../lib/text';
import { CliError } from './error';
import { isWatched, showProgress } from './output';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Returns a signal that aborts when the process is told to end, so that what was begun can be taken back first: half a core
 * file looks like a whole one. `release` then ends the process in the usual way.
 */
export function catchSignals(): { readonly signal: AbortSignal; release(): void } {
  const abort = new AbortController();
  let caught: NodeJS.Signals | undefined;
  const stop = (name: NodeJS.Signals): void => {
    caught = name;
    abort.abort(new CliError('interrupted'));
  };
  for (const name of SIGNALS) process.once(name, stop);
  const release = (): void => {
    for (const name of SIGNALS) process.off(name, stop);
    // Whoever waits for the process learns that it ended by the signal.
    if (caught) process.kill(process.pid, caught);
  };
  return { signal: abort.signal, release };
}

type Progress = (done: number, total: number) => void;

/** Returns `progress` with a turn of the event loop behind each call: signals are heard between turns only. */
export const turnByTurn =
  (progress: Progress) =>
  async (done: number, total: number): Promise<void> => {
    progress(done, total);
    await nextTurn();
  };

/** Resolves in the next turn of the event loop. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** Returns a function that shows progress as one line on the terminal, and shows nothing where stderr is no terminal. */
export function progressLine(): Progress {
  if (!isWatched()) return () => undefined;
  let shown = -1;
  return (done, total) => {
    const percent = total === 0 ? 100 : Math.floor((done / total) * 100);
    if (percent <= shown) return;
    shown = percent;
    showProgress(`${percent} %  ${byteSize(done)} of ${byteSize(total)}`, done === total);
  };
}
