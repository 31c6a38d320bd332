/** The open file: its index, its bytes, its timeline, and the scan that fills them. One at a time, replaced as a whole. */
import { reasonOf } from '../lib/reason';
import { RecordIndex } from '../scan/records';
import { blobSource } from '../source/blob';
import { type CachedSource, cachedSource } from '../source/cached';
import { memorySource } from '../source/memory';
import { WorkerClient } from '../worker/client';
import { type Check, NO_FILE, type Target, useApp } from './store';
import { Timeline } from './timeline/timeline';

export interface FileData {
  readonly records: RecordIndex;
  readonly timeline: Timeline;
  readonly source: CachedSource;
}

let bumpScheduled = false;

/** Asks for a redraw of what hangs on the version; many asks in one frame are one. */
export function bump(): void {
  if (bumpScheduled) return;
  bumpScheduled = true;
  requestAnimationFrame(() => {
    bumpScheduled = false;
    useApp.setState(({ version }) => ({ version: version + 1 }));
  });
}

const noData = (): FileData => {
  const records = new RecordIndex();
  return { records, timeline: new Timeline(records), source: cachedSource(memorySource(new Uint8Array(0)), bump) };
};

let data: FileData = noData();
let client: WorkerClient | undefined;

/** The open file's data; empty where none is open. Read it anew after each change of `version`. */
export const fileData = (): FileData => data;

function worker(): WorkerClient {
  client ??= new WorkerClient(new Worker(new URL('../worker/scan.worker.ts', import.meta.url), { type: 'module' }), {
    onProgress: ({ batch, progress, findings, image }) => {
      data.records.append(batch);
      const state = useApp.getState();
      const known = image ?? state.image;
      data.timeline.update(known);
      useApp.setState({
        progress,
        image: known,
        version: state.version + 1,
        ...(findings.length > 0 ? { findings: [...state.findings, ...findings] } : {}),
      });
    },
    onDone: ({ cancelled, suppressed, fingerprint }) => {
      const refused = useApp.getState().image.refusal !== undefined;
      useApp.setState(({ version }) => ({
        phase: refused ? 'refused' : cancelled ? 'cancelled' : 'done',
        suppressed,
        fingerprint,
        version: version + 1,
      }));
      if (refused || cancelled) return;
      const { target, place } = useApp.getState();
      startCheck(place.xen === undefined ? target : { ...target, xen: place.xen });
    },
    onCrash: (reason) => {
      useApp.setState({ phase: 'crashed', crash: reason });
      client = undefined;
    },
  });
  return client;
}

/** Questions about the open file's pages. */
export const request: WorkerClient['request'] = (name, input) => worker().request(name, input);

/** Long work on the open file, with parts and progress; ends when the signal does, or the file is closed. */
export const startJob: WorkerClient['job'] = (name, input, options) => worker().job(name, input, options);

/** Starts on a file. The place stays: it may come from a link that waits for this file. */
export function openFile(file: File): void {
  // What the check of the file before still says is not shown.
  checking = new AbortController();
  const records = new RecordIndex();
  data = { records, timeline: new Timeline(records), source: cachedSource(blobSource(file, file.name), bump) };
  useApp.setState(({ version }) => ({
    ...NO_FILE,
    phase: 'scanning',
    file: { name: file.name, size: file.size },
    version: version + 1,
  }));
  worker().open(file);
}

/** Ends the check that runs, if one does. */
let checking = new AbortController();

/** Asks whether the image would restore on this target. The scan must have ended. */
export function startCheck(target: Target): void {
  const { xen, policy } = target;
  checking.abort();
  const mine = new AbortController();
  checking = mine;
  const show = (check: Check): void => {
    if (checking === mine) useApp.setState({ check });
  };
  let reached = { done: 0, total: 1 };
  useApp.setState({ target, finding: undefined, check: { state: 'running', ...reached } });
  startJob(
    'check',
    { ...(xen === undefined ? {} : { xen }), ...(policy === undefined ? {} : { policy: policy.data }) },
    {
      signal: mine.signal,
      onProgress: ({ done, total }) => {
        reached = { done, total };
        show({ state: 'running', ...reached });
      },
    },
  ).then(
    (result) => show({ state: 'done', result }),
    (error: unknown) =>
      show(
        mine.signal.aborted
          ? { state: 'cancelled', ...reached }
          : { state: 'failed', reason: reasonOf(error, 'the check failed') },
      ),
  );
}

export function cancelCheck(): void {
  checking.abort();
}

export function cancelScan(): void {
  worker().cancel();
}

export function closeFile(): void {
  checking = new AbortController();
  worker().close();
  data = noData();
  useApp.setState(({ version }) => ({ ...NO_FILE, version: version + 1 }));
}
