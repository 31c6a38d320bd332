/** What passes between page and worker. There are only types here, from which both sides derive theirs. */
import type { CodeView, NamedLine, Shown } from '../memory/code/code-view';
import type { Descriptor } from '../memory/descriptors/selector';
import type { DescriptorTables } from '../memory/descriptors/tables';
import type { ExportChoice, ExportOffer } from '../memory/export/choice';
import type { PageHistory } from '../memory/history';
import type { Verified } from '../memory/compare/verify';
import type { ContentPart } from '../memory/content/pass';
import type { MapCells, MapQuery } from '../memory/map/cells';
import type { PageTotals } from '../memory/map/index-map';
import type { PagesSummary } from '../memory/map/summary';
import type { LayerId } from '../memory/map/layer';
import type { RoleRange } from '../memory/roles/role';
import type { Ranges } from '../memory/space/ranges';
import type { SpaceResult } from '../memory/space/space';
import type { Around, Limits } from '../memory/space/extents';
import type { Linux } from '../memory/linux/find-linux';
import type { PageCodeLine } from '../memory/code/page-code';
import type { SavedVcpu } from '../memory/vcpus/saved';
import type { SymbolsInfo } from '../memory/kernel/fit';
import type { VcpuMemory } from '../format/paging/vcpu';
import type { Translation } from '../memory/walk/virtual';
import type { KernelAddress } from '../memory/kernel/kernel-address';
import type { PageByte } from '../memory/guest-memory';
import type { Located } from '../memory/symbols/table';
import type { Hit } from '../memory/search/hit';
import type { SearchInput, SearchResult } from '../memory/search/search';
import type { PagingRegisters } from '../format/paging/paging';
import type { ReaderId } from '../check/kit/reader';
import type { CheckResult } from '../check/result';
import type { MatchedLog } from '../check/log/matched';
import type { Finding } from '../scan/finding';
import type { ImageInfo } from '../scan/image';
import type { RecordBatch } from '../scan/records';
import type { RestoredPage } from '../scan/restored/pages';

/**
 * The short questions, each with what it is asked with and its answer. A question whose read fails is answered with
 * an error.
 */
export interface Requests {
  /** Asks for the states of cells of the page map. */
  readonly map: { readonly in: MapQuery; readonly out: MapCells };
  /** Asks how many pages there are of each kind, and how often they were sent. */
  readonly totals: { readonly in: Record<string, never>; readonly out: PageTotals };
  /** Asks what is known of the `pages` pages from `start` on. */
  readonly summary: {
    readonly in: { readonly start: number; readonly pages: number };
    readonly out: PagesSummary;
  };
  /** Asks for the first page with the same bytes, as far as the contents have been looked at. */
  readonly twin: { readonly in: { readonly pfn: number }; readonly out: { readonly pfn?: number } };
  /** Asks how many PFNs are of each state of a layer. */
  readonly counts: { readonly in: { readonly layer: LayerId }; readonly out: { readonly counts: Float64Array } };
  /** Asks what a page is used for, as far as the last `roles` job found out. */
  readonly roles: { readonly in: { readonly pfn: number }; readonly out: readonly RoleRange[] };
  /** Asks what of the last check, or of the records, each line of a log speaks of. */
  readonly log: { readonly in: { readonly text: string }; readonly out: MatchedLog };
  /** Asks where in the stream a page stands, and how often. */
  readonly history: { readonly in: { readonly pfn: number }; readonly out: PageHistory };
  /** Asks for the records that mention a page. */
  readonly holders: { readonly in: { readonly pfn: number }; readonly out: { readonly records: Uint32Array } };
  /** Asks where the bytes of a page are that a restore would store. */
  readonly page: { readonly in: { readonly pfn: number }; readonly out: RestoredPage };
  /** Asks where page tables lead from a virtual address. */
  readonly translate: {
    readonly in: { readonly registers: PagingRegisters; readonly va: bigint };
    readonly out: Translation;
  };
  /** Asks for linear memory page by page, from the address of a page on, and where it goes on within limits. */
  readonly window: {
    readonly in: {
      readonly registers: PagingRegisters;
      readonly start: bigint;
      readonly pages: number;
      readonly limits: Limits;
    };
    readonly out: Around;
  };
  /** Asks what an export would come to. */
  readonly offer: { readonly in: ExportChoice; readonly out: ExportOffer };
  /** Asks for the descriptor that a selector names. */
  readonly descriptor: {
    readonly in: { readonly vcpu: VcpuMemory; readonly selector: number };
    readonly out: Descriptor;
  };
  /** Asks for the descriptor tables of a vCPU. */
  readonly tables: {
    readonly in: { readonly vcpu: SavedVcpu };
    readonly out: DescriptorTables | { readonly reason: string };
  };
  /** Asks for the instructions, the stack and the call trace at which a vCPU stands. */
  readonly code: {
    readonly in: { readonly vcpu: SavedVcpu; readonly shown: Shown };
    readonly out: CodeView | { readonly reason: string };
  };
  /** Asks for the instructions around another address, by the page tables of a vCPU. */
  readonly disassembly: {
    readonly in: { readonly vcpu: SavedVcpu; readonly at: bigint; readonly shown: Shown };
    readonly out: { readonly lines: readonly NamedLine[] } | { readonly reason: string };
  };
  /** Asks for a page as instructions. */
  readonly pageCode: {
    readonly in: { readonly pfn: number };
    readonly out:
      | { readonly lines: readonly PageCodeLine[]; readonly bits: 16 | 32 | 64; readonly va?: bigint }
      | { readonly reason: string };
  };
  /** Asks what addresses are called, by the symbols at hand. */
  readonly names: {
    readonly in: { readonly addresses: readonly bigint[] };
    readonly out: { readonly names: readonly (string | undefined)[] };
  };
  /** Asks where the kernel has bytes of pages, and what it calls them, by the symbols at hand. */
  readonly kernelAddresses: {
    readonly in: { readonly points: readonly PageByte[] };
    readonly out: { readonly places: readonly (KernelAddress | undefined)[] };
  };
  /** Asks for symbols whose names start with a prefix, the shortest first. */
  readonly symbols: {
    readonly in: { readonly prefix: string; readonly limit: number };
    readonly out: { readonly found: readonly Located[] };
  };
  /** Says by hand what the kernel was moved by, in bytes. */
  readonly slide: { readonly in: { readonly slide: bigint }; readonly out: SymbolsInfo };
}
/** The name of a question. */
export type RequestName = keyof Requests;

/**
 * The long work, each with what it is given, its parts while it runs, and what it comes to. Each job can be
 * cancelled.
 */
export interface Jobs {
  /** Finds out whether the image would restore. Rejects where a read failed. Progress goes to 1. */
  readonly check: { readonly in: CheckOptions; readonly part: never; readonly out: CheckResult };
  /**
   * Maps the address space that a vCPU has on one side, the one that it runs on if none is named. Progress goes to 1.
   */
  readonly space: { readonly in: SpaceQuery; readonly part: Ranges; readonly out: SpaceResult };
  /** Finds what pages hold; goes on where it was cancelled. Progress is in pages. */
  readonly content: {
    readonly in: Record<string, never>;
    readonly part: ContentPart;
    readonly out: ContentPart;
  };
  /** Finds what pages are used for, by as many records as the scan has come to. Progress is in vCPUs. */
  readonly roles: {
    readonly in: Record<string, never>;
    readonly part: never;
    readonly out: { readonly records: number };
  };
  /** Takes the symbols of a System.map or an ELF file, and finds out where the kernel was moved to. */
  readonly symbols: { readonly in: { readonly file: Blob }; readonly part: never; readonly out: SymbolsInfo };
  /** Takes the symbols that a Linux kernel carries with it. Rejects where there are none. */
  readonly ownSymbols: { readonly in: Record<string, never>; readonly part: never; readonly out: SymbolsInfo };
  /** Looks for Linux: its banner and its log. */
  readonly linux: { readonly in: Record<string, never>; readonly part: never; readonly out: Linux };
  /** Compares the pages after the first VERIFY with those before. Progress is in runs of pages. */
  readonly verify: { readonly in: Record<string, never>; readonly part: Verified; readonly out: Verified };
  /** Searches, and hands out hits as they are found. Progress is in bytes. */
  readonly search: { readonly in: SearchInput; readonly part: readonly Hit[]; readonly out: SearchResult };
  /**
   * Writes an export. Rejects where something essential is missing, or a read or write failed: then nothing of it is
   * kept. Progress is in bytes.
   */
  readonly export: { readonly in: ExportInput; readonly part: never; readonly out: ExportDone };
}
/** The name of a job. */
export type JobName = keyof Jobs;

/** What an export is given. */
export interface ExportInput {
  readonly choice: ExportChoice;
  /** The file to write; without one the answer has a download. */
  readonly destination?: FileSystemFileHandle;
}

/** What an export came to. */
export interface ExportDone {
  readonly name: string;
  /** Bytes of the file, and those of them that are no holes. */
  readonly size: number;
  readonly content: number;
  readonly notes: readonly string[];
  readonly download?: Blob;
}

/** Which address space is to be mapped. */
export interface SpaceQuery {
  readonly registers: PagingRegisters;
  readonly side?: 'kernel' | 'user';
}

/** What a check is asked. */
export interface CheckOptions {
  /** Version of the Xen that restores, as 417 for 4.17; that of the image if not given. */
  readonly xen?: number;
  /** Who restores; the reader that the image was made for if not given. */
  readonly reader?: ReaderId;
  /** CPU policy of the host that restores: what xen-cpuid -p prints, or an image saved there. */
  readonly policy?: Blob;
}

/** What the page says. One worker serves one file. */
export type ToWorker =
  /**
   * Opens the file: the first message, and sent once. `records`: how many at most are listed, if not all, where the worker
   * takes the place of one that came no further.
   */
  | { readonly kind: 'scan'; readonly file: Blob; readonly name: string; readonly records?: number }
  /** Asks for a sign of life. */
  | { readonly kind: 'ping' }
  /** Ends the scan; what was found stays. */
  | { readonly kind: 'cancel-scan' }
  | {
      [N in RequestName]: {
        readonly kind: 'request';
        readonly id: number;
        readonly name: N;
        readonly input: Requests[N]['in'];
      };
    }[RequestName]
  | {
      [N in JobName]: {
        readonly kind: 'job';
        readonly id: number;
        readonly name: N;
        readonly input: Jobs[N]['in'];
      };
    }[JobName]
  | { readonly kind: 'cancel-job'; readonly id: number };

/** How far the scan has come. */
export interface Progress {
  /** File offset that the scan has come to. */
  readonly position: number;
  readonly records: number;
  /** Entries of PFN lists seen. */
  readonly mentions: number;
  /** Highest PFN seen, −1 for none. */
  readonly highestPfn: number;
  readonly elapsedMs: number;
}

/** What the scan has found since the message before. */
export interface ScanPart {
  readonly progress: Progress;
  /** The new rows. */
  readonly batch: RecordBatch;
  /** The new findings. */
  readonly findings: readonly Finding[];
  /** Findings so far that were counted, but not kept. */
  readonly suppressed: number;
  /** Present when it changed. */
  readonly image?: ImageInfo;
}

/** The end of a scan, that of a cancelled one too. */
export interface ScanEnd {
  /** Missing where the scan did not come to the end of the file. */
  readonly fingerprint?: string;
  /** Why the scan was ended before its end, other than by cancel. */
  readonly stopped?: string;
}

/** How far a job has come, in units of its own. */
export interface JobProgress {
  readonly done: number;
  readonly total: number;
}

/** What the worker says. */
export type FromWorker =
  | { readonly kind: 'pong' }
  | { readonly kind: 'scan-part'; readonly part: ScanPart }
  | { readonly kind: 'scan-end'; readonly end: ScanEnd }
  /** The scan ended by a fault of ours, or for want of memory. */
  | { readonly kind: 'crashed'; readonly reason: string }
  | {
      readonly kind: 'reply';
      readonly id: number;
      readonly output: Requests[RequestName]['out'] | Jobs[JobName]['out'];
    }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string }
  | ({ readonly kind: 'job-progress'; readonly id: number } & JobProgress)
  | { readonly kind: 'job-part'; readonly id: number; readonly part: Jobs[JobName]['part'] };
