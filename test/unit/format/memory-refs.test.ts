/** Fields that name a page or an address lead to memory: all of them, but for those listed here with the reason. */
import { describe, expect, test } from 'vitest';
import { HVM_LAPIC } from '../../../src/format/hvm/apic';
import { HVM_CPU } from '../../../src/format/hvm/cpu';
import { HVM_IOAPIC } from '../../../src/format/hvm/ioapic';
import { type Field, type IntField, mayBeVa, type StructField } from '../../../src/format/kit/layout';
import { GUEST_CONTEXT_32 } from '../../../src/format/pv/guest-context-32';
import { FIRST_CONTEXT_64, GUEST_CONTEXT_64 } from '../../../src/format/pv/guest-context-64';
import { CHAPTERS } from '../../../src/format/reference';
import { PAGE_TABLE_ENTRY_32, PAGE_TABLE_ENTRY_64 } from '../../../src/format/x86/page-table';

/** Names by which fields of Xen say that they hold an address, a page number or a pointer. */
const NAMES =
  /(?:^|_)(?:pfn|mfn|gfn|gpa|va|vaddr|addr|address|base|rip|rsp|rbp|eip|esp|ebp|cr2|cr3|sp|frames?|list)(?:_|$)|_eip$|^dr[0-3]$/u;

const LEADS_NOWHERE: Readonly<Record<string, string>> = {
  start_pfn: 'a bound, 0 in all that Xen writes',
  max_pfn: 'a count',
  nr_pt_frames: 'a count',
  nr_p2m_frames: 'a count',
  pfn_to_mfn_frame_list_list: 'a frame of the old host',
  p2m_cr3: 'a frame of the old host',
  irq_base: 'a vector',
  base_low: 'part of an address',
  base_mid: 'part of an address',
  base_high: 'part of an address',
  base_upper: 'part of an address',
};

function* ints(field: Field, name: string): Generator<readonly [name: string, field: IntField]> {
  if (field.kind === 'struct') for (const [key, inner] of Object.entries(field.fields)) yield* ints(inner, key);
  else if (field.kind === 'array') yield* ints(field.of, name);
  else if (field.kind === 'int') yield [name, field];
}

const leads = ({ leadsTo, refine }: IntField): boolean => leadsTo !== undefined || refine !== undefined;

/** What is written, not shown: nobody follows an address there. */
const WRITTEN_ONLY = 'Core files that are exported';
const shown = CHAPTERS.filter(({ title }) => title !== WRITTEN_ONLY);

describe.each(shown.map(({ title, layouts }) => ({ title, layouts })))('$title', ({ layouts }) => {
  test('every field of such a name leads somewhere', () => {
    const without = layouts
      .flatMap((layout: StructField) => [...ints(layout, layout.name)])
      .filter(([name, field]) => NAMES.test(name) && LEADS_NOWHERE[name] === undefined && !leads(field))
      .map(([name]) => name);
    expect([...new Set(without)]).toEqual([]);
  });
});

describe('registers for all purposes', () => {
  test('may hold an address, but for what is too small to be one', () => {
    expect(mayBeVa(0xffff_8880_01e0_e000n)).toEqual({ space: 'va', at: 0xffff_8880_01e0_e000n, maybe: true });
    expect(mayBeVa(0x1000)).toEqual({ space: 'va', at: 0x1000n, maybe: true });
    expect([0, 0xfff, 0xffff_ffff_ffff_ffffn].map(mayBeVa)).toEqual([undefined, undefined, undefined]);
  });

  test.each([
    ['HVM', HVM_CPU.fields, ['rax', 'rbx', 'rcx', 'rdx', 'rbp', 'rsi', 'rdi', 'r8', 'r9', 'r10', 'r11', 'r12', 'r15']],
    [
      '64-bit PV',
      GUEST_CONTEXT_64.fields.user_regs.fields,
      ['rax', 'rcx', 'rdx', 'rbp', 'rsi', 'rdi', 'r8', 'r9', 'r15'],
    ],
    ['32-bit PV', GUEST_CONTEXT_32.fields.user_regs.fields, ['eax', 'ebx', 'ecx', 'edx', 'esi', 'edi', 'ebp']],
  ])('of %s', (_, fields: Readonly<Record<string, Field>>, names) => {
    const found = names.map((name) => {
      const field = fields[name];
      return field?.kind === 'int' ? field.leadsTo?.(0x8000_0000) : undefined;
    });
    expect(found).toEqual(names.map(() => ({ space: 'va', at: 0x8000_0000n, maybe: true })));
  });

  test('of vCPU 0 of a PV guest rdx names the start_info page', () =>
    expect(FIRST_CONTEXT_64.fields.user_regs.fields.rdx.leadsTo?.(0x4a00n)).toEqual({ space: 'pfn', at: 0x4a00n }));
});

test('registers of devices lead to the page they stand in', () => {
  expect(HVM_LAPIC.fields.apic_base_msr.leadsTo?.(0xfee0_0900n)).toEqual({ space: 'gpa', at: 0xfee0_0000n });
  expect(HVM_IOAPIC.fields.base_address.leadsTo?.(0xfec0_0000n)).toEqual({ space: 'gpa', at: 0xfec0_0000n });
});

describe('entries of page tables', () => {
  const at64 = (entry: bigint) => PAGE_TABLE_ENTRY_64.fields.entry.leadsTo?.(entry);
  const at32 = (entry: number) => PAGE_TABLE_ENTRY_32.fields.entry.leadsTo?.(entry);

  test('lead to the page of their frame', () => {
    expect(at64(0x8010_0000_0526_9067n)).toEqual({ space: 'pfn', at: 0x5269n });
    expect(at64(0x1n)).toEqual({ space: 'pfn', at: 0n });
    expect(at64(0x4000_00e7n)).toEqual({ space: 'pfn', at: 0x4_0000n });
    expect(at32(0xffff_f003)).toEqual({ space: 'pfn', at: 0xf_ffffn });
  });

  test('lead nowhere without P, and where bit 7 leaves open what the low bits of the frame are', () => {
    expect(at64(0x5269_066n)).toBeUndefined();
    expect(at64(0x4000_10e7n)).toBeUndefined();
    expect(at32(0x0000_2087)).toBeUndefined();
  });
});
