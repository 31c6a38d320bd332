/** Open files in the states that panels can meet. */
import { startWorker } from '../../src/worker/start';
import { OpenFile } from '../../src/state/open-file';
import { type Place, START } from '../../src/state/place';
import { BreakableFile, BreakableWorker, type Mode, silentWorker } from '../fixtures/page/breakable';

export interface Files {
  /** No record was found yet. */
  readonly scanning: OpenFile;
  /** Scanned and checked, nothing in it is selected. */
  readonly untouched: OpenFile;
  /** Scanned and checked, with a record, a page and a vCPU selected. */
  readonly filled: OpenFile;
  /** The same, but nothing that is asked from now on is answered. */
  readonly loading: OpenFile;
  /** The same, but all that is asked from now on fails. */
  readonly failing: OpenFile;
  /** Scanned; the check goes on for ever. */
  readonly checking: OpenFile;
  /** An image that ends too early. */
  readonly cut: OpenFile;
  /** No image at all. */
  readonly refused: OpenFile;
}

const SELECTED: Place = { ...START, record: 13, pfn: 0x17, vcpu: 0 };

async function opened(bytes: BlobPart, name: string, place: Place = START): Promise<OpenFile> {
  const file = new OpenFile(new File([bytes], name), { worker: startWorker(), place });
  await file.open();
  return file;
}

async function broken(image: File, mode: Mode): Promise<OpenFile> {
  const bytes = new BreakableFile([image], image.name);
  const worker = new BreakableWorker();
  const file = new OpenFile(bytes, { worker, place: SELECTED });
  await file.open();
  bytes.mode = mode;
  worker.mode = mode;
  return file;
}

/** Scans a file whose check never comes to an end. */
function uncheckedFile(image: File): Promise<OpenFile> {
  const worker = new BreakableWorker();
  worker.mode = 'hangs';
  const file = new OpenFile(image, { worker });
  void file.open();
  return new Promise((resolve) => {
    const stop = file.check.store.subscribe(({ state }) => {
      if (state !== 'running') return;
      stop();
      resolve(file);
    });
  });
}

/** Opens the sample in all of these states. */
export async function openFiles(image: File): Promise<Files> {
  const scanning = new OpenFile(image, { worker: silentWorker() });
  void scanning.open();
  const [untouched, filled, loading, failing, checking, cut, refused] = await Promise.all([
    opened(image, image.name),
    opened(image, image.name, SELECTED),
    broken(image, 'hangs'),
    broken(image, 'fails'),
    uncheckedFile(image),
    opened(image.slice(0, image.size - 40), 'cut.xlsave'),
    opened(new Uint8Array(4096), 'zeros.bin'),
  ]);
  return { scanning, untouched, filled, loading, failing, checking, cut, refused };
}
