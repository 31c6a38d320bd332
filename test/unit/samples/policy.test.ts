/** Real images: the CPU policies are those that xen-cpuid printed, the configuration is what xl knew of the domain. */
import { describe, expect, test } from 'vitest';
import { decodeIn, itemsOf, nodeAt, valueAt } from '../../fixtures/nodes';
import { type Sample, samples } from '../../fixtures/samples';
import { rowsOf, scanBytes } from '../../fixtures/scanning';
import { cpuidPolicies } from '../../fixtures/xen-output';
import type { FieldNode } from '../../../src/format/kit/node';

const CPUID = 'xen-cpuid-p.txt';
const hex = (node: FieldNode, name: string, digits = 8): string =>
  BigInt(valueAt(node.children ?? [], name) ?? -1)
    .toString(16)
    .padStart(digits, '0');

/** What the record says, in the tool's words. */
function leafLine(leaf: FieldNode): string {
  const [eax, ebx, ecx, edx] = ['eax', 'ebx', 'ecx', 'edx'].map((name) => hex(leaf, name));
  return `${hex(leaf, 'leaf')}:${hex(leaf, 'subleaf')} ${eax}:${ebx}:${ecx}:${edx}`;
}
const msrLine = (msr: FieldNode): string => `${hex(msr, 'idx')} ${hex(msr, 'val', 16)}`;

const withPolicy = samples.filter((sample) => sample.libxc_version === 3 && sample.truth(CPUID) !== undefined);

test('there is something to compare with', () => {
  expect(withPolicy.length).toBeGreaterThanOrEqual(3);
});

describe.each(withPolicy)('$file: policies against xen-cpuid -p', (sample) => {
  test('CPUID leaves and MSRs', async () => {
    const bytes = sample.open();
    const scan = await scanBytes(bytes);
    const rows = rowsOf(scan);
    const list = (record: string, field: string): FieldNode[] => {
      const row = rows.find(({ name }) => name === record);
      if (!row) throw new Error(`no ${record}`);
      return itemsOf(bytes, nodeAt(decodeIn(bytes, row, scan), field));
    };
    const leaves = list('X86_CPUID_POLICY', 'leaf');
    const msrs = list('X86_MSR_POLICY', 'msr');
    const shown = cpuidPolicies(sample.truth(CPUID) ?? '');
    expect([leaves.length, msrs.length]).toEqual(shown.counts);
    const zero = / 00000000:00000000:00000000:00000000$/u;
    expect(leaves.map(leafLine).filter((line) => !zero.test(line))).toEqual(shown.leaves);
    expect(msrs.map(msrLine)).toEqual(shown.msrs);
    expect(shown.leaves.length).toBeGreaterThan(10);
  });
});

interface Config {
  readonly c_info: { readonly name: string; readonly type: string; readonly uuid: string };
  readonly b_info: { readonly max_vcpus: number; readonly max_memkb: number; readonly target_memkb: number };
}

/** What `xl list -l` knew; nothing where xl itself failed. */
function known(sample: Sample): Config | undefined {
  const text = /^\[\n.*/msu.exec(sample.truth('xl-list-l.json') ?? '')?.[0] ?? '[]';
  const [domain] = JSON.parse(text) as { readonly config: Config }[];
  return domain?.config;
}

const withConfig = samples.flatMap((sample) => {
  const config = sample.file.endsWith('.libvirtsave') ? undefined : known(sample);
  return config ? [{ ...sample, config }] : [];
});

test('xl knew nearly all of them', () => {
  expect(withConfig.length).toBeGreaterThanOrEqual(samples.length - 2);
});

describe.each(withConfig)('$file: configuration', ({ open, config: shown }) => {
  test('is what xl knew of the domain', async () => {
    const bytes = open();
    const { config } = (await scanBytes(bytes)).image;
    if (!config) throw new Error('no configuration');
    expect(config.format).toBe('json');
    const text = new TextDecoder().decode(bytes.subarray(config.offset, config.offset + config.length));
    expect(text.endsWith('\0')).toBe(true);
    const saved = JSON.parse(text.slice(0, -1)) as Config;
    expect([saved.c_info.name, saved.c_info.type, saved.b_info.max_vcpus, saved.b_info.max_memkb]).toEqual([
      shown.c_info.name,
      shown.c_info.type,
      shown.b_info.max_vcpus,
      shown.b_info.max_memkb,
    ]);
  });
});
