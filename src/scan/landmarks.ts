/** Where the records stand that whole panels are made of, found while the index grows. */
import { LibxcType } from '../format/libxc/types';
import type { RecordIndex } from './records';
import type { StreamMarks } from './restored/ends';
import { type KeptLibxl, type KeptRecords, RestoredRecords } from './restored/records';

/** CHECKPOINT records that are listed. */
const CHECKPOINT_LIMIT = 65_536;
/** Rows between two looks at the clock. */
const ROWS_AT_ONCE = 4096;

/** What there is in a stream besides pages. */
export interface Landmarks {
  /** The records of libxc that a restore takes. */
  readonly libxc: KeptRecords;
  /** The records of libxl that a restore takes. */
  readonly libxl: KeptLibxl;
  /** How many X86_CPUID_POLICY records there are, and how many X86_MSR_POLICY. */
  readonly policies: readonly [cpuid: number, msr: number];
  /** Rows of CHECKPOINT records, ascending. */
  readonly checkpoints: readonly number[];
}

/** Finds the landmarks of one index, bit by bit. */
export class LandmarkFinder {
  readonly #records: RecordIndex;
  readonly #restored: RestoredRecords;
  #cpuidPolicies = 0;
  #msrPolicies = 0;
  readonly #checkpoints: number[] = [];
  #next = 0;
  #news = true;
  #found: Landmarks;

  constructor(records: RecordIndex) {
    this.#records = records;
    this.#restored = RestoredRecords.of(records);
    this.#found = this.#look();
  }

  /** The landmarks found so far: the same object until there is another. */
  get found(): Landmarks {
    const { soFar, soFarOfLibxl } = this.#restored;
    if (this.#news || soFar !== this.#found.libxc || soFarOfLibxl !== this.#found.libxl) this.#found = this.#look();
    this.#news = false;
    return this.#found;
  }

  #look(): Landmarks {
    return {
      libxc: this.#restored.soFar,
      libxl: this.#restored.soFarOfLibxl,
      policies: [this.#cpuidPolicies, this.#msrPolicies],
      checkpoints: [...this.#checkpoints],
    };
  }

  /** Goes over rows not looked at yet until a time (performance.now); whether all have been. */
  step(marks: StreamMarks, deadline: number): boolean {
    while (this.#next < this.#records.count) {
      this.#take(this.#next++);
      if (this.#next % ROWS_AT_ONCE === 0 && performance.now() > deadline) break;
    }
    return this.#restored.advance(marks, deadline) && this.#next >= this.#records.count;
  }

  #take(row: number): void {
    const type = this.#records.typeAt(row);
    if (type === LibxcType.PAGE_DATA || this.#records.isHeader(row) || this.#records.layerAt(row) !== 'libxc') return;
    if (type === LibxcType.X86_CPUID_POLICY) this.#cpuidPolicies++;
    else if (type === LibxcType.X86_MSR_POLICY) this.#msrPolicies++;
    else if (type !== LibxcType.CHECKPOINT || this.#checkpoints.length >= CHECKPOINT_LIMIT) return;
    else this.#checkpoints.push(row);
    this.#news = true;
  }
}
