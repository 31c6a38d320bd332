/** Real images: every field that Xen's xen-hvmctx printed of the same domain, still paused, is what the file holds. */
import { describe, expect, test } from 'vitest';
import { entriesOf, type DecodedEntry } from '../../fixtures/built/hvm-entries';
import { printedEntries } from '../../fixtures/xen/hvmctx';
import { nodeAt } from '../../fixtures/nodes';
import { originals, samples } from '../../fixtures/samples';
import { scanBytes } from '../../fixtures/scanning';

const TRUTH = 'xen-hvmctx-paused-after-save.txt';

/** How many numbers the tool prints of an entry of each type. */
const PRINTED: Readonly<Record<number, number>> = {
  0: 0,
  1: 5,
  3: 15,
  4: 51,
  5: 3,
  6: 64,
  7: 2,
  8: 1,
  9: 4,
  10: 25,
  11: 15,
  12: 16,
  13: 3,
  14: 30,
  15: 2,
  17: 2,
  18: 3,
  19: 1,
};

/** Types that are not compared here. */
const LEFT_OUT: Readonly<Record<number, string>> = {
  2: 'CPU: registers.test.ts compares what is printed of it',
  16: 'CPU_XSAVE: the tool says only that it does not understand the type',
};

/** Fields that went on between the save and the look at the paused domain, as `type:path`. */
const LIVE: Readonly<Record<string, string>> = {
  '13:tmr_val':
    'each look adds the time since the guest last read the timer, on top of what the look before added (acpi_save)',
};

/** A value by its path; bits are children of a number, and reserved places of the APIC page are bytes. */
function valueOf({ node, values }: DecodedEntry, path: string): bigint | undefined {
  if (values[path] !== undefined) return values[path];
  const { value } = nodeAt((node.children ?? []).slice(3), path);
  if (typeof value !== 'string') return value === null ? undefined : BigInt(value);
  // The first four bytes, lowest first.
  return BigInt(`0x${value.split(' ').slice(0, 4).toReversed().join('')}`);
}

const hvm = samples.filter((sample) => /^Entry 0/mu.test(sample.truth(TRUTH) ?? ''));

test('all that the tool was asked about are here, where the images beside the checkout are', () => {
  expect(hvm).toHaveLength(originals.length > 0 ? 6 : 0);
});

describe.each(hvm)('$file', (sample) => {
  test('every printed field of every entry', async () => {
    const bytes = sample.open();
    const entries = entriesOf(bytes, await scanBytes(bytes));
    const printed = printedEntries(sample.truth(TRUTH) ?? '');
    const order = (entry: { readonly typecode: number; readonly instance: number }): string =>
      `${entry.typecode}[${entry.instance}]`;
    expect(entries.map(order)).toEqual(printed.map(order));
    for (const [index, { typecode, values, length }] of printed.entries()) {
      const entry = entries[index];
      if (!entry) throw new Error('an entry is missing');
      expect(entry.body.length, entry.node.name).toBe(length);
      expect(entry.node.problem, entry.node.name).toBe(undefined);
      if (typecode in LEFT_OUT) continue;
      expect(Object.keys(values).length, entry.node.name).toBe(PRINTED[typecode]);
      const paths = Object.keys(values).filter((path) => !(`${typecode}:${path}` in LIVE));
      const found = Object.fromEntries(paths.map((path) => [path, valueOf(entry, path)]));
      expect(found, entry.node.name).toEqual(Object.fromEntries(paths.map((path) => [path, values[path]])));
    }
  });
});
