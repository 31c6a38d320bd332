/**
 * One open file in the worker: runs its scan, posts what it finds, answers questions. It uses no globals of a worker.
 */
import { given } from '../lib/given';
import { reasonOf } from '../lib/reason';
import { GuestMemory } from '../memory/guest-memory';
import { GuestMap } from '../memory/guest-map';
import { RECORD_LIMIT } from '../scan/records';
import { Scan } from '../scan/scan';
import type { ByteSource } from '../source/source';
import { ANSWERS } from './answers';
import { breathe } from './breathe';
import { JOBS } from './jobs';
import type { WorkerFile } from './worker-file';
import type { FromWorker, JobName, Jobs, RequestName, Requests, ScanPart, ToWorker } from './protocol';

type Post = (message: FromWorker, transfer: Transferable[]) => void;

/** About a frame: more often the page could not show it, less often it would look stuck. */
const POST_MS = 16;

/**
 * What is known of the image is posted as a whole, and can have lists of thousands. After each report so many times as
 * long passes before the next: the page, to which it costs as much, is kept free, and so is the scan.
 */
const REPORT_SHARE = 20;

/** Serves one open file; messages go out by `post`. */
export class Session {
  readonly #scan: Scan;
  readonly #file: WorkerFile;
  readonly #post: Post;
  readonly #abort = new AbortController();
  readonly #started = performance.now();
  /** The jobs that run. */
  readonly #jobs = new Map<number, AbortController>();
  #recordsSent = 0;
  #findingsSent = 0;
  #imageSent = -1;
  /** When the next report is due at the earliest. */
  #reportDue = 0;

  /** `records`: how many at most are listed. */
  constructor(source: ByteSource, post: Post, records = RECORD_LIMIT) {
    this.#scan = new Scan(source);
    this.#scan.walk.recordLimit = records;
    const memory = new GuestMemory(source, this.#scan.pages, this.#scan.image);
    const { pages, image } = this.#scan;
    const map = new GuestMap({ pages, image, findings: () => this.#file.findings });
    this.#file = { scan: this.#scan, memory, map, source, findings: [] };
    this.#post = post;
  }

  /** Does what a message of the page asks for. */
  receive(message: Exclude<ToWorker, { kind: 'scan' }>): void {
    switch (message.kind) {
      case 'ping':
        return this.#post({ kind: 'pong' }, []);
      case 'cancel-scan':
        return this.cancel();
      case 'cancel-job':
        return this.cancelJob(message.id);
      case 'job':
        void this.job(message.id, message.name, message.input);
        return undefined;
      case 'request':
        void this.answer(message.id, message.name, message.input);
        return undefined;
    }
  }

  /** Ends the scan; jobs go on, on what was found. */
  cancel(): void {
    this.#abort.abort();
  }

  cancelJob(id: number): void {
    this.#jobs.get(id)?.abort();
  }

  /** Runs a job to its end; nothing is posted for it once it is cancelled. */
  async job<N extends JobName>(id: number, name: N, input: Jobs[N]['in']): Promise<void> {
    const own = new AbortController();
    const { signal } = own;
    this.#jobs.set(id, own);
    const post = (message: FromWorker, transfer: Transferable[] = []): void => {
      if (!signal.aborted) this.#post(message, transfer);
    };
    try {
      const output = await JOBS[name](this.#file, input, {
        signal,
        breathe,
        onProgress: (done, total) => post({ kind: 'job-progress', id, done, total }),
        onPart: (part, transfer) => post({ kind: 'job-part', id, part }, transfer),
      });
      post({ kind: 'reply', id, output });
    } catch (error) {
      post({ kind: 'failed', id, message: reasonOf(error, 'the request failed') });
    }
    this.#jobs.delete(id);
  }

  /** Never rejects: what goes wrong in a promise of a worker is heard of by no page. */
  async run(): Promise<void> {
    try {
      await this.#run();
    } catch (error) {
      this.#post({ kind: 'crashed', reason: reasonOf(error, 'the scan failed') }, []);
    }
  }

  async #run(): Promise<void> {
    await this.#scan.run({
      signal: this.#abort.signal,
      sliceMs: POST_MS,
      onSlice: async () => {
        if (performance.now() >= this.#reportDue) this.#report();
        await breathe();
      },
    });
    this.#report();
    const { fingerprint, unread } = this.#scan;
    this.#post({ kind: 'scan-end', end: given({ fingerprint, stopped: unread?.told }) }, []);
  }

  #report(): void {
    const { records, pages, walk, findings, suppressed } = this.#scan;
    const batch = records.batch(this.#recordsSent, records.count);
    const imageChanged = walk.imageVersion !== this.#imageSent;
    const part: ScanPart = {
      progress: {
        position: walk.reached,
        records: records.count,
        mentions: pages.mentions,
        highestPfn: pages.highest,
        elapsedMs: performance.now() - this.#started,
      },
      batch,
      findings: findings.slice(this.#findingsSent),
      suppressed,
      ...(imageChanged ? { image: walk.image } : {}),
    };
    this.#recordsSent = records.count;
    this.#findingsSent = findings.length;
    const started = performance.now();
    this.#post(
      { kind: 'scan-part', part },
      Object.values(batch).map((column: RecordColumn) => column.buffer),
    );
    this.#imageSent = walk.imageVersion;
    const now = performance.now();
    this.#reportDue = now + REPORT_SHARE * (now - started);
  }

  async answer<N extends RequestName>(id: number, name: N, input: Requests[N]['in']): Promise<void> {
    try {
      const output = await ANSWERS[name](this.#file, input);
      const transfer =
        'state' in output && output.state instanceof Uint8Array ? [output.state.buffer as ArrayBuffer] : [];
      this.#post({ kind: 'reply', id, output }, transfer);
    } catch (error) {
      this.#post({ kind: 'failed', id, message: reasonOf(error, 'the request failed') }, []);
    }
  }
}

type RecordColumn = { readonly buffer: ArrayBuffer };
