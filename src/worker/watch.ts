/** Notices that a worker has stopped answering: it is at something that does not end, and hears nothing any more. */

/** How long a worker may say nothing, in ticks of a timer of the page: where that sleeps, the worker is not blamed. */
export interface Patience {
  /** Milliseconds from tick to tick. */
  readonly tickMs: number;
  /** Ticks that are waited while something is to be answered. */
  readonly ticks: number;
  /** Ticks that are waited after something was cancelled. */
  readonly afterCancel: number;
}

/** The patience with real workers. No step of a sound one takes as long: each lets messages in about once a frame. */
export const PATIENCE: Patience = { tickMs: 1000, ticks: 20, afterCancel: 3 };

interface Watched {
  /** Asks the worker for a sign of life. */
  readonly ask: () => void;
  /** Tells whether the worker owes something. */
  readonly owes: () => boolean;
  /** Hears that the worker has said nothing for too long; how long that was at least, in whole seconds. */
  readonly onSilence: (seconds: number) => void;
}

/** A watch over one worker. It looks only while the worker owes an answer. */
export class Watch {
  readonly #watched: Watched;
  readonly #patience: Patience;
  #timer: ReturnType<typeof setInterval> | undefined;
  #silent = 0;
  #isCancelled = false;

  constructor(watched: Watched, patience: Patience) {
    this.#watched = watched;
    this.#patience = patience;
  }

  /** Notes that something came of the worker. */
  heard(): void {
    this.#silent = 0;
  }

  /** Notes a sign of life that was asked for: the worker has heard all that was said before. */
  answered(): void {
    this.#silent = 0;
    this.#isCancelled = false;
  }

  /** Notes that the worker was asked for something. */
  asked(): void {
    this.#timer ??= setInterval(() => this.#tick(), this.#patience.tickMs);
  }

  /** Notes that something was cancelled: if the worker does not hear that soon, it hears nothing. */
  cancelled(): void {
    this.#silent = 0;
    this.#isCancelled = true;
    this.asked();
  }

  /** Ends the watch. */
  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.answered();
  }

  #tick(): void {
    if (!this.#isCancelled && !this.#watched.owes()) return this.stop();
    const { ticks, afterCancel, tickMs } = this.#patience;
    const limit = this.#isCancelled ? afterCancel : ticks;
    if (this.#silent++ < limit) {
      if (this.#silent === 1) this.#watched.ask();
      return undefined;
    }
    this.stop();
    return this.#watched.onSilence(Math.ceil((limit * tickMs) / 1000));
  }
}
