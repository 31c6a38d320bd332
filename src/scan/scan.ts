/** Driving a walk: feeding it bytes, at once or with reads in flight, in slices that leave room for other work. */
import { type ByteSource, ReadError } from '../source/source';
import { hex0x } from '../lib/text';
import { blankedIn } from './blanked';
import type { Finding } from './finding';
import { Fetcher } from './fetcher';
import { Fingerprint } from './fingerprint';
import type { ImageInfo } from './image';
import { PageIndex } from './pages';
import { type Need, Reader, type ReaderWindow, type Reading } from './reader';
import { RecordIndex } from './records';
import { Walk } from './walk/walk';

export interface ScanResult {
  readonly records: RecordIndex;
  readonly pages: PageIndex;
  readonly findings: readonly Finding[];
  /** Findings beyond the limit, counted only. */
  readonly suppressed: number;
  readonly image: ImageInfo;
  /** Sixteen hex digits; undefined while the scan runs, when it was cancelled or failed, or where nothing was indexed. */
  readonly fingerprint: string | undefined;
}

export interface ScanOptions {
  readonly signal?: AbortSignal;
  /** Called between slices of work of about `sliceMs`. */
  readonly onSlice?: (scan: Scan) => void | Promise<void>;
  readonly sliceMs?: number;
}

export class Scan implements ScanResult {
  readonly records = new RecordIndex();
  readonly pages = new PageIndex();
  readonly walk: Walk;
  readonly #source: ByteSource;
  readonly #fingerprint = new Fingerprint();
  #failed = false;
  fingerprint: string | undefined;

  /** `onCovered` is told of all bytes that go into the fingerprint: what is no page content. */
  constructor(source: ByteSource, window?: ReaderWindow, onCovered?: (offset: number, length: number) => void) {
    this.#source = source;
    this.walk = new Walk(new Reader(source.size, window), this.records, this.pages, (bytes, offset) => {
      this.#fingerprint.add(bytes);
      onCovered?.(offset, bytes.length);
    });
  }

  get findings(): readonly Finding[] {
    return this.walk.findings;
  }
  get suppressed(): number {
    return this.walk.suppressed;
  }
  get image(): ImageInfo {
    return this.walk.image;
  }

  /** Scans to the end, or until the signal aborts. Never rejects for what is in the file; a failed read is a finding. */
  async run({ signal, onSlice, sliceMs = 16 }: ScanOptions = {}): Promise<ScanResult> {
    const steps = this.walk.run();
    const fetcher = new Fetcher(this.#source);
    let step = steps.next();
    // What the first read brings is told of at once.
    let sliceEnd = performance.now();
    while (!step.done) {
      if (signal?.aborted === true) break;
      step = await this.#step(steps, fetcher, step.value);
      if (this.#fingerprint.busy) await this.#fingerprint.settle();
      if (performance.now() < sliceEnd) continue;
      await onSlice?.(this);
      sliceEnd = performance.now() + sliceMs;
    }
    if (step.done && !this.#failed && this.records.count > 0)
      this.fingerprint = await this.#fingerprint.finish(this.#source.size);
    if (this.records.count > 0 && !this.#failed) await this.#lookForBlanks();
    return this;
  }

  async #lookForBlanks(): Promise<void> {
    try {
      const blanked = await blankedIn(this.#source, this);
      if (!blanked) return;
      this.image.blanked = blanked;
      this.walk.imageVersion++;
    } catch (error) {
      // What cannot be read says so where it is shown.
      if (!(error instanceof ReadError)) throw error;
    }
  }

  async #step(steps: Reading<void>, fetcher: Fetcher, need: Need): Promise<IteratorResult<Need, void>> {
    let bytes: Uint8Array;
    try {
      const got = fetcher.get(need);
      bytes = got instanceof Uint8Array ? got : await got;
    } catch (error) {
      if (!(error instanceof ReadError)) throw error;
      this.#unreadable(error);
      return steps.return();
    }
    return steps.next(bytes);
  }

  #unreadable(error: ReadError): void {
    this.#failed = true;
    if (this.records.count === 0) {
      this.walk.image.refusal = {
        code: 'unreadable',
        title: 'The file cannot be read',
        help: `Reading at ${hex0x(error.offset)} failed: ${error.message}. libvirt keeps its save files readable by root only: copy the file, or give yourself permission.`,
      };
    }
    this.walk.findings.push({
      id: 'unreadable',
      severity: 'fatal',
      layer: 'file',
      record: null,
      offset: error.offset,
      length: 0,
      message: `reading failed: ${error.message}; nothing after this is listed`,
    });
    this.walk.imageVersion++;
  }
}
