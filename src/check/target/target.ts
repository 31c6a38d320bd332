/** What is known of the host that restores. */
import type { CpuPolicy } from './policy';

/** Kind of guest, as CPU policies differ by it. */
export type GuestKind = 'pv' | 'hvm';

/** The CPU of the host that restores, and what it gives its guests. */
export interface CpuTarget {
  /** What the CPU itself has, as far as Xen uses it. */
  readonly host: CpuPolicy;
  /** The most that guests of each kind may have. */
  readonly pvMax: CpuPolicy;
  readonly hvmMax: CpuPolicy;
  /** Known for guests of this kind alone: what a guest of one kind was given says nothing of what the other gets. */
  readonly only?: GuestKind;
  /** Runs 32-bit PV guests; undefined where it is not known. */
  readonly pv32?: boolean;
}
