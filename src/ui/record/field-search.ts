/** Looking through the whole tree, folded parts and all: rows of what was found, with what is around it. */
import { PAGE_SIZE } from '../../format/page';
import type { FieldNode, ItemsView } from '../../format/kit/node';
import { counted } from '../../lib/text';
import type { Bytes } from '../../source/cached';
import { itemAt } from '../shared/use-fields';
import { type FieldRow, type Folds, isExpandable, join, rowsBelow } from './field-rows';
import { matches, type Query } from './field-query';

/** Fields looked at in one search, so that it stays unnoticed while typing. */
const FIELD_LIMIT = 100_000;
/** Elements looked at of one array, and bytes of them that are read for it. */
const ITEM_LIMIT = 4096;
const ITEM_BYTES = 1024 * 1024;

export interface FieldSearch {
  readonly rows: readonly FieldRow[];
  /** Paths of what was found, in order. */
  readonly found: readonly string[];
  /** Elements are still being read. */
  readonly pending: boolean;
  /** What was left out, in words. */
  readonly limits: readonly string[];
}

class Search {
  readonly rows: FieldRow[] = [];
  readonly found: string[] = [];
  readonly limits = new Set<string>();
  pending = false;
  #left = FIELD_LIMIT;
  readonly #names: string[] = [];
  readonly #bytes: Bytes;
  readonly #query: Query;
  readonly #folds: Folds;

  constructor(bytes: Bytes, query: Query, folds: Folds) {
    this.#bytes = bytes;
    this.#query = query;
    this.#folds = folds;
  }

  /** Whether the field or anything below it was found. */
  visit(node: FieldNode, path: string, depth: number): boolean {
    if (this.#left-- <= 0) {
      this.limits.add(`only the first ${counted(FIELD_LIMIT, 'field')} were looked at`);
      return false;
    }
    const isFound = matches(node, this.#names, this.#query);
    if (isFound) this.found.push(path);
    const at = this.rows.push({ kind: 'loading', path, depth }) - 1;
    this.#names.push(node.name);
    const below = this.#below(node, path, depth + 1);
    this.#names.pop();
    if (!isFound && !below) {
      this.rows.length = at;
      return false;
    }
    // What was found can be opened like anywhere; what leads to it stands open.
    const open = below || (isExpandable(node) ? (this.#folds.get(path) ?? false) : undefined);
    this.rows[at] = { kind: 'field', path, depth, node, open };
    if (open === true && !below) this.rows.push(...rowsBelow(this.#bytes, node, path, depth + 1, this.#folds));
    return true;
  }

  #below(node: FieldNode, path: string, depth: number): boolean {
    let below = false;
    for (const [index, child] of (node.children ?? []).entries()) {
      if (this.visit(child, join(path, String(index)), depth)) below = true;
    }
    return (node.items && this.#items(node.name, node.items, path, depth)) || below;
  }

  #items(name: string, items: ItemsView, path: string, depth: number): boolean {
    // Pages have no fields.
    if (items.stride >= PAGE_SIZE) return false;
    const count = Math.min(items.count, ITEM_LIMIT, Math.floor(ITEM_BYTES / items.stride));
    if (count < items.count) this.limits.add(`only the first ${counted(count, 'element')} of ${name} were looked at`);
    let below = false;
    for (let index = 0; index < count && this.#left > 0; index++) {
      const item = itemAt(this.#bytes, items, index);
      if (item === 'loading') this.pending = true;
      else if ('failed' in item) this.limits.add(`${name} could not be read`);
      else if (this.visit(item, join(path, `[${index}]`), depth)) below = true;
    }
    return below;
  }
}

/** Looks through the fields of a record for what is asked. */
export function searchFields(bytes: Bytes, nodes: readonly FieldNode[], query: Query, folds: Folds): FieldSearch {
  const search = new Search(bytes, query, folds);
  for (const [index, node] of nodes.entries()) search.visit(node, String(index), 0);
  const { rows, found, pending, limits } = search;
  return { rows, found, pending, limits: [...limits] };
}
