/** The scan of the file: it fills the index, and tells what it has learned of the image. */
import type { Finding } from '../../scan/finding';
import { emptyImage, type ImageInfo } from '../../scan/image';
import type { WorkerClient } from '../../worker/client';
import type { Progress, ScanEnd, ScanPart } from '../../worker/protocol';
import { Job, type JobState } from './job';

/** What the scan has found so far, besides the rows of the index. */
export interface Scanned {
  readonly progress: Progress;
  readonly image: ImageInfo;
  readonly findings: readonly Finding[];
  /** Findings that were counted, but not kept. */
  readonly suppressed: number;
}

/** What the scan is at; `known` is what it has found so far. */
export type ScanState = JobState<ScanEnd, Scanned>;

/**
 * What a scan can be at, in one word. `stopped`: it did not come to its end, and what it has found stays; `refused`: the file
 * is not one that is read; `crashed`: the worker failed.
 */
export type Phase = 'scanning' | 'done' | 'cancelled' | 'stopped' | 'refused' | 'crashed';

const UNSCANNED: Scanned = {
  progress: { position: 0, records: 0, mentions: 0, highestPfn: -1, elapsedMs: 0 },
  image: emptyImage(),
  findings: [],
  suppressed: 0,
};

/** Makes the scan of a file by its worker. `onPart` takes the new rows in, before what the part says is shown. */
export const scanJob = (
  worker: WorkerClient,
  onPart: (part: ScanPart, image: ImageInfo) => void,
): Job<File, ScanEnd, ScanPart, Scanned> =>
  new Job<File, ScanEnd, ScanPart, Scanned>({
    run: (file, tools) => worker.scan(file, file.name, tools),
    nothing: UNSCANNED,
    begin: () => UNSCANNED,
    take: (known, part) => {
      const { progress, findings, suppressed, image = known.image } = part;
      onPart(part, image);
      return {
        progress,
        image,
        suppressed,
        findings: findings.length > 0 ? [...known.findings, ...findings] : known.findings,
      };
    },
    failure: 'the scan failed',
  });

/** Returns the phase that a scan is in. */
export function phaseOf(scan: ScanState): Phase {
  const { state, known } = scan;
  switch (state) {
    case 'idle':
    case 'running':
      return 'scanning';
    case 'cancelled':
      return known.image.refusal === undefined ? 'cancelled' : 'refused';
    case 'failed':
      return 'crashed';
    case 'done':
      if (known.image.refusal !== undefined) return 'refused';
      return scan.out.stopped === undefined ? 'done' : 'stopped';
  }
}
