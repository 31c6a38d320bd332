/** What a check of an image comes to. Plain data: it can cross from a worker as it is. */
import type { CheckFinding, Verdict } from './kit/finding';
import type { ReaderId } from './kit/reader';
import type { Stage } from './kit/stages';
import type { XenVersion } from './kit/xen-version';

export interface CheckResult {
  readonly verdict: Verdict;
  /** Why it cannot be told whether the image would restore; only where the verdict is `unknown`. */
  readonly reason?: string;
  /** Who restores. */
  readonly reader: ReaderId;
  /** Where a restore stops. */
  readonly first: CheckFinding | undefined;
  /** What was found, in the order in which a restore meets it. */
  readonly findings: readonly CheckFinding[];
  /** Findings beyond the limit, counted only. */
  readonly suppressed: number;
  readonly stages: readonly Stage[];
  /** The Xen that was asked about. */
  readonly xen: XenVersion;
  /** The check came to its end. */
  readonly complete: boolean;
  /** Which read failed, and why, where that ended the check. */
  readonly unread?: string;
}
