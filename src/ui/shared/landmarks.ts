/** Where the records stand that whole panels are made of, found while the index grows. */
import { useCallback, useEffect, useSyncExternalStore } from 'react';
import { LibxcType } from '../../format/libxc/types';
import { LibxlType } from '../../format/libxl/types';
import type { RecordIndex } from '../../scan/records';
import type { OpenFile } from '../../state/open-file';
import { useFile, useProgress } from './use-file';

/** VCPUs remembered: more than any Xen allows, fewer than a hostile file can claim. */
const VCPU_LIMIT = 8192;
const CHECKPOINT_LIMIT = 65_536;
/** Work per frame, milliseconds. */
const SLICE_MS = 6;

export interface Landmarks {
  /** Last X86_PV_VCPU_BASIC of each VCPU. */
  readonly vcpus: ReadonlyMap<number, number>;
  /** The record that counts: the last before STATIC_DATA_END, where a reader applies it; else the first after. */
  readonly cpuidPolicy: number | undefined;
  readonly msrPolicy: number | undefined;
  readonly emulatorContext: number | undefined;
  readonly emulatorXenstore: number | undefined;
  /** How many X86_CPUID_POLICY records there are, and how many X86_MSR_POLICY. */
  readonly policies: readonly [cpuid: number, msr: number];
  /** CHECKPOINT records, in order. */
  readonly checkpoints: readonly number[];
}

class LandmarkFinder {
  readonly #records: RecordIndex;
  readonly #vcpus = new Map<number, number>();
  #cpuidPolicy: number | undefined;
  #msrPolicy: number | undefined;
  #emulatorContext: number | undefined;
  #emulatorXenstore: number | undefined;
  #cpuidPolicies = 0;
  #msrPolicies = 0;
  #staticDataEnded = false;
  readonly #checkpoints: number[] = [];
  #next = 0;

  constructor(records: RecordIndex) {
    this.#records = records;
  }

  get found(): Landmarks {
    return {
      vcpus: new Map(this.#vcpus),
      cpuidPolicy: this.#cpuidPolicy,
      msrPolicy: this.#msrPolicy,
      emulatorContext: this.#emulatorContext,
      emulatorXenstore: this.#emulatorXenstore,
      policies: [this.#cpuidPolicies, this.#msrPolicies],
      checkpoints: [...this.#checkpoints],
    };
  }

  /** Goes over the rows not looked at yet until `deadline` (performance.now). */
  step(deadline: number): { readonly news: boolean; readonly done: boolean } {
    let news = false;
    while (this.#next < this.#records.count) {
      if (this.#take(this.#next++)) news = true;
      if (this.#next % 4096 === 0 && performance.now() > deadline) break;
    }
    return { news, done: this.#next >= this.#records.count };
  }

  #take(index: number): boolean {
    const type = this.#records.typeAt(index);
    if (this.#records.isHeader(index)) return false;
    const layer = this.#records.layerAt(index);
    if (layer === 'libxl') return this.#takeLibxl(index, type);
    if (layer !== 'libxc' || type === LibxcType.PAGE_DATA) return false;
    if (type === LibxcType.STATIC_DATA_END) {
      this.#staticDataEnded = true;
      return false;
    }
    if (type === LibxcType.X86_CPUID_POLICY) {
      this.#cpuidPolicies++;
      if (!this.#staticDataEnded) this.#cpuidPolicy = index;
      else this.#cpuidPolicy ??= index;
    } else if (type === LibxcType.X86_MSR_POLICY) {
      this.#msrPolicies++;
      if (!this.#staticDataEnded) this.#msrPolicy = index;
      else this.#msrPolicy ??= index;
    } else if (type === LibxcType.CHECKPOINT) {
      if (this.#checkpoints.length >= CHECKPOINT_LIMIT) return false;
      this.#checkpoints.push(index);
    } else if (type === LibxcType.X86_PV_VCPU_BASIC) {
      const vcpu = this.#records.vcpuAt(index);
      if (vcpu < 0 || (this.#vcpus.size >= VCPU_LIMIT && !this.#vcpus.has(vcpu))) return false;
      this.#vcpus.set(vcpu, index);
    } else return false;
    return true;
  }

  #takeLibxl(index: number, type: number): boolean {
    if (type === LibxlType.EMULATOR_CONTEXT) this.#emulatorContext = index;
    else if (type === LibxlType.EMULATOR_XENSTORE_DATA) this.#emulatorXenstore = index;
    else return false;
    return true;
  }
}

/** One finder for all who ask: what one of them finds is news to the others. */
interface Known {
  readonly finder: LandmarkFinder;
  readonly listeners: Set<() => void>;
  found: Landmarks;
}
const known = new WeakMap<OpenFile, Known>();

function knownOf(file: OpenFile): Known {
  const old = known.get(file);
  if (old) return old;
  const finder = new LandmarkFinder(file.records);
  const made = { finder, listeners: new Set<() => void>(), found: finder.found };
  known.set(file, made);
  return made;
}

/** The landmarks found so far; follows the scan. */
export function useLandmarks(): Landmarks {
  const file = useFile();
  const count = useProgress((progress) => progress.records);
  const subscribe = useCallback(
    (listener: () => void) => {
      const { listeners } = knownOf(file);
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    [file],
  );
  useEffect(() => {
    let frame = 0;
    const work = (): void => {
      const entry = knownOf(file);
      const { news, done } = entry.finder.step(performance.now() + SLICE_MS);
      if (news) {
        entry.found = entry.finder.found;
        for (const listener of entry.listeners) listener();
      }
      if (!done) frame = requestAnimationFrame(work);
    };
    work();
    return () => cancelAnimationFrame(frame);
  }, [file, count]);
  return useSyncExternalStore(subscribe, () => knownOf(file).found);
}
