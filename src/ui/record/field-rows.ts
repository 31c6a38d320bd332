/** The field tree as rows: what is unfolded, one after the other. */
import { PAGE_SIZE } from '../../format/libxc/page-data';
import type { FieldNode, ItemsView } from '../../format/kit/node';
import { grouped } from '../../lib/text';
import { itemAt } from '../shared/use-fields';

/** Items shown under one group row where an array is longer than that. */
const GROUP = 256;

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

/** Groups of fields stand open; bits, arrays and anything deep wait to be asked for. */
function opensByItself(node: FieldNode, depth: number, alone: boolean): boolean {
  if (node.name === 'record header') return false;
  if (node.items) return depth === 0 && node.items.stride < PAGE_SIZE;
  if (node.value !== null) return false;
  return depth === 0 || (alone ? depth < 3 : depth < 2);
}

const isOpen = (folds: Folds, path: string, otherwise: boolean): boolean => folds.get(path) ?? otherwise;

export function fieldRows(nodes: readonly FieldNode[], folds: Folds): FieldRow[] {
  const rows: FieldRow[] = [];
  const alone = nodes.length <= 6;
  for (const [index, node] of nodes.entries()) addNode(rows, folds, node, String(index), 0, alone);
  return rows;
}

function addNode(rows: FieldRow[], folds: Folds, node: FieldNode, path: string, depth: number, alone: boolean): void {
  const expandable = (node.children?.length ?? 0) > 0 || (node.items?.count ?? 0) > 0;
  const open = expandable ? isOpen(folds, path, opensByItself(node, depth, alone)) : undefined;
  rows.push({ kind: 'field', path, depth, node, open });
  if (open !== true) return;
  for (const [index, child] of (node.children ?? []).entries())
    addNode(rows, folds, child, `${path}.${index}`, depth + 1, alone);
  if (node.items) addItems(rows, folds, node.items, path, depth + 1);
}

function addItems(rows: FieldRow[], folds: Folds, items: ItemsView, path: string, depth: number): void {
  if (items.count <= GROUP) {
    for (let index = 0; index < items.count; index++) addItem(rows, folds, items, index, path, depth);
    return;
  }
  for (let from = 0; from < items.count; from += GROUP) {
    const to = Math.min(items.count, from + GROUP);
    const group = `${path}.${from}…`;
    const open = isOpen(folds, group, false);
    rows.push({ kind: 'group', path: group, depth, label: `[${grouped(from)} – ${grouped(to - 1)}]`, open });
    if (!open) continue;
    for (let index = from; index < to; index++) addItem(rows, folds, items, index, path, depth + 1);
  }
}

function addItem(rows: FieldRow[], folds: Folds, items: ItemsView, index: number, path: string, depth: number): void {
  const item = itemAt(items, index);
  const at = `${path}.[${index}]`;
  if (item === 'loading') rows.push({ kind: 'loading', path: at, depth });
  else if ('failed' in item) rows.push({ kind: 'failed', path: at, depth, reason: item.failed });
  else addNode(rows, folds, item, at, depth, false);
}

/** Folds with everything open that hides `path`. */
export function revealed(folds: Folds, path: string): Folds {
  const next = new Map(folds);
  const steps = path.split('.');
  for (let length = 1; length < steps.length; length++) {
    next.set(steps.slice(0, length).join('.'), true);
    const item = /^\[(\d+)\]$/u.exec(steps[length] ?? '');
    if (item) next.set(`${steps.slice(0, length).join('.')}.${Math.floor(Number(item[1]) / GROUP) * GROUP}…`, true);
  }
  return next;
}
