/**
 * What Xen uses each page of a PV guest as. A page has one type at a time, and while a restore lasts none is let go of:
 * the first use decides. Source: xen/arch/x86/mm.c, _get_page_type().
 */
import { SparseBytes } from '../../../../lib/sparse-bytes';

const KIND = 0x07;
/** Its contents have been accepted. */
const VALID = 0x08;
/** The L2 table of a 32-bit guest whose upper part is Xen's own. */
const XEN_L2 = 0x10;

/** Pages behind those that the stream mentions, of which a type is kept. */
const OTHERS = 1 << 22;

/** Keeps the type of each page. */
export class PageTypes {
  readonly #state: SparseBytes;
  /** Linear page tables: entries that lead to tables of the same level, or, negative, such uses of the table. */
  readonly #linear = new Map<number, number>();

  /** `mentioned`: pages up to the last that the stream mentions. */
  constructor(mentioned: number) {
    this.#state = new SparseBytes(mentioned, OTHERS);
  }

  /** Page tables name more pages that the stream does not mention than are kept. */
  get isFull(): boolean {
    return this.#state.isFull;
  }

  /** Returns what a page is used as; `Kind.none` for one that is not in use. */
  kindOf(pfn: number): number {
    return this.#state.get(pfn) & KIND;
  }

  /** Tells whether a page is used as the L2 table of a 32-bit guest whose upper part is Xen's own. */
  isXenL2(pfn: number): boolean {
    return (this.#state.get(pfn) & XEN_L2) !== 0;
  }

  /** Gives a page a type; its contents are still to be accepted. */
  take(pfn: number, kind: number, xenL2: boolean): void {
    this.#state.set(pfn, kind | (xenL2 ? XEN_L2 : 0));
  }

  /** Notes that the contents of a page have been accepted. */
  accept(pfn: number): void {
    this.#state.set(pfn, this.#state.get(pfn) | VALID);
  }

  /** Tells whether `table` may lead to another table of its level, and counts the link if so. */
  link(table: number, target: number): boolean {
    const level = this.kindOf(table);
    const entries = this.#linear.get(table) ?? 0;
    const uses = this.#linear.get(target) ?? 0;
    // Tables that are led to must not lead on to others.
    const allowed = entries >= 0 && uses <= 0 && (this.#state.get(target) & (KIND | VALID)) === (level | VALID);
    if (!allowed) return false;
    this.#linear.set(table, entries + 1);
    this.#linear.set(target, uses - 1);
    return true;
  }
}
