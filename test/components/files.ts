/** Open files in the states that panels can meet. */
import type { Phase } from '../../src/state/jobs/scan';
import { OpenFile } from '../../src/state/open-file';
import { type Place, START } from '../../src/state/place';
import { BreakableFile, BreakableWorker, silentWorker } from '../fixtures/page/breakable';

export interface Files {
  /** No record was found yet. */
  readonly scanning: OpenFile;
  /** Scanned and checked, with a record, a page and a vCPU selected. */
  readonly filled: OpenFile;
  /** The same, but nothing that is asked from now on is answered. */
  readonly loading: OpenFile;
  /** The same, but all that is asked from now on fails. */
  readonly failing: OpenFile;
  /** Scanned; the check goes on for ever. */
  readonly checking: OpenFile;
  /** An image that ends too early; nothing in it is selected. */
  readonly cut: OpenFile;
  /** No image at all. */
  readonly refused: OpenFile;
  /** Tells whether one of them still waits for an answer that will come. */
  readonly isBusy: () => boolean;
  readonly dispose: () => void;
}

const SELECTED: Place = { ...START, record: 13, pfn: 0x17, vcpu: 0 };

interface Opened {
  readonly file: OpenFile;
  readonly worker: BreakableWorker;
  readonly bytes: BreakableFile;
}

function start(image: Blob, name: string, place: Place = START): Opened {
  const bytes = new BreakableFile([image], name);
  const worker = new BreakableWorker();
  return { bytes, worker, file: new OpenFile(bytes, { startWorker: () => worker, place }) };
}

/** A worker that was not loaded, or that failed, is to end the test here, with its reason. */
async function opened(one: Opened, phase: Phase = 'done'): Promise<Opened> {
  await one.file.open();
  if (one.file.phase === phase) return one;
  throw new Error(`${one.file.name} is ${JSON.stringify(one.file.scan.state)}, not ${phase}`);
}

/** Scans a file whose check never comes to an end. */
function unchecked(one: Opened): Promise<Opened> {
  one.worker.mode = 'hangs';
  void one.file.open();
  return new Promise((resolve) => {
    const stop = one.file.check.store.subscribe(({ state }) => {
      if (state !== 'running') return;
      stop();
      resolve(one);
    });
  });
}

/** Opens the sample in all of these states, one after the other: each starts a worker. */
export async function openFiles(image: File): Promise<Files> {
  const scanning = new OpenFile(image, { startWorker: silentWorker });
  void scanning.open();
  const filled = await opened(start(image, image.name, SELECTED));
  const loading = await opened(start(image, image.name, SELECTED));
  loading.bytes.mode = 'hangs';
  loading.worker.mode = 'hangs';
  const failing = await opened(start(image, image.name, SELECTED));
  failing.bytes.mode = 'fails';
  failing.worker.mode = 'fails';
  const checking = await unchecked(start(image, image.name));
  const cut = await opened(start(image.slice(0, image.size - 40), 'cut.xlsave'));
  const refused = await opened(start(new Blob([new Uint8Array(4096)]), 'zeros.bin'), 'refused');
  const all = [filled, loading, failing, checking, cut, refused];
  return {
    scanning,
    filled: filled.file,
    loading: loading.file,
    failing: failing.file,
    checking: checking.file,
    cut: cut.file,
    refused: refused.file,
    isBusy: () => all.some(({ worker, bytes }) => worker.isBusy || bytes.isBusy),
    dispose: () => [scanning, ...all.map(({ file }) => file)].forEach((file) => file.dispose()),
  };
}
