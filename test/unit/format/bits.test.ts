/** Registers, MSRs and parameters: every bit has one name and says what it means. */
import { describe, expect, test } from 'vitest';
import type { BitRange, Bits } from '../../../src/format/kit/layout';
import { hvmParamOptions } from '../../../src/format/libxc/hvm-param-table';
import { msrOptions } from '../../../src/format/x86/msrs';
import { CR0, CR4, DR6, DR7, EFER, RFLAGS, SFMASK, XSS } from '../../../src/format/x86/registers';
import { ARBYTES } from '../../../src/format/x86/segment';

const range = (bits: number | BitRange): BitRange => (typeof bits === 'number' ? { at: bits } : bits);

/** Bits without a sentence. */
function* undocumented(name: string, bits: Bits): Generator<string> {
  for (const [bit, given] of Object.entries(bits)) if (range(given).doc === undefined) yield `${name}.${bit}: no doc`;
}

/** How often each bit of a register is named. */
function covered(bits: Bits, size: number): number[] {
  const times = Array.from({ length: size }, () => 0);
  for (const given of Object.values(bits)) {
    const { at, width = 1 } = range(given);
    for (let bit = at; bit < at + width; bit++) times[bit] = (times[bit] ?? 0) + 1;
  }
  return times;
}

describe('every bit has just one name', () => {
  const registers: readonly (readonly [string, Bits, number])[] = [
    ['rflags', RFLAGS, 64],
    ['SFMASK', SFMASK, 64],
    ['cr0', CR0, 64],
    ['cr4', CR4, 64],
    ['efer', EFER, 64],
    ['dr6', DR6, 64],
    ['dr7', DR7, 64],
    ['XSS', XSS, 64],
    ['segment attributes', ARBYTES, 32],
    ...[0x48, 0xce, 0x10a, 0x140, 0x6e1, 0xd90, 0xda0, 0xc000_0080, 0xc000_0103, 0xc001_011f, 0xc001_1027].map(
      (idx): [string, Bits, number] => [`MSR 0x${idx.toString(16)}`, msrOptions(idx).bits ?? {}, 64],
    ),
    ['VIRIDIAN', hvmParamOptions(9).bits ?? {}, 64],
    ['VM86_TSS_SIZED', hvmParamOptions(37).bits ?? {}, 64],
    ['MCA_CAP', hvmParamOptions(38).bits ?? {}, 64],
  ];

  test.each(registers)('%s', (_name, bits, size) => {
    expect(covered(bits, size)).toEqual(Array.from({ length: size }, () => 1));
    expect([...undocumented('', bits)]).toEqual([]);
  });
});

test('MSRs are found by either name', () => {
  expect(msrOptions(0x48).doc).toContain('IA32_SPEC_CTRL');
  expect(msrOptions(0x48).doc).toContain('SPEC_CTRL (');
  expect(msrOptions(0xc000_0080).doc).toContain('EFER (IA32_EFER)');
});
