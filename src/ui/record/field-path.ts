/** Addresses in a field tree: child and item numbers joined by dots, such as `1.2.[5].0`. */
import type { FieldNode } from '../../format/kit/node';
import type { Range } from '../../lib/range';
import type { Bytes } from '../../source/cached';
import { itemAt } from '../shared/use-fields';

/** A field found by address or by byte. */
export interface Found {
  readonly path: string;
  readonly node: FieldNode;
  /** Names from the outermost field to this one. */
  readonly names: readonly string[];
  /** Alternates from field to field, so that neighbours can be told apart. */
  readonly parity: number;
}

const contains = (node: FieldNode, offset: number): boolean =>
  offset >= node.offset && offset < node.offset + node.length;

const sameSpan = (node: FieldNode, offset: number, length: number): boolean =>
  node.offset === offset && node.length === length;

/** Children that have bytes of their own: bit ranges share those of their integer. */
function parts(node: FieldNode): readonly FieldNode[] {
  const { children = [] } = node;
  return children.every((child) => sameSpan(child, node.offset, node.length)) ? [] : children;
}

/** Returns the innermost field that holds the byte at `offset`. */
export function fieldAt(bytes: Bytes, nodes: readonly FieldNode[], offset: number): Found | undefined {
  let found: Found | undefined;
  let level = nodes;
  for (;;) {
    const index = level.findIndex((node) => contains(node, offset));
    const node = level[index];
    if (!node) return found;
    found = {
      node,
      path: found ? `${found.path}.${index}` : String(index),
      names: [...(found?.names ?? []), node.name],
      parity: ((found?.parity ?? 0) + index) & 1,
    };
    if (node.items) {
      const { items } = node;
      const at = Math.floor((offset - items.offset) / items.stride);
      const item = at >= 0 && at < items.count ? itemAt(bytes, items, at) : undefined;
      if (item === undefined || item === 'loading' || 'failed' in item) return found;
      found = {
        node: item,
        path: `${found.path}.[${at}]`,
        names: [...found.names, item.name],
        parity: (found.parity + at) & 1,
      };
      level = parts(item);
    } else {
      level = parts(node);
    }
  }
}

/** Returns the field that covers just these bytes, the outermost if several do; else the innermost that holds their start. */
export function fieldOf(bytes: Bytes, nodes: readonly FieldNode[], range: Range): Found | undefined {
  let at = '';
  let names: string[] = [];
  let level = nodes;
  for (;;) {
    const index = level.findIndex((node) => contains(node, range.start));
    const node = level[index];
    if (!node) return fieldAt(bytes, nodes, range.start);
    at = at === '' ? String(index) : `${at}.${index}`;
    names = [...names, node.name];
    if (sameSpan(node, range.start, range.end - range.start)) return { node, path: at, names, parity: 0 };
    if (!node.children) return fieldAt(bytes, nodes, range.start);
    level = node.children;
  }
}

/** Returns the field at an address; undefined while its bytes are not loaded, or if there is none. */
export function fieldByPath(bytes: Bytes, nodes: readonly FieldNode[], path: string): Found | undefined {
  let level: readonly FieldNode[] = nodes;
  let node: FieldNode | undefined;
  const names: string[] = [];
  for (const step of path.split('.')) {
    const item = /^\[(\d+)\]$/u.exec(step);
    if (item) {
      const found = node?.items && itemAt(bytes, node.items, Number(item[1]));
      if (found === undefined || found === 'loading' || 'failed' in found) return undefined;
      node = found;
    } else {
      node = level[Number(step)];
    }
    if (!node) return undefined;
    names.push(node.name);
    level = node.children ?? [];
  }
  return node && { node, path, names, parity: 0 };
}
