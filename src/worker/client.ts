/** The page's side of a file's worker: hands on what comes back, and turns questions into promises. */
import { counted } from '../lib/text';
import type {
  FromWorker,
  JobName,
  JobProgress,
  Jobs,
  RequestName,
  Requests,
  ScanEnd,
  ScanPart,
  ToWorker,
} from './protocol';
import { type Patience, PATIENCE, Watch } from './watch';

/** The part of a Worker that the client needs; tests hand in one that runs in-process. */
export interface WorkerLike {
  postMessage(message: ToWorker): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<FromWorker>) => void): void;
  addEventListener(type: 'error', listener: (event: ErrorEvent) => void): void;
  terminate(): void;
}

interface Waiting {
  readonly resolve: (output: never) => void;
  readonly reject: (error: Error) => void;
  readonly onPart?: ((part: never) => void) | undefined;
  readonly onProgress?: ((progress: JobProgress) => void) | undefined;
}

interface ScanOptions {
  readonly signal: AbortSignal;
  readonly onPart: (part: ScanPart) => void;
}

/** What a job can be given besides its input. */
export interface JobOptions<N extends JobName> {
  readonly signal?: AbortSignal;
  readonly onPart?: (part: Jobs[N]['part']) => void;
  readonly onProgress?: (progress: JobProgress) => void;
}

/** What a client tells, and how patient it is. */
export interface ClientOptions {
  /** Hears that the worker itself failed: it was out of memory, or the fault is ours. Nothing is answered any more. */
  readonly onCrash?: (reason: string) => void;
  /** Hears that the worker did not answer, and was replaced by another one: what it had been told or had found is gone. */
  readonly onReplaced?: (reason: string) => void;
  readonly patience?: Patience;
}

/** The scan that was asked for. */
interface Scanning {
  readonly options: ScanOptions;
  readonly resolve: (end: ScanEnd) => void;
  readonly reject: (error: Error) => void;
}

/**
 * One file's worker, for as long as the file is open. Each question ends in its answer or in an error: where the worker
 * crashes or is closed, what waits and what is asked later rejects with the reason. A worker that does not answer is
 * replaced by another one, which scans as far as the first has told; what waits rejects, what is asked later is answered.
 */
export class WorkerClient {
  readonly #start: () => WorkerLike;
  readonly #onCrash: (reason: string) => void;
  readonly #onReplaced: (reason: string) => void;
  readonly #watch: Watch;
  readonly #waiting = new Map<number, Waiting>();
  #worker: WorkerLike;
  #scan: Scanning | undefined;
  /** What was scanned, and as far as how many records; all where that is undefined. */
  #scanned: { readonly file: Blob; readonly name: string; records?: number } | undefined;
  /** What is to be said once a worker that replaces another one has scanned; undefined while none does. */
  #held: ToWorker[] | undefined;
  /** Why nothing is answered any more. */
  #gone: string | undefined;
  #nextId = 1;

  /** `start` starts a worker. */
  constructor(start: () => WorkerLike, { onCrash, onReplaced, patience = PATIENCE }: ClientOptions = {}) {
    this.#start = start;
    this.#onCrash = onCrash ?? (() => undefined);
    this.#onReplaced = onReplaced ?? (() => undefined);
    this.#watch = new Watch(
      {
        ask: () => this.#worker.postMessage({ kind: 'ping' }),
        owes: () => this.#scan !== undefined || this.#held !== undefined || this.#waiting.size > 0,
        onSilence: (seconds) => this.#replace(seconds),
      },
      patience,
    );
    this.#worker = this.#started();
  }

  /** Scans `file`, once. Aborted, the scan stops where it is and ends well: what was found stays. */
  scan(file: Blob, name: string, options: ScanOptions): Promise<ScanEnd> {
    return new Promise((resolve, reject) => {
      if (this.#gone !== undefined) return reject(new Error(this.#gone));
      this.#scan = { options, resolve, reject };
      this.#scanned = { file, name, records: 0 };
      options.signal.addEventListener('abort', () => this.#cancel({ kind: 'cancel-scan' }), { once: true });
      return this.#post({ kind: 'scan', file, name });
    });
  }

  /** Ends the worker: nothing of it arrives from here on, whatever it is at. */
  close(): void {
    this.#leave('the file was closed');
    this.#worker.terminate();
  }

  /** Asks a question about the file. */
  request<N extends RequestName>(name: N, input: Requests[N]['in']): Promise<Requests[N]['out']> {
    return new Promise((resolve, reject) => {
      const id = this.#await({ resolve, reject });
      this.#post({ kind: 'request', id, name, input } as ToWorker);
    });
  }

  /** Starts long work. Rejects with the signal's reason once that is aborted: no part comes after that. */
  job<N extends JobName>(name: N, input: Jobs[N]['in'], options: JobOptions<N> = {}): Promise<Jobs[N]['out']> {
    const { signal, onPart, onProgress } = options;
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(signal.reason);
      const cancel = (): void => {
        this.#waiting.delete(id);
        this.#cancel({ kind: 'cancel-job', id });
        reject(signal?.reason);
      };
      const settled = <T>(settle: (value: T) => void): ((value: T) => void) => {
        return (value) => {
          signal?.removeEventListener('abort', cancel);
          settle(value);
        };
      };
      const id = this.#await({ resolve: settled(resolve), reject: settled(reject), onPart, onProgress });
      signal?.addEventListener('abort', cancel, { once: true });
      return this.#post({ kind: 'job', id, name, input } as ToWorker);
    });
  }

  #post(message: ToWorker): void {
    if (this.#gone !== undefined) return;
    if (this.#held) this.#held.push(message);
    else this.#worker.postMessage(message);
    this.#watch.asked();
  }

  #cancel(message: ToWorker): void {
    this.#post(message);
    if (this.#gone === undefined && !this.#held) this.#watch.cancelled();
  }

  #started(): WorkerLike {
    const worker = this.#start();
    // One that was replaced may still have something on its way.
    worker.addEventListener('message', ({ data }) => {
      if (worker === this.#worker) this.#receive(data);
    });
    worker.addEventListener('error', (event) => {
      if (worker === this.#worker) this.#crash(event.message || 'the worker stopped');
    });
    return worker;
  }

  /** Ends a worker that says nothing, and starts another one in its place. One that fails in that as well is the last. */
  #replace(seconds: number): void {
    const reason = `the worker did not answer for ${counted(seconds, 'second')}`;
    this.#worker.terminate();
    const scan = this.#scan;
    this.#scan = undefined;
    if (scan) scan.resolve(scan.options.signal.aborted ? {} : { stopped: reason });
    if (this.#held || !this.#scanned) return this.#crash(reason);
    this.#refuse(reason);
    this.#held = [];
    this.#worker = this.#started();
    this.#worker.postMessage({ kind: 'scan', ...this.#scanned });
    this.#watch.asked();
    return this.#onReplaced(reason);
  }

  /** Notes who waits; of a worker that is gone nobody does. */
  #await(waiting: Waiting): number {
    const id = this.#nextId++;
    if (this.#gone === undefined) this.#waiting.set(id, waiting);
    else waiting.reject(new Error(this.#gone));
    return id;
  }

  #crash(reason: string): void {
    if (this.#gone !== undefined) return;
    this.#leave(reason);
    this.#onCrash(reason);
  }

  /** Answers that are waited for will not come. */
  #leave(reason: string): void {
    this.#gone ??= reason;
    this.#watch.stop();
    this.#held = undefined;
    this.#scan?.reject(new Error(reason));
    this.#scan = undefined;
    this.#refuse(reason);
  }

  #refuse(reason: string): void {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(new Error(reason));
  }

  #receive(message: FromWorker): void {
    if (this.#gone !== undefined) return;
    this.#watch.heard();
    switch (message.kind) {
      case 'pong':
        this.#watch.answered();
        break;
      case 'scan-part':
        // One that replaces another finds what is known already.
        if (this.#held || !this.#scan) break;
        if (this.#scanned) this.#scanned.records = message.part.progress.records;
        this.#scan.options.onPart(message.part);
        break;
      case 'scan-end': {
        if (message.end.fingerprint !== undefined) delete this.#scanned?.records;
        this.#scan?.resolve(message.end);
        this.#scan = undefined;
        const held = this.#held ?? [];
        this.#held = undefined;
        for (const one of held) this.#post(one);
        break;
      }
      case 'crashed':
        this.#crash(message.reason);
        break;
      case 'job-progress':
        this.#waiting.get(message.id)?.onProgress?.(message);
        break;
      case 'job-part':
        this.#waiting.get(message.id)?.onPart?.(message.part as never);
        break;
      case 'reply':
        this.#waiting.get(message.id)?.resolve(message.output as never);
        this.#waiting.delete(message.id);
        break;
      case 'failed':
        this.#waiting.get(message.id)?.reject(new Error(message.message));
        this.#waiting.delete(message.id);
        break;
    }
  }
}
