/** Walks over tables full of anything: each address leads where a second walker says, with the same rights, or fails alike. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { MODES } from '../../../src/format/paging/modes';
import { walk } from '../../../src/memory/walk/walk';
import { type Mode, MODES_OF_TABLES, NOISE, noiseTables, ROOT_PFN } from '../../fixtures/built/noise-tables';
import { type PlainPlace, plainWalk } from '../../fixtures/plain/walk';

/** Addresses whose indexes are small, at both ends, or anything. */
const ADDRESS = fc.oneof(
  fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
  fc
    .tuple(
      fc.array(fc.oneof(fc.nat(15), fc.constantFrom(256, 272, 510, 511)), { minLength: 5, maxLength: 5 }),
      fc.nat(4095),
    )
    .map(([indexes, offset]) =>
      indexes.reduce((va, index, level) => va | (BigInt(index) << BigInt(12 + 9 * level)), BigInt(offset)),
    ),
);

/** Canonical, most of the time. */
const within = (mode: Mode, va: bigint): bigint => {
  const bits = mode === '5-level' ? 57 : mode === '4-level' || mode === 'pv64' ? 48 : 32;
  return bits === 32 || (va & 0x7n) === 0n ? va : BigInt.asUintN(64, BigInt.asIntN(bits, va));
};

describe.each(MODES_OF_TABLES)('%s', (mode) => {
  test.prop([NOISE, fc.array(ADDRESS, { minLength: 10, maxLength: 60 })], { numRuns: 150 })(
    'as the plain walker',
    async (noise, addresses) => {
      const { memory, pages } = noiseTables(mode, noise);
      const image = memory.image();
      const isPv = mode === 'pv64' || mode === 'pv32';
      const { pse, nx, width } = isPv ? { pse: false, nx: true, width: 52 } : noise;
      const root = BigInt(ROOT_PFN) << 12n;
      for (const any of addresses) {
        const va = within(mode, any);
        const found = await walk(image, { mode: MODES[mode], root, pse, nx, addressBits: width }, va);
        const { write, user, execute, global } = found.rights ?? {};
        const got: PlainPlace | string | undefined =
          found.gpa === undefined
            ? found.failure?.why
            : {
                gpa: found.gpa,
                size: found.pageSize ?? 0,
                rights: `${write ? 'w' : '-'}${user ? 'u' : '-'}${execute ? 'x' : '-'}${global ? 'g' : '-'}`,
              };
        expect(got, `0x${va.toString(16)}`).toEqual(plainWalk(pages, { mode, root, pse, nx, width }, va));
      }
    },
  );

  test.prop(
    [NOISE, fc.array(ADDRESS, { minLength: 10, maxLength: 30 }), fc.bigInt({ min: 0n, max: (1n << 57n) - 1n })],
    {
      numRuns: 60,
    },
  )('what fails fails alike over its whole span', async (noise, addresses, elsewhere) => {
    const { memory } = noiseTables(mode, noise);
    const image = memory.image();
    const paging = { mode: MODES[mode], root: BigInt(ROOT_PFN) << 12n, pse: true, nx: true, addressBits: 52 };
    for (const any of addresses) {
      const va = within(mode, any);
      const { failure, va: taken } = await walk(image, paging, va);
      if (failure?.span === undefined) continue;
      const span = BigInt(failure.span);
      const other = taken - (taken % span) + (elsewhere % span);
      const there = await walk(image, paging, within(mode, other | 1n));
      if (there.failure?.why === 'non-canonical' || there.failure?.why === 'xen' || failure.why === 'xen') continue;
      expect(there.failure?.why).toBe(failure.why);
      expect(there.failure?.text).toBe(failure.text);
    }
  });
});
