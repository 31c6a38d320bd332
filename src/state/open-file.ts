/**
 * One opened image: its index, its bytes, its rows, what is looked at, and all work that goes on for it. It is made and
 * disposed as a whole, and several can be open at once: nothing of a file stands outside of its object.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { given } from '../lib/given';
import type { Range } from '../lib/range';
import { Signal } from '../lib/signal';
import type { ImageInfo } from '../scan/image';
import { RecordIndex } from '../scan/records';
import { blobSource } from '../source/blob';
import { type CachedSource, cachedSource } from '../source/cached';
import { WorkerClient, type WorkerLike } from '../worker/client';
import type { Patience } from '../worker/watch';
import { nextFrame } from './frame';
import { checkJob, type RestoreTarget } from './jobs/check';
import { contentJob } from './jobs/content';
import { exportJob } from './jobs/export';
import { linuxJob } from './jobs/linux';
import { rolesJob } from './jobs/roles';
import { type Phase, phaseOf, scanJob } from './jobs/scan';
import { searchJob } from './jobs/search';
import { SpaceJobs } from './jobs/spaces';
import { symbolsJob } from './jobs/symbols';
import { verifyJob } from './jobs/verify';
import { type ImageName, type Place, START } from './place';
import { FIRST_VCPU_VIEW, type VcpuView } from './vcpu-view';
import { Timeline } from './timeline/timeline';

/** How a move is kept in the browser's history: as a step to go back over, or in place of the step before. */
export type Step = 'push' | 'replace';

/** What is looked at. */
export interface View {
  /** The part that a link can name. */
  readonly place: Place;
  /** Rises with every jump: what was jumped to is brought into view even if it was selected already. */
  readonly jumps: number;
  /** Path of the selected field in the record's tree, to tell apart fields that share their bytes. */
  readonly fieldPath: string | undefined;
  /** The finding that is looked at, by its place in the list. */
  readonly finding: number | undefined;
  /** The hit of the search that is looked at, −1 for none. */
  readonly hit: number;
  /** Zoom of the page map: a number of steps, whatever shows all, or nothing chosen yet. */
  readonly zoom: number | 'all' | undefined;
  /** Text of the restore log that is held against the image. */
  readonly log: string;
  /** How the vCPUs are looked at. */
  readonly vcpus: VcpuView;
}

/** What the pointer is over. */
export interface Pointed {
  /** Bytes of the file; undefined for none. */
  readonly range: Range | undefined;
}

interface Options {
  /** Starts a worker of this file, and of no other; another one where the first does not answer any more. */
  readonly startWorker: () => WorkerLike;
  /** Where to start: a link may have led here. */
  readonly place?: Place;
  /** Hears of each move that the address is to name. */
  readonly onMove?: (file: OpenFile, step: Step) => void;
  /** Hears that the scan has come to its end: the image has its fingerprint from then on. */
  readonly onScanned?: (file: OpenFile) => void;
  /** Hears that the worker was replaced, and why. */
  readonly onReplaced?: (file: OpenFile, reason: string) => void;
  /** How long a worker may say nothing. */
  readonly patience?: Patience;
}

let opened = 0;

/** An opened image, with a worker of its own. */
export class OpenFile {
  /** Tells the files of one page apart. */
  readonly id = ++opened;
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly records = new RecordIndex();
  readonly timeline = new Timeline(this.records);
  /** The bytes, for views: pages that were read stay for a while. */
  readonly source: CachedSource;
  readonly view: StoreApi<View>;
  /** Apart from what is looked at: it changes with every move of the mouse. */
  readonly pointed = createStore<Pointed>(() => ({ range: undefined }));
  readonly scan;
  readonly check;
  readonly search;
  readonly export;
  readonly spaces;
  readonly symbols;
  readonly content;
  readonly roles;
  readonly linux;
  readonly verify;
  readonly #file: File;
  readonly #worker: WorkerClient;
  readonly #options: Options;
  #fingerprint: string | undefined;
  #turn = new AbortController();
  #isClosed = false;

  constructor(file: File, options: Options) {
    const { startWorker, place = START } = options;
    this.#file = file;
    this.#options = options;
    this.name = file.name;
    this.size = file.size;
    this.source = cachedSource(blobSource(file, file.name), new Signal(nextFrame));
    this.view = createStore<View>(() => ({
      place,
      jumps: 0,
      fieldPath: undefined,
      finding: undefined,
      hit: -1,
      zoom: undefined,
      log: '',
      vcpus: FIRST_VCPU_VIEW,
    }));
    const client = new WorkerClient(startWorker, {
      onCrash: (reason) => this.scan.fail(reason),
      onReplaced: (reason) => this.#recover(reason),
      ...given({ patience: options.patience }),
    });
    this.#worker = client;
    this.scan = scanJob(client, ({ batch }, image) => {
      this.records.append(batch);
      this.timeline.update(image);
    });
    this.scan.store.subscribe((scan) => {
      if (scan.state === 'done') this.#fingerprint = scan.out.fingerprint;
    });
    this.check = checkJob(client);
    this.search = searchJob(client);
    this.export = exportJob(client);
    this.spaces = new SpaceJobs(client);
    this.symbols = symbolsJob(client);
    this.content = contentJob(client);
    this.roles = rolesJob(client);
    this.linux = linuxJob(client);
    this.verify = verifyJob(client);
  }

  /** Scans the file to its end, and then checks it for the Xen that the place names. Never rejects. */
  async open(): Promise<void> {
    const end = await this.scan.start(this.#file);
    if (end?.state !== 'done' || this.phase !== 'done') return;
    this.#options.onScanned?.(this);
    this.view.setState(({ place }) => ({ place: possible(place, this) }));
    this.move('replace');
    const { xen } = this.place;
    await this.startCheck({ ...this.check.state.known, ...given({ xen }) });
  }

  /** Checks the image for a target. The finding that was looked at is one of the check before. Never rejects. */
  async startCheck(target: RestoreTarget): Promise<void> {
    this.view.setState({ finding: undefined });
    await this.check.start(target);
  }

  /** Returns what the image is, as far as it was scanned. */
  get image(): ImageInfo {
    return this.scan.state.known.image;
  }

  get phase(): Phase {
    return phaseOf(this.scan.state);
  }

  get place(): Place {
    return this.view.getState().place;
  }

  /** Tells whether the file was closed: there is nothing to tell of it any more. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Returns what a link calls the image: with its fingerprint once the scan has ended. */
  get imageName(): ImageName {
    const { name, size } = this;
    return { name, size, ...given({ fingerprint: this.#fingerprint }) };
  }

  /** Asks the worker a question about the file. Rejects where there is no answer, and once the file is closed. */
  readonly request: WorkerClient['request'] = (name, input) => this.#worker.request(name, input);

  /**
   * Begins something new that the user does: what was being looked up to go there is not wanted any more. The signal
   * aborts when the next thing begins, and when the file is closed.
   */
  turn(): AbortSignal {
    this.#turn.abort();
    this.#turn = new AbortController();
    return this.#turn.signal;
  }

  /** Tells that the place is one that the address is to name. */
  move(step: Step): void {
    if (step === 'push') this.turn();
    this.#options.onMove?.(this, step);
  }

  /** Tells another worker what the one before had been told, and forgets what that alone had found. */
  #recover(reason: string): void {
    this.content.reset();
    this.roles.reset();
    void this.symbols.again();
    void this.check.again();
    this.#options.onReplaced?.(this, reason);
  }

  /** Ends all that goes on for the file. Nothing of it arrives from here on. */
  dispose(): void {
    this.#isClosed = true;
    this.#turn.abort();
    this.#worker.close();
  }
}

/** The place without what the image does not have: a link may have been made for another one. */
function possible(place: Place, { records, size }: Pick<OpenFile, 'records' | 'size'>): Place {
  const { record, range, ...rest } = place;
  const hasRecord = record === undefined || record < records.count;
  const hasRange = range === undefined || range.end <= size;
  if (hasRecord && hasRange) return place;
  return { ...rest, ...(record !== undefined && hasRecord ? { record } : {}), ...(range && hasRange ? { range } : {}) };
}
