/** Each real image on each Xen: what it comes to, and every warning and fatal finding that counts. */
import { describe, expect, test } from 'vitest';
import { check } from '../../../src/check/check';
import { Scan } from '../../../src/scan/scan';
import { memorySource } from '../../../src/source/memory';
import { originals, samples } from '../../fixtures/samples';

const VERSIONS = [413, 414, 415, 416, 417, 418, 419, 420, 421] as const;

/** Version 3 of the stream came with 4.14; the leaves for AMD's caches (0x8000001d) have a place since 4.16. */
const V3 = { 413: 'fails LC-05', 414: 'fails HO-02', 415: 'fails HO-02' } as const;

/** What is not `ok`, by image. */
const OUTCOMES: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  micro64: V3,
  'micro64-live': V3,
  'micro64-max': V3,
  'micro64-xen420': V3,
  micro32: V3,
  pv64: V3,
  micropvh: V3,
  'micropvh-live': V3,
  'micropvh-xsave': V3,
  hvmbios: V3,
  hvmvga: V3,
  'micro64-xen413': {},
  'micro64-live-xen413': {},
  'micropvh-xen413': {},
  'hvmbios-xen413': {},
  'micro64-lostpt': {
    ...Object.fromEntries(VERSIONS.map((xen) => [xen, 'suspect PT-01'])),
    ...V3,
  },
  'micro64-libvirt': V3,
  'micro64-remus': V3,
};

const all = [...originals, ...samples.filter(({ file }) => !originals.some((one) => one.file === file))];

describe.each(all)('$file', (sample) => {
  test('on Xen 4.13 to 4.21', async () => {
    const expected = OUTCOMES[sample.name];
    if (!expected) throw new Error(`no outcome for ${sample.name}`);
    const source = memorySource(sample.open(), sample.file);
    const scan = await new Scan(source).run();
    for (const xen of VERSIONS) {
      const { verdict, first, findings } = await check(scan, source, { xen });
      const warnings = findings.filter(({ severity, counts, reached }) => severity === 'warning' && counts && reached);
      const why = first ? [first.id] : warnings.map(({ id }) => id);
      expect([xen, [verdict, ...why].join(' ')]).toEqual([xen, expected[xen] ?? 'ok']);
    }
  });
});
