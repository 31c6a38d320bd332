/** What a scan learns of the image as a whole. Plain data, posted as it is. */
import type { XstateComponent } from '../format/guest';
import type { Container } from '../format/layers';
import type { Refusal } from './identify';

/** One pass over memory: PAGE_DATA records whose PFNs ascend. */
export interface Pass {
  readonly kind: 'pass' | 'verify';
  /** First PAGE_DATA record. */
  readonly record: number;
  readonly records: number;
  /** PFN entries, and those of them that have content. */
  readonly entries: number;
  readonly pages: number;
  /** File offset of the first record. */
  readonly offset: number;
}

/** An entry of an HVM_CONTEXT record. */
export interface ContextEntry {
  readonly record: number;
  readonly typecode: number;
  readonly instance: number;
  /** File offset of the entry's descriptor. */
  readonly offset: number;
  /** Bytes of the body, without the descriptor. */
  readonly length: number;
}

/** Bytes that no record covers, skipped over to go on. */
export interface Gap {
  readonly offset: number;
  readonly length: number;
  /** Row that follows the gap. */
  readonly before: number;
}

/** A checkpoint of which the stream has all records. */
interface Checkpoint {
  /** Row of its CHECKPOINT, which ends libxc's part. */
  readonly record: number;
  /** Row that completes it: the CHECKPOINT_END of libxl, or the CHECKPOINT itself where there is no libxl around it. */
  readonly end: number;
}

/** What was blanked in an image. */
export interface Blanked {
  readonly pages: boolean;
  readonly registers: boolean;
  readonly config: boolean;
  /** Records that made no sense. */
  readonly records?: true;
}

/** What the scan has learned so far. What is not there yet, or not in the stream, is undefined. */
export interface ImageInfo {
  container?: Container;
  refusal?: Refusal;
  /** The embedded domain configuration: JSON or old text of xl, XML of libvirt. */
  config?: { readonly format: 'json' | 'cfg' | 'xml'; readonly offset: number; readonly length: number };
  libxcVersion?: number;
  bigEndian?: boolean;
  /** 1 PV, 2 HVM or PVH. */
  domainType?: number;
  xenMajor?: number;
  xenMinor?: number;
  /** Bytes in a word of a PV guest: 4 or 8. */
  guestWidth?: number;
  /** Components of the extended state, of X86_CPUID_POLICY. */
  xstate?: readonly XstateComponent[];
  /** Highest PFN of a PV guest, from X86_PV_P2M_FRAMES. */
  maxPfn?: number;
  /** vCPUs of which the stream has some state. */
  vcpus: number;
  checkpoints: number;
  /** Row of the first VERIFY record. */
  firstVerify?: number;
  /** The last checkpoint that is complete. */
  lastCheckpoint?: Checkpoint;
  /** Rows of the first END record of libxc and of libxl. */
  libxcEnd?: number;
  libxlEnd?: number;
  /** Bits of a guest-physical address, from X86_CPUID_POLICY. */
  addressBits?: number;
  /** The last END was reached. */
  complete: boolean;
  /** Bytes after the last END. */
  trailer?: { readonly offset: number; readonly length: number; readonly text: string };
  /** Some record was filled before the image was shared, as it made no sense. */
  filled?: true;
  /** Parts that were made unreadable before the image was shared. */
  blanked?: Blanked;
  passes: Pass[];
  context: ContextEntry[];
  gaps: Gap[];
}

/** Returns what is known of an image before its first byte. */
export const emptyImage = (): ImageInfo => ({
  vcpus: 0,
  checkpoints: 0,
  complete: false,
  passes: [],
  context: [],
  gaps: [],
});
