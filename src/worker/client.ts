/** The page's side of the worker: opens files, hands on what comes back, turns requests into promises. */
import type { FromWorker, JobName, JobProgress, Jobs, RequestName, Requests, ToWorker } from './protocol';

/** As much of a Worker as the client needs; tests hand in one that runs in-process. */
export interface WorkerLike {
  postMessage(message: ToWorker): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<FromWorker>) => void): void;
  addEventListener(type: 'error', listener: (event: ErrorEvent) => void): void;
}

export interface ScanListener {
  onProgress(message: Extract<FromWorker, { kind: 'progress' }>): void;
  onDone(message: Extract<FromWorker, { kind: 'done' }>): void;
  /** The worker itself failed: out of memory, or a fault of ours. */
  onCrash(reason: string): void;
}

interface Waiting {
  readonly resolve: (output: never) => void;
  readonly reject: (error: Error) => void;
  readonly onPart?: ((part: never) => void) | undefined;
  readonly onProgress?: ((progress: JobProgress) => void) | undefined;
}

export interface JobOptions<N extends JobName> {
  readonly signal?: AbortSignal;
  readonly onPart?: (part: Jobs[N]['part']) => void;
  readonly onProgress?: (progress: JobProgress) => void;
}

export class WorkerClient {
  readonly #worker: WorkerLike;
  readonly #listener: ScanListener;
  readonly #waiting = new Map<number, Waiting>();
  #session = 0;
  #nextId = 1;

  constructor(worker: WorkerLike, listener: ScanListener) {
    this.#worker = worker;
    this.#listener = listener;
    worker.addEventListener('message', ({ data }) => this.#receive(data));
    worker.addEventListener('error', (event) => this.#crash(event.message || 'the worker stopped'));
  }

  /** Starts scanning `file`; what an earlier file still sends is dropped from here on. */
  open(file: File): void {
    this.close();
    this.#worker.postMessage({ kind: 'open', session: this.#session, file, name: file.name });
  }

  /** Stops the scan; what was found stays. */
  cancel(): void {
    this.#worker.postMessage({ kind: 'cancel', session: this.#session });
  }

  /** Stops the scan and forgets the file. */
  close(): void {
    this.#worker.postMessage({ kind: 'close', session: this.#session });
    this.#session++;
    this.#refuse('the file was closed');
  }

  /** Answers that were waited for may never come. */
  #crash(reason: string): void {
    this.#refuse(reason);
    this.#listener.onCrash(reason);
  }

  #refuse(reason: string): void {
    for (const { reject } of this.#waiting.values()) reject(new Error(reason));
    this.#waiting.clear();
  }

  request<N extends RequestName>(name: N, input: Requests[N]['in']): Promise<Requests[N]['out']> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      const message = { kind: 'request', session: this.#session, id, name, input };
      this.#worker.postMessage(message as ToWorker);
    });
  }

  /** Long work. Rejects with the signal's reason once it is aborted: no part comes after that. */
  job<N extends JobName>(name: N, input: Jobs[N]['in'], options: JobOptions<N> = {}): Promise<Jobs[N]['out']> {
    const { signal, onPart, onProgress } = options;
    const id = this.#nextId++;
    const session = this.#session;
    return new Promise((resolve, reject) => {
      const cancel = (): void => {
        this.#waiting.delete(id);
        this.#worker.postMessage({ kind: 'cancel-job', session, id });
        reject(signal?.reason);
      };
      if (signal?.aborted === true) return reject(signal.reason);
      const settled = <T>(settle: (value: T) => void): ((value: T) => void) => {
        return (value) => {
          signal?.removeEventListener('abort', cancel);
          settle(value);
        };
      };
      signal?.addEventListener('abort', cancel, { once: true });
      this.#waiting.set(id, { resolve: settled(resolve), reject: settled(reject), onPart, onProgress });
      return this.#worker.postMessage({ kind: 'job', session, id, name, input } as ToWorker);
    });
  }

  #receive(message: FromWorker): void {
    if (message.session !== this.#session) return;
    switch (message.kind) {
      case 'progress':
        return this.#listener.onProgress(message);
      case 'done':
        return this.#listener.onDone(message);
      case 'crashed':
        return this.#crash(message.reason);
      case 'job-progress':
        return this.#waiting.get(message.id)?.onProgress?.(message);
      case 'job-part':
        return this.#waiting.get(message.id)?.onPart?.(message.part as never);
      case 'reply':
        this.#waiting.get(message.id)?.resolve(message.output as never);
        this.#waiting.delete(message.id);
        return undefined;
      case 'failed':
        this.#waiting.get(message.id)?.reject(new Error(message.message));
        this.#waiting.delete(message.id);
        return undefined;
    }
  }
}
