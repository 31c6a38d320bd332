/** Real images: those that are whole are found so, and elsewhere they stop where a real Xen stopped. */
import { describe, expect, test } from 'vitest';
import { check } from '../../../src/check/check';
import type { CheckResult } from '../../../src/check/result';
import { textsOf } from '../../../src/check/kit/log-line';
import { parseTarget } from '../../../src/check/target/policy-text';
import { NEWEST_XEN } from '../../../src/check/kit/xen-version';
import { Scan } from '../../../src/scan/scan';
import { memorySource } from '../../../src/source/memory';
import { readTruth } from '../../fixtures/broken';
import { originals, type Sample, samples } from '../../fixtures/samples';

type Options = Parameters<typeof check>[2];

async function judge(sample: Sample, options: Options = {}): Promise<CheckResult> {
  const source = memorySource(sample.open(), sample.file);
  return check(await new Scan(source).run(), source, options);
}

const targetOf = (file: string) => parseTarget(readTruth(file) ?? '');

/** What xl restore says to images that were made for other readers, with the line that it prints. */
const OTHER_TOOL: Readonly<Record<string, readonly [id: string, line: string]>> = {
  'micro64-libvirt': ['XL-03', 'File has wrong magic number - corrupt or for a different tool?'],
  'micro64-remus': ['LC-46', 'Found checkpoint in non-checkpointed stream'],
};

const all = [...originals, ...samples.filter(({ file }) => !originals.some((one) => one.file === file))];

describe.each(all)('$file', (sample) => {
  const other = OTHER_TOOL[sample.name];
  test('as the Xen that saved, and as the newest', async () => {
    for (const options of [{}, { xen: NEWEST_XEN }]) {
      if (other) {
        const { verdict, first } = await judge(sample, { ...options, reader: 'xl' });
        expect([verdict, first?.id, first?.log[0]?.text]).toEqual(['fails', ...other]);
      }
      const { verdict, first, findings, stages } = await judge(sample, options);
      expect(first).toBeUndefined();
      expect(stages.every(({ status }) => status === 'passed')).toBe(true);
      const warnings = findings
        .filter(({ severity }) => severity !== 'note')
        .map(({ id, message }) => `${id} ${message}`);
      // Saved with a page table that could not be translated: the guest crashed as soon as it ran.
      if (sample.name === 'micro64-lostpt')
        expect(warnings).toEqual(['PT-01 L2 table 0x1c, entry 0: the stream has no content for PFN 0x1d']);
      else expect([verdict, warnings]).toEqual(['ok', []]);
    }
  });
});

const named = (name: string): Sample | undefined => all.find((sample) => sample.name === name);

test.skipIf(named('micro64-remus') === undefined)('each checkpoint brings the vCPUs anew', async () => {
  const sample = named('micro64-remus');
  const { findings } = sample ? await judge(sample) : { findings: [] };
  expect(findings.map(({ id }) => id)).toEqual(['RD-01', 'LX-77', 'HO-12', 'LP-62', 'LC-52']);
});

const lesser = targetOf('lesser-cpu/xen-cpuid-p.txt');
const epyc = targetOf('host-epyc/xen-cpuid-p.txt');

const XSAVE = ["Failed to set vcpu0's xsave info (22 = Invalid argument)"];
const CR4 = [
  'HVMN restore: bad CR4 0x40620',
  'HVMN restore: failed to load entry 2/0 rc -22',
  'Unable to restore HVM context (22 = Invalid argument)',
];
/** truth/lesser-cpu: the first line of each log, and the hypervisor's. micro32 stopped at a Xen without 32-bit PV. */
const ON_LESSER: readonly (readonly [name: string, log: readonly string[] | undefined])[] = [
  ['micro64', XSAVE],
  ['micro64-lostpt', XSAVE],
  ['pv64', XSAVE],
  ['micropvh', CR4],
  ['hvmbios', undefined],
  ['hvmvga', undefined],
];

const HERE = lesser !== undefined && epyc !== undefined;

// The images are there together with what was seen of them, or not at all.
describe('on a host with a lesser CPU', () => {
  test.each(HERE ? ON_LESSER : [])('%s', async (name, log) => {
    const sample = named(name);
    if (!sample) throw new Error(`no sample ${name}`);
    const { verdict, first } = await judge(sample, { xen: 417, target: lesser });
    expect([verdict, first && textsOf(first.log)]).toEqual(log ? ['fails', log] : ['ok', undefined]);
  });
  test.skipIf(!HERE)('features that it lacks are named', async () => {
    const sample = named('hvmbios');
    if (!sample) throw new Error('no sample hvmbios');
    const { findings } = await judge(sample, { xen: 417, target: lesser });
    const lost = findings.find(({ id }) => id === 'HO-12');
    expect(lost?.message).toContain('AVX (00000001.ecx bit 28)');
    expect(lost?.certainty).toBe('target');
  });
});

/** truth/cross-restore: on 4.17 and the EPYC. */
const ON_EPYC: readonly (readonly [name: string, log: readonly string[] | undefined])[] = [
  ['micro64-live', undefined],
  ['micro64-live-xen413', undefined],
  ['micro64-xen413', undefined],
  ['micropvh-xen413', undefined],
  ['hvmbios-xen413', undefined],
  [
    'micro64-max',
    ['Failed to set CPUID policy: leaf 80000000, subleaf ffffffff, msr ffffffff (22 = Invalid argument)'],
  ],
  ['micro64-remus', undefined],
  ['micro64-libvirt', undefined],
];

describe('on another host of the same CPU', () => {
  test.each(HERE ? ON_EPYC : [])('%s', async (name, log) => {
    const sample = named(name);
    if (!sample) throw new Error(`no sample ${name}`);
    const { verdict, first } = await judge(sample, { xen: 417, target: epyc });
    expect([verdict, first && textsOf(first.log)]).toEqual(log ? ['fails', log] : ['ok', undefined]);
  });
  test.skipIf(!HERE)('nothing is lost of a guest that was saved there', async () => {
    const sample = named('micropvh');
    if (!sample) throw new Error('no sample micropvh');
    const { findings } = await judge(sample, { xen: 417, target: epyc });
    // Whether the host runs credit2, which the configuration names, only that host knows.
    expect(findings.map(({ key, counts }) => [key, counts])).toEqual([['LX-77.scheduler', false]]);
  });
});
