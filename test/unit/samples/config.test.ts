/** The configuration in real images: what xl knew of the domain, value by value, each from its own bytes. */
import { describe, expect, test } from 'vitest';
import type { FieldNode } from '../../../src/format/kit/node';
import { decodeXlHeader } from '../../../src/format/xl/decode';
import { decodeIn, nodeAt, walkNodes } from '../../fixtures/nodes';
import { type Sample, samples } from '../../fixtures/samples';
import { rowsOf, scanBytes } from '../../fixtures/scanning';

/** Left out of the comparison: the file holds no domid, as the domain gets a new one; `xl list` prints "none" for it. */
const ONLY_LIVE = new Set(['c_info.domid']);

type Leaves = Map<string, string>;

/** Path → value, empty groups included. */
function leaves(value: unknown, path = '', into: Leaves = new Map()): Leaves {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  const isList = Array.isArray(value);
  if (entries.length === 0) into.set(path, JSON.stringify(value));
  for (const [key, part] of entries)
    leaves(part, isList ? `${path}[${key}]` : `${path}.${key}`.replace(/^\./u, ''), into);
  return into;
}

function leavesOf(nodes: readonly FieldNode[], path = '', into: Leaves = new Map()): Leaves {
  for (const { name, text, value, children } of nodes) {
    const own = name.startsWith('[') ? `${path}${name}` : `${path}.${name}`.replace(/^\./u, '');
    if (children && children.length > 0) leavesOf(children, own, into);
    else into.set(own, value === null ? text.replaceAll(' 0 ', '') : text);
  }
  return into;
}

/** What `xl list -l` printed; nothing where xl itself failed. */
function known(sample: Sample): Leaves | undefined {
  const text = /^\[\n.*/msu.exec(sample.truth('xl-list-l.json') ?? '')?.[0] ?? '[]';
  const [domain] = JSON.parse(text) as { readonly config: object }[];
  return domain && leaves(domain.config);
}

async function configOf(bytes: Uint8Array, name: 'config' | 'xml'): Promise<FieldNode> {
  const scan = await scanBytes(bytes);
  const [header] = rowsOf(scan);
  if (!header) throw new Error('no header');
  return nodeAt(decodeIn(bytes, header, scan), name);
}

const ofXl = samples.filter(({ file }) => !file.endsWith('.libvirtsave'));
const withTruth = ofXl.flatMap((sample) => {
  const shown = known(sample);
  return shown ? [{ ...sample, shown }] : [];
});

test('xl knew nearly all of them', () => {
  expect(withTruth.length).toBeGreaterThanOrEqual(ofXl.length - 1);
});

describe.each(withTruth)('$file', ({ open, shown }) => {
  test('every value is what xl printed', async () => {
    const config = await configOf(open(), 'config');
    const wanted = [...shown].filter(([path]) => !ONLY_LIVE.has(path));
    const found = leavesOf((config.children ?? []).filter(({ name }) => name !== 'end'));
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(wanted));
    expect(found.size).toBeGreaterThan(15);
  });
});

describe.each(ofXl)('$file: configuration', ({ open }) => {
  test('the bytes of every value parse to it; nothing is wrong', async () => {
    const bytes = open();
    const config = await configOf(bytes, 'config');
    expect(JSON.parse(String(config.value))).toBeTypeOf('object');
    expect(config.children?.at(-1)).toMatchObject({ name: 'end', length: 1, value: '00' });
    let values = 0;
    for (const node of walkNodes((config.children ?? []).slice(0, -1))) {
      expect(node.problem).toBeUndefined();
      const own = new TextDecoder().decode(bytes.subarray(node.offset, node.offset + node.length));
      const parsed: unknown = JSON.parse(own);
      if (node.children) expect(Object.keys(Object(parsed))).toHaveLength(node.children.length);
      else expect(node.text).toBe(JSON.stringify(parsed));
      values++;
    }
    expect(values).toBeGreaterThan(20);
  });
});

describe('the configuration of micro64, cut and changed', () => {
  const [sample] = samples.filter(({ file }) => file === 'micro64.xlsave');
  const bytes = (sample?.open() ?? new Uint8Array(0)).subarray(0, 48 + 4 + 2000);
  const config = decodeXlHeader({ bytes, offset: 0, length: bytes.length, claimed: bytes.length, littleEndian: true });
  const end = (config.find(({ name }) => name === 'config')?.length ?? 0) + 52;

  test('every truncation keeps what is whole and says that it is cut', () => {
    expect(end).toBeGreaterThan(500);
    // Without its NUL the text is still whole; without its brace it is not.
    for (let length = 54; length < end - 2; length++) {
      const cut = bytes.subarray(0, length);
      const nodes = decodeXlHeader({ bytes: cut, offset: 0, length, claimed: end, littleEndian: true });
      const node = nodeAt(nodes, 'config');
      expect(node.problem, String(length)).toBeDefined();
      for (const one of walkNodes([node])) expect(one.offset + one.length).toBeLessThanOrEqual(length);
    }
  });

  test('any byte of it may lie', () => {
    for (let at = 52; at < end; at++) {
      for (const byte of [0x00, 0x22, 0x5c, 0x7b, 0x7d, 0xff]) {
        const lying = bytes.slice(0, end);
        lying[at] = byte;
        const nodes = decodeXlHeader({ bytes: lying, offset: 0, length: end, claimed: end, littleEndian: true });
        expect([...walkNodes(nodes)].every((node) => node.offset + node.length <= end)).toBe(true);
      }
    }
  });

  test('without the JSON flag it is taken for the text form', () => {
    const text = new TextEncoder().encode('name = "vm"\nvcpus = 2\n');
    const head = bytes.slice(0, 52 + text.length);
    head[36] = 2;
    head[48] = text.length;
    head[49] = 0;
    head.set(text, 52);
    const nodes = decodeXlHeader({
      bytes: head,
      offset: 0,
      length: head.length,
      claimed: head.length,
      littleEndian: true,
    });
    expect(nodeAt(nodes, 'config.name')).toMatchObject({ value: 'vm', offset: 52 + 7, length: 4 });
    expect(nodeAt(nodes, 'config.vcpus').value).toBe(2);
  });
});

const ofLibvirt = samples.filter(({ file }) => file.endsWith('.libvirtsave'));
describe.each(ofLibvirt)('$file', ({ open, truth }) => {
  test('the XML names the domain as xl does', async () => {
    const bytes = open();
    const xml = await configOf(bytes, 'xml');
    expect([...walkNodes([xml])].filter(({ problem }) => problem !== undefined)).toEqual([]);
    const shown = new Map(leaves(JSON.parse(truth('xl-list-l.json') ?? '[]') as unknown));
    expect(shown.get('[0].config.c_info.name')).toBe(JSON.stringify(nodeAt(xml.children ?? [], 'domain.name').value));
    expect(shown.get('[0].config.c_info.uuid')).toBe(JSON.stringify(nodeAt(xml.children ?? [], 'domain.uuid').value));
    expect(shown.get('[0].config.b_info.max_vcpus')).toBe(nodeAt(xml.children ?? [], 'domain.vcpu').value);
    expect(shown.get('[0].config.b_info.max_memkb')).toBe(nodeAt(xml.children ?? [], 'domain.memory').value);
  });
});
