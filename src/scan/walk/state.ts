/** What the walk knows at any point of its way, and how it writes down what it finds. */
import type { Layer, StreamLayer } from '../../format/layers';
import { type FieldPath, fieldsOf } from '../../format/kit/fields';
import type { StructField } from '../../format/kit/layout';
import type { KeptKind } from '../../format/sharing/judge';
import { type Finding, FINDING_LIMIT } from '../finding';
import { emptyImage, type ImageInfo } from '../image';
import { type PageIndex } from '../pages';
import { Ahead } from './ahead';
import { type Context } from './chain';
import { type Reader, type Reading } from '../reader';
import { RECORD_LIMIT, type RecordEntry, type RecordIndex } from '../records';
import { Sharing } from '../sharing/sharing';
import { NO_SINK, type SharingSink } from '../sharing/sink';

/** Bytes read at a time of what is long. */
export const PIECE = 512 * 1024;

/** A record header as it stands in the file. */
export interface Header {
  readonly offset: number;
  readonly type: number;
  readonly length: number;
}

/** Where a finding shows: layer, row if there is one, file offset and length of the bytes. */
export type Where = Pick<Finding, 'layer' | 'record' | 'offset' | 'length'>;

/** Makes a place; a length below 0, as the end of a file can bring it about, counts as 0. */
export const where = (layer: Where['layer'], record: number | undefined, offset: number, length: number): Where => ({
  layer,
  record,
  offset,
  length: Math.max(0, length),
});

/** Makes the places of a header's fields as findings name them, for a header that stands at `start` in the file. */
export const placesIn = <F extends StructField>(
  layout: F,
  layer: Where['layer'],
  record: number | undefined,
  start: number,
): ((path: FieldPath<F>, last?: FieldPath<F>) => Where) => {
  const field = fieldsOf(layout, start);
  return (path, last) => {
    const { offset, length } = field(path, last);
    return where(layer, record, offset, length);
  };
};

const NOTHING_MORE: Partial<RecordEntry> = {};

/** The state of a walk. */
export class WalkState {
  readonly image: ImageInfo = emptyImage();
  readonly findings: Finding[] = [];
  /** How far the walk has come, file offset. */
  position = 0;
  #reached = 0;
  /** How far the walk has ever been: a search for records looks at places behind it once more. */
  get reached(): number {
    this.#reached = Math.max(this.#reached, this.position, this.ahead.searchedTo);
    return this.#reached;
  }
  /** Findings beyond the limit, counted only. */
  suppressed = 0;
  /** Rises whenever `image` changes, so that it is posted only then. */
  imageVersion = 0;

  readonly reader: Reader;
  readonly records: RecordIndex;
  readonly pages: PageIndex;
  /** Decides what of the file may be shared. */
  readonly sharing: Sharing;

  layer: StreamLayer | 'end' = 'libxl';
  /** Byte order of the two streams: each header says its own. */
  littleEndian: Context['littleEndian'] = { libxl: true, libxc: true };
  /** The stream of records around the libxc stream, as the container has it. */
  outer: StreamLayer | undefined;
  /** Rows of the headers that the streams start with, −1 before they are met: records are nested in them. */
  readonly streamRow: Record<StreamLayer, number> = { libxl: -1, libxc: -1 };
  /** Where a search for records starts if the next header is nonsense: after the last header that can be trusted. */
  trustedEnd = 0;
  /** What looking ahead has found out. */
  readonly ahead = new Ahead();
  /** Last PFN of the PAGE_DATA before: where the next one starts lower, a new pass begins. */
  lastPfn = -1;
  /** Records that are listed at most. */
  recordLimit = RECORD_LIMIT;
  verifying = false;
  newPass = true;
  /** Row of a CHECKPOINT whose libxl part has not come to its end yet, −1 for none. */
  openCheckpoint = -1;
  /** STATIC_DATA_END was seen: the guest has its policy from then on. */
  staticDataEnded = false;
  /** Records shared since the last checkpoint, of those that there can be one of. */
  readonly shared: Readonly<Record<StreamLayer, Set<string>>> = { libxl: new Set(), libxc: new Set() };
  readonly vcpus = new Set<number>();
  /** Limits that were told of. */
  readonly #limits = new Set<string>();

  constructor(reader: Reader, records: RecordIndex, pages: PageIndex, sink: SharingSink = NO_SINK) {
    this.reader = reader;
    this.records = records;
    this.pages = pages;
    this.sharing = new Sharing(sink);
  }

  get context(): Context {
    return { reader: this.reader, littleEndian: this.littleEndian, outer: this.outer, ahead: this.ahead };
  }

  /** Adds a record to the index; returns its row. Written out, as spreading into a new object costs ten times as much. */
  row(layer: StreamLayer, { offset, type, length }: Header, more: Partial<RecordEntry> = NOTHING_MORE): number {
    const parent = this.streamRow[layer];
    const { vcpu = -1, pages = -1, damaged = false, passStart = false, reservedBits = false } = more;
    return this.records.add({
      layer,
      kind: 'record',
      type,
      offset,
      length,
      parent,
      vcpu,
      pages,
      damaged,
      passStart,
      reservedBits,
    });
  }

  /** Adds a header to the index; returns its row. */
  header(layer: Layer, type: number, offset: number, size: number, parent: number): number {
    const length = Math.min(size, 0xffff_ffff);
    const none = { vcpu: -1, pages: -1, damaged: false, passStart: false, reservedBits: false };
    return this.records.add({ layer, kind: 'header', type, offset, length, parent, ...none });
  }

  /** Notes that the file ends inside a header; false, as the walk ends with it. */
  cutHeader(layer: Layer, offset: number, wanted: number, what: string): false {
    const have = Math.max(0, this.reader.size - offset);
    const last = this.records.count > 0 ? this.records.count - 1 : undefined;
    this.note(
      'fatal',
      'file-ends',
      where(layer, last, offset, have),
      `the file ends inside ${what}`,
      `${wanted} bytes`,
      `${have} bytes`,
    );
    return false;
  }

  /** Shares `start … end` of a header. */
  *keepRange(start: number, end: number, kind: KeptKind): Reading<void> {
    for (let from = start; from < end;) {
      const piece = yield* this.reader.at(from, Math.min(PIECE, end - from));
      if (piece.length === 0) return;
      this.sharing.header(piece, from, kind);
      from += piece.length;
      this.position = Math.max(this.position, from);
    }
  }

  /** Notes, once, that a limit was reached: this is told however many findings there are. */
  limit(id: string, place: Where, message: string): void {
    if (this.#limits.has(id)) return;
    this.#limits.add(id);
    this.findings.push({ id, severity: 'warning', ...place, message });
  }

  /** Notes a finding, unless there are too many already: then it is only counted. */
  note(
    severity: Finding['severity'],
    id: string,
    place: Where,
    message: string,
    expected?: string,
    found?: string,
  ): void {
    if (this.findings.length >= FINDING_LIMIT) {
      this.suppressed++;
      return;
    }
    const facts = { ...(expected === undefined ? {} : { expected }), ...(found === undefined ? {} : { found }) };
    this.findings.push({ id, severity, ...place, message, ...facts });
  }
}
