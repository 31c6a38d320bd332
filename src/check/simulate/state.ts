/** What the readers of a stream remember while they read it, named as Xen names it where it has a name. */
import type { LatestPages } from '../../scan/restored/latest-pages';
import type { VcpuKind } from '../../scan/restored/records';
import type { Span } from '../../lib/range';

/** A record's body, kept as a place: it is read again when it is needed. */
export type Blob = Span;

/** The blobs of one PV vCPU. libxc keeps the last of each and hands them to Xen when the stream has ended. */
export type PvVcpu = { [K in VcpuKind]?: Blob };

/** A part of the P2M frame list. */
export interface P2mSegment {
  /** Index of the first frame, and behind the last. */
  readonly start: number;
  readonly end: number;
  /** File offset of the first frame's entry. */
  readonly offset: number;
}

export class LibxcState {
  /** File offset of the stream. */
  readonly start: number;
  /** format_version of the stream. */
  version = 3;
  /** Domain type: 1 PV, 2 HVM. */
  guestType = 0;
  seenStaticDataEnd = false;
  /** The policy records, and whether libxc has given them to Xen. */
  cpuid: Blob | undefined;
  msr: Blob | undefined;
  verify = false;
  /** Copies of pages that it stores, and their last mentions: found when they are first asked for. */
  stored: LatestPages | undefined;
  mentioned: LatestPages | undefined;
  checkpointed = false;
  /** A record that libxc does not take, among those that it keeps for the next checkpoint. */
  keptUnknown = false;
  sawTsc = false;
  sawSharedInfo = false;
  pageRecords = 0;
  /** PV only. */
  seenPvInfo = false;
  width = 8;
  levels = 4;
  maxPfn = 0;
  /** Memory for the P2M was never allocated: writing to it is a crash. */
  p2mAllocated = false;
  readonly p2m: P2mSegment[] = [];
  /** There were more lists than are kept. */
  p2mCut = false;
  /** Frames of the P2M that were gone through at the end. */
  p2mWritten = 0;
  readonly vcpus = new Map<number, PvVcpu>();
  /** File offset of the last CHECKPOINT: each round brings the state of the vCPUs anew. */
  roundStart = 0;
  /** HVM only. */
  context: Blob | undefined;
  sawParams = false;
  readonly params = new Map<number, { readonly value: bigint; readonly place: Span }>();

  constructor(start = 0) {
    this.start = start;
  }
}
