/** One open file in the worker: runs its scan, posts what it finds, answers questions. Free of worker globals. */
import { reasonOf } from '../lib/reason';
import { GuestMemory } from '../memory/guest-memory';
import { GuestMap } from '../memory/map/guest-map';
import { Scan } from '../scan/scan';
import type { ByteSource } from '../source/source';
import { ANSWERS } from './answers';
import { breathe } from './breathe';
import { JOBS } from './jobs';
import type { OpenFile } from './open-file';
import type { FromWorker, JobName, Jobs, RequestName, Requests } from './protocol';

type Post = (message: FromWorker, transfer: Transferable[]) => void;

/** About a frame: more often the page could not show it, less often it would look stuck. */
const POST_MS = 16;

export class Session {
  readonly #id: number;
  readonly #scan: Scan;
  readonly #file: OpenFile;
  readonly #post: Post;
  readonly #abort = new AbortController();
  readonly #started = performance.now();
  /** The jobs that run. */
  readonly #jobs = new Map<number, AbortController>();
  #recordsSent = 0;
  #findingsSent = 0;
  #imageSent = -1;

  constructor(id: number, source: ByteSource, post: Post) {
    this.#id = id;
    this.#scan = new Scan(source);
    const memory = new GuestMemory(source, this.#scan.pages, this.#scan.image);
    const { pages, image } = this.#scan;
    const map = new GuestMap({ pages, image, findings: () => this.#file.findings });
    this.#file = { scan: this.#scan, memory, map, source, findings: [] };
    this.#post = post;
  }

  /** Ends the scan; jobs go on, on what was found. */
  cancel(): void {
    this.#abort.abort();
  }

  /** Ends everything. */
  close(): void {
    this.cancel();
    for (const job of this.#jobs.values()) job.abort();
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
    const session = this.#id;
    try {
      const output = await JOBS[name](this.#file, input, {
        signal,
        breathe,
        onProgress: (done, total) => post({ kind: 'job-progress', session, id, done, total }),
        onPart: (part, transfer) => post({ kind: 'job-part', session, id, part }, transfer),
      });
      post({ kind: 'reply', session, id, output });
    } catch (error) {
      post({ kind: 'failed', session, id, message: reasonOf(error, 'the request failed') });
    }
    this.#jobs.delete(id);
  }

  /** Never rejects: what goes wrong in a promise of a worker is heard of by no page. */
  async run(): Promise<void> {
    try {
      await this.#run();
    } catch (error) {
      this.#post({ kind: 'crashed', session: this.#id, reason: reasonOf(error, 'the scan failed') }, []);
    }
  }

  async #run(): Promise<void> {
    await this.#scan.run({
      signal: this.#abort.signal,
      sliceMs: POST_MS,
      onSlice: async () => {
        this.#report();
        await breathe();
      },
    });
    this.#report();
    const { fingerprint } = this.#scan;
    const done = {
      kind: 'done',
      session: this.#id,
      cancelled: this.#abort.signal.aborted,
      suppressed: this.#scan.suppressed,
    } as const;
    this.#post(fingerprint === undefined ? done : { ...done, fingerprint }, []);
  }

  #report(): void {
    const { records, pages, walk, findings } = this.#scan;
    const batch = records.batch(this.#recordsSent, records.count);
    const imageChanged = walk.imageVersion !== this.#imageSent;
    const message: FromWorker = {
      kind: 'progress',
      session: this.#id,
      progress: {
        position: walk.position,
        records: records.count,
        mentions: pages.mentions,
        highestPfn: pages.highest,
        elapsedMs: performance.now() - this.#started,
      },
      batch,
      findings: findings.slice(this.#findingsSent),
      ...(imageChanged ? { image: walk.image } : {}),
    };
    this.#recordsSent = records.count;
    this.#findingsSent = findings.length;
    this.#imageSent = walk.imageVersion;
    this.#post(
      message,
      Object.values(batch).map((column: RecordColumn) => column.buffer),
    );
  }

  async answer<N extends RequestName>(id: number, name: N, input: Requests[N]['in']): Promise<void> {
    try {
      const output = await ANSWERS[name](this.#file, input);
      const transfer =
        'state' in output && output.state instanceof Uint8Array ? [output.state.buffer as ArrayBuffer] : [];
      this.#post({ kind: 'reply', session: this.#id, id, output }, transfer);
    } catch (error) {
      this.#post({ kind: 'failed', session: this.#id, id, message: reasonOf(error, 'the request failed') }, []);
    }
  }
}

type RecordColumn = { readonly buffer: ArrayBuffer };
