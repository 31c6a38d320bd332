/** The field tree as rows: what is unfolded, one after the other. Long lists are folded into groups within groups. */
import { PAGE_SIZE } from '../../format/page';
import type { FieldNode, ItemsView } from '../../format/kit/node';
import { grouped } from '../../lib/text';
import type { Bytes } from '../../source/cached';
import { itemAt } from '../shared/use-fields';

/** Fields under one group row, where a list is longer than that; groups under a group of groups. */
const GROUP = 256;
/** Group rows side by side at most: opening anything never makes more rows than a person can look over. */
const GROUPS_IN_VIEW = 512;

export type FieldRow =
  | {
      readonly kind: 'field';
      readonly path: string;
      readonly depth: number;
      readonly node: FieldNode;
      readonly open: boolean | undefined;
    }
  | {
      readonly kind: 'group';
      readonly path: string;
      readonly depth: number;
      readonly label: string;
      readonly open: boolean;
    }
  | { readonly kind: 'loading'; readonly path: string; readonly depth: number }
  | { readonly kind: 'failed'; readonly path: string; readonly depth: number; readonly reason: string };

/** Folding decided by the user, by path; where nothing is said, `opensByItself` decides. */
export type Folds = ReadonlyMap<string, boolean>;

/** Structures one within the other below a field, itself counted; three are as good as more. */
function levels(node: FieldNode, most = 3): number {
  if (node.value !== null || !node.children || most === 0) return 0;
  return 1 + Math.max(0, ...node.children.slice(0, GROUP).map((child) => levels(child, most - 1)));
}

/**
 * Groups of fields stand open; bits, arrays and anything deep wait to be asked for. So does a part that goes deep itself:
 * open, the FPU's state would push the registers behind it out of sight.
 */
function opensByItself(node: FieldNode, depth: number, alone: boolean): boolean {
  if (node.name === 'record header') return false;
  if (node.items) return depth === 0 && node.items.stride < PAGE_SIZE;
  if (node.value !== null) return false;
  if (depth > 0 && levels(node) > 2) return false;
  return depth === 0 || (alone ? depth < 3 : depth < 2);
}

/** Returns the path one step further down: that of a child, whose parent's path is empty at the top. */
export const join = (path: string, step: string): string => (path === '' ? step : `${path}.${step}`);

const groupPath = (path: string, from: number, span: number): string =>
  join(path, span === GROUP ? `${from}…` : `${from}…${span}`);

/** Returns whether a field has others below it, which can be unfolded. */
export const isExpandable = ({ children, items }: FieldNode): boolean =>
  (children?.length ?? 0) > 0 || (items?.count ?? 0) > 0;

/** Fields of any number, looked at one by one. */
interface List {
  readonly count: number;
  readonly row: (index: number) => FieldNode | 'loading' | { readonly failed: string };
  readonly step: (index: number) => string;
}

const listOf = (nodes: readonly FieldNode[]): List => ({
  count: nodes.length,
  row: (index) => nodes[index] ?? 'loading',
  step: String,
});

const itemsList = (bytes: Bytes, items: ItemsView): List => ({
  count: items.count,
  row: (index) => itemAt(bytes, items, index),
  step: (index) => `[${index}]`,
});

class Rows {
  readonly rows: FieldRow[] = [];
  readonly #bytes: Bytes;
  readonly #folds: Folds;
  readonly #alone: boolean;

  constructor(bytes: Bytes, folds: Folds, alone: boolean) {
    this.#bytes = bytes;
    this.#folds = folds;
    this.#alone = alone;
  }

  list(list: List, path: string, depth: number): void {
    if (list.count <= GROUP) {
      for (let index = 0; index < list.count; index++) this.#element(list, index, path, depth, true);
      return;
    }
    let span = GROUP;
    while (list.count / span > GROUPS_IN_VIEW) span *= GROUP;
    this.#groups(list, 0, list.count, span, path, depth);
  }

  #groups(list: List, start: number, end: number, span: number, path: string, depth: number): void {
    for (let from = start; from < end; from += span) {
      const to = Math.min(end, from + span);
      const group = groupPath(path, from, span);
      const open = this.#folds.get(group) ?? false;
      this.rows.push({ kind: 'group', path: group, depth, label: `[${grouped(from)} – ${grouped(to - 1)}]`, open });
      if (!open) continue;
      if (span > GROUP) this.#groups(list, from, to, span / GROUP, path, depth + 1);
      // What is in a group stays folded: 256 open structures would be too much at once.
      else for (let index = from; index < to; index++) this.#element(list, index, path, depth + 1, false);
    }
  }

  #element(list: List, index: number, path: string, depth: number, opens: boolean): void {
    const found = list.row(index);
    const at = join(path, list.step(index));
    if (found === 'loading') this.rows.push({ kind: 'loading', path: at, depth });
    else if ('failed' in found) this.rows.push({ kind: 'failed', path: at, depth, reason: found.failed });
    else this.node(found, at, depth, opens);
  }

  node(node: FieldNode, path: string, depth: number, opens: boolean): void {
    const byItself = opens && opensByItself(node, depth, this.#alone);
    const open = isExpandable(node) ? (this.#folds.get(path) ?? byItself) : undefined;
    this.rows.push({ kind: 'field', path, depth, node, open });
    if (open === true) this.below(node, path, depth + 1);
  }

  below(node: FieldNode, path: string, depth: number): void {
    if (node.children) this.list(listOf(node.children), path, depth);
    if (node.items) this.list(itemsList(this.#bytes, node.items), path, depth);
  }
}

/** Returns the rows of the tree. */
export function fieldRows(bytes: Bytes, nodes: readonly FieldNode[], folds: Folds): FieldRow[] {
  const rows = new Rows(bytes, folds, nodes.length <= 6);
  rows.list(listOf(nodes), '', 0);
  return rows.rows;
}

/** Returns what is below an open field. */
export function rowsBelow(bytes: Bytes, node: FieldNode, path: string, depth: number, folds: Folds): FieldRow[] {
  const rows = new Rows(bytes, folds, false);
  rows.below(node, path, depth);
  return rows.rows;
}

/** Widest group that any list needs: PFNs of a record number less than 2^29. */
const WIDEST = GROUP ** 3;

/** Folds with everything open that hides `path`. */
export function revealed(folds: Folds, path: string): Folds {
  const next = new Map(folds);
  const steps = path.split('.');
  for (const [length, step] of steps.entries()) {
    const above = steps.slice(0, length).join('.');
    if (length > 0) next.set(above, true);
    const index = Number(/^\[?(\d+)\]?$/u.exec(step)?.[1] ?? 0);
    for (let span = GROUP; span <= WIDEST; span *= GROUP) {
      next.set(groupPath(above, Math.floor(index / span) * span, span), true);
    }
  }
  return next;
}
