/** What the view of descriptor tables adds to their entries. */
import { expect, test } from 'vitest';
import type { FieldNode } from '../../../src/format/kit/node';
import type { TableRow } from '../../../src/memory/descriptors/rows';
import type { VcpuFields } from '../../../src/memory/vcpus/registers';
import { columnsOf } from '../../../src/ui/cpus/tables/columns';
import { exceptionName, leadingOf, selectorOf, usesOf } from '../../../src/ui/cpus/tables/row-facts';

function vcpu(form: VcpuFields['form'], values: Readonly<Record<string, number>>): VcpuFields {
  const fields = new Map(
    Object.entries(values).map(([name, value]): [string, FieldNode] => [
      name,
      { name, offset: 0, length: 4, value, text: String(value) },
    ]),
  );
  return { form, record: 7, offset: 0x500, length: 1032, claimed: 1032, fields };
}

test('vectors of exceptions have names; in real mode those that firmware leaves to the CPU', () => {
  expect(exceptionName(14, 'long')).toBe('#PF page fault');
  expect(exceptionName(14, 'legacy')).toBe('#PF page fault');
  expect(exceptionName(0x20, 'long')).toBeUndefined();
  expect(exceptionName(6, 'real')).toBe('#UD invalid opcode');
  // The timer's and the display's there.
  expect(exceptionName(8, 'real')).toBeUndefined();
  expect(exceptionName(0x10, 'real')).toBeUndefined();
});

test('registers by the entry that they name, whatever ring they ask for', () => {
  const hvm = vcpu('hvm', { cs_sel: 0x10, ss_sel: 0x18, ds_sel: 0x1b, es_sel: 0, fs_sel: 0xf, tr_sel: 0x40 });
  expect([...usesOf(hvm)]).toEqual([
    [0x10, ['cs']],
    [0x18, ['ss', 'ds']],
    [0xc, ['fs']],
    [0x40, ['tr']],
  ]);
  expect([...usesOf(vcpu('pv64', { cs: 0xe033, ss: 0x2b }))]).toEqual([
    [0xe030, ['cs']],
    [0x28, ['ss']],
  ]);
  expect([selectorOf(2, 'GDT'), selectorOf(1, 'LDT')]).toEqual([0x10, 0xc]);
});

const segment = (base: bigint, attributes: number): TableRow => ({
  kind: 'segment',
  index: 1,
  offset: 0,
  length: 8,
  segment: { base, limit: 0, attributes },
});

test('handlers lead to memory, and bases of what is present but does not start at 0', () => {
  const of = (row: TableRow): bigint | undefined => leadingOf(row, vcpu('hvm', {}))?.leadsTo?.at;
  expect(of(segment(0x10_3000n, 0x8b))).toBe(0x10_3000n);
  expect(of(segment(0n, 0xa9b))).toBeUndefined();
  expect(of(segment(0x10_3000n, 0xb))).toBeUndefined();
  const gate = {
    kind: 'gate',
    index: 0,
    offset: 0,
    length: 4,
    gate: { selector: 0xf000, offset: 0xff53n, ist: 0, count: 0 },
  } as const;
  expect(of({ ...gate, handler: 0xf_ff53n })).toBe(0xf_ff53n);
  expect(of(gate)).toBeUndefined();
  expect(of({ kind: 'lost', index: 0, count: 3, reason: 'never sent' })).toBeUndefined();
});

test('columns by table and mode', () => {
  const table = (name: 'IDT' | 'GDT') => ({ name, claimed: 1, read: 1, rows: [segment(0n, 0x9b)] });
  expect(columnsOf(table('IDT'), 'long').heads).toEqual(['vec', 'cs', 'handler', 'IST', 'DPL', 'meaning']);
  expect(columnsOf(table('IDT'), 'legacy').heads).toEqual(['vec', 'cs', 'handler', 'DPL', 'meaning']);
  expect(columnsOf(table('IDT'), 'real').heads).toEqual(['vec', 'cs', 'ip', 'address', 'meaning']);
  for (const mode of ['real', 'legacy', 'long'] as const) {
    for (const name of ['IDT', 'GDT'] as const) {
      const { heads, template } = columnsOf(table(name), mode);
      expect(template.replace('minmax(0, 1fr)', 'rest').split(' ')).toHaveLength(heads.length);
    }
  }
});
