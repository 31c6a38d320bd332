/** One open file in the worker: runs its scan, posts what it finds, answers questions. Free of worker globals. */
import type { CheckFinding } from '../check/finding';
import { GuestMemory } from '../memory/guest-memory';
import { pageMap, pageTotals } from '../memory/page-map';
import { Scan } from '../scan/scan';
import type { ByteSource } from '../source/source';
import type { CheckOptions, FromWorker, RequestName, Requests } from './protocol';

type Post = (message: FromWorker, transfer: Transferable[]) => void;

/** About a frame: more often the page could not show it, less often it would look stuck. */
const POST_MS = 16;

/** Lets messages in: a macrotask without the delay that browsers add to nested timers. */
function breathe(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener('message', () => {
      port1.close();
      resolve();
    });
    port1.start();
    port2.postMessage(undefined);
  });
}

export class Session {
  readonly #id: number;
  readonly #scan: Scan;
  readonly #memory: GuestMemory;
  readonly #source: ByteSource;
  readonly #post: Post;
  readonly #abort = new AbortController();
  readonly #started = performance.now();
  /** Ends the check that runs, if one does. */
  #checking = new AbortController();
  /** Findings of the last check: what lines of a log are held against. */
  #findings: readonly CheckFinding[] = [];
  #recordsSent = 0;
  #findingsSent = 0;
  #imageSent = -1;

  constructor(id: number, source: ByteSource, post: Post) {
    this.#id = id;
    this.#scan = new Scan(source);
    this.#memory = new GuestMemory(source, this.#scan.pages, this.#scan.image);
    this.#source = source;
    this.#post = post;
  }

  cancel(): void {
    this.#abort.abort();
    this.#checking.abort();
  }

  cancelCheck(): void {
    this.#checking.abort();
  }

  /** Whether the image would restore. The rules are loaded when first asked for. */
  async check({ xen, policy }: CheckOptions): Promise<void> {
    this.#checking.abort();
    const mine = new AbortController();
    this.#checking = mine;
    try {
      const [{ check }, { readTarget, TARGET_LIMIT }] = await Promise.all([
        import('../check/check'),
        import('../check/target/read-target'),
      ]);
      const target =
        policy === undefined
          ? undefined
          : await readTarget(new Uint8Array(await policy.slice(0, TARGET_LIMIT).arrayBuffer()));
      if (policy !== undefined && target === undefined)
        throw new Error(
          'the file given for the target is neither the output of xen-cpuid -p nor an image with a CPUID policy',
        );
      const result = await check(this.#scan, this.#source, {
        xen,
        target,
        signal: mine.signal,
        onSlice: async (done) => {
          this.#post({ kind: 'checking', session: this.#id, done, total: 1 }, []);
          await breathe();
        },
      });
      if (this.#checking !== mine) return;
      if (!result.complete) {
        const reason = mine.signal.aborted ? {} : { problem: 'a read failed' };
        this.#post({ kind: 'checked', session: this.#id, ...reason }, []);
        return;
      }
      this.#findings = result.findings;
      this.#post({ kind: 'checked', session: this.#id, result }, []);
    } catch (error) {
      const problem = error instanceof Error ? error.message : 'the check failed';
      if (this.#checking === mine) this.#post({ kind: 'checked', session: this.#id, problem }, []);
    }
  }

  async run(): Promise<void> {
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
      const output = await this.#output(name, input);
      const transfer = 'type' in output && output.type instanceof Uint8Array ? [output.type.buffer as ArrayBuffer] : [];
      this.#post({ kind: 'reply', session: this.#id, id, output }, transfer);
    } catch (error) {
      const message = error instanceof Error ? error.message : 'the request failed';
      this.#post({ kind: 'failed', session: this.#id, id, message }, []);
    }
  }

  #output<N extends RequestName>(name: N, input: Requests[N]['in']): Answer<RequestName> {
    const { pages } = this.#scan;
    const answers: { [K in RequestName]: (given: Requests[K]['in']) => Answer<K> } = {
      map: (query) => pageMap(pages, query),
      totals: () => pageTotals(pages),
      occurrences: ({ pfn }) => pages.occurrences(pfn),
      page: ({ pfn }) => this.#memory.page(pfn),
      log: async ({ text }) => (await import('../check/log/matched')).matchedLines(text, this.#findings, this.#scan),
      translate: async ({ registers, va }) =>
        (await import('../memory/virtual')).translate(this.#memory, registers, va),
      descriptor: async ({ vcpu, selector }) =>
        (await import('../memory/descriptors')).descriptorOf(this.#memory, vcpu, selector),
    };
    return answers[name](input);
  }
}

type Answer<N extends RequestName> = Requests[N]['out'] | Promise<Requests[N]['out']>;
type RecordColumn = { readonly buffer: ArrayBuffer };
