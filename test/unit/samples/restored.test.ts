/**
 * All that show what a restore would take of a stream show the same: the CPUs tab, `mem`, `walk`, `code`, `show
 * start_info`, `export --elf`, the search, the check, and the copies that the page map and the roles go by. The expected values were
 * read out of the images by a few lines of Python, with struct and the specification.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { fittingReader } from '../../../src/check/kit/reader';
import { NEWEST_XEN } from '../../../src/check/kit/xen-version';
import { simulate } from '../../../src/check/simulate/run';
import { Simulation } from '../../../src/check/simulate/simulation';
import { storedPages } from '../../../src/check/simulate/stored';
import { contentPass } from '../../../src/memory/content/pass';
import { ContentMap } from '../../../src/memory/content/content-map';
import { RECORD_LAYER } from '../../../src/memory/map/band-layers';
import { IndexMap } from '../../../src/memory/map/index-map';
import type { MapLayer } from '../../../src/memory/map/layer';
import { PRESENCE_LAYER } from '../../../src/memory/map/sent-layers';
import { loadPart, partsOf } from '../../../src/memory/vcpus/parts';
import { registersOf } from '../../../src/memory/vcpus/registers';
import { drive } from '../../../src/scan/drive';
import { Reader } from '../../../src/scan/reader';
import { decodeRow } from '../../../src/scan/decode-row';
import { loadLength } from '../../../src/scan/load-length';
import { storedCopies } from '../../../src/scan/restored/pages';
import { keptRecords } from '../../../src/scan/restored/records';
import { restoredVcpus } from '../../../src/scan/restored/vcpus';
import { memorySource } from '../../../src/source/memory';
import { xenscope } from '../../fixtures/cli';
import { sectionOf, volatilityPages } from '../../fixtures/plain/core';
import { samples } from '../../fixtures/samples';
import { scanBytes } from '../../fixtures/scanning';

const folder = mkdtempSync(join(tmpdir(), 'xenscope-restored-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What a restore would take. */
interface Taken {
  /** Rows of the X86_PV_VCPU_BASIC of vCPU 0 and 1; rip and rsp of vCPU 1. */
  readonly records: readonly [number, number];
  readonly rip: bigint;
  readonly rsp: bigint;
  /** The page that starts with a counter of the guest's: row, file offset, and the counter. */
  readonly counter: { readonly record: number; readonly offset: number; readonly value: bigint };
  /** The page of start_info: row and file offset. */
  readonly startInfo: { readonly record: number; readonly offset: number };
}

/** PFN of the page with the counter, where vCPUs map it, and PFN of start_info. */
const COUNTER = 0x3;
const COUNTER_VA = 0xffff_ffff_8000_3000n;
const START_INFO = 0x17;

const IN_HYPERCALL = { rip: 0xffff_ffff_8000_03aan, rsp: 0xffff_ffff_8000_4fe8n };
/** vCPU 1 was running its own code when the fourth and the seventh checkpoint were taken. */
const RUNNING = { rip: 0xffff_ffff_8000_1124n, rsp: 0xffff_ffff_8000_5000n };

const CHECKPOINT_1: Taken = {
  records: [15, 18],
  ...IN_HYPERCALL,
  counter: { record: 12, offset: 0x40b9e2, value: 0xc033n },
  startInfo: { record: 12, offset: 0x40e9e2 },
};
const CHECKPOINT_2: Taken = {
  records: [26, 29],
  ...IN_HYPERCALL,
  counter: { record: 23, offset: 0x42075a, value: 0xd5c1n },
  startInfo: { record: 23, offset: 0x42375a },
};
const CHECKPOINT_7: Taken = {
  records: [81, 84],
  ...RUNNING,
  counter: { record: 78, offset: 0x48dab2, value: 0x12394n },
  startInfo: { record: 78, offset: 0x490ab2 },
};
const CHECKPOINT_8: Taken = {
  records: [92, 95],
  ...IN_HYPERCALL,
  counter: { record: 89, offset: 0x4a382a, value: 0x132c0n },
  startInfo: { record: 89, offset: 0x4a682a },
};
const VERIFIED: Taken = {
  records: [17, 20],
  ...IN_HYPERCALL,
  counter: { record: 12, offset: 0x427b99, value: 0xc9bbn },
  startInfo: { record: 12, offset: 0x429b99 },
};

const imageOf = (name: string): Uint8Array => {
  const sample = samples.find((one) => one.name === name);
  if (!sample) throw new Error(`${name} is missing`);
  return sample.open();
};

const remus = imageOf('micro64-remus');
const cut = (end: number): Uint8Array => remus.subarray(0, end);

/** The image with VERIFY, in which the copies behind VERIFY of the counter and of start_info are other than those before. */
function otherVerified(): Uint8Array {
  const bytes = new Uint8Array(imageOf('micro64-live'));
  bytes.fill(0xee, 0x458bb1, 0x458bb1 + 4096);
  bytes.fill(0xee, 0x468bb1, 0x468bb1 + 4096);
  return bytes;
}

const CASES: readonly (readonly [string, Uint8Array, Taken])[] = [
  ['Remus, whole', remus, CHECKPOINT_8],
  ['Remus, cut behind the registers of its eighth checkpoint', cut(0x4b94f2), CHECKPOINT_7],
  ['Remus, cut behind the eighth CHECKPOINT', cut(0x4b94fa), CHECKPOINT_7],
  ['Remus, cut behind the eighth CHECKPOINT_END', cut(0x4b9502), CHECKPOINT_8],
  ['Remus, cut in the pages of its second checkpoint', cut(0x42675a), CHECKPOINT_1],
  ['Remus, cut in the registers of its second checkpoint', cut(0x434f72 + 3000), CHECKPOINT_1],
  ['Remus, cut behind the second CHECKPOINT', cut(0x43642a), CHECKPOINT_1],
  ['Remus, cut behind the second CHECKPOINT_END', cut(0x436432), CHECKPOINT_2],
  // Before the first checkpoint nothing could be restored: all that there is counts.
  ['Remus, cut before the first CHECKPOINT', cut(0x4206aa), CHECKPOINT_1],
  ['Remus, cut before the first CHECKPOINT_END', cut(0x4206b2), CHECKPOINT_1],
  ['live migration with VERIFY', imageOf('micro64-live'), VERIFIED],
  ['live migration with VERIFY, other copies behind it', otherVerified(), VERIFIED],
];

const json = async (...args: readonly string[]): Promise<unknown> => {
  const { stdout, stderr } = await xenscope(...args, '--json');
  expect(stderr).toBe('');
  return JSON.parse(stdout);
};
const hex = (value: bigint): string => `0x${value.toString(16)}`;
const word = (value: bigint): Uint8Array => {
  const out = new Uint8Array(8);
  new DataView(out.buffer).setBigUint64(0, value, true);
  return out;
};

describe.each(CASES)('%s', (name, bytes, { records, rip, rsp, counter, startInfo }) => {
  const path = join(folder, `${name.replaceAll(/\W+/gu, '-')}.migr`);
  writeFileSync(path, bytes);

  test('the data of the CPUs tab', async () => {
    const { records: index, image } = await scanBytes(bytes);
    const source = memorySource(bytes);
    const vcpus = restoredVcpus(image, keptRecords({ records: index, image }));
    expect(vcpus.map(({ id, record }) => [id, record])).toEqual([
      [0, records[0]],
      [1, records[1]],
    ]);
    const [, second] = vcpus;
    if (!second) throw new Error('vCPU 1 is missing');
    const parts = await Promise.all(
      partsOf(second).map((part) =>
        loadPart({ records: index, image, source }, part, async (row) =>
          decodeRow(row, await source.read(row.offset, loadLength(row)), source.size, image),
        ),
      ),
    );
    // Whatever is shown of it is of the same round: the records stand together.
    expect(parts.map((part) => [part.name, part.record - records[0]])).toEqual([
      ['X86_PV_VCPU_BASIC', 3],
      ['X86_PV_VCPU_EXTENDED', 4],
      ['X86_PV_VCPU_XSAVE', 5],
      ['SHARED_INFO', -1],
      ['X86_TSC_INFO', -2],
    ]);
    const { form, fields } = registersOf(second, new Map(parts.map((part) => [part.name, part])));
    expect([form, fields.get('rip')?.value, fields.get('rsp')?.value]).toEqual(['pv64', rip, rsp]);
  });

  test('xenscope code', async () => {
    expect(await json('code', path, '--vcpu', '1')).toMatchObject({ vcpu: 1, ip: hex(rip), sp: hex(rsp) });
  });

  test('xenscope walk', async () => {
    const { record, offset } = counter;
    expect(await json('walk', path, '--va', hex(COUNTER_VA), '--vcpu', '1')).toMatchObject({
      gpa: '0x3000',
      page: { pfn: '0x3', record, offset },
    });
  });

  test('xenscope mem', async () => {
    const digits = Buffer.from(word(counter.value))
      .toString('hex')
      .replaceAll(/..(?=.)/gu, '$& ');
    const { stdout } = await xenscope('mem', path, '--pfn', hex(BigInt(COUNTER)), '--length', '8');
    expect(stdout).toContain(`00003000  ${digits} `);
    const byTables = await xenscope('mem', path, '--va', hex(COUNTER_VA), '--length', '8');
    expect(byTables.stdout).toContain(`  ${digits} `);
  });

  test('xenscope show start_info', async () => {
    const { record, offset } = startInfo;
    expect(await json('show', path, 'start_info')).toMatchObject({ index: record, offset, name: 'start_info' });
  });

  test('xenscope export --elf', async () => {
    const out = join(folder, 'guest.core');
    expect(await xenscope('export', path, '--elf', '-o', out)).toMatchObject({ code: 0 });
    const core = new Uint8Array(readFileSync(out));
    const view = new DataView(core.buffer, core.byteOffset);
    // vcpu_guest_context: 512 bytes of FXSAVE, flags, then user_regs, of which rip is the 17th and rsp the 20th.
    const second = (sectionOf(core, '.xen_prstatus')?.offset ?? 0) + 5168 + 520;
    expect([view.getBigUint64(second + 16 * 8, true), view.getBigUint64(second + 19 * 8, true)]).toEqual([rip, rsp]);
    const at = volatilityPages(core).get(COUNTER) ?? 0;
    expect(core.subarray(at, at + 4096)).toEqual(bytes.subarray(counter.offset, counter.offset + 4096));
  });

  test('xenscope search', async () => {
    const { stdout } = await xenscope(
      'search',
      path,
      '--hex',
      Buffer.from(word(counter.value)).toString('hex'),
      '--json',
    );
    const hits = stdout.split('\n').filter((line) => line !== '');
    expect(hits.map((line) => JSON.parse(line) as object)).toContainEqual(
      expect.objectContaining({ pfn: COUNTER, record: counter.record, offset: counter.offset, older: false }),
    );
  });

  // Without one checkpoint that is complete the check plays on to where the stream breaks off.
  test.skipIf(name.includes('before the first'))('the check', async () => {
    const source = memorySource(bytes);
    const scan = await scanBytes(bytes);
    const { records: index, image } = scan;
    const sim = new Simulation(scan, new Reader(source.size), {
      fileName: 'image',
      xen: NEWEST_XEN,
      restoredBy: fittingReader(image),
    });
    await drive(simulate(sim), source);
    // Behind the header of the record and the id of the vCPU.
    expect(Array.from([0, 1], (id) => sim.libxc.vcpus.get(id)?.basic?.offset)).toEqual(
      records.map((row) => index.offsetAt(row) + 16),
    );
    const stored = storedPages(sim);
    expect([stored.get(COUNTER)?.offset, stored.get(START_INFO)?.offset]).toEqual([counter.offset, startInfo.offset]);
  });

  test('the layers of the page map', async () => {
    const { pages, image } = await scanBytes(bytes);
    const map = new IndexMap(pages, () => image);
    for (const [pfn, { record }] of [
      [COUNTER, counter],
      [START_INFO, startInfo],
    ] as const) {
      const shown = (layer: MapLayer): string | undefined => {
        const [state] = map.cells({ layer: layer.id, start: pfn, perCell: 1, cells: 1 });
        return layer.entries(image).find((entry) => entry.state === state)?.name;
      };
      expect(shown(PRESENCE_LAYER)).toBe('sent with content');
      const [from, to = from] = Array.from(shown(RECORD_LAYER)?.matchAll(/\d+/gu) ?? [], ([number]) => Number(number));
      expect([from, to]).toEqual([expect.any(Number), expect.any(Number)]);
      expect(Number(from) <= record && record <= Number(to), `${record} is in ${from}–${to}`).toBe(true);
    }
  });

  test('copies that the roles and the contents go by', async () => {
    const { pages, image } = await scanBytes(bytes);
    const { offset } = storedCopies(pages, image, 0);
    expect([offset[COUNTER], offset[START_INFO]]).toEqual([counter.offset, startInfo.offset]);
    const { read } = await contentPass({ pages, image, source: memorySource(bytes) }, new ContentMap(), {
      signal: new AbortController().signal,
      onPart: () => undefined,
      onProgress: () => undefined,
      breathe: async () => undefined,
    });
    expect(read).toBe(offset.filter((at) => at >= 0).length);
  });
});
