/** A scan: the walk over an image, the indexes that it fills, and what they lead to once it has ended. */
import { type ByteSource, ReadError } from '../source/source';
import { hex0x } from '../lib/text';
import { blankedIn } from './blanked';
import { drive } from './drive';
import type { Finding } from './finding';
import { Fingerprint } from './fingerprint';
import type { ImageInfo } from './image';
import { PageIndex } from './pages';
import { Reader, type ReaderWindow } from './reader';
import { RecordIndex } from './records';
import { bothSinks, type SharingSink } from './sharing/sink';
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
  /** The read that failed, and ended the scan; undefined where none did. */
  readonly unread?: ReadError | undefined;
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
  fingerprint: string | undefined;
  unread: ReadError | undefined;

  /** `sharing` is told, as the fingerprint is, what of the image may be shared. */
  constructor(source: ByteSource, window?: ReaderWindow, sharing?: SharingSink) {
    this.#source = source;
    const sink = sharing ? bothSinks(this.#fingerprint, sharing) : this.#fingerprint;
    this.walk = new Walk(new Reader(source.size, window), this.records, this.pages, sink);
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
    try {
      const ended = await drive(this.walk.run(), this.#source, {
        signal,
        sliceMs,
        // What the first read brings is told of at once.
        firstSliceMs: 0,
        onStep: () => (this.#fingerprint.busy ? this.#fingerprint.settle() : undefined),
        onSlice: () => onSlice?.(this),
      });
      if (ended && this.records.count > 0) this.fingerprint = await this.#fingerprint.finish(this.#source.size);
    } catch (error) {
      if (!(error instanceof ReadError)) throw error;
      this.#unreadable(error);
    }
    if (this.records.count > 0 && !this.unread) await this.#lookForBlanks();
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

  #unreadable(error: ReadError): void {
    this.unread = error;
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
      record: undefined,
      offset: error.offset,
      length: 0,
      message: `reading failed: ${error.message}; nothing after this is listed`,
    });
    this.walk.imageVersion++;
  }
}
