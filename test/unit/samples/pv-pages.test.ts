/**
 * What a guest and Xen share, and the small records, of every image: a second decoder agrees on every field, and so do
 * Xen's own tools on what they know.
 *
 * Left out: event channels that are masked (lsevtchn does not print them); rings of PV guests (xenstore has machine
 * frames, the file PFNs); machine frames in shared_info and start_info (no tool prints them).
 */
import { describe, expect, test } from 'vitest';
import type { FieldNode } from '../../../src/format/kit/node';
import { PAGE_SIZE } from '../../../src/format/page';
import { decodeStartInfo, startInfoPfn } from '../../../src/format/pv/start-info';
import { decodePage } from '../../../src/scan/decode-row';
import type { RecordRow } from '../../../src/scan/records';
import type { ScanResult } from '../../../src/scan/scan';
import { decodeIn, itemsOf, nodeAt } from '../../fixtures/nodes';
import type { Values } from '../../fixtures/plain/reads';
import {
  plainExtended,
  plainHvmParams,
  plainP2mFrames,
  plainSharedInfo,
  plainStartInfo,
  plainTables,
  plainTscInfo,
} from '../../fixtures/plain/pv-pages';
import { samples, type Sample } from '../../fixtures/samples';
import { mentionsOf, rowsOf, scanBytes } from '../../fixtures/scanning';

/** Every integer of a tree by path, arrays by index; headers, padding and bits left out. */
function valuesOf(
  bytes: Uint8Array,
  nodes: readonly FieldNode[],
  path = '',
  into: Record<string, bigint> = {},
): Values {
  for (const [index, node] of nodes.entries()) {
    const name = path.endsWith('#.') ? String(index) : node.name;
    const at = `${path.replace('#.', '.')}${name}`;
    if (typeof node.value === 'number' || typeof node.value === 'bigint') into[at] = BigInt(node.value);
    else if (node.items) valuesOf(bytes, itemsOf(bytes, node), `${at}#.`, into);
    else if (node.children) valuesOf(bytes, node.children, `${at}.`, into);
  }
  return into;
}

const only = (values: Values, names: Values): Values =>
  Object.fromEntries(Object.keys(names).map((name) => [name, values[name] ?? -1n]));

interface Opened {
  readonly bytes: Uint8Array;
  readonly scan: ScanResult;
  readonly rows: readonly RecordRow[];
  readonly width: 4 | 8;
}

async function opened(sample: Sample): Promise<Opened> {
  const bytes = sample.open();
  const scan = await scanBytes(bytes);
  return { bytes, scan, rows: rowsOf(scan), width: scan.image.guestWidth === 4 ? 4 : 8 };
}

/** Fields of every record of a name, each with the bytes of its body. */
function records(image: Opened, name: string): { readonly nodes: FieldNode[]; readonly body: Uint8Array }[] {
  return image.rows
    .filter((row) => row.name === name)
    .map((row) => ({
      nodes: decodeIn(image.bytes, row, image.scan),
      body: image.bytes.subarray(row.offset + 8, row.offset + 8 + row.length),
    }));
}

/** The decoded start_info page and its bytes, found as a user would: by vCPU 0's register. */
function startInfo(image: Opened): { readonly nodes: FieldNode[]; readonly page: Uint8Array } {
  const vcpu = image.rows.findLast(({ name, vcpu: id }) => name === 'X86_PV_VCPU_BASIC' && id === 0);
  if (!vcpu) throw new Error('no VCPU 0');
  const pfn = startInfoPfn(decodeIn(image.bytes, vcpu, image.scan)) ?? -1;
  const copy = mentionsOf(image.scan.pages, pfn).findLast(({ offset }) => offset >= 0);
  if (!copy) throw new Error(`PFN ${pfn} is not there`);
  const page = image.bytes.subarray(copy.offset, copy.offset + PAGE_SIZE);
  return { nodes: decodePage(decodeStartInfo, copy.offset, page, image.scan.image), page };
}

const PLAIN: readonly (readonly [string, (body: Uint8Array, width: 4 | 8) => Values])[] = [
  ['X86_TSC_INFO', plainTscInfo],
  ['HVM_PARAMS', plainHvmParams],
  ['X86_PV_P2M_FRAMES', plainP2mFrames],
  ['SHARED_INFO', plainSharedInfo],
];

describe.each(samples)('$file', (sample) => {
  test('both decoders agree on every field', async () => {
    const image = await opened(sample);
    const seen: string[] = [];
    for (const [name, plain] of PLAIN) {
      for (const { nodes, body } of records(image, name)) {
        const wanted = plain(body, image.width);
        expect(only(valuesOf(image.bytes, nodes), wanted), name).toEqual(wanted);
        seen.push(name);
      }
    }
    for (const { nodes, body } of records(image, 'X86_PV_VCPU_EXTENDED')) {
      const wanted = plainExtended(body.subarray(8));
      const inside = nodeAt(nodes, 'xen_domctl_ext_vcpucontext').children ?? [];
      expect(only(valuesOf(image.bytes, inside), wanted)).toEqual(wanted);
      seen.push('EXTENDED');
    }
    for (const { nodes, body } of records(image, 'X86_PV_VCPU_BASIC')) {
      const wanted = plainTables(body.subarray(8), image.width);
      const inside = nodeAt(nodes, 'vcpu_guest_context').children ?? [];
      expect(only(valuesOf(image.bytes, inside), wanted)).toEqual(wanted);
      seen.push('BASIC');
    }
    const kinds = sample.isPv
      ? ['X86_TSC_INFO', 'X86_PV_P2M_FRAMES', 'SHARED_INFO', 'EXTENDED', 'BASIC']
      : ['X86_TSC_INFO', 'HVM_PARAMS'];
    expect(new Set(seen)).toEqual(new Set(kinds));
  });

  test('these records have no field out of order', async () => {
    const image = await opened(sample);
    const names = new Set(['X86_PV_VCPU_EXTENDED', 'X86_PV_VCPU_BASIC', ...PLAIN.map(([name]) => name)]);
    for (const row of image.rows.filter(({ name }) => names.has(name))) {
      const nodes = decodeIn(image.bytes, row, image.scan);
      expect(
        nodes.filter(({ problem }) => problem !== undefined),
        `${row.name} ${row.index}`,
      ).toEqual([]);
    }
  });
});

/** `store/port`, `console/ring-ref`: the guest's own keys in xenstore. */
function xenstore(sample: Sample): ReadonlyMap<string, bigint> {
  const text = sample.truth('xenstore-ls.txt') ?? '';
  return new Map(
    Array.from(text.matchAll(/\/domain\/\d+\/((?:store|console)\/(?:port|ring-ref)) = "(\d+)"/gu), (match) => [
      match[1] ?? '',
      BigInt(match[2] ?? 0),
    ]),
  );
}

/** Event channels that are in use, by lsevtchn. */
const bound = (sample: Sample): number[] =>
  Array.from((sample.truth('lsevtchn.txt') ?? '').matchAll(/^\s*(\d+): /gmu), (match) => Number(match[1]));

const memoryPages = (sample: Sample): bigint => {
  const found = /"target_memkb": (\d+)/u.exec(sample.truth('xl-list-l.json') ?? '');
  return BigInt(found?.[1] ?? 0) / 4n;
};

const withTools = samples.filter((sample) => sample.truth('lsevtchn.txt') !== undefined);

describe.each(withTools.filter(({ isPv }) => isPv))('$file against Xen’s tools', (sample) => {
  test('start_info: magic, memory, event channels of xenstore and console, command line', async () => {
    const image = await opened(sample);
    const { nodes, page } = startInfo(image);
    const keys = xenstore(sample);
    const values = valuesOf(image.bytes, nodes);
    const plain = plainStartInfo(page, image.width);
    expect(only(values, plain)).toEqual(plain);
    expect(nodeAt(nodes, 'magic').value).toBe(image.width === 8 ? 'xen-3.0-x86_64' : 'xen-3.0-x86_32p');
    expect(values['nr_pages']).toBe(memoryPages(sample));
    expect(values['store_evtchn']).toBe(keys.get('store/port'));
    expect(values['console.evtchn']).toBe(keys.get('console/port'));
    const cmdline = /"cmdline": "([^"]*)"/u.exec(sample.truth('xl-list-l.json') ?? '')?.[1] ?? '';
    expect(nodeAt(nodes, 'cmd_line').value).toBe(cmdline);
  });

  test('shared_info: memory, and no channel pending that is not bound', async () => {
    const image = await opened(sample);
    for (const { nodes } of records(image, 'SHARED_INFO')) {
      expect(nodeAt(nodes, 'arch.max_pfn').value?.toString()).toBe(memoryPages(sample).toString());
      const note = nodeAt(nodes, 'evtchn_pending').note ?? '';
      const pending = note === 'none' ? [] : note.split(', ').map(Number);
      // The micro guests have xenstore and console pending; Linux has FIFO channels, which are not in this page.
      expect(pending).toEqual(sample.name.startsWith('micro') ? [1, 2] : []);
      expect(pending.filter((channel) => !bound(sample).includes(channel))).toEqual([]);
    }
  });

  test('the P2M ends with the memory, and each frame is for a part of it', async () => {
    const image = await opened(sample);
    for (const { nodes } of records(image, 'X86_PV_P2M_FRAMES')) {
      expect(BigInt(nodeAt(nodes, 'end_pfn').value ?? 0) + 1n).toBe(memoryPages(sample));
      const frames = itemsOf(image.bytes, nodeAt(nodes, 'p2m_pfn'));
      expect(frames[0]?.note).toBe(image.width === 8 ? 'for PFN 0x0–0x1ff' : 'for PFN 0x0–0x3ff');
      expect(frames.at(-1)?.note?.endsWith(`–0x${(memoryPages(sample) - 1n).toString(16)}`)).toBe(true);
    }
  });
});

describe.each(withTools.filter(({ isPv }) => !isPv))('$file against Xen’s tools', (sample) => {
  test('HVM_PARAMS: the PFNs of xenstore and console are those of xenstore', async () => {
    const image = await opened(sample);
    const keys = xenstore(sample);
    const found = new Map(
      records(image, 'HVM_PARAMS').flatMap(({ nodes }) =>
        itemsOf(image.bytes, nodeAt(nodes, 'param')).map(({ children = [] }): [string, FieldNode] => [
          nodeAt(children, 'index').note ?? '',
          nodeAt(children, 'value'),
        ]),
      ),
    );
    expect(found.get('STORE_PFN')?.value).toBe(keys.get('store/ring-ref'));
    expect(found.get('CONSOLE_PFN')?.value).toBe(keys.get('console/ring-ref'));
    expect(found.get('CONSOLE_PFN')?.leadsTo).toEqual({ space: 'pfn', at: keys.get('console/ring-ref') });
  });
});

// Restored from a file of another host's clock: it keeps the frequency of that one.
const sameHost = samples.filter((one) => one.name !== 'micropvh-xsave' && one.truth('xl-info.txt') !== undefined);
describe.each(sameHost)('$file against xl info', (sample) => {
  test('the TSC has the frequency of the host', async () => {
    const image = await opened(sample);
    const mhz = /^cpu_mhz\s*:\s*(\d+)\.(\d{3})$/mu.exec(sample.truth('xl-info.txt') ?? '');
    const khz = Number(`${mhz?.[1]}${mhz?.[2]}`);
    for (const { nodes } of records(image, 'X86_TSC_INFO')) expect(nodeAt(nodes, 'khz').value).toBe(khz);
    for (const { nodes } of records(image, 'SHARED_INFO')) {
      const [first] = itemsOf(image.bytes, nodeAt(nodes, 'vcpu_info'));
      const text = nodeAt(first?.children ?? [], 'time').text;
      // The factors round: to less than a kHz.
      const shown = Number(/TSC at (\d+)\u2009(\d+)\.(\d+) MHz/u.exec(text)?.slice(1).join(''));
      expect(Math.abs(shown - khz), text).toBeLessThanOrEqual(1);
    }
  });
});
