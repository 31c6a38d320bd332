/**
 * The one machine for everything that runs long: it starts, tells how far it has come, ends by itself, by cancel or by
 * a failure, and is started again. What differs from job to job is its description.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { reasonOf } from '../../lib/reason';

/** State that can be looked at and followed, and is changed elsewhere. */
export type Readable<S> = Pick<StoreApi<S>, 'getState' | 'getInitialState' | 'subscribe'>;

/** How far a job has come, in units of its own. */
export interface Reached {
  readonly done: number;
  /** 0 while that is not known. */
  readonly total: number;
  /** Since the start, measured when this was reached. */
  readonly elapsedMs: number;
  /** Units a second, from the first that was told on: what was done before then cost no time. */
  readonly pace?: number;
}

/** What a job is at. `known` is what its parts have brought so far; it stays, however the job ends. */
export type JobState<Out, Known = undefined> = { readonly known: Known; readonly reached: Reached } & (
  | { readonly state: 'idle' | 'running' | 'cancelled' }
  | { readonly state: 'done'; readonly out: Out }
  | { readonly state: 'failed'; readonly reason: string }
);

/** What a run is given besides its input. */
interface RunTools<Part> {
  /** Aborted when the run is cancelled, replaced by another one, or no longer wanted. */
  readonly signal: AbortSignal;
  readonly onPart: (part: Part) => void;
  readonly onProgress: (progress: Pick<Reached, 'done' | 'total'>) => void;
}

/** The description of a job. */
export interface JobKind<In, Out, Part, Known> {
  /** Does the work. Where it resolves although it was aborted, that was its end: it is cancelled all the same. */
  readonly run: (input: In, tools: RunTools<Part>) => Promise<Out>;
  /** What is known before the first run. */
  readonly nothing: Known;
  /** What is known when a run starts: of what it was asked, or of the run before it. */
  readonly begin: (input: In, before: Known) => Known;
  /** What is known with one part more. */
  readonly take?: (known: Known, part: Part) => Known;
  /** Goes on where the run before was cancelled: what it had reached stays. */
  readonly resumes?: boolean;
  /** Said of an error that does not say itself what went wrong. */
  readonly failure: string;
}

const NOWHERE: Reached = { done: 0, total: 0, elapsedMs: 0 };

/** A job, which runs at most once at a time: starting it again ends the run before. */
export class Job<In, Out, Part = never, Known = undefined> {
  readonly #kind: JobKind<In, Out, Part, Known>;
  readonly #store: StoreApi<JobState<Out, Known>>;
  #run = new AbortController();
  #input: { readonly given: In } | undefined;

  constructor(kind: JobKind<In, Out, Part, Known>) {
    this.#kind = kind;
    this.#store = createStore<JobState<Out, Known>>(() => this.#idle());
  }

  /** Returns the state as something that can be followed. */
  get store(): Readable<JobState<Out, Known>> {
    return this.#store;
  }

  /** Returns what the job is at now. */
  get state(): JobState<Out, Known> {
    return this.#store.getState();
  }

  /**
   * Starts a run. Resolves with the state that it ends in, and never rejects; undefined where another one replaced
   * it.
   */
  async start(input: In): Promise<JobState<Out, Known> | undefined> {
    this.#input = { given: input };
    this.#run.abort();
    const mine = new AbortController();
    this.#run = mine;
    const { signal } = mine;
    const { run, begin, take, resumes = false, failure } = this.#kind;
    const before = this.state;
    const startedAt = performance.now();
    let known = begin(input, before.known);
    let reached = resumes ? before.reached : NOWHERE;
    let first: Reached | undefined;
    const show = (change: Ending<Out>): void => {
      if (this.#run === mine) this.#store.setState({ known, reached, ...change }, true);
    };
    show({ state: 'running' });
    try {
      const out = await run(input, {
        signal,
        onPart: (part) => {
          known = take ? take(known, part) : known;
          show({ state: 'running' });
        },
        onProgress: ({ done, total }) => {
          // Work that is gone over again is no way back.
          if (total === reached.total && done < reached.done) return;
          const elapsedMs = performance.now() - startedAt;
          first ??= { done, total, elapsedMs };
          const seconds = (elapsedMs - first.elapsedMs) / 1000;
          const pace = done > first.done && seconds > 0 ? (done - first.done) / seconds : undefined;
          reached = { done, total, elapsedMs, ...(pace === undefined ? {} : { pace }) };
          show({ state: 'running' });
        },
      });
      reached = { ...reached, elapsedMs: performance.now() - startedAt };
      show(signal.aborted ? { state: 'cancelled' } : { state: 'done', out });
    } catch (error) {
      show(signal.aborted ? { state: 'cancelled' } : { state: 'failed', reason: reasonOf(error, failure) });
    }
    return this.#run === mine ? this.state : undefined;
  }

  /** Does once more what was done, for whom it was done is not there any more; nothing unless the job has come to its end. */
  async again(): Promise<void> {
    if (this.#input && this.state.state === 'done') await this.start(this.#input.given);
  }

  /** Ends the run, if one is on; what is known of it stays. */
  cancel(): void {
    this.#run.abort();
  }

  /** Forgets the last run. One that is on is ended, and not heard of again. */
  reset(): void {
    this.#leave();
    this.#store.setState(this.#idle(), true);
  }

  /** Puts the job into the failed state from outside, for what keeps a run from starting or from counting. */
  fail(reason: string): void {
    this.#leave();
    const { known, reached } = this.state;
    this.#store.setState({ state: 'failed', reason, known, reached }, true);
  }

  /** Replaces what the last run came to; nothing happens unless it is done. */
  amend(out: Out): void {
    const { state, known, reached } = this.state;
    if (state === 'done') this.#store.setState({ state, out, known, reached }, true);
  }

  /** Ends the run in a way that nothing of it is shown any more. */
  #leave(): void {
    const before = this.#run;
    this.#run = new AbortController();
    before.abort();
  }

  #idle(): JobState<Out, Known> {
    return { state: 'idle', known: this.#kind.nothing, reached: NOWHERE };
  }
}

type Ending<Out> =
  | { readonly state: 'running' | 'cancelled' }
  | { readonly state: 'done'; readonly out: Out }
  | { readonly state: 'failed'; readonly reason: string };

/** Returns the part of the work that is done, 0 … 1; 0 while the whole is not known. */
export const shareOf = ({ done, total }: Pick<Reached, 'done' | 'total'>): number =>
  total > 0 ? Math.min(1, done / total) : 0;

/** Returns the seconds that are left by the pace so far; undefined until there is one. */
export const secondsLeft = ({ done, total, pace }: Reached): number | undefined =>
  pace === undefined ? undefined : Math.max(0, total - done) / pace;
