/** EMULATOR_XENSTORE_DATA: `key NUL value NUL …`, keys relative to the device model's xenstore directory, as a tree. */
import { given } from '../../lib/given';
import { byteSize, counted } from '../../lib/text';
import { decode, TEXT_LIMIT } from '../kit/decode';
import { type Body, bodyFrom, type FieldNode } from '../kit/node';
import { cString } from '../kit/parse';
import { EMULATOR_HEADER, EMULATOR_HEADER_SIZE } from './layouts';

/** Entries kept; QEMU leaves three for each region that it has moved. */
const ENTRY_LIMIT = 20_000;
/** Parts of a path that become levels; what is deeper stays one name. */
const DEPTH_LIMIT = 32;
const SOURCE = 'docs/specs/libxl-migration-stream.pandoc § EMULATOR_XENSTORE_DATA; libxl_dom_save.c (physmap)';

/** What QEMU writes for each region that it has moved: physmap/<where it was>/… */
const DOCS: Readonly<Record<string, string>> = {
  physmap: 'Memory regions that QEMU has moved, by the address where they were.',
  start_addr: 'Guest-physical address to which the region was moved, hex.',
  size: 'Bytes of the region, hex.',
  name: 'Name of the region in QEMU.',
};

/** Name of the node that holds the tree. */
export const XENSTORE_ENTRIES = 'entries';

/** Decodes the body of an EMULATOR_XENSTORE_DATA record: keys and values as a tree of their paths. */
export function decodeXenstoreData(body: Body): FieldNode[] {
  const nodes = decode(EMULATOR_HEADER, bodyFrom(body, 0, EMULATOR_HEADER_SIZE));
  const data = bodyFrom(body, EMULATOR_HEADER_SIZE);
  if (data.length === 0) return nodes;
  const entries = readEntries(data);
  const children = tree(entries, 0);
  const problem = entries.find((entry) => entry.node.problem !== undefined)?.node.problem;
  nodes.push({
    name: XENSTORE_ENTRIES,
    offset: data.offset,
    length: data.length,
    value: null,
    text: counted(entries.length, 'entry', 'entries'),
    doc: 'Keys and values, each closed by a NUL, as a tree of their paths.',
    source: SOURCE,
    children,
    ...given({ problem }),
  });
  return nodes;
}

interface XenstoreEntry {
  readonly path: readonly string[];
  /** Key and value; named by the last part of the path. */
  readonly node: FieldNode;
}

function readEntries(data: Body): XenstoreEntry[] {
  const raw = data.bytes.subarray(0, TEXT_LIMIT);
  const entries: XenstoreEntry[] = [];
  for (let at = 0; at < raw.length;) {
    const keyEnd = raw.indexOf(0, at);
    const valueEnd = keyEnd < 0 ? -1 : raw.indexOf(0, keyEnd + 1);
    if (valueEnd < 0 || entries.length >= ENTRY_LIMIT) {
      const problem = entries.length >= ENTRY_LIMIT ? 'too many entries: these are left out' : undefined;
      entries.push(
        loose(data, raw, at, problem ?? (keyEnd < 0 ? 'key without closing NUL' : 'value without closing NUL')),
      );
      break;
    }
    entries.push(entryOf(data, raw, at, keyEnd, valueEnd));
    at = valueEnd + 1;
  }
  return entries;
}

/** What is left where the data ends within a key or a value. */
function loose(data: Body, raw: Uint8Array, at: number, problem: string): XenstoreEntry {
  const name = cString(raw.subarray(at));
  const length = data.length - at;
  return { path: [name], node: { name, offset: data.offset + at, length, value: null, text: '—', problem } };
}

function entryOf(data: Body, raw: Uint8Array, at: number, keyEnd: number, valueEnd: number): XenstoreEntry {
  const key = cString(raw.subarray(at, keyEnd));
  const value = cString(raw.subarray(keyEnd + 1, valueEnd));
  const parts = key.split('/');
  const path =
    parts.length <= DEPTH_LIMIT ? parts : [...parts.slice(0, DEPTH_LIMIT), parts.slice(DEPTH_LIMIT).join('/')];
  const name = path.at(-1) ?? key;
  const isPhysmap = parts[0] === 'physmap' && parts.length === 3;
  const address = isPhysmap && name === 'start_addr' ? hexNumber(value) : undefined;
  const size = isPhysmap && name === 'size' ? hexNumber(value) : undefined;
  const offset = data.offset + at;
  const children = [
    { name: 'key', offset, length: keyEnd + 1 - at, value: key, text: key, doc: 'The key, with its NUL.' },
    {
      name: 'value',
      offset: data.offset + keyEnd + 1,
      length: valueEnd - keyEnd,
      value,
      text: value,
      doc: 'The value, with its NUL.',
    },
  ];
  const node: FieldNode = {
    name,
    offset,
    length: valueEnd + 1 - at,
    value,
    text: value,
    children,
    source: SOURCE,
    ...given({
      doc: isPhysmap ? DOCS[name] : undefined,
      note: size === undefined ? undefined : byteSize(Number(size)),
      leadsTo: address === undefined ? undefined : { space: 'gpa' as const, at: address },
      problem: raw[at] === 0x2f ? 'key must be relative, but starts with /' : undefined,
    }),
  };
  return { path, node };
}

const hexNumber = (text: string): bigint | undefined =>
  /^(?:0x)?[\da-f]{1,16}$/iu.test(text) ? BigInt(`0x${text.replace(/^0x/iu, '')}`) : undefined;

/** Entries that follow each other and share a part of their path become one group: its bytes are theirs. */
function tree(entries: readonly XenstoreEntry[], depth: number): FieldNode[] {
  const nodes: FieldNode[] = [];
  for (let from = 0; from < entries.length;) {
    const first = entries[from];
    if (!first) break;
    const name = first.path[depth] ?? '';
    if (first.path.length <= depth + 1) {
      nodes.push(first.node);
      from++;
      continue;
    }
    let to = from + 1;
    for (let next = entries[to]; next && next.path.length > depth + 1 && next.path[depth] === name; next = entries[to])
      to++;
    nodes.push(group(name, depth, entries.slice(from, to)));
    from = to;
  }
  return nodes;
}

function group(name: string, depth: number, entries: readonly XenstoreEntry[]): FieldNode {
  const children = tree(entries, depth + 1);
  const first = entries[0]?.node;
  const last = entries.at(-1)?.node;
  const offset = first?.offset ?? 0;
  const problem = children.find((child) => child.problem !== undefined)?.problem;
  return {
    name,
    offset,
    length: (last ? last.offset + last.length : offset) - offset,
    value: null,
    text: counted(entries.length, 'entry', 'entries'),
    children,
    source: SOURCE,
    ...given({ problem, doc: depth === 0 ? DOCS[name] : undefined }),
  };
}
