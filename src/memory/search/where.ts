/** Which record a byte is in, which of its fields, and which page of the guest. */
import type { FieldNode } from '../../format/kit/node';
import { upperBound } from '../../lib/bisect';
import type { RecordIndex } from '../../scan/records';
import type { PageIndex } from '../../scan/pages';
import { endOf } from '../../format/framing';
import type { PageStart } from './hit';

/** Finds the record whose header, body or padding has the byte; undefined for none. */
export function recordWith(records: RecordIndex, offset: number): number | undefined {
  const index = upperBound(records.count, (at) => records.offsetAt(at), offset) - 1;
  if (index < 0) return undefined;
  const [start, length] = [records.offsetAt(index), records.lengthAt(index)];
  return offset < (records.isHeader(index) ? start + length : endOf(start, length)) ? index : undefined;
}

/** Names the innermost field that has the byte: `user_regs.rdx`, `entries[3]`; empty for none. */
export function fieldName(nodes: readonly FieldNode[], offset: number): string {
  const node = nodes.find((one) => offset >= one.offset && offset < one.offset + one.length);
  if (!node) return '';
  if (node.items) {
    const index = Math.floor((offset - node.items.offset) / node.items.stride);
    return index >= 0 && index < node.items.count ? `${node.name}[${index}]` : node.name;
  }
  // Ranges of bits share the bytes of their integer: it is named, not one of them.
  const parts = (node.children ?? []).filter((part) => part.offset !== node.offset || part.length !== node.length);
  const inner = fieldName(parts, offset);
  if (inner === '') return node.name;
  return inner.startsWith('[') ? `${node.name}${inner}` : `${node.name}.${inner}`;
}

/** Finds the page that has a byte of the file. */
export class PageFinder {
  readonly #records: RecordIndex;
  readonly #pages: PageIndex;

  constructor({ records, pages }: { readonly records: RecordIndex; readonly pages: PageIndex }) {
    this.#records = records;
    this.#pages = pages;
  }

  /** The first page of the run that has it. */
  at(offset: number): PageStart | undefined {
    const record = recordWith(this.#records, offset);
    if (record === undefined || this.#records.pagesAt(record) < 0) return undefined;
    return this.#pages.contentAt(record, offset);
  }
}
