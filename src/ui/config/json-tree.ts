/** JSON as rows of a tree. Text from a file: any depth, any keys, any size up to what is read. */

/** Values kept; a configuration has some hundred. */
const NODE_LIMIT = 20_000;
/** Trees up to this size start open, of larger ones the upper two levels. */
const OPEN_LIMIT = 400;

export interface JsonNode {
  readonly parent: number;
  readonly depth: number;
  /** Undefined for the root. */
  readonly key: string | undefined;
  readonly kind: 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null';
  /** The value as JSON writes it; for objects and arrays how many they hold. */
  readonly text: string;
}

export interface JsonTree {
  /** In the order of the text. */
  readonly nodes: readonly JsonNode[];
  /** Node after the last one below each. */
  readonly ends: Int32Array;
  /** Values beyond the limit were left out. */
  readonly cut: boolean;
}

interface Pending {
  readonly value: unknown;
  readonly key: string | undefined;
  readonly parent: number;
  readonly depth: number;
}

/** Keys of what lies in a value, in order. Only own ones: `__proto__` is a key like any other. */
function keysOf(value: unknown): readonly string[] | number {
  if (Array.isArray(value)) return value.length;
  return typeof value === 'object' && value !== null ? Object.keys(value) : [];
}

function nodeOf({ value, key, parent, depth }: Pending, size: number): JsonNode {
  const base = { parent, depth, key };
  if (value === null) return { ...base, kind: 'null', text: 'null' };
  if (Array.isArray(value)) return { ...base, kind: 'array', text: String(size) };
  switch (typeof value) {
    case 'string':
      return { ...base, kind: 'string', text: JSON.stringify(value) };
    case 'number':
      return { ...base, kind: 'number', text: String(value) };
    case 'boolean':
      return { ...base, kind: 'boolean', text: String(value) };
    default:
      return { ...base, kind: 'object', text: String(size) };
  }
}

/** Throws SyntaxError, as JSON.parse does. */
export function jsonTree(text: string): JsonTree {
  const nodes: JsonNode[] = [];
  const pending: Pending[] = [{ value: JSON.parse(text), key: undefined, parent: -1, depth: 0 }];
  let cut = false;
  for (let next = pending.pop(); next; next = pending.pop()) {
    const found = keysOf(next.value);
    const size = typeof found === 'number' ? found : found.length;
    const index = nodes.push(nodeOf(next, size)) - 1;
    const room = Math.max(0, NODE_LIMIT - nodes.length - pending.length);
    if (size > room) cut = true;
    for (let at = Math.min(size, room) - 1; at >= 0; at--) {
      const key = typeof found === 'number' ? String(at) : (found[at] ?? '');
      const value: unknown = Reflect.get(Object(next.value), key);
      pending.push({ value, key, parent: index, depth: next.depth + 1 });
    }
  }
  return { nodes, ends: endsOf(nodes), cut };
}

function endsOf(nodes: readonly JsonNode[]): Int32Array {
  const ends = Int32Array.from(nodes, (_, index) => index + 1);
  for (let index = nodes.length - 1; index > 0; index--) {
    const parent = nodes[index]?.parent ?? 0;
    ends[parent] = Math.max(ends[parent] ?? 0, ends[index] ?? 0);
  }
  return ends;
}

export const hasChildren = ({ ends }: JsonTree, index: number): boolean => (ends[index] ?? 0) > index + 1;

export function startsClosed(tree: JsonTree): Set<number> {
  const closed = new Set<number>();
  if (tree.nodes.length <= OPEN_LIMIT) return closed;
  for (const [index, { depth }] of tree.nodes.entries()) if (depth >= 2 && hasChildren(tree, index)) closed.add(index);
  return closed;
}

/** Nodes that are not within a closed one. */
export function openRows({ nodes, ends }: JsonTree, closed: ReadonlySet<number>): number[] {
  const rows: number[] = [];
  for (let index = 0; index < nodes.length;) {
    rows.push(index);
    index = closed.has(index) ? (ends[index] ?? nodes.length) : index + 1;
  }
  return rows;
}

/** Nodes whose key or value has `wanted` in it, with all that they lie in; and how many they are. */
export function matchingRows({ nodes }: JsonTree, wanted: string): { readonly rows: number[]; readonly hits: number } {
  const part = wanted.toLowerCase();
  const keep = new Uint8Array(nodes.length);
  let hits = 0;
  for (const [index, { key, kind, text, parent }] of nodes.entries()) {
    const isGroup = kind === 'object' || kind === 'array';
    if (!(key ?? '').toLowerCase().includes(part) && (isGroup || !text.toLowerCase().includes(part))) continue;
    hits++;
    keep[index] = 1;
    for (let up = parent; up >= 0 && keep[up] === 0; up = nodes[up]?.parent ?? -1) keep[up] = 1;
  }
  const rows: number[] = [];
  for (let index = 0; index < keep.length; index++) if (keep[index] === 1) rows.push(index);
  return { rows, hits };
}
