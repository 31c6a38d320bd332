/** The page's side of a file's worker: hands on what comes back, and turns questions into promises. */
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

/**
 * One file's worker, for as long as the file is open. Each question ends in its answer or in an error: where the worker
 * crashes or is closed, what waits and what is asked later rejects with the reason.
 */
export class WorkerClient {
  readonly #worker: WorkerLike;
  readonly #onCrash: (reason: string) => void;
  readonly #waiting = new Map<number, Waiting>();
  #scan:
    | {
        readonly options: ScanOptions;
        readonly resolve: (end: ScanEnd) => void;
        readonly reject: (error: Error) => void;
      }
    | undefined;
  /** Why nothing is answered any more. */
  #gone: string | undefined;
  #nextId = 1;

  /** `onCrash` hears that the worker itself failed: it was out of memory, or the fault is ours. */
  constructor(worker: WorkerLike, onCrash: (reason: string) => void = () => undefined) {
    this.#worker = worker;
    this.#onCrash = onCrash;
    worker.addEventListener('message', ({ data }) => this.#receive(data));
    worker.addEventListener('error', (event) => this.#crash(event.message || 'the worker stopped'));
  }

  /** Scans `file`, once. Aborted, the scan stops where it is and ends well: what was found stays. */
  scan(file: Blob, name: string, options: ScanOptions): Promise<ScanEnd> {
    return new Promise((resolve, reject) => {
      if (this.#gone !== undefined) return reject(new Error(this.#gone));
      this.#scan = { options, resolve, reject };
      options.signal.addEventListener('abort', () => this.#post({ kind: 'cancel-scan' }), { once: true });
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
        this.#post({ kind: 'cancel-job', id });
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
    if (this.#gone === undefined) this.#worker.postMessage(message);
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
    const waiting = [...this.#waiting.values(), ...(this.#scan ? [this.#scan] : [])];
    this.#waiting.clear();
    this.#scan = undefined;
    for (const { reject } of waiting) reject(new Error(reason));
  }

  #receive(message: FromWorker): void {
    if (this.#gone !== undefined) return;
    switch (message.kind) {
      case 'scan-part':
        this.#scan?.options.onPart(message.part);
        break;
      case 'scan-end':
        this.#scan?.resolve(message.end);
        this.#scan = undefined;
        break;
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
