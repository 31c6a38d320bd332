/**
 * Starts the worker of a file. A worker whose script comes from a server has the policy that the server sends with it, and
 * most servers send none. One that is started from a blob has the policy of the page that made the blob: so the page's own
 * policy holds in the worker, whoever serves it.
 */
import type { WorkerLike } from './client';
// oxlint-disable-next-line import/default -- Vite makes the module, whose default is the address of the script.
import script from './scan.worker.ts?worker&url';

let bootstrap: string | undefined;

/** Returns a new worker that waits for its file. */
export function startWorker(): WorkerLike {
  const url = new URL(script, import.meta.url).href;
  bootstrap ??= URL.createObjectURL(new Blob([`import ${JSON.stringify(url)};`], { type: 'text/javascript' }));
  return new Worker(bootstrap, { type: 'module' });
}
