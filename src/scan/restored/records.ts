/**
 * Which record of each kind a restore takes. libxc keeps the last of each and gives it to Xen when the stream has ended;
 * what it applies at once is overwritten by the next of its kind. An empty record of a vCPU is passed over. Sources:
 * tools/libs/guest/xg_sr_restore_x86_pv.c, handle_x86_pv_vcpu_blob() and handle_x86_pv_info();
 * xg_sr_restore_x86_hvm.c, handle_hvm_context(); xg_sr_common_x86.c, x86_static_data_complete().
 */
import { type KeptAs, LIBXC_RECORDS, LibxcType } from '../../format/libxc/types';
import { LibxlType } from '../../format/libxl/types';
import { VCPU_HEADER_SIZE, VCPU_ID_LIMIT } from '../../format/libxc/vcpu-header';
import type { RecordIndex } from '../records';
import { restoreEnds, type StreamMarks } from './ends';

/** Kinds of records that libxc keeps of a vCPU, each by itself. */
export type VcpuKind = KeptAs<'vcpu'>;

/** Rows of the records that a restore takes of one PV vCPU. */
export type KeptVcpu = {
  /** The first X86_PV_VCPU_BASIC without a context, which restores nothing. */
  readonly empty?: number;
} & { readonly [Kind in VcpuKind]?: number };

/** Records of which one counts. */
type SingleKind = KeptAs<'first' | 'last' | 'policy'>;
/** Records that count all, in the order of the stream: of entries that say the same thing the last one stays. */
type ListKind = KeptAs<'list'>;

/** Rows of the records of libxc that a restore takes. */
export type KeptRecords = {
  /** Those of PV vCPUs, by number. */
  readonly vcpus: ReadonlyMap<number, KeptVcpu>;
} & { readonly [Kind in SingleKind]?: number } & { readonly [Kind in ListKind]: readonly number[] };

/** Rows of the records of libxl that a restore takes. */
export interface KeptLibxl {
  readonly emulatorContext?: number;
  readonly emulatorXenstore?: number;
}

/** Records of one kind that are all taken; of more, the last ones. */
const LIST_LIMIT = 1024;
/** Rows between two looks at the clock. */
const ROWS_AT_ONCE = 4096;

type Writable<T> = { -readonly [K in keyof T]: T[K] };

type KeptRow = (typeof LIBXC_RECORDS)[keyof typeof LIBXC_RECORDS]['kept'];

const LIBXC_NAMES = Object.keys(LIBXC_RECORDS) as (keyof typeof LIBXC_RECORDS)[];

/** What is kept, by the number of the type; the table says it by name. */
const KEPT: ReadonlyMap<number, Exclude<KeptRow, 'none'>> = new Map(
  LIBXC_NAMES.flatMap((name) => {
    const { kept } = LIBXC_RECORDS[name];
    return kept === 'none' ? [] : [[LibxcType[name], kept] as const];
  }),
);

/** Returns the kind of a record of a vCPU's state; undefined for other types. */
export function vcpuKindOf(type: number): VcpuKind | undefined {
  const kept = KEPT.get(type);
  return kept?.[0] === 'vcpu' ? kept[1] : undefined;
}

/** Takes records row by row. One that is damaged does not take the place of a whole one. */
interface Taking<T> {
  readonly kept: T;
  /** Takes a row, if it is one to take; whether it was. */
  take(row: number): boolean;
}

class TakingLibxc implements Taking<KeptRecords> {
  readonly #records: RecordIndex;
  readonly #vcpus = new Map<number, KeptVcpu>();
  readonly #lists: Readonly<Record<ListKind, number[]>> = { hvmParams: [], p2mFrames: [] };
  readonly #single: { [Kind in SingleKind]?: number } = {};
  #staticDataEnded = false;

  constructor(records: RecordIndex) {
    this.#records = records;
  }

  get kept(): KeptRecords {
    return {
      ...this.#single,
      vcpus: new Map(this.#vcpus),
      hvmParams: [...this.#lists.hvmParams],
      p2mFrames: [...this.#lists.p2mFrames],
    };
  }

  take(row: number): boolean {
    const records = this.#records;
    const type = records.typeAt(row);
    if (type === LibxcType.PAGE_DATA || records.isHeader(row) || records.layerAt(row) !== 'libxc') return false;
    if (type === LibxcType.STATIC_DATA_END) this.#staticDataEnded = true;
    const kept = KEPT.get(type);
    return kept !== undefined && this.#takeAs(row, kept);
  }

  #takeAs(row: number, [how, as]: Exclude<KeptRow, 'none'>): boolean {
    const single = this.#single;
    switch (how) {
      case 'vcpu':
        return this.#takeVcpu(row, as);
      case 'policy':
        return this.#takePolicy(row, as);
      case 'list':
        return takeOneMore(this.#lists[as], row);
      case 'first':
        // A second one is refused.
        single[as] ??= row;
        return true;
      case 'last':
        single[as] = this.#better(row, single[as]);
        return true;
    }
  }

  #takeVcpu(row: number, kind: VcpuKind): boolean {
    const records = this.#records;
    const id = records.vcpuAt(row);
    const before = this.#vcpus.get(id);
    if (id < 0 || (!before && this.#vcpus.size >= VCPU_ID_LIMIT)) return false;
    if (records.lengthAt(row) <= VCPU_HEADER_SIZE) {
      if (kind !== 'basic' || before?.empty !== undefined) return false;
      this.#vcpus.set(id, { ...before, empty: row });
    } else this.#vcpus.set(id, { ...before, [kind]: this.#better(row, before?.[kind]) });
    return true;
  }

  #takePolicy(row: number, name: KeptAs<'policy'>): boolean {
    if (this.#staticDataEnded) this.#single[name] ??= row;
    else this.#single[name] = this.#better(row, this.#single[name]);
    return true;
  }

  #better(row: number, before: number | undefined): number {
    const isWorse = before !== undefined && this.#records.isDamaged(row) && !this.#records.isDamaged(before);
    return isWorse ? before : row;
  }
}

function takeOneMore(list: number[], row: number): boolean {
  if (list.length >= LIST_LIMIT) list.shift();
  list.push(row);
  return true;
}

class TakingLibxl implements Taking<KeptLibxl> {
  readonly #records: RecordIndex;
  readonly #kept: Writable<KeptLibxl> = {};

  constructor(records: RecordIndex) {
    this.#records = records;
  }

  get kept(): KeptLibxl {
    return { ...this.#kept };
  }

  take(row: number): boolean {
    const records = this.#records;
    const type = records.typeAt(row);
    if (records.layerAt(row) !== 'libxl' || records.isHeader(row)) return false;
    if (type === LibxlType.EMULATOR_CONTEXT) this.#kept.emulatorContext = row;
    else if (type === LibxlType.EMULATOR_XENSTORE_DATA) this.#kept.emulatorXenstore = row;
    else return false;
    return true;
  }
}

/** Goes over the rows before an end, each once; starts over where that end has come to stand before rows it took. */
class Pass<T> {
  readonly #start: () => Taking<T>;
  #taking: Taking<T>;
  #next = 0;
  #lastTaken = -1;
  #kept: T | undefined;

  constructor(start: () => Taking<T>) {
    this.#start = start;
    this.#taking = start();
  }

  /** What is kept of the rows gone over: the same object until there is something new. */
  get kept(): T {
    return (this.#kept ??= this.#taking.kept);
  }

  /** Goes on to `end`, or until a time (performance.now) has come; whether it got there. */
  advance(end: number, deadline: number): boolean {
    if (this.#lastTaken >= end) {
      this.#taking = this.#start();
      this.#next = 0;
      this.#lastTaken = -1;
      this.#kept = undefined;
    }
    while (this.#next < end) {
      const row = this.#next++;
      if (this.#taking.take(row)) {
        this.#lastTaken = row;
        this.#kept = undefined;
      }
      if (this.#next % ROWS_AT_ONCE === 0 && performance.now() > deadline) break;
    }
    return this.#next >= end;
  }
}

/** The records of an image that a restore takes. Follows the index while that grows: each row is looked at once. */
export class RestoredRecords {
  readonly #records: RecordIndex;
  readonly #libxc: Pass<KeptRecords>;
  readonly #libxl: Pass<KeptLibxl>;
  #asOf: { readonly end: number; readonly kept: KeptRecords } | undefined;

  private constructor(records: RecordIndex) {
    this.#records = records;
    this.#libxc = new Pass(() => new TakingLibxc(records));
    this.#libxl = new Pass(() => new TakingLibxl(records));
  }

  /** The one for an index: who asks about one image shares what is known of it. */
  static of(records: RecordIndex): RestoredRecords {
    const known = all.get(records) ?? new RestoredRecords(records);
    all.set(records, known);
    return known;
  }

  /** Goes on over rows not looked at yet until a time (performance.now); whether all have been. */
  advance(marks: StreamMarks, deadline = Number.POSITIVE_INFINITY): boolean {
    const { libxc, libxl } = restoreEnds(marks);
    const { count } = this.#records;
    // Both, whether the first has come to its end or not.
    const ended = [
      this.#libxc.advance(Math.min(libxc, count), deadline),
      this.#libxl.advance(Math.min(libxl, count), deadline),
    ];
    return ended.every(Boolean);
  }

  /** What of libxc's records is taken, of the rows looked at so far. */
  get soFar(): KeptRecords {
    return this.#libxc.kept;
  }

  /** What of libxl's records is taken, of the rows looked at so far. */
  get soFarOfLibxl(): KeptLibxl {
    return this.#libxl.kept;
  }

  /** What libxc would have kept had the stream ended before a row: the state of an earlier checkpoint. */
  asOf(end: number): KeptRecords {
    if (this.#asOf?.end === end) return this.#asOf.kept;
    const pass = new Pass(() => new TakingLibxc(this.#records));
    pass.advance(Math.min(end, this.#records.count), Number.POSITIVE_INFINITY);
    this.#asOf = { end, kept: pass.kept };
    return pass.kept;
  }
}

const all = new WeakMap<RecordIndex, RestoredRecords>();

/** An image as far as its records say what a restore takes. */
export interface Marked {
  readonly records: RecordIndex;
  readonly image: StreamMarks;
}

/** Returns the records of libxc that a restore of an image takes. */
export function keptRecords({ records, image }: Marked): KeptRecords {
  const restored = RestoredRecords.of(records);
  restored.advance(image);
  return restored.soFar;
}
