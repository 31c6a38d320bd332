/**
 * Drives a computation that asks for bytes step by step: reads them for it, at once or with reads in flight, in slices
 * that leave room for other work.
 */
import type { ByteSource } from '../source/source';
import { Fetcher } from './fetcher';
import type { Reading } from './reader';

/** How a computation is driven. */
export interface DriveOptions {
  /** Ends it before the next read. */
  readonly signal?: AbortSignal | undefined;
  /** Called between slices of work of about `sliceMs`. */
  readonly onSlice?: (() => void | Promise<void>) | undefined;
  /** Milliseconds, 16 if not given: about a frame. */
  readonly sliceMs?: number;
  /** Milliseconds of the first slice, if another: 0 for what is to be shown at once. */
  readonly firstSliceMs?: number;
  /** Called after each read and what was done with its bytes; a promise is awaited: for work that must not pile up. */
  readonly onStep?: () => Promise<void> | undefined;
}

/**
 * Runs a computation to its end; undefined where the signal ended it. Rejects with `ReadError` where bytes cannot be
 * read: it has then come to its end as well.
 */
export async function drive<T>(
  steps: Reading<T>,
  source: ByteSource,
  { signal, onSlice, sliceMs = 16, onStep, firstSliceMs = sliceMs }: DriveOptions = {},
): Promise<{ readonly result: T } | undefined> {
  const fetcher = new Fetcher(source);
  let step = steps.next();
  let sliceEnd = performance.now() + firstSliceMs;
  while (!step.done) {
    if (signal?.aborted === true) return undefined;
    const got = fetcher.get(step.value);
    step = steps.next(got instanceof Uint8Array ? got : await got);
    const pause = onStep?.();
    // A promise for each of millions of steps would cost more than they do.
    if (pause) await pause;
    if (performance.now() < sliceEnd) continue;
    await onSlice?.();
    sliceEnd = performance.now() + sliceMs;
  }
  return { result: step.value };
}
