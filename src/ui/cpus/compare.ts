/** The values of one vCPU beside those of another: fields of the same name in the same place are a pair. */
import { createContext, useContext } from 'react';
import type { FieldNode } from '../../format/kit/node';
import type { Parts } from '../../memory/vcpus/parts';

/** Grows while arrays are looked at: their elements exist only then. */
export type Pairs = WeakMap<FieldNode, FieldNode>;

/** Adds the pairs of two trees of fields. Names repeat where structures do: the nth goes with the nth. */
export function pairFields(
  ours: readonly FieldNode[],
  theirs: readonly FieldNode[],
  into: Pairs = new WeakMap<FieldNode, FieldNode>(),
): Pairs {
  const seen = new Map<string, number>();
  const byName = new Map<string, FieldNode[]>();
  for (const node of theirs) {
    const same = byName.get(node.name);
    if (same) same.push(node);
    else byName.set(node.name, [node]);
  }
  for (const node of ours) {
    const turn = seen.get(node.name) ?? 0;
    seen.set(node.name, turn + 1);
    const other = byName.get(node.name)?.[turn];
    if (!other) continue;
    into.set(node, other);
    if (node.children && other.children) pairFields(node.children, other.children, into);
  }
  return into;
}

/** Tells whether two fields differ. Groups have no value of their own, but may say their contents in one line. */
export const differs = (ours: FieldNode, theirs: FieldNode): boolean =>
  ours.value === null && theirs.value === null ? ours.text !== theirs.text : ours.value !== theirs.value;

/** Whose values those open are compared with. */
export interface Comparison {
  /** The other vCPU. */
  readonly id: number;
  readonly pairs: Pairs;
  /** All of its state. */
  readonly parts: Parts;
}

const Compared = createContext<Comparison | undefined>(undefined);
export const ComparisonProvider = Compared.Provider;

/** Returns what the open vCPU is compared with; undefined while there is no comparison. */
export const useComparison = (): Comparison | undefined => useContext(Compared);

/** Returns the other vCPU and its field, where that has another value. */
export function useDifference(
  node: FieldNode | undefined,
): { readonly id: number; readonly other: FieldNode } | undefined {
  const comparison = useComparison();
  const other = node && comparison?.pairs.get(node);
  return comparison && node && other && differs(node, other) ? { id: comparison.id, other } : undefined;
}

/** Returns how many of these fields differ; those that are parts of one register count as that register. */
export function countDifferences(nodes: Iterable<FieldNode>, pairs: Pairs): number {
  let count = 0;
  for (const node of nodes) {
    const other = pairs.get(node);
    if (node.value !== null && other && differs(node, other)) count++;
  }
  return count;
}
