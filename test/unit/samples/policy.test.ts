/** Real images: the CPU policies are those that xen-cpuid printed. */
import { describe, expect, test } from 'vitest';
import { decodeIn, itemsOf, nodeAt, valueAt } from '../../fixtures/nodes';
import { samples } from '../../fixtures/samples';
import { rowsOf, scanBytes } from '../../fixtures/scanning';
import { cpuidPolicies } from '../../fixtures/xen/output';
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
