/**
 * Real images: the features that the Policy tab names are those that the raw words of xen-cpuid -p say, read by a
 * decoder of its own; and the reader of that tool's text says what the records say.
 */
import { describe, expect, test } from 'vitest';
import type { FieldNode } from '../../../src/format/kit/node';
import type { CpuidLeaf } from '../../../src/format/x86/cpuid/leaf';
import { parsePolicyText } from '../../../src/format/x86/cpuid/policy-text';
import { summarise } from '../../../src/format/x86/cpuid/summary';
import { featureBlocks } from '../../../src/ui/policy/feature-blocks';
import { COMMON_1D, HEADER_WORDS, headerBits } from '../../fixtures/cpu-features';
import { decodeIn, itemsOf, nodeAt, valueAt } from '../../fixtures/nodes';
import { hostTruth, samples } from '../../fixtures/samples';
import { rowsOf, scanBytes } from '../../fixtures/scanning';
import { cpuidPolicies } from '../../fixtures/xen/output';

const CPUID = 'xen-cpuid-p.txt';
const REGISTERS = ['eax', 'ebx', 'ecx', 'edx'];

/** Names of the set features by word, straight from the printed digits: `leaf:subleaf eax:ebx:ecx:edx`. */
function featuresOf(leaves: readonly string[], msrs: readonly string[]): Record<string, string[]> {
  const wordOf = (place: string): number => {
    const [, leaf, subleaf = 'ffffffff', register = ''] = /^CPUID 0x(\w+)(?::(\d))?\.(\w+)$/u.exec(place) ?? [];
    if (leaf === undefined) {
      const digits = msrs.find((line) => line.startsWith('0000010a '))?.slice(9) ?? '0'.repeat(16);
      return Number.parseInt(place.endsWith('hi') ? digits.slice(0, 8) : digits.slice(8), 16);
    }
    const key = `${leaf}:${subleaf.padStart(8, '0')} `;
    const values = leaves
      .find((line) => line.startsWith(key))
      ?.slice(key.length)
      .split(':');
    return Number.parseInt(values?.[REGISTERS.indexOf(register)] ?? '0', 16);
  };
  return Object.fromEntries(
    HEADER_WORDS.map((word) => {
      const value = wordOf(word.place);
      const names = new Map(headerBits(word).map(({ bit, name }) => [bit, name]));
      const common = new Map(headerBits(HEADER_WORDS[0] ?? word).map(({ bit, name }) => [bit, name]));
      const set: string[] = [];
      for (let bit = 0; bit < 32; bit++) {
        if (Math.floor(value / 2 ** bit) % 2 === 0) continue;
        const repeated = word.group === 'e1d' ? common.get(bit) : undefined;
        set.push(names.get(bit) ?? (repeated !== undefined && COMMON_1D.includes(repeated) ? repeated : `<${bit}>`));
      }
      return [word.group, set];
    }),
  );
}

const number = (node: FieldNode, name: string): number => Number(valueAt(node.children ?? [], name));
const plain = (node: FieldNode): CpuidLeaf => ({
  leaf: number(node, 'leaf'),
  subleaf: number(node, 'subleaf'),
  eax: number(node, 'eax'),
  ebx: number(node, 'ebx'),
  ecx: number(node, 'ecx'),
  edx: number(node, 'edx'),
});

const withPolicy = samples.filter((sample) => sample.libxc_version === 3 && sample.truth(CPUID) !== undefined);

describe.each(withPolicy)('$file', (sample) => {
  test('features and reader against xen-cpuid -p', async () => {
    const bytes = sample.open();
    const scan = await scanBytes(bytes);
    const rows = rowsOf(scan);
    const list = (record: string, field: string): FieldNode[] => {
      const row = rows.find(({ name }) => name === record);
      return row ? itemsOf(bytes, nodeAt(decodeIn(bytes, row, scan), field)) : [];
    };
    const leaves = list('X86_CPUID_POLICY', 'leaf');
    const msrs = list('X86_MSR_POLICY', 'msr');
    const text = sample.truth(CPUID) ?? '';
    const shown = cpuidPolicies(text);

    const blocks = featureBlocks(leaves, msrs);
    const set = blocks.map(({ group, bits }) => [group, bits.filter(({ isSet }) => isSet).map(({ name }) => name)]);
    expect(Object.fromEntries(set)).toEqual(featuresOf(shown.leaves, shown.msrs));

    const [policy, ...others] = parsePolicyText(text);
    expect(others).toEqual([]);
    expect([policy?.leafCount, policy?.msrCount]).toEqual([leaves.length, msrs.length]);
    const nonZero = leaves.map(plain).filter(({ eax, ebx, ecx, edx }) => eax + ebx + ecx + edx > 0);
    expect(policy?.leaves).toEqual(nonZero);
    expect(policy?.msrs).toEqual(
      msrs.map((node) => ({ idx: number(node, 'idx'), val: valueAt(node.children ?? [], 'val') })),
    );
    // No register of a real policy breaks a rule of its field.
    expect([...leaves, ...msrs].filter(({ problem }) => problem !== undefined)).toEqual([]);
    // What the tool leaves out is zeros, so both say the same of the CPU but for leaves that are there and empty.
    const { hypervisorLimit, viridianXenLimit, ...fromRecord } = summarise(leaves.map(plain));
    expect(fromRecord).toEqual(summarise(policy?.leaves ?? []));
    expect([hypervisorLimit, viridianXenLimit]).toEqual([0, 0]);
  });
});

test('the policy of the page’s own sample, feature by feature', () => {
  const micro64 = withPolicy.find(({ name }) => name === 'micro64');
  const { leaves, msrs } = cpuidPolicies(micro64?.truth(CPUID) ?? '');
  const found = featuresOf(leaves, msrs);
  expect(found['7b0']).toEqual(['FSGSBASE', 'BMI1', 'AVX2', 'BMI2', 'ADX', 'CLFLUSHOPT']);
  expect(found['Da1']).toEqual(['XSAVEOPT', 'XGETBV1']);
  expect(found['e1c']).toEqual(['LAHF_LM', 'CMP_LEGACY', 'ABM', 'SSE4A']);
});

const HOSTS = ['host-epyc', 'lesser-cpu'].flatMap((host): [string, string][] => {
  const text = hostTruth(`${host}/${CPUID}`);
  return text === undefined ? [] : [[host, text]];
});

describe.each(HOSTS)('policies of the host %s', (_host, text) => {
  test('six, each as printed', () => {
    const found = parsePolicyText(text);
    expect(found.map(({ name }) => name)).toEqual(['Raw', 'Host', 'PV Max', 'HVM Max', 'PV Default', 'HVM Default']);
    const parts = text.split(/^(?=.+ policy: )/mu).filter((part) => part.includes(' policy: '));
    const hex = (value: number | bigint, digits = 8): string => value.toString(16).padStart(digits, '0');
    for (const [index, policy] of found.entries()) {
      const shown = cpuidPolicies(parts[index] ?? '');
      expect([policy.leafCount, policy.msrCount]).toEqual(shown.counts);
      expect(
        policy.leaves.map(
          ({ leaf, subleaf, eax, ebx, ecx, edx }) =>
            `${hex(leaf)}:${hex(subleaf)} ${[eax, ebx, ecx, edx].map((value) => hex(value)).join(':')}`,
        ),
      ).toEqual(shown.leaves);
      expect(policy.msrs.map(({ idx, val }) => `${hex(idx)} ${hex(val, 16)}`)).toEqual(shown.msrs);
    }
  });
});
