/** Symbols of System.map, kallsyms and ELF files; where a kernel was moved to; files that lie. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, test as plain } from 'vitest';
import type { EntryPoint } from '../../../src/memory/vcpus/point';
import { SymbolError } from '../../../src/memory/symbols/elf-symbols';
import { findSlide } from '../../../src/memory/kernel/kaslr';
import { parseSymbolAddress } from '../../../src/memory/symbols/parse-address';
import { readSymbols, symbolKind } from '../../../src/memory/symbols/read-symbols';
import { readSystemMap } from '../../../src/memory/symbols/system-map';
import { namedText, type SymbolTable } from '../../../src/memory/symbols/table';
import { memorySource } from '../../../src/source/memory';
import { elf } from '../../fixtures/built/elf';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const nameAt = (table: SymbolTable, va: bigint): string | undefined => {
  const found = table.find(va);
  return found && namedText(found);
};

const MAP = `0000000000000000 D __per_cpu_start
0000000000013000 A absolute
ffffffff81000000 T _text
ffffffff81000000 T _stext
ffffffff81a00080 T entry_SYSCALL_64
ffffffff81a00b40 t asm_exc_page_fault
                 U undefined
ffffffff81a00000 T before_them
no line at all
ffffffff81b00000 r some_module_data\t[a_module]
ffffffff82000000 B _end
`;

describe('System.map', () => {
  const table = readSystemMap(bytesOf(MAP));

  plain('names and distances, in whatever order the lines are', () => {
    expect(nameAt(table, 0xffff_ffff_81a0_0000n)).toBe('before_them');
    expect(nameAt(table, 0xffff_ffff_81a0_0010n)).toBe('before_them+0x10');
    expect(nameAt(table, 0xffff_ffff_81a0_0080n)).toBe('entry_SYSCALL_64');
    expect(nameAt(table, 0xffff_ffff_81a0_0b3fn)).toBe('entry_SYSCALL_64+0xabf');
    expect(nameAt(table, 0xffff_ffff_81b0_0001n)).toBe('some_module_data+0x1');
    expect(table.addressOf('asm_exc_page_fault')).toBe(0xffff_ffff_81a0_0b40n);
  });

  plain('of two names for one place the first', () => expect(nameAt(table, 0xffff_ffff_8100_0000n)).toBe('_text'));

  plain('no names before the first symbol, behind the last, and for offsets of per-CPU variables', () => {
    expect(nameAt(table, 0xffff_ffff_80ff_ffffn)).toBeUndefined();
    expect(nameAt(table, 0xffff_ffff_8200_0000n)).toBe('_end');
    expect(nameAt(table, 0xffff_ffff_8200_0001n)).toBeUndefined();
    expect(nameAt(table, 0x10n)).toBeUndefined();
    expect(table.addressOf('absolute')).toBeUndefined();
    expect(table.addressOf('undefined')).toBeUndefined();
  });

  plain('a kernel that was moved', () => {
    const moved = table.moved(0x1a00_0000n);
    expect(nameAt(moved, 0xffff_ffff_9ba0_0081n)).toBe('entry_SYSCALL_64+0x1');
    expect(moved.addressOf('_text')).toBe(0xffff_ffff_9b00_0000n);
    expect(nameAt(moved, 0xffff_ffff_81a0_0081n)).toBeUndefined();
  });

  plain('of a 32-bit kernel', () => {
    const narrow = readSystemMap(bytesOf('c1000000 T _text\nc1000100 T startup_32\nc2000000 B _end'));
    expect(nameAt(narrow, 0xc100_0104n)).toBe('startup_32+0x4');
  });
});

describe.each([64, 32] as const)('an ELF file of %d bits', (width) => {
  const high = width === 64 ? 0xffff_ffff_8100_0000n : 0xc100_0000n;
  const file = elf(
    [
      { name: 'second', value: high + 0x100n },
      { name: 'first', value: high },
      { name: 'object', value: high + 0x300n, info: 0x11 },
      { name: 'section', value: high + 0x180n, info: 3 },
      { name: 'file.c', value: high + 0x190n, info: 4, section: 0xfff1 },
      { name: 'absolute', value: high + 0x1a0n, section: 0xfff1 },
      { name: 'undefined', value: high + 0x1b0n, section: 0 },
      { name: 'end', value: high + 0x400n, info: 0x10 },
    ],
    width,
  );

  plain('functions, objects and labels; nothing else', async () => {
    const table = await readSymbols(memorySource(file));
    expect(table.count).toBe(4);
    expect(nameAt(table, high + 0x80n)).toBe('first+0x80');
    expect(nameAt(table, high + 0x1b0n)).toBe('second+0xb0');
    expect(nameAt(table, high + 0x300n)).toBe('object');
  });

  test.prop([fc.nat({ max: file.length })], { numRuns: 200 })('cut anywhere', async (length) => {
    const got = await readSymbols(memorySource(file.slice(0, length))).catch((error: unknown) => error);
    if (got instanceof Error) expect(got).toBeInstanceOf(SymbolError);
  });

  test.prop([fc.array(fc.tuple(fc.nat({ max: file.length - 1 }), fc.nat(255)), { minLength: 1, maxLength: 12 })], {
    numRuns: 500,
  })('bytes that lie', async (lies) => {
    const bytes = file.slice();
    for (const [at, value] of lies) bytes[at] = value;
    const got = await readSymbols(memorySource(bytes)).catch((error: unknown) => error);
    if (got instanceof Error) expect(got).toBeInstanceOf(SymbolError);
    else expect((got as SymbolTable).count).toBeLessThanOrEqual(8);
  });
});

describe('files that are refused', () => {
  const reasonOf = async (bytes: Uint8Array): Promise<string> =>
    readSymbols(memorySource(bytes)).then(
      () => 'taken',
      (error: Error) => error.message,
    );

  plain.each([
    ['an empty one', new Uint8Array(0), /neither a System.map nor an ELF file/u],
    ['a kernel image', bytesOf('MZ and more'), /neither a System.map nor an ELF file/u],
    ['big-endian', Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 2, 2), /big-endian/u],
    ['stripped', elf([]).fill(0, 40, 48), /no sections: it was stripped/u],
    ['without an address', bytesOf('0000000000001000 A absolute\n'), /no symbols with an address/u],
    ['kallsyms as others than root see it', bytesOf('0000000000000000 T a\n0000000000000000 T b\n'), /root only/u],
  ])('%s', async (_, bytes, reason) => expect(await reasonOf(bytes)).toMatch(reason));

  test.prop([fc.uint8Array({ maxLength: 400 })])('anything at all', async (bytes) => {
    const got = await readSymbols(memorySource(bytes)).catch((error: unknown) => error);
    if (got instanceof Error) expect(got).toBeInstanceOf(SymbolError);
  });

  plain('told by their first bytes', () => {
    expect(symbolKind(bytesOf('ffffffff81000000 T _text\n'))).toBe('map');
    expect(symbolKind(elf([]))).toBe('elf');
    expect(symbolKind(bytesOf('LibxenSavedDomain'))).toBeUndefined();
  });
});

describe('where the kernel was moved to', () => {
  const table = readSystemMap(bytesOf(MAP));
  const SLIDE = 0x1a00_0000n;

  plain('by MSR_LSTAR and the IDT', () => {
    const entries: EntryPoint[] = [
      { from: 'lstar', va: 0xffff_ffff_81a0_0080n + SLIDE },
      { from: 14, va: 0xffff_ffff_81a0_0b40n + SLIDE },
      { from: 13, va: 0xffff_ffff_81a0_0900n },
    ];
    const found = findSlide(table, entries);
    expect(found).toEqual({ slide: SLIDE, by: ['entry_SYSCALL_64', 'asm_exc_page_fault'], of: 2 });
  });

  plain('more than half of them have to agree', () => {
    const entries: EntryPoint[] = [
      { from: 'lstar', va: 0xffff_ffff_8130_0080n },
      { from: 14, va: 0xffff_ffff_81a0_0b40n },
    ];
    const pv = readSystemMap(
      bytesOf(`${MAP}ffffffff81a00c00 T xen_asm_exc_page_fault\nffffffff81a00d00 T xen_hypervisor_callback\n`),
    );
    const more: EntryPoint[] = [
      { from: 14, va: 0xffff_ffff_81a0_0c00n },
      { from: 'event', va: 0xffff_ffff_81a0_0d00n },
      { from: 'failsafe', va: 0xffff_ffff_8155_0000n },
    ];
    expect(findSlide(pv, [...more, { from: 'lstar', va: 0xffff_ffff_8130_0080n }])?.slide).toBe(0n);
    expect(findSlide(table, entries)).toBeUndefined();
  });

  plain('no entry of another kernel fits: off by less than a page, or by more than a GiB', () => {
    expect(findSlide(table, [{ from: 'lstar', va: 0xffff_ffff_81a0_0088n }])).toBeUndefined();
    expect(findSlide(table, [{ from: 'lstar', va: 0xffff_8000_81a0_0080n }])).toBeUndefined();
    expect(findSlide(table, [])).toBeUndefined();
  });
});

describe('symbols by how their names start', () => {
  const table = readSystemMap(
    bytesOf(`ffffffff81000000 T _text
ffffffff81000100 T do_sys_open
ffffffff81000200 T do_syscall_64
ffffffff81000300 t do_sys
ffffffff81000400 T Do_SYS_x
ffffffff81000500 t do_sys
ffffffff81001000 T _end
`),
  ).moved(0x1000n);

  plain('the shortest first, whatever the case, each with its address in the guest', () => {
    expect(table.startingWith('do_sys', 20)).toEqual([
      { name: 'do_sys', va: 0xffff_ffff_8100_1300n },
      { name: 'do_sys', va: 0xffff_ffff_8100_1500n },
      { name: 'Do_SYS_x', va: 0xffff_ffff_8100_1400n },
      { name: 'do_sys_open', va: 0xffff_ffff_8100_1100n },
      { name: 'do_syscall_64', va: 0xffff_ffff_8100_1200n },
    ]);
  });

  plain('no more than asked for: those that are nearest to what was typed', () => {
    expect(table.startingWith('do_sys', 3).map(({ name }) => name)).toEqual(['do_sys', 'do_sys', 'Do_SYS_x']);
    expect(table.startingWith('do_syscall_64x', 3)).toEqual([]);
  });

  plain('first and last address', () =>
    expect(table.span).toEqual({ first: 0xffff_ffff_8100_1000n, last: 0xffff_ffff_8100_2000n }),
  );
});

describe('a place given by name', () => {
  plain.each([
    ['jiffies', { name: 'jiffies', plus: 0n }],
    ['do_syscall_64+0x7b', { name: 'do_syscall_64', plus: 0x7bn }],
    [' __x64_sys_write + 16 ', { name: '__x64_sys_write', plus: 16n }],
    ['foo.constprop.0', { name: 'foo.constprop.0', plus: 0n }],
  ])('%s', (text, place) => expect(parseSymbolAddress(text)).toEqual(place));

  plain.each(['0xffffffff81000000', '12', '', 'two words', 'a+b', 'a-0x10', `a+0x${'1'.repeat(17)}`])(
    'none is “%s”',
    (text) => expect(parseSymbolAddress(text)).toBeUndefined(),
  );
});

plain('section headers of a size that is none', async () => {
  const bytes = elf([{ name: 'main', value: 0x1000n }]);
  new DataView(bytes.buffer).setUint16(58, 0xffff, true);
  await expect(readSymbols(memorySource(bytes))).rejects.toThrow('its section headers have 65535 bytes, not 64');
});

plain('of many names for one place the first', () => {
  const lines = Array.from({ length: 50_000 }, (_, index) => `ffffffff81000000 T name_${index}\n`).join('');
  const table = readSystemMap(bytesOf(`${lines}ffffffff82000000 T _end\n`));
  for (let at = 0; at < 5000; at++) expect(nameAt(table, 0xffff_ffff_8100_0010n)).toBe('name_0+0x10');
});
