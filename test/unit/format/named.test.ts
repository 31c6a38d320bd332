/** Fields by name: a name that a layout does not have is refused by the compiler. */
import { expect, test } from 'vitest';
import { decodeNode } from '../../../src/format/kit/decode';
import { HVM_MTRR, MTRR_RANGE } from '../../../src/format/hvm/mtrr';
import { childNamed, type NamedFields } from '../../../src/format/kit/named';
import type { FieldNode } from '../../../src/format/kit/node';
import type { PartFields, RegisterName } from '../../../src/memory/vcpus/part-fields';
import { concat, u64 } from '../../fixtures/built/stream';

const bytes = concat(u64(0x1000n), u64(0xf_ffff_f800n));
const range: FieldNode = decodeNode('[0]', MTRR_RANGE, {
  bytes,
  offset: 0x100,
  length: 16,
  claimed: 16,
  littleEndian: true,
});

test('a field of a decoded structure by its name', () => {
  expect(childNamed(MTRR_RANGE, range, 'base')).toMatchObject({ name: 'base', offset: 0x100, value: 0x1000n });
  expect(childNamed(MTRR_RANGE, range, 'mask')).toMatchObject({ name: 'mask', offset: 0x108 });
  expect(childNamed(MTRR_RANGE, undefined, 'mask')).toBeUndefined();
  // @ts-expect-error the layout has no such field
  expect(childNamed(MTRR_RANGE, range, 'limit')).toBeUndefined();
  // @ts-expect-error fields of its own only, not those below
  expect(childNamed(HVM_MTRR, range, 'base')).toMatchObject({ name: 'base' });
});

test('parts and registers have the names of their layouts, at any depth', () => {
  const fields: ReadonlyMap<string, FieldNode> = new Map([['mask', range]]);
  const mtrr: PartFields<'MTRR'> = fields;
  expect(mtrr.has('mask')).toBe(true);
  // @ts-expect-error a field of the CPU entry
  expect(mtrr.has('msr_efer')).toBe(false);
  const registers: NamedFields<RegisterName> = fields;
  // Of HVM, of 64-bit and of 32-bit PV contexts.
  for (const name of ['msr_efer', 'gs_base_kernel', 'eflags'] as const) expect(registers.has(name)).toBe(false);
  // @ts-expect-error no context has it
  expect(registers.has('rax_old')).toBe(false);
});
