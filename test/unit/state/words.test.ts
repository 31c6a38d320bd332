/** What people type: filters and places to go to. */
import { describe, expect, test } from 'vitest';
import { HeaderType } from '../../../src/format/layers';
import { RecordIndex } from '../../../src/scan/records';
import { complete, completions, FilterRun, parseFilter } from '../../../src/state/filter';
import { parseDestinations } from '../../../src/state/goto';
import { ENTRY } from '../../fixtures/record-entry';

function index(): RecordIndex {
  const records = new RecordIndex();
  records.add({ ...ENTRY, layer: 'libxl', kind: 'header', type: HeaderType.LIBXL_HEADER, length: 16 });
  records.add({ ...ENTRY, type: 1, offset: 100, length: 1000, pages: 5 });
  records.add({ ...ENTRY, type: 4, offset: 1112, length: 5176, vcpu: 0 });
  records.add({ ...ENTRY, type: 4, offset: 6296, length: 5176, vcpu: 1, damaged: true });
  records.add({ ...ENTRY, type: 0x8000_0042, offset: 11_480, length: 8 });
  records.add({ ...ENTRY, type: 0x77, offset: 11_496, length: 3 });
  return records;
}

function matches(text: string, holders?: ReadonlySet<number>): number[] {
  const run = new FilterRun(index(), parseFilter(text), holders);
  while (!run.step(performance.now() + 1000));
  return Array.from({ length: run.matches }, (_, at) => run.at(at));
}

describe('filter', () => {
  const CASES: readonly (readonly [text: string, found: readonly number[]])[] = [
    ['', [0, 1, 2, 3, 4, 5]],
    ['page', [1]],
    ['basic', [2, 3]],
    ['type:X86_PV_VCPU_BASIC', [2, 3]],
    ['type:vcpu_basic', [2, 3]],
    ['type:0x4', [2, 3]],
    ['type:vcpu', [2, 3]],
    ['offset:18a0', [3]],
    ['layer:libxl', [0]],
    ['vcpu:1', [3]],
    ['basic vcpu:0', [2]],
    ['offset:0x64', [1]],
    ['offset:1119', [2]],
    // Of the last record 11 bytes, and 5 of padding.
    ['offset:11511', [5]],
    ['offset:11512', []],
    ['offset:1000..7000', [1, 2, 3]],
    ['is:damaged', [3]],
    ['is:unknown', [4, 5]],
    ['is:optional', [4]],
    ['is:header', [0]],
  ];
  for (const [text, found] of CASES) test(text === '' ? 'nothing' : text, () => expect(matches(text)).toEqual(found));

  test('records that hold a PFN are those that the index names', () => {
    expect(parseFilter('pfn:0x17 page').pfns).toEqual([0x17]);
    expect(matches('pfn:0x17', new Set([1]))).toEqual([1]);
  });

  test('what cannot be understood is said', () => {
    expect(parseFilter('colour:red').problem).toContain('colour: is not a key');
    expect(parseFilter('vcpu:x').problem).toBe('vcpu: needs a number');
    expect(parseFilter('layer:ip').problem).toBe('layers are xl, libvirt, libxl, libxc');
    expect(parseFilter('page').problem).toBeUndefined();
  });

  test('completion offers keys, then names, and puts them in place', () => {
    expect(completions('', ['END'])).toEqual(['type:', 'layer:', 'offset:', 'pfn:', 'vcpu:', 'is:']);
    expect(completions('vcpu:0 la', ['END'])).toEqual(['layer:']);
    expect(completions('type:PV_I', ['X86_PV_INFO', 'END'])).toEqual(['type:X86_PV_INFO']);
    expect(complete('vcpu:0 la', 'layer:')).toBe('vcpu:0 layer:');
    expect(complete('type:PV_I', 'type:X86_PV_INFO')).toBe('type:X86_PV_INFO ');
  });
});

describe('go to', () => {
  const CASES: readonly (readonly [text: string, destinations: readonly unknown[]])[] = [
    [
      '0x1F00',
      [
        { kind: 'offset', offset: 0x1f00 },
        { kind: 'pfn', pfn: 0x1f00 },
      ],
    ],
    [
      ' 36 ',
      [
        { kind: 'offset', offset: 36 },
        { kind: 'record', record: 36 },
        { kind: 'pfn', pfn: 36 },
      ],
    ],
    [
      '2a10',
      [
        { kind: 'offset', offset: 0x2a10 },
        { kind: 'pfn', pfn: 0x2a10 },
      ],
    ],
    ['rec:36', [{ kind: 'record', record: 36 }]],
    ['#36', [{ kind: 'record', record: 36 }]],
    ['pfn:0x2a10', [{ kind: 'pfn', pfn: 0x2a10 }]],
    ['+0x40', [{ kind: 'relative', delta: 0x40 }]],
    ['- 16', [{ kind: 'relative', delta: -16 }]],
    ['http://localhost:4173/#v=1&r=3', [{ kind: 'link', hash: '#v=1&r=3' }]],
    ['theme', []],
    ['0xzz', []],
    ['99999999999999999999', []],
    ['', []],
    ['va:0xffffffff81a442b5', [{ kind: 'va', va: 0xffff_ffff_81a4_42b5n }]],
    ['VA: 1000 vcpu:1', [{ kind: 'va', va: 0x1000n, vcpu: 1 }]],
    ['va ffff_8880_0000_0000', [{ kind: 'va', va: 0xffff_8880_0000_0000n }]],
    ['0xffff888000000000', [{ kind: 'va', va: 0xffff_8880_0000_0000n }]],
    ['0x1000 vcpu:0', [{ kind: 'va', va: 0x1000n, vcpu: 0 }]],
    ['va:0x10000000000000000', []],
    ['va:zebra', []],
    ['gpa:0x2a10fff', [{ kind: 'pfn', pfn: 0x2a10 }]],
  ];
  for (const [text, destinations] of CASES)
    test(JSON.stringify(text), () => expect(parseDestinations(text)).toEqual(destinations));

  test('in a guest of 32 bits a number may be a virtual address, unless it is a decimal one', () => {
    expect(parseDestinations('0xc0123456', true)).toEqual([
      { kind: 'offset', offset: 0xc0123456 },
      { kind: 'pfn', pfn: 0xc0123456 },
      { kind: 'va', va: 0xc0123456n },
    ]);
    expect(parseDestinations('0x1f0123456', true).map(({ kind }) => kind)).toEqual(['offset', 'pfn']);
    expect(parseDestinations('36', true).map(({ kind }) => kind)).toEqual(['offset', 'record', 'pfn']);
    expect(parseDestinations('pfn:0xc0123456', true)).toEqual([{ kind: 'pfn', pfn: 0xc0123456 }]);
  });
});
