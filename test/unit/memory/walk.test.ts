/** Walks against a plain model: tables built by hand, with what they map written down beside. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, test as plain } from 'vitest';
import { translate } from '../../../src/memory/walk/virtual';
import { MODES } from '../../../src/format/paging/modes';
import { type Paging, pagingsOf, type PagingRegisters, spacesOf } from '../../../src/format/paging/paging';
import { walk } from '../../../src/memory/walk/walk';
import { map, PlainMemory, SHAPES } from '../../fixtures/built/tables';

type Mapped = keyof typeof SHAPES;
const MAPPED = Object.keys(SHAPES) as Mapped[];
/** PFN of the first table; of PAE the four pointers stand in the middle of a page. */
const ROOT = 0x10;
const PAE_OFFSET = 0x7e0n;

const CR0_ON = 0x8000_0001n;
const EFER_LONG = 0xd00n;

/** Registers that select the mode, written out from the manuals. */
const REGISTERS: Readonly<Record<Mapped, PagingRegisters>> = {
  '32-bit': { kind: 'hvm', cr0: CR0_ON, cr3: 0x10000n, cr4: 0x10n, efer: 0n },
  pae: { kind: 'hvm', cr0: CR0_ON, cr3: 0x10000n | PAE_OFFSET, cr4: 0x20n, efer: 0x800n },
  '4-level': { kind: 'hvm', cr0: CR0_ON, cr3: 0x10000n | 0x5n, cr4: 0x20020n, efer: EFER_LONG },
  '5-level': { kind: 'hvm', cr0: CR0_ON, cr3: 0x10000n, cr4: 0x1020n, efer: EFER_LONG },
  pv64: { kind: 'pv64', cr3: 0x10000n, cr1: 0n, inKernel: true },
  pv32: { kind: 'pv32', cr3: 0x10000n },
};
const rootOf = (mode: Mapped): bigint => 0x10000n + (mode === 'pae' ? PAE_OFFSET : 0n);

const VA_BITS: Readonly<Record<Mapped, number>> = {
  '32-bit': 32,
  pae: 32,
  '4-level': 48,
  '5-level': 57,
  pv64: 48,
  pv32: 32,
};

/** Sign-extended where addresses have 64 bits. */
const whole = (va: bigint, bits: number): bigint =>
  bits === 32 ? BigInt.asUintN(32, va) : BigInt.asUintN(64, BigInt.asIntN(bits, va));

const ofXen = (mode: Mapped, va: bigint): boolean =>
  (mode === 'pv64' && va >= 0xffff_8000_0000_0000n && va <= 0xffff_87ff_ffff_ffffn) ||
  (mode === 'pv32' && va >= 0xf580_0000n);

/** Levels from the end at which a page can be mapped: 0 a small one, 1 and 2 large ones. */
const LARGE: Readonly<Record<Mapped, number>> = { '32-bit': 1, pae: 1, '4-level': 2, '5-level': 2, pv64: 0, pv32: 0 };

const MAPPING = fc.record({
  va: fc.bigInt({ min: 0n, max: (1n << 57n) - 1n }),
  // Near neighbours share tables.
  near: fc.boolean(),
  pfn: fc.bigInt({ min: 0n, max: 0xf_ffffn }),
  high: fc.bigInt({ min: 0n, max: 0xffn }),
  large: fc.integer({ min: 0, max: 2 }),
  offset: fc.bigInt({ min: 0n, max: (1n << 30n) - 1n }),
});

describe.each(MAPPED)('%s', (mode) => {
  const shape = SHAPES[mode];
  const registers = REGISTERS[mode];
  const root = rootOf(mode);

  test.prop([fc.array(MAPPING, { minLength: 1, maxLength: 12 })])(
    'every mapped address is found, at its page and offset',
    async (mappings) => {
      const memory = new PlainMemory();
      memory.page(ROOT, 'types' in shape ? shape.types[0] : 0);
      let next = ROOT;
      const expected: { readonly va: bigint; readonly gpa: bigint; readonly size: number }[] = [];
      let before = 0n;
      for (const { va: any, near, pfn, high, large, offset } of mappings) {
        const va = whole(near ? before + (any & 0x3f_ffffn) : any, VA_BITS[mode]);
        if (ofXen(mode, va)) continue;
        before = va;
        const up = Math.min(large, LARGE[mode]);
        const depth = shape.levels.length - 1 - up;
        const shift = shape.levels[depth]?.[0] ?? 12;
        const inPage = (1n << BigInt(shift)) - 1n;
        const is32 = mode === '32-bit';
        const frame = ((pfn << 12n) | (is32 ? 0n : high << 32n)) & ~inPage;
        // PSE-36: bits 39–32 of the address stand in bits 20–13 of a large entry.
        const wide = is32 && up > 0 ? high : 0n;
        const entry = frame | (wide << 13n);
        const bits = 0x67n | (up > 0 ? 0x80n : 0n);
        if (!map(memory, shape, root, va, entry, { depth, newTable: () => ++next, bits })) continue;
        const at = (va & ~inPage) | (offset & inPage);
        expected.push({ va: at, gpa: (wide << 32n) | frame | (offset & inPage), size: 2 ** shift });
      }
      const image = memory.image();
      for (const { va, gpa, size } of expected) {
        const found = await translate(image, registers, va);
        expect(found).toMatchObject({ mode, va, gpa, pageSize: size });
        expect(found.failure).toBeUndefined();
      }
    },
  );

  test.prop([fc.array(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), { minLength: 1, maxLength: 5 })])(
    'nothing is found where nothing is mapped',
    async (addresses) => {
      const memory = new PlainMemory();
      memory.page(ROOT, 'types' in shape ? shape.types[0] : 0);
      const image = memory.image();
      for (const va of addresses) {
        const found = await translate(image, registers, va);
        expect(found.gpa).toBeUndefined();
        expect(['not-present', 'non-canonical', 'xen']).toContain(found.failure?.why);
      }
    },
  );

  test.prop([
    fc.array(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), { minLength: 1, maxLength: 40 }),
    fc.uint8Array({ minLength: 64, maxLength: 64 }),
  ])('any bytes as tables: a walk ends, having looked at each level once', async (addresses, noise) => {
    const memory = new PlainMemory();
    // Frames 0 … 7 and the root, full of entries that lead back among them, or anywhere.
    for (let pfn = 0; pfn <= ROOT; pfn++) {
      const page = memory.page(pfn, 'types' in shape ? (shape.types[pfn % shape.types.length] ?? 0) : 0);
      for (let at = 0; at < 4096; at++) {
        const byte = noise[(at * 7 + pfn * 13 + (at >> 6)) % noise.length] ?? 0;
        page[at] = at % shape.entry === 0 ? byte | 1 : at % shape.entry === 1 ? byte : at % 3 === 0 ? 0 : byte & 0x10;
      }
    }
    const image = memory.image();
    for (const va of addresses) {
      const { steps, gpa, failure } = await translate(image, registers, va);
      expect(steps.length).toBeLessThanOrEqual(shape.levels.length);
      expect((gpa === undefined) === (failure !== undefined)).toBe(true);
    }
  });

  plain('a table that maps itself ends after its levels', async () => {
    const memory = new PlainMemory();
    memory.page(ROOT, 'types' in shape ? shape.types[0] : 0);
    for (let at = 0n; at < 4096n; at += BigInt(shape.entry)) memory.setEntry(0x10000n + at, shape.entry, 0x10001n);
    const { steps, gpa, failure } = await translate(memory.image(), registers, 0x1234n);
    // PV tables of one level are none of another: there the second step refuses.
    if ('types' in shape) {
      expect(steps).toHaveLength(1);
      expect(failure).toMatchObject({ why: 'wrong-type', level: shape.levels.length === 4 ? 'L3' : 'L2' });
    } else {
      expect(steps).toHaveLength(shape.levels.length);
      expect(gpa).toBe(0x10234n);
    }
  });
});

describe('where a walk fails', () => {
  const long = (entries: readonly (readonly [gpa: bigint, entry: bigint])[], registers = REGISTERS['4-level']) => {
    const memory = new PlainMemory();
    for (const pfn of [0x10, 0x11, 0x12, 0x13]) memory.page(pfn);
    for (const [gpa, entry] of entries) memory.setEntry(gpa, 8, entry);
    return translate(memory.image(), registers, 0n);
  };
  const DOWN = [
    [0x10000n, 0x11007n],
    [0x11000n, 0x12007n],
    [0x12000n, 0x13007n],
  ] as const;

  plain('the steps name table, index, entry, flags and place', async () => {
    const { steps, gpa, pageSize } = await long([...DOWN, [0x13000n, 0x8000_0000_0002_5063n]]);
    expect(steps).toEqual([
      { level: 'PML4E', table: 0x10, index: 0, record: 0, offset: 0, entry: 0x11007n, flags: ['P', 'RW', 'US'] },
      { level: 'PDPTE', table: 0x11, index: 0, record: 0, offset: 0x1000, entry: 0x12007n, flags: ['P', 'RW', 'US'] },
      { level: 'PDE', table: 0x12, index: 0, record: 0, offset: 0x2000, entry: 0x13007n, flags: ['P', 'RW', 'US'] },
      {
        level: 'PTE',
        table: 0x13,
        index: 0,
        record: 0,
        offset: 0x3000,
        entry: 0x8000_0000_0002_5063n,
        flags: ['P', 'RW', 'A', 'D', 'NX'],
      },
    ]);
    expect({ gpa, pageSize }).toEqual({ gpa: 0x25000n, pageSize: 4096 });
  });

  plain('not present', async () => {
    expect((await long([...DOWN])).failure).toMatchObject({ why: 'not-present', level: 'PTE' });
  });

  plain('a table that the image does not hold', async () => {
    expect((await long([[0x10000n, 0x99007n]])).failure).toEqual({
      why: 'absent',
      level: 'PDPTE',
      text: 'the table of the PDPTE is not in the image: PFN 0x99: the image never mentions it',
      span: 0x80_0000_0000,
    });
  });

  plain.each([
    ['a large PML4E', [[0x10000n, 0x11087n]], 'PML4E'],
    ['an address beyond 40 bits', [[0x10000n, (1n << 40n) | 0x11007n]], 'PML4E'],
    ['NX without EFER.NXE', [[0x10000n, (1n << 63n) | 0x11007n]], 'PML4E'],
    ['bit 13 of a page of 1 GiB', [DOWN[0], [0x11000n, 0x4000_2087n]], 'PDPTE'],
    ['bit 20 of a page of 2 MiB', [DOWN[0], DOWN[1], [0x12000n, 0x4010_0087n]], 'PDE'],
  ] as const)('reserved bit: %s', async (_, entries, level) => {
    const registers = { ...REGISTERS['4-level'], efer: 0x500n, addressBits: 40 } as PagingRegisters;
    expect((await long(entries, registers)).failure).toMatchObject({ why: 'reserved-bit', level });
  });

  plain.each([
    [0x11003n, 'RW in a pointer of PAE'],
    [0x8000_0000_0001_1001n, 'NX in a pointer of PAE'],
    [0x0010_0000_0001_1001n, 'bit 52 in a pointer of PAE'],
  ])('reserved bit: %s', async (entry) => {
    const memory = new PlainMemory();
    memory.page(0x11);
    memory.setEntry(0x107e0n, 8, entry);
    const found = await translate(memory.image(), REGISTERS.pae, 0n);
    expect(found.failure).toMatchObject({ why: 'reserved-bit', level: 'PDPTE' });
  });

  plain('with PAE bits 62–52 of an entry are reserved, in long mode they are free', async () => {
    const memory = new PlainMemory();
    memory.setEntry(0x107e0n, 8, 0x11001n);
    memory.setEntry(0x11000n, 8, 0x0400_0000_0020_0083n);
    expect((await translate(memory.image(), REGISTERS.pae, 0n)).failure).toMatchObject({ level: 'PDE' });
    const free = await long([DOWN[0], DOWN[1], [0x12000n, 0x0400_0000_0020_0083n]]);
    expect(free.gpa).toBe(0x20_0000n);
  });

  plain('without CR4.PSE bit 7 of a PDE means nothing', async () => {
    const memory = new PlainMemory();
    memory.setEntry(0x10000n, 4, 0x11087n);
    memory.setEntry(0x11000n, 4, 0x77007n);
    const off = { ...REGISTERS['32-bit'], cr4: 0n } as PagingRegisters;
    expect((await translate(memory.image(), off, 0x123n)).gpa).toBe(0x77123n);
    const on = await translate(memory.image(), REGISTERS['32-bit'], 0x123n);
    // With it, 0x11 << 12 is bits 20–13 of a PSE-36 entry and bit 12: bits 39–32 of the address are 0x08.
    expect(on.gpa).toBe(0x8_0000_0123n);
  });

  plain('bit 21 of a PSE-36 entry is reserved', async () => {
    const memory = new PlainMemory();
    memory.setEntry(0x10000n, 4, 0x0020_0083n);
    const found = await translate(memory.image(), REGISTERS['32-bit'], 0n);
    expect(found.failure).toMatchObject({ why: 'reserved-bit', level: 'PDE' });
  });

  plain.each([
    ['4-level', 0x0000_8000_0000_0000n],
    ['4-level', 0xffff_7fff_ffff_ffffn],
    ['5-level', 0x0100_0000_0000_0000n],
    ['pv64', 0x8000_0000_0000_0000n],
  ] as const)('%s: %s is not canonical', async (mode, va) => {
    const memory = new PlainMemory();
    memory.page(ROOT);
    expect((await translate(memory.image(), REGISTERS[mode], va)).failure?.why).toBe('non-canonical');
  });

  plain('PV: a page saved as an ordinary one is not read as a table', async () => {
    const memory = new PlainMemory();
    memory.page(0x10, 0xc);
    memory.page(0x11, 0);
    memory.setEntry(0x10000n, 8, 0x11067n);
    expect((await translate(memory.image(), REGISTERS.pv64, 0n)).failure).toEqual({
      why: 'wrong-type',
      level: 'L3',
      text: 'PFN 0x11 should be a table of L3 entries, but was not saved as one',
      span: 0x80_0000_0000,
    });
  });

  plain.each([0xffff_8000_0000_0000n, 0xffff_87ff_ffff_ffffn])('PV: 0x%s is Xen’s own', async (va) => {
    const memory = new PlainMemory();
    memory.page(0x10, 0xc);
    expect((await translate(memory.image(), REGISTERS.pv64, va)).failure?.why).toBe('xen');
  });

  plain('32-bit PV: the top is Xen’s own where no L2 entry is', async () => {
    const memory = new PlainMemory();
    memory.page(0x10, 0xb);
    memory.page(0x11, 2);
    memory.setEntry(0x10018n, 8, 0x11001n);
    expect((await translate(memory.image(), REGISTERS.pv32, 0xf580_0000n)).failure?.why).toBe('xen');
    expect((await translate(memory.image(), REGISTERS.pv32, 0xf57f_f000n)).failure?.why).toBe('not-present');
  });
});

describe('modes and roots by registers', () => {
  const hvm = (cr0: bigint, cr4: bigint, efer: bigint, cr3 = 0n): Paging =>
    pagingsOf({ kind: 'hvm', cr0, cr3, cr4, efer })[0];

  plain.each([
    [0x10n, 0n, 0n, 'real'],
    [0x11n, 0x20n, 0n, 'off'],
    [0x8000_0001n, 0n, 0n, '32-bit'],
    [0x8000_0001n, 0x20n, 0n, 'pae'],
    [0x8000_0001n, 0x20n, 0x400n, '4-level'],
    [0x8000_0001n, 0x1020n, 0x400n, '5-level'],
  ] as const)('cr0 %s cr4 %s efer %s: %s', (cr0, cr4, efer, mode) => {
    expect(hvm(cr0, cr4, efer).mode.id).toBe(mode);
  });

  plain('the root leaves out flags and PCID', () => {
    expect(hvm(CR0_ON, 0n, 0n, 0xffff_ffffn).root).toBe(0xffff_f000n);
    expect(hvm(CR0_ON, 0x20n, 0n, 0xffff_ffffn).root).toBe(0xffff_ffe0n);
    expect(hvm(CR0_ON, 0x20n, 0x400n, 0xffff_ffff_ffff_ffffn).root).toBe(0x000f_ffff_ffff_f000n);
  });

  plain('a 32-bit PV guest folds frames beyond 4 GiB into its cr3', () => {
    // PFN 0x123456: low 20 bits upwards, high 12 bits below.
    expect(pagingsOf({ kind: 'pv32', cr3: 0x2345_6001n })[0].root).toBe(0x1_2345_6000n);
  });

  plain('address spaces: that of the mode first, the other one if it has tables', () => {
    const sides = (cr1: bigint, inKernel: boolean): readonly unknown[] =>
      spacesOf({ kind: 'pv64', cr3: 0x10000n, cr1, inKernel }).map(({ side, root }) => [side, root]);
    expect(sides(0x20001n, true)).toEqual([
      ['kernel', 0x10000n],
      ['user', 0x20000n],
    ]);
    expect(sides(0x20001n, false)).toEqual([
      ['user', 0x20000n],
      ['kernel', 0x10000n],
    ]);
    expect(sides(0n, true)).toEqual([['kernel', 0x10000n]]);
    expect(spacesOf(REGISTERS.pae)).toHaveLength(1);
  });

  plain('without paging addresses are physical, and wrap at 4 GiB', async () => {
    const memory = new PlainMemory();
    memory.page(0xfb);
    const real = pagingsOf({ kind: 'hvm', cr0: 0x10n, cr3: 0n, cr4: 0n, efer: 0n })[0];
    expect(await walk(memory.image(), real, 0xfb7b9n)).toMatchObject({ mode: 'real', gpa: 0xfb7b9n, steps: [] });
    expect((await walk(memory.image(), real, 0x1_000f_b7b9n)).gpa).toBe(0xfb7b9n);
  });

  plain('a 64-bit PV guest in user mode is looked up in its user tables, then in those of its kernel', async () => {
    const memory = new PlainMemory();
    const kernel = SHAPES.pv64;
    memory.page(0x10, 0xc);
    memory.page(0x20, 0xc);
    let next = 0x30;
    const newTable = (): number => ++next;
    map(memory, kernel, 0x10000n, 0x40_0000n, 0x5000n, { newTable });
    map(memory, kernel, 0x20000n, 0x40_0000n, 0x6000n, { newTable });
    map(memory, kernel, 0x10000n, 0xffff_ffff_8000_0000n, 0x7000n, { newTable });
    const image = memory.image();
    const user: PagingRegisters = { kind: 'pv64', cr3: 0x10000n, cr1: 0x20001n, inKernel: false };
    expect(await translate(image, user, 0x40_0000n)).toMatchObject({ gpa: 0x6000n, side: 'user' });
    expect(await translate(image, user, 0xffff_ffff_8000_0000n)).toMatchObject({ gpa: 0x7000n, side: 'kernel' });
    expect(await translate(image, { ...user, inKernel: true }, 0x40_0000n)).toMatchObject({ gpa: 0x5000n });
    expect((await translate(image, user, 0x80_0000n)).failure).toMatchObject({ why: 'not-present' });
  });

  plain('every mode ends at bit 12, each level where the one above it stops', () => {
    for (const { levels, entrySize } of Object.values(MODES)) {
      for (const [index, { shift, bits }] of levels.entries()) {
        expect(bits).toBeLessThanOrEqual(entrySize === 8 ? 9 : 10);
        const below = levels[index + 1];
        expect(shift).toBe(below ? below.shift + below.bits : 12);
      }
    }
  });
});
