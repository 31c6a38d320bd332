/** Decoded fields as rows of a tree: every node with where it lies in it. */
import type { FieldNode } from '../../format/kit/node';

/** Trees up to this size start open, of larger ones the upper two levels. */
const OPEN_LIMIT = 400;

interface ListNode {
  readonly parent: number;
  readonly depth: number;
  readonly field: FieldNode;
}

export interface FieldList {
  /** The fields in the order of the file, each before those below it. */
  readonly nodes: readonly ListNode[];
  /** Node after the last one below each. */
  readonly ends: Int32Array;
}

/** Makes a list of a tree of fields, in which each node knows its parent, its depth and where those below it end. */
export function fieldList(fields: readonly FieldNode[]): FieldList {
  const nodes: ListNode[] = [];
  const add = (some: readonly FieldNode[], parent: number, depth: number): void => {
    for (const field of some) {
      const index = nodes.push({ parent, depth, field }) - 1;
      add(field.children ?? [], index, depth + 1);
    }
  };
  add(fields, -1, 0);
  return { nodes, ends: endsOf(nodes) };
}

function endsOf(nodes: readonly ListNode[]): Int32Array {
  const ends = Int32Array.from(nodes, (_, index) => index + 1);
  for (let index = nodes.length - 1; index > 0; index--) {
    const parent = nodes[index]?.parent ?? -1;
    if (parent >= 0) ends[parent] = Math.max(ends[parent] ?? 0, ends[index] ?? 0);
  }
  return ends;
}

/** Tells whether the node at `index` has others below it. */
export const hasChildren = ({ ends }: FieldList, index: number): boolean => (ends[index] ?? 0) > index + 1;

/**
 * Returns the nodes that are closed at first: none in a small tree, else all with children from the second level on.
 */
export function startsClosed(list: FieldList): Set<number> {
  const closed = new Set<number>();
  if (list.nodes.length <= OPEN_LIMIT) return closed;
  for (const [index, { depth }] of list.nodes.entries()) if (depth >= 1 && hasChildren(list, index)) closed.add(index);
  return closed;
}

/** Returns the nodes that are not within a closed one. */
export function openRows({ nodes, ends }: FieldList, closed: ReadonlySet<number>): number[] {
  const rows: number[] = [];
  for (let index = 0; index < nodes.length;) {
    rows.push(index);
    index = closed.has(index) ? (ends[index] ?? nodes.length) : index + 1;
  }
  return rows;
}

/** Returns the nodes whose name or value has `wanted` in it, with all that they lie in; and how many they are. */
export function matchingRows({ nodes }: FieldList, wanted: string): { readonly rows: number[]; readonly hits: number } {
  const part = wanted.toLowerCase();
  const keep = new Uint8Array(nodes.length);
  let hits = 0;
  for (const [index, { field, parent }] of nodes.entries()) {
    const isValue = field.value !== null && field.text.toLowerCase().includes(part);
    if (!isValue && !field.name.toLowerCase().includes(part)) continue;
    hits++;
    keep[index] = 1;
    for (let up = parent; up >= 0 && keep[up] === 0; up = nodes[up]?.parent ?? -1) keep[up] = 1;
  }
  const rows: number[] = [];
  for (let index = 0; index < keep.length; index++) if (keep[index] === 1) rows.push(index);
  return { rows, hits };
}
