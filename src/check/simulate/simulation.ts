/**
 * The restore as it is played through: where it stands in the file, what its readers remember, and what was found. It
 * goes on after the first fatal finding, and marks what it finds then as never reached.
 */
import { upperBound } from '../../lib/bisect';
import { clamp } from '../../lib/range';
import { DomainType } from '../../format/libxc/headers';
import { HeaderType } from '../../format/layers';
import { RECORD_HEADER_SIZE } from '../../format/framing';
import { PAGE_DATA_HEADER_SIZE } from '../../format/libxc/page-data';
import type { Reader, Reading } from '../../scan/reader';
import type { LatestPages } from '../../scan/restored/latest-pages';
import type { ScanResult } from '../../scan/scan';
import { errnoTail } from '../kit/errno';
import { CHECK_LIMIT, type CheckFinding } from '../kit/finding';
import { fillLines, type LogLine } from '../kit/log-line';
import { type ReadContainer, type ReaderId, readerSpec } from '../kit/reader';
import type { Span } from '../../lib/range';
import { type Hit, keyOf, type Rule, type RuleText } from '../kit/rule';
import type { GuestCpu } from '../target/guest-cpu';
import { Frames } from './pv/frames';
import type { AskedMemory } from './asked-memory';
import type { Validation } from './pv/pin/validate';
import type { DomainConfig } from '../kit/domain';
import type { NewDomain } from '../kit/new-domain';
import { LibxcState } from './state';
import { takenPages, takenRuns } from './stored';
import type { StageId } from '../kit/stages';
import type { CpuTarget, GuestKind } from '../target/target';
import { inRange, type VersionRange, type XenVersion } from '../kit/xen-version';

/** Facts kept of a stage: a stream can have the same record millions of times. */
const FACT_LIMIT = 64;

/** What is read next. */
export type Mode = 'xl' | 'libvirt' | 'libxl-header' | 'libxl' | 'libxc-header' | 'libxc' | 'end';

/** What a reader looks at first. */
const START: Readonly<Record<ReadContainer, Mode>> = {
  xl: 'xl',
  libvirt: 'libvirt',
  libxl: 'libxl-header',
  libxc: 'libxc-header',
};

/** Lines that follow those of a rule, by the layer that hears of it next. */
export type Tail = (hit: Hit, rule: RuleText) => readonly LogLine[];

export class Simulation {
  readonly scan: ScanResult;
  readonly reader: Reader;
  readonly fileName: string;
  readonly xen: XenVersion;
  /** Who restores. */
  readonly restoredBy: ReaderId;

  mode: Mode;
  position = 0;
  stage: StageId = 'file';
  /** The first fatal finding that counts. */
  stopped: CheckFinding | undefined;
  readonly findings: CheckFinding[] = [];
  suppressed = 0;
  readonly entered = new Set<StageId>();
  /** Stages of which a part was passed over: what is needed for it is not in the file. */
  readonly skipped = new Set<StageId>();
  readonly facts = new Map<StageId, string[]>();

  config: DomainConfig | undefined;
  /** The domain as its JSON describes it, and where that stands. */
  newDomain: { readonly domain: NewDomain; readonly place: Span } | undefined;
  /** libxc has read a whole stream, and Xen has taken the state. */
  built = false;
  inCheckpoint = false;
  sawEmulatorContext = false;
  libxc = new LibxcState();
  /** The CPU that the guest will have; undefined where nothing is known of it. */
  guestCpu: GuestCpu | undefined;
  /** Why it cannot be told whether the image would restore; undefined while it can. */
  unknown: string | undefined;
  /** The memory that was asked for so far; `enough` where the whole stream does not ask for too much, `exceeded` once it did. */
  askedMemory: AskedMemory | 'enough' | 'exceeded' | undefined;
  /** What Xen uses them as. */
  validation: Validation | undefined;
  readonly #target: CpuTarget | undefined;
  #frames: Frames | undefined;
  #pagesWithMemory: LatestPages | undefined;

  constructor(
    scan: ScanResult,
    reader: Reader,
    options: {
      readonly fileName: string;
      readonly xen: XenVersion;
      readonly restoredBy: ReaderId;
      readonly target?: CpuTarget | undefined;
    },
  ) {
    this.scan = scan;
    this.reader = reader;
    this.fileName = options.fileName;
    this.xen = options.xen;
    this.restoredBy = options.restoredBy;
    this.mode = START[readerSpec(options.restoredBy).reads];
    this.#target = options.target;
  }

  /** The domain that is restored into decides which records are taken. */
  get isPv(): boolean {
    return this.config?.type === undefined ? this.libxc.guestType === DomainType.X86_PV : this.config.type === 'pv';
  }

  /** The kind of checkpointed stream that the reader takes; undefined where it refuses a checkpoint. */
  get checkpoints(): 'remus' | 'colo' | undefined {
    return readerSpec(this.restoredBy).checkpoints;
  }

  /** What is known of the target for guests of this kind. */
  get target(): CpuTarget | undefined {
    const only = this.#target?.only;
    return only === undefined || only === (this.isPv ? 'pv' : 'hvm') ? this.#target : undefined;
  }

  /** The kind of guest whose image was given for the target, where it is not this one’s. */
  get otherKind(): GuestKind | undefined {
    return this.target ? undefined : this.#target?.only;
  }

  /** Page contents were blanked: nothing follows from them. */
  get blankPages(): boolean {
    return this.scan.image.blanked?.pages === true;
  }

  /** The pages of a PV guest as the stream leaves them, as far as the reader takes it; made when they are first asked for. */
  get frames(): Frames {
    // Their number can still grow: a guest that grows while it is sent has several lists of P2M frames.
    this.#frames ??= new Frames(
      this.scan.pages,
      takenRuns(this),
      Math.max(this.libxc.maxPfn, this.scan.image.maxPfn ?? 0),
    );
    return this.#frames;
  }

  /** The mentions that give a page of an HVM guest memory; found when they are first asked for. */
  get pagesWithMemory(): LatestPages {
    this.#pagesWithMemory ??= takenPages(this, 'memory');
    return this.#pagesWithMemory;
  }

  /** `frames` were asked for. */
  get hasFrames(): boolean {
    return this.#frames !== undefined;
  }

  /** Notes why it cannot be told whether the image would restore; the first reason stays. */
  cannotTell(reason: string, stage?: StageId): void {
    this.unknown ??= reason;
    if (stage !== undefined) this.skipped.add(stage);
  }

  enter(stage: StageId): void {
    this.stage = stage;
    this.entered.add(stage);
  }

  fact(text: string): void {
    const known = this.facts.get(this.stage);
    if (known && known.length >= FACT_LIMIT) return;
    if (known) known.push(text);
    else this.facts.set(this.stage, [text]);
  }

  since(range: VersionRange): boolean {
    return inRange(range, this.xen);
  }

  /** Bytes of the file, fewer where it ends; a copy. */
  *read(offset: number, length: number): Reading<Uint8Array> {
    return (yield* this.reader.at(offset, length)).slice();
  }

  /**
   * Holds rules against what they look at, in their order. True where Xen stops at one: the rest is not held against
   * it, as Xen would not.
   */
  apply<S>(rules: readonly Rule<S>[], subject: S, place: Span, tail?: Tail): boolean {
    for (const rule of rules) {
      if (rule.versions && !this.since(rule.versions)) continue;
      const seen = rule.when(subject);
      if (seen === false) continue;
      const hit = seen === true ? {} : seen;
      if (this.#report(rule, hit, place, tail)) return true;
    }
    return false;
  }

  /** Notes a hit; true where it is one that Xen stops at. */
  #report(rule: RuleText, hit: Hit, place: Span, tail: Tail | undefined): boolean {
    const counts = hit.settled ?? rule.certainty !== 'target';
    const severity = counts ? rule.severity : 'note';
    const fatal = severity === 'fatal';
    if (this.findings.length >= CHECK_LIMIT && (!fatal || this.stopped)) {
      this.suppressed++;
      return fatal;
    }
    const at = hit.at ? { offset: place.offset + hit.at.offset, length: hit.at.length } : place;
    const offset = clamp(at.offset, 0, this.reader.size);
    // Of no bytes: where something is missing, behind that which lacks it.
    const record = this.rowAt(at.length === 0 && offset > 0 ? offset - 1 : offset);
    const pfn = at.length > 0 ? this.#pfnAt(record, offset) : -1;
    const finding: CheckFinding = {
      key: keyOf(rule),
      id: rule.id,
      severity,
      layer: rule.layer,
      certainty: rule.certainty ?? 'certain',
      record,
      ...(pfn < 0 ? {} : { pfn }),
      offset,
      length: clamp(at.length, 0, this.reader.size - offset),
      message: hit.message ?? rule.title,
      log: this.#log(rule, hit, tail),
      ...(rule.debug ? { debugLog: this.#own(rule, hit) } : {}),
      reached: this.stopped === undefined,
      counts,
      stage: this.stage,
    };
    if (this.findings.length < CHECK_LIMIT) this.findings.push(finding);
    else this.suppressed++;
    if (fatal) this.stopped ??= finding;
    return fatal;
  }

  #own(rule: RuleText, hit: Hit): readonly LogLine[] {
    return hit.log ?? fillLines(rule.log ?? [], hit.values ?? []);
  }

  #log(rule: RuleText, hit: Hit, tail: Tail | undefined): LogLine[] {
    const own = rule.debug ? [] : this.#own(rule, hit);
    const after = rule.perror ? errnoTail(hit.errno ?? rule.errno ?? 0) : '';
    const lines = own.map(({ by, text }, index) => ({ by, text: index === own.length - 1 ? text + after : text }));
    return tail && rule.severity === 'fatal' ? [...lines, ...tail(hit, rule)] : lines;
  }

  /** The page that a byte of a PAGE_DATA record is about; −1 for bytes that are about none. */
  #pfnAt(record: number | undefined, offset: number): number {
    const { records, pages } = this.scan;
    if (record === undefined || records.pagesAt(record) < 0) return -1;
    const list = records.offsetAt(record) + RECORD_HEADER_SIZE + PAGE_DATA_HEADER_SIZE;
    return offset < list ? -1 : pages.pfnAt(record, list, offset);
  }

  /** The record that has the byte at `offset`, or that ends there as the last of the file. */
  rowAt(offset: number): number | undefined {
    const { records } = this.scan;
    const index = upperBound(records.count, (at) => records.offsetAt(at), offset) - 1;
    if (index < 0) return undefined;
    return offset < records.endAt(index) || offset >= this.reader.size || records.isDamaged(index) ? index : undefined;
  }

  /** Goes on at the next record that the scan knows of, after framing that Xen gives up at. */
  resync(after: number): void {
    const { records, image } = this.scan;
    // What the numbers of a stream in the other byte order would say is no finding.
    const next =
      image.bigEndian === true ? records.count : upperBound(records.count, (at) => records.offsetAt(at), after);
    for (let index = next; index < records.count; index++) {
      const type = records.typeAt(index);
      const header = records.isHeader(index);
      if (header && type !== HeaderType.LIBXL_HEADER && type !== HeaderType.IMAGE_HEADER) continue;
      this.position = records.offsetAt(index);
      if (header) this.mode = type === HeaderType.LIBXL_HEADER ? 'libxl-header' : 'libxc-header';
      else this.mode = records.layerAt(index) === 'libxl' ? 'libxl' : 'libxc';
      return;
    }
    this.mode = 'end';
  }
}
