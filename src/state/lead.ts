/** Going somewhere that must first be looked up: to the bytes of a page, or to where a value leads. */
import { reasonOf } from '../lib/reason';
import { notify } from './app';
import type { OpenFile } from './open-file';

/** What a look-up comes to. */
export interface Arrival {
  /** Whether what was looked for is there. */
  readonly found: boolean;
  /** Shows it, or what there is instead. */
  readonly go?: () => void;
  /** What is to be told of it. */
  readonly notice?: string;
}

/**
 * Looks up where to go, and goes there. The answer is dropped where the user has gone elsewhere meanwhile, has asked for
 * something else, or has closed the file: undefined is returned then. `failed` says what a look-up that fails comes to.
 * Never rejects.
 */
export async function lead(
  file: OpenFile,
  find: (signal: AbortSignal) => Promise<Arrival>,
  failed: (reason: string) => Arrival,
): Promise<Arrival | undefined> {
  const signal = file.turn();
  let arrival: Arrival;
  try {
    arrival = await find(signal);
  } catch (error) {
    arrival = failed(reasonOf(error, 'the request failed'));
  }
  if (signal.aborted) return undefined;
  arrival.go?.();
  if (arrival.notice !== undefined) notify(arrival.notice);
  return arrival;
}
