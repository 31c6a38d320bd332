/**
 * What debug builds of Xen print when they refuse a page table, by version. Machine frames, and counts of references that
 * hang on what else maps a page, are written N.
 */
import { printf } from '../../../../lib/printf';
import { type LogLine, says } from '../../../kit/log-line';
import { PAGE_TYPE_LINES as LINES } from '../../../rules/pv/tables/page-type-lines';
import type { XenVersion } from '../../../kit/xen-version';

const UNKNOWN = 'N';
/** EPERM and the like as the hypervisor has them: negative. */
const minus = (errno: number): number => -errno;

/** Gathers the lines that Xen prints about a page, in its order. */
export class XenLines {
  readonly #xen: XenVersion;
  #lines: LogLine[] = [];

  constructor(xen: XenVersion) {
    this.#xen = xen;
  }

  /** Returns the lines so far and forgets them. */
  drain(): readonly LogLine[] {
    const lines = this.#lines;
    this.#lines = [];
    return lines;
  }

  #print(format: string, ...values: readonly (number | bigint | string)[]): void {
    // Before 4.9 numbers of pages were not padded.
    const texts = printf([this.#xen < 409 ? format.replaceAll('%05lx', '%lx') : format], values);
    this.#lines.push(...texts.map((text) => says.xen(text)));
  }

  /** Returns the word that holds a page's type, with nothing but the type in it: 4 bits wide before Xen 4.10. */
  #typeWord(kind: number, xenL2: boolean): bigint {
    return (BigInt(kind) << (this.#xen < 410 ? 60n : 61n)) | (xenL2 ? 1n << 57n : 0n);
  }

  l1Flags(flags: number): void {
    this.#print(this.#xen < 420 ? 'Bad L1 flags %x' : LINES.l1Flags, flags);
  }

  flags(level: number, flags: number): void {
    this.#print(LINES.flags, level, flags);
  }

  wrongType(pfn: number, kind: number, xenL2: boolean): void {
    this.#print(LINES.wrongType, UNKNOWN, this.#typeWord(kind, xenL2), UNKNOWN, pfn);
  }

  notWritable(pfn: number): void {
    this.#print(LINES.notWritable);
    const owners = this.#xen < 409 ? LINES.noFrame.replaceAll('_owner d', '_owner=') : LINES.noFrame;
    this.#print(owners, UNKNOWN, pfn, UNKNOWN);
  }

  foreign(frame: number): void {
    this.#print(this.#xen < 409 ? 'Non-privileged ({N}) attempt to map I/O space %08lx' : LINES.foreign, frame);
  }

  notOwned(frame: number): void {
    this.#print(LINES.notOwned);
    const owners = this.#xen < 409 ? LINES.noFrame.replaceAll('_owner d', '_owner=') : LINES.noFrame;
    this.#print(owners, frame, UNKNOWN, UNKNOWN);
  }

  linearWrite(): void {
    this.#print(LINES.linearWrite);
  }

  sharedSlot(): void {
    this.#print(LINES.sharedSlot);
  }

  failure(level: number, index: number, errno: number): void {
    if (this.#xen >= 414) this.#print(LINES.failure, minus(errno), level, index);
    else if (this.#xen >= 413) this.#print('Failure %d in alloc_l%u_table: slot %#x', minus(errno), level, index);
    else if (this.#xen >= 409) this.#print('Failure in alloc_l%u_table: slot %#x', level, index);
    else this.#print('Failure in alloc_l%u_table: entry %d', level, index);
  }

  validating(pfn: number, kind: number, xenL2: boolean): void {
    const type = this.#typeWord(kind, xenL2);
    this.#print(LINES.validating, UNKNOWN, pfn, type, UNKNOWN, type | 1n);
  }

  pinning(errno: number): void {
    if (this.#xen < 407) this.#print('Error while pinning mfn %lx', UNKNOWN);
    else this.#print(LINES.pinning, minus(errno), UNKNOWN);
  }
}
