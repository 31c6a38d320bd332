/**
 * Lines of a window on linear memory: sixteen bytes each where there are bytes, one for a whole hole, and one at either
 * end that leads on. Positions are bytes from the window's start.
 */
import { PAGE_SIZE } from '../../format/page';
import type { Around, Hole, Limits, MappedPage } from '../../memory/space/extents';
import { BYTES_PER_ROW } from '../shared/hex/hex-layout';

const LINES = PAGE_SIZE / BYTES_PER_ROW;

export interface Window {
  readonly start: bigint;
  readonly pages: number;
  /** The addresses that there are: its half of them. */
  readonly limits: Limits;
}

/** Pages on either side of the address that a window is made for. */
const REACH = 512;

/** The half of all addresses that one is in, or undefined for one between them. */
function halfOf(va: bigint, addressBits: number): Limits | undefined {
  if (addressBits === 32) return va >> 32n === 0n ? { start: 0n, end: 1n << 32n } : undefined;
  const half = 1n << BigInt(addressBits - 1);
  if (va < half) return { start: 0n, end: half };
  return va >= (1n << 64n) - half ? { start: (1n << 64n) - half, end: 1n << 64n } : undefined;
}

/** Returns the window around an address; undefined for one that is not canonical. */
export function windowAround(va: bigint, addressBits: number): Window | undefined {
  const limits = halfOf(va, addressBits);
  if (!limits) return undefined;
  const page = va - (va % BigInt(PAGE_SIZE));
  const wanted = page - BigInt(REACH * PAGE_SIZE);
  const start = wanted < limits.start ? limits.start : wanted;
  const limit = page + BigInt(REACH * PAGE_SIZE);
  const stop = limit > limits.end ? limits.end : limit;
  return { start, pages: Number((stop - start) / BigInt(PAGE_SIZE)), limits };
}

/** Returns whether a virtual address lies in the window. */
export const isWithin = ({ start, pages }: Window, va: bigint): boolean =>
  va >= start && va < start + BigInt(pages * PAGE_SIZE);

type Part = { readonly row: number; readonly rows: number; readonly at: number; readonly length: number } & (
  | { readonly kind: 'bytes'; readonly pages: readonly MappedPage[] }
  | { readonly kind: 'hole'; readonly reason: string; readonly from: bigint; readonly whole: number }
  | { readonly kind: 'before' | 'after'; readonly to: bigint }
);
export type Line =
  | { readonly kind: 'bytes'; readonly at: number }
  | {
      readonly kind: 'hole';
      readonly at: number;
      readonly length: number;
      /** The whole of it, outside of the window too. */
      readonly from: bigint;
      readonly whole: number;
      readonly reason: string;
    }
  /** Where memory goes on. */
  | { readonly kind: 'before' | 'after'; readonly at: number; readonly to: bigint };

export class HexRows {
  readonly window: Window;
  readonly count: number;
  readonly #parts: readonly Part[];

  constructor(window: Window, { extents, before, after }: Around) {
    this.window = window;
    const parts: Part[] = [];
    let row = 0;
    const add = (part: Part): void => {
      parts.push(part);
      row += part.rows;
    };
    if (before !== undefined) add({ kind: 'before', row, rows: 1, at: 0, length: 0, to: before });
    for (const extent of extents) {
      const at = Number(extent.at - window.start);
      if ('reason' in extent) add(holePart(extent, at, row));
      else {
        const { pages } = extent;
        add({ kind: 'bytes', row, rows: pages.length * LINES, at, length: pages.length * PAGE_SIZE, pages });
      }
    }
    const bytes = window.pages * PAGE_SIZE;
    if (after !== undefined) add({ kind: 'after', row, rows: 1, at: bytes, length: 0, to: after });
    this.#parts = parts;
    this.count = row;
  }

  line(row: number): Line | undefined {
    const part = this.#parts.findLast((one) => one.row <= row);
    if (!part || row >= part.row + part.rows) return undefined;
    if (part.kind === 'bytes') return { kind: 'bytes', at: part.at + (row - part.row) * BYTES_PER_ROW };
    return part;
  }

  #partAt(at: number): Part | undefined {
    return this.#parts.find((part) => at >= part.at && at < part.at + part.length);
  }

  /** Where memory goes on outside of the window, for a position there. */
  beyond(at: number): bigint | undefined {
    const kind = at < 0 ? 'before' : 'after';
    const part = this.#parts.find((one) => one.kind === kind);
    return part && 'to' in part ? part.to : undefined;
  }

  /** Line of the byte at a position; −1 outside of the window. */
  rowAt(at: number): number {
    const part = this.#partAt(at);
    if (!part) return -1;
    return part.kind === 'bytes' ? part.row + Math.floor((at - part.at) / BYTES_PER_ROW) : part.row;
  }

  /** Page that the byte at a position is in; undefined in a hole. */
  pageAt(at: number): MappedPage | undefined {
    const part = this.#partAt(at);
    return part?.kind === 'bytes' ? part.pages[Math.floor((at - part.at) / PAGE_SIZE)] : undefined;
  }

  /** The hole around a position. */
  holeAt(at: number): Extract<Line, { kind: 'hole' }> | undefined {
    const part = this.#partAt(at);
    return part?.kind === 'hole' ? part : undefined;
  }
}

const holePart = ({ length, reason, from, to }: Hole, at: number, row: number): Part => ({
  kind: 'hole',
  row,
  rows: 1,
  at,
  length,
  reason,
  from,
  whole: Number(to - from),
});

/** Returns the lines in view; undefined below the last. */
export const linesInView = (rows: HexRows, first: number, count: number): readonly (Line | undefined)[] =>
  Array.from({ length: count }, (_, row) => rows.line(first + row));
