/** Each leaf as a structure of its four registers, each MSR as one of its value: for the reference, and for the tests that go over all layouts. */
import { struct, type StructField, u32, u64 } from '../../kit/layout';
import { MSR_NAMES, msrOptions } from '../msrs';
import type { Register } from './features';
import { NO_SUBLEAF } from './leaf';
import { leafName, leafPlace, registerText } from './leaves';

const SOURCE =
  'Intel SDM vol. 2A (CPUID), AMD APM vol. 3 app. E; names of features: public/arch-x86/cpufeatureset.h; others: Xen’s struct cpu_policy';

const PLAIN = [0x0, 0x1, 0x2, 0x3, 0x5, 0x6, 0x9, 0xa, 0x4000_0000, 0x4000_0100];
const EXTENDED = [0x0, 0x1, 0x2, 0x3, 0x4, 0x5, 0x6, 0x7, 0x8, 0xa, 0x19, 0x1a, 0x1b, 0x1c, 0x1d, 0x1e, 0x1f, 0x21];

/** Leaves, each with a subleaf that stands for all that read as it does. */
const PLACES: readonly (readonly [leaf: number, subleaf: number])[] = [
  ...PLAIN.map((leaf) => [leaf, NO_SUBLEAF] as const),
  [0x4, 0],
  [0x7, 0],
  [0x7, 1],
  [0x7, 2],
  [0xb, 0],
  [0xd, 0],
  [0xd, 1],
  [0xd, 2],
  ...EXTENDED.map((leaf) => [0x8000_0000 + leaf, NO_SUBLEAF] as const),
];

const register = (name: Register, leaf: number, subleaf: number) => u32(registerText(name, leaf, subleaf, {}));

/** Layouts of all leaves, by number. */
export const LEAF_LAYOUTS: readonly StructField[] = PLACES.toSorted(
  ([a, first], [b, second]) => a - b || first - second,
).map(([leaf, subleaf]) =>
  struct(
    `CPUID ${leafPlace(leaf, subleaf)}`,
    {
      eax: register('eax', leaf, subleaf),
      ebx: register('ebx', leaf, subleaf),
      ecx: register('ecx', leaf, subleaf),
      edx: register('edx', leaf, subleaf),
    },
    { doc: `${leafName(leaf, subleaf) ?? ''}.`, source: SOURCE },
  ),
);

/** Layouts of all MSRs, by number. */
export const MSR_LAYOUTS: readonly StructField[] = Object.entries(MSR_NAMES).map(([idx, name]) =>
  struct(
    `MSR 0x${Number(idx).toString(16)}, ${name}`,
    { val: u64(msrOptions(Number(idx))) },
    { source: 'xen/arch/x86/include/asm/msr-index.h; Intel SDM vol. 4, AMD APM vol. 2' },
  ),
);
