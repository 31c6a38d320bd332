/** What a job is given besides its input. */
export interface JobTools<Part> {
  /** Work ends soon after it is aborted; what it then returns is dropped. */
  readonly signal: AbortSignal;
  /** Hands out a part of the answer. */
  readonly onPart: (part: Part, transfer?: Transferable[]) => void;
  /** Tells how far the work has come, in units of the job's own. */
  readonly onProgress: (done: number, total: number) => void;
  /** To be awaited every few milliseconds: only then other messages come through, the cancel among them. */
  readonly breathe: () => Promise<void>;
}
