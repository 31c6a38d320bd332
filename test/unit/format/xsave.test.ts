/** XSAVE areas: where components lie, which of them count, how registers are put together, and damage. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import type { XstateComponent } from '../../../src/format/guest';
import type { Body, FieldNode } from '../../../src/format/kit/node';
import { decodeHvmXsave, decodePvXsave } from '../../../src/format/x86/xsave';
import { componentPlaces } from '../../../src/format/x86/xsave-places';
import { xstateOf } from '../../../src/format/libxc/policy-facts';
import { nodeAt, walkNodes } from '../../fixtures/nodes';
import { concat, u32, u64 } from '../../fixtures/built/stream';

const mask = (...bits: readonly number[]): bigint => bits.reduce((sum, bit) => sum | (1n << BigInt(bit)), 0n);
const AVX = mask(0, 1, 2);
const AVX512 = mask(0, 1, 2, 5, 6, 7, 9);

/** Where leaf 0xd of an Intel server puts things. */
const XEON: readonly XstateComponent[] = [
  { component: 2, size: 256, offset: 576 },
  { component: 5, size: 64, offset: 1088 },
  { component: 6, size: 512, offset: 1152 },
  { component: 7, size: 1024, offset: 1664 },
  { component: 9, size: 8, offset: 2688 },
];

const places = (accum: bigint, length: number, xstate?: readonly XstateComponent[], xcompBv = 0n): string[] =>
  componentPlaces({ mask: accum, xcompBv, length, xstate }).map(
    ({ component, offset, size }) => `${component} ${offset}+${size}`,
  );

describe('places of components', () => {
  test('x87 and SSE have none', () => {
    expect(places(3n, 576)).toEqual([]);
  });

  test('as CPUID tells them', () => {
    expect(places(AVX512, 2696, XEON)).toEqual(['2 576+256', '5 1088+64', '6 1152+512', '7 1664+1024', '9 2688+8']);
    expect(places(AVX, 832, XEON)).toEqual(['2 576+256']);
    // Another CPU's places are believed as well.
    expect(places(mask(0, 1, 9), 840, [{ component: 9, size: 8, offset: 832 }])).toEqual(['9 832+8']);
  });

  test.each([
    ['AVX', AVX, 832, ['2 576+256']],
    ['Intel, AVX-512 and keys', AVX512, 2696, ['2 576+256', '5 1088+64', '6 1152+512', '7 1664+1024', '9 2688+8']],
    ['AMD, AVX-512 and keys', AVX512, 2440, ['2 576+256', '5 832+64', '6 896+512', '7 1408+1024', '9 2432+8']],
    ['AMD, AVX and keys', mask(0, 1, 2, 9), 840, ['2 576+256', '9 832+8']],
    ['Intel, MPX', mask(0, 1, 2, 3, 4), 1088, ['2 576+256', '3 960+64', '4 1024+64']],
    [
      'Intel, AVX-512 without keys',
      mask(0, 1, 2, 5, 6, 7),
      2688,
      ['2 576+256', '5 1088+64', '6 1152+512', '7 1664+1024'],
    ],
    [
      'Intel, AMX',
      mask(0, 1, 2, 5, 6, 7, 9, 17, 18),
      11_008,
      ['2 576+256', '5 1088+64', '6 1152+512', '7 1664+1024', '9 2688+8', '17 2752+64', '18 2816+8192'],
    ],
    ['AMD, LWP', mask(0, 1, 2, 62), 960, ['2 576+256', '62 832+128']],
  ])('from the length of the area: %s', (_name, accum, length, expected) => {
    expect(places(accum, length)).toEqual(expected);
  });

  test('where the length tells nothing, only what all CPUs have in one place', () => {
    expect(places(AVX512, 3000)).toEqual(['2 576+256']);
    expect(places(mask(0, 1, 2, 40), 3000)).toEqual(['2 576+256']);
  });

  test('compacted: one behind the other, tiles at a multiple of 64', () => {
    const compacted = 1n << 63n;
    expect(places(0n, 3000, undefined, compacted | AVX512)).toEqual([
      '2 576+256',
      '5 832+64',
      '6 896+512',
      '7 1408+1024',
      '9 2432+8',
    ]);
    expect(places(0n, 3000, undefined, compacted | mask(9, 11, 17))).toEqual(['9 576+8', '11 584+16', '17 640+64']);
    // CPUID says what is aligned; nothing is known behind a component of unknown size.
    const told = [{ component: 11, size: 16, offset: 0, aligned: true }];
    expect(places(0n, 3000, told, compacted | mask(9, 11, 12))).toEqual(['9 576+8', '11 640+16', '12 656+24']);
    expect(places(0n, 3000, undefined, compacted | mask(2, 40, 62))).toEqual(['2 576+256']);
  });

  test('a policy that puts components upon each other or into the header is not believed', () => {
    const lying = [
      { component: 2, size: 256, offset: 512 },
      { component: 5, size: 64, offset: 600 },
      { component: 6, size: 512, offset: 610 },
    ];
    expect(places(mask(2, 5, 6), 3000, lying)).toEqual(['5 600+64']);
  });

  test('leaf 0xd: subleaves from 2 on, with their alignment', () => {
    const leaf = (...words: readonly number[]): Uint8Array => concat(...words.map((word) => u32(word)));
    const policy = concat(
      leaf(0xd, 0, 7, 832, 832, 0),
      leaf(0xd, 2, 256, 576, 0, 0),
      leaf(0xd, 17, 64, 2752, 2, 0),
      leaf(0xe, 2, 1, 1, 1, 1),
    );
    expect(xstateOf(policy, true)).toEqual([
      { component: 2, size: 256, offset: 576, aligned: false },
      { component: 17, size: 64, offset: 2752, aligned: true },
    ]);
  });
});

const OFFSET = 7000;
const body = (bytes: Uint8Array, xstate?: readonly XstateComponent[]): Body => ({
  bytes,
  offset: OFFSET,
  length: bytes.length,
  claimed: bytes.length,
  littleEndian: true,
  ...(xstate ? { guest: { xstate } } : {}),
});

/** A PV blob whose area holds at each byte the low eight bits of its place times seven. */
function blob(accum: bigint, length: number, bv = accum, xcompBv = 0n): Uint8Array {
  const area = Uint8Array.from({ length }, (_, index) => (index * 7) & 0xff);
  area.set(u64(bv), 512);
  area.set(u64(xcompBv), 520);
  area.fill(0, 528, 576);
  return concat(u64(accum), u64(accum), area);
}

const areaOf = (bytes: Uint8Array, xstate?: readonly XstateComponent[]): readonly FieldNode[] =>
  nodeAt(decodePvXsave(body(bytes, xstate)), 'save_area').children ?? [];

const patterned = (from: number, length: number): string =>
  Array.from({ length }, (_, index) => (((from + index) * 7) & 0xff).toString(16).padStart(2, '0'))
    .toReversed()
    .join('');

const register = (nodes: readonly FieldNode[], group: string, index: number): FieldNode => {
  const { items } = nodeAt(nodes, group);
  if (!items) throw new Error(`${group} is no list`);
  return items.decode(index, new Uint8Array(items.stride));
};

describe('an area', () => {
  test('all of its parts, in order, without a hole', () => {
    const nodes = areaOf(blob(AVX512, 2696), XEON).filter(({ length }) => length > 0);
    expect(nodes.map(({ name, offset, length }) => [name, offset - OFFSET - 16, length])).toEqual([
      ['fpu_sse', 0, 512],
      ['xsave_hdr', 512, 64],
      ['YMM', 576, 256],
      ['padding', 832, 256],
      ['OPMASK', 1088, 64],
      ['ZMM', 1152, 512],
      ['HI_ZMM', 1664, 1024],
      ['PKRU', 2688, 8],
    ]);
  });

  test('no area: the vCPU never used it', () => {
    const nodes = decodePvXsave(body(concat(u64(0n), u64(0n))));
    expect(nodes.map(({ name, value }) => [name, value])).toEqual([
      ['xcr0', 0n],
      ['xcr0_accum', 0n],
    ]);
  });

  test('names of the components', () => {
    const nodes = decodePvXsave(body(blob(mask(0, 1, 2, 3, 4, 5, 6, 7, 9, 17, 18, 62), 576)));
    expect(nodes[0]?.flags).toEqual([
      'X87',
      'SSE',
      'YMM',
      'BNDREGS',
      'BNDCSR',
      'OPMASK',
      'ZMM',
      'HI_ZMM',
      'PKRU',
      'TILE_CFG',
      'TILE_DATA',
      'LWP',
    ]);
  });

  test('what xstate_bv leaves out does not count', () => {
    const nodes = areaOf(blob(AVX, 832, 1n));
    const initial = 'in its initial state: these bytes do not count';
    const notes = (path: string): string | undefined => nodeAt(nodes, path).note;
    expect(['YMM', 'fpu_sse.xmm', 'fpu_sse.st', 'fpu_sse.fop'].map(notes)).toEqual([
      initial,
      initial,
      undefined,
      'd9 2a',
    ]);
    expect(
      areaOf(blob(AVX, 832, 6n))
        .flatMap(({ children = [] }) => children)
        .filter(({ note }) => note === initial),
    ).toHaveLength(8);
  });

  test('the header must be clean', () => {
    const dirty = blob(AVX, 832);
    dirty[16 + 530] = 1;
    const nodes = areaOf(dirty);
    expect(nodeAt(nodes, 'xsave_hdr.reserved').problem).toBe('reserved, expected zeros');
    const compacted = areaOf(blob(AVX, 832, AVX, (1n << 63n) | AVX));
    expect(nodeAt(compacted, 'xsave_hdr.xcomp_bv').problem).toContain('expected 0x0');
  });

  test('bytes behind the last component', () => {
    const long = concat(blob(AVX, 832), new Uint8Array(64));
    expect(nodeAt(areaOf(long), 'padding').problem).toBeUndefined();
    long[long.length - 1] = 1;
    expect(nodeAt(areaOf(long), 'rest').problem).toContain('64 B');
  });

  test('components without a known place are named', () => {
    const nodes = areaOf(blob(AVX512, 3000));
    expect(nodeAt(nodes, 'components').problem).toBe('no place known of OPMASK, ZMM, HI_ZMM, PKRU');
    expect(nodeAt(nodes, 'components').length).toBe(3000 - 832);
  });

  test('PKRU: two bits a key', () => {
    const bytes = blob(AVX512, 2696);
    bytes.set(u32(0x4000_0009), 16 + 2688);
    expect(nodeAt(areaOf(bytes), 'PKRU.pkru').flags).toEqual(['AD0', 'WD1', 'AD15']);
  });

  test('bounds: the upper one is stored inverted', () => {
    const bytes = blob(mask(0, 1, 2, 3, 4), 1088);
    bytes.set(u64(~0x7fff_0000_0fffn), 16 + 968);
    expect(nodeAt(areaOf(bytes), 'BNDREGS.bnd0.upper').note).toBe('up to 00007fff00000fff');
  });
});

describe('vector registers', () => {
  test('ymm: low half from the legacy region, high half from YMM', () => {
    const nodes = areaOf(blob(AVX, 832));
    const ymm3 = register(nodes, 'ymm', 3);
    expect(ymm3.name).toBe('ymm3');
    expect(ymm3.text).toBe(patterned(576 + 48, 16) + patterned(160 + 48, 16));
    expect(ymm3.children?.slice(0, 2).map(({ name, offset, length }) => [name, offset - OFFSET - 16, length])).toEqual([
      ['bits 127–0', 208, 16],
      ['bits 255–128', 624, 16],
    ]);
    expect(nodeAt(ymm3.children ?? [], 'u8').text.split(' ')).toHaveLength(32);
    expect(nodeAt(ymm3.children ?? [], 'u8').text.split(' ')[16]).toBe(String((624 * 7) & 0xff));
  });

  test('zmm: three parts', () => {
    const zmm15 = register(areaOf(blob(AVX512, 2696)), 'zmm', 15);
    expect(zmm15.name).toBe('zmm15');
    expect(zmm15.text).toBe(patterned(1152 + 480, 32) + patterned(576 + 240, 16) + patterned(160 + 240, 16));
    const zmm16 = nodeAt(areaOf(blob(AVX512, 2696)), 'HI_ZMM.zmm16');
    expect(zmm16.text).toBe(patterned(1664, 64));
  });

  test('a part in its initial state is zero', () => {
    const nodes = areaOf(blob(AVX, 832, 3n));
    expect(register(nodes, 'ymm', 3).text).toBe('0'.repeat(32) + patterned(208, 16));
  });

  test('none where there is only SSE', () => {
    expect(areaOf(blob(3n, 576)).map(({ name }) => name)).toEqual(['fpu_sse', 'xsave_hdr']);
  });
});

function check(nodes: readonly FieldNode[], length: number): void {
  const outside: string[] = [];
  for (const { name, items, offset, length: size } of walkNodes(nodes)) {
    if (offset < OFFSET || offset + size > OFFSET + length) outside.push(name);
    for (const index of items ? [0, items.count - 1] : []) items?.decode(index, new Uint8Array(items.stride));
  }
  expect(outside).toEqual([]);
}

describe('damage', () => {
  test.each([
    ['PV', decodePvXsave, 16],
    ['HVM', decodeHvmXsave, 24],
  ] as const)(
    '%s: every length from nothing to eight more than all',
    (_name, decode, head) => {
      const whole = concat(new Uint8Array(head - 16), blob(AVX512, 2696), new Uint8Array(8));
      for (let length = 1; length <= whole.length; length++) {
        const bytes = whole.subarray(0, length);
        check(decode({ ...body(bytes, XEON), claimed: whole.length }), length);
        if (length % 16 === 0) check(decode(body(bytes)), length);
      }
    },
    120_000,
  );

  const component = fc.record({
    component: fc.integer({ min: 0, max: 63 }),
    size: fc.oneof(fc.integer({ min: 0, max: 2000 }), fc.constant(0xffff_ffff)),
    offset: fc.oneof(fc.integer({ min: 0, max: 4000 }), fc.constant(0xffff_ffff)),
  });

  test.prop([fc.uint8Array({ minLength: 1, maxLength: 4000 }), fc.array(component, { maxLength: 20 }), fc.boolean()], {
    numRuns: 200,
  })('random bytes and policies', (bytes, xstate, littleEndian) => {
    check(decodePvXsave({ ...body(bytes, xstate), littleEndian }), bytes.length);
    check(decodeHvmXsave({ ...body(bytes, xstate), littleEndian }), bytes.length);
  });
});
