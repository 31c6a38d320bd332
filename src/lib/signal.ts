/** Change made known: for what changes in place, so that nobody can tell by looking at the object itself. */

/** Tells those who subscribed that something has changed. */
export class Signal {
  readonly #listeners = new Set<() => void>();
  readonly #schedule: (tell: () => void) => void;
  #count = 0;
  #isScheduled = false;

  /** `schedule` runs a function later; changes until then are told once. Without it each change is told at once. */
  constructor(schedule: (tell: () => void) => void = (tell) => tell()) {
    this.#schedule = schedule;
  }

  /** How often a change was told: another number means that it is time to look again. */
  get count(): number {
    return this.#count;
  }

  /** Notes a change. */
  readonly change = (): void => {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#schedule(() => {
      this.#isScheduled = false;
      this.#count++;
      for (const listener of this.#listeners) listener();
    });
  };

  /** Calls `listener` after each change; returns how to stop that. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
}
