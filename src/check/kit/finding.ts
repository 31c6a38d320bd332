/** What a check finds: places in the image at which a restore would stop or lose something, and the verdict over them. */
import type { LogLine } from './log-line';
import type { StageId } from './stages';

export type Severity = 'fatal' | 'warning' | 'note';
export type Layer = 'xl' | 'libvirt' | 'libxl' | 'libxc' | 'hypervisor' | 'qemu' | 'spec';
/** `target`: depends on the host that restores. */
export type Certainty = 'certain' | 'target';
/** `unknown`: it cannot be told. */
export type Verdict = 'ok' | 'suspect' | 'fails' | 'unknown';

export interface CheckFinding {
  /** Key of the rule, which no other rule has, and its id in the catalogue of checks, which several may share. */
  readonly key: string;
  readonly id: string;
  readonly severity: Severity;
  readonly layer: Layer;
  readonly certainty: Certainty;
  /** Record index; undefined where no record is concerned. */
  readonly record: number | undefined;
  /** File offset and length of the bytes that show it. */
  readonly offset: number;
  readonly length: number;
  readonly message: string;
  /** The page whose list entry or content shows it. */
  readonly pfn?: number;
  /** The lines that would be printed for it, in order; domain ids as N. */
  readonly log: readonly LogLine[];
  /** Lines that only a debug build of Xen prints, before those; values that only a host knows as N. */
  readonly debugLog?: readonly LogLine[];
  /** A restore comes as far as this; false for what lies behind the first fatal finding. */
  readonly reached: boolean;
  /** Counts for the verdict: certain, or settled by what is known of the target. */
  readonly counts: boolean;
  readonly stage: StageId;
}

/** Findings kept: a hostile file can hold millions of faults, a person reads the first few. */
export const CHECK_LIMIT = 1000;

/**
 * Returns the verdict: `fails` where a restore stops; `unknown` where something was not looked at that could stop it;
 * `suspect` where it would be said to succeed, but the guest has lost something. `isWhole`: all was looked at.
 */
export function verdictOf(
  findings: readonly CheckFinding[],
  isWhole: boolean,
): { verdict: Verdict; first: CheckFinding | undefined } {
  const first = findings.find(({ severity, counts, reached }) => severity === 'fatal' && counts && reached);
  if (first) return { verdict: 'fails', first };
  if (!isWhole) return { verdict: 'unknown', first };
  return {
    verdict: findings.some(({ severity, counts }) => severity === 'warning' && counts) ? 'suspect' : 'ok',
    first,
  };
}
