/** Starts the worker of a file. It stands by itself because bundlers look for exactly this expression. */
import type { WorkerLike } from './client';

/** Returns a new worker that waits for its file. */
export const startWorker = (): WorkerLike => new Worker(new URL('scan.worker.ts', import.meta.url), { type: 'module' });
