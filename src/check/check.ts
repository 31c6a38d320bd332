/** Would it restore? Plays a restore through over what the scan found, and says where it stops. */
import { drive } from '../scan/drive';
import { Reader } from '../scan/reader';
import type { ScanResult } from '../scan/scan';
import { given } from '../lib/given';
import { type ByteSource, ReadError } from '../source/source';
import { verdictOf } from './kit/finding';
import type { CheckResult } from './result';
import { progressOf } from './simulate/progress';
import { simulate } from './simulate/run';
import { Simulation } from './simulate/simulation';
import { fittingReader, type ReaderId, readerSpec } from './kit/reader';
import { type Stage, type StageId, STAGES, type StageStatus } from './kit/stages';
import type { CpuTarget } from './target/target';
import { NEWEST_XEN, savingXen, type XenVersion } from './kit/xen-version';

export interface CheckOptions {
  /** Xen that restores; the one that saved if not given. */
  readonly xen?: XenVersion | undefined;
  /** Who restores; the reader that the image was made for if not given. */
  readonly reader?: ReaderId | undefined;
  readonly target?: CpuTarget | undefined;
  readonly signal?: AbortSignal;
  /** Called between slices of work, with how much of it is done, 0 to 1: never less than before. */
  readonly onSlice?: (done: number) => void | Promise<void>;
}

/**
 * Plays a restore through over what a scan found. `source` is that of the scan: headers, state and page tables are read
 * again. Rejects for nothing that is in the file; a read that fails ends it with `complete` false.
 */
export async function check(scan: ScanResult, source: ByteSource, options: CheckOptions = {}): Promise<CheckResult> {
  const xen = options.xen ?? savingXen(scan.image) ?? NEWEST_XEN;
  const reader = options.reader ?? fittingReader(scan.image);
  const sim = new Simulation(scan, new Reader(source.size), {
    fileName: source.name,
    xen,
    restoredBy: reader,
    target: options.target,
  });
  // What the scan could not read is missing from its index, whether it can be read by now or not.
  const complete = scan.unread ?? (await play(sim, source, options));
  const judged = verdictOf(sim.findings, sim.unknown === undefined);
  return {
    xen,
    reader,
    complete: complete === true,
    ...(complete instanceof ReadError ? { unread: complete.told } : {}),
    ...judged,
    ...(judged.verdict === 'unknown' ? given({ reason: sim.unknown }) : {}),
    findings: sim.findings,
    suppressed: sim.suppressed,
    stages: stagesOf(sim),
  };
}

/** Plays the restore through; true if it came to its end, false if the signal ended it, else the read that failed. */
async function play(
  sim: Simulation,
  source: ByteSource,
  { signal, onSlice }: CheckOptions,
): Promise<boolean | ReadError> {
  let done = 0;
  const tell = (): void | Promise<void> => {
    done = Math.max(done, progressOf(sim));
    return onSlice?.(done);
  };
  try {
    return (await drive(simulate(sim), source, { signal, onSlice: tell })) !== undefined;
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    return error;
  }
}

function stagesOf(sim: Simulation): Stage[] {
  // Only PV guests have page tables to pin, and a P2M.
  const stages = STAGES.filter(({ id }) => id !== 'tables' || sim.isPv || sim.stopped?.stage === id);
  const stop = sim.stopped ? stages.findIndex(({ id }) => id === sim.stopped?.stage) : stages.length;
  const { opens, without = [] } = readerSpec(sim.restoredBy);
  const statusOf = (id: StageId, index: number): StageStatus => {
    if (without.includes(id)) return 'absent';
    if (index >= stop) return index === stop ? 'stopped' : 'not reached';
    return sim.entered.has(id) && !sim.skipped.has(id) ? 'passed' : 'not looked at';
  };
  return stages.map(({ id, title }, index) => ({
    id,
    title: (id === 'file' && opens) || title,
    status: statusOf(id, index),
    facts: sim.facts.get(id) ?? [],
  }));
}
