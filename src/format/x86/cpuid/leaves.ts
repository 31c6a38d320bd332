/** Every CPUID leaf that a policy can hold, and how its registers read. */
import type { IntOptions } from '../../kit/layout';
import type { Register } from './features';
import { type LeafText, NO_SUBLEAF, type Registers } from './leaf';
import { BASIC_LEAVES, FEATURE_LEAVES } from './leaves-basic';
import { AMD_CACHE_LEAVES, CACHE_LEAF } from './leaves-cache';
import { EXTENDED_LEAVES } from './leaves-extended';
import { AMD_TOPOLOGY_LEAF, TOPOLOGY_LEAF } from './leaves-topology';
import { ENCRYPTION_LEAF, HYPERVISOR_LEAVES } from './leaves-virtual';
import { xstateLeaf } from './leaves-xstate';

const PLAIN: Readonly<Record<number, LeafText>> = {
  ...BASIC_LEAVES,
  0x4: CACHE_LEAF,
  0xb: TOPOLOGY_LEAF,
  ...HYPERVISOR_LEAVES,
  ...EXTENDED_LEAVES,
  ...AMD_CACHE_LEAVES,
  0x8000_001d: CACHE_LEAF,
  0x8000_001e: AMD_TOPOLOGY_LEAF,
  0x8000_001f: ENCRYPTION_LEAF,
  0x8000_0020: { name: 'Quality of service' },
};

/** Leaves that no policy of Xen holds yet, by name only. */
const NAMES_ONLY: Readonly<Record<number, string>> = {
  0xf: 'Resource monitoring',
  0x10: 'Resource allocation',
  0x12: 'SGX',
  0x14: 'Processor trace',
  0x15: 'TSC and crystal clock',
  0x16: 'Frequencies',
  0x8000_0022: 'Performance monitoring 2',
};

/** Leaves 0x8000000b to 0x18 are in a policy because of their neighbours. */
const isGap = (leaf: number): boolean => leaf >= 0x8000_000b && leaf <= 0x8000_0018;

function leafText(leaf: number, subleaf: number): LeafText | undefined {
  if (leaf === 0x7) return FEATURE_LEAVES[subleaf] ?? { name: 'More features' };
  if (leaf === 0xd) return xstateLeaf(subleaf);
  return PLAIN[leaf] ?? (isGap(leaf) ? { name: 'Not assigned' } : undefined);
}

/** Returns what a leaf is about; undefined for one that is not known. */
export const leafName = (leaf: number, subleaf: number): string | undefined =>
  leafText(leaf, subleaf)?.name ?? NAMES_ONLY[leaf];

/** Returns the number of a leaf, and of its subleaf where it has any: `0x7:0`, `0x80000001`. */
export const leafPlace = (leaf: number, subleaf: number): string =>
  `0x${leaf.toString(16)}${subleaf === NO_SUBLEAF ? '' : `:${subleaf.toString(16)}`}`;

/** Returns how a register of a leaf reads, which may depend on the registers before it. */
export function registerText(
  register: Register,
  leaf: number,
  subleaf: number,
  before: Registers,
): Omit<IntOptions, 'refine' | 'endian'> {
  const known = leafText(leaf, subleaf);
  if (!known) return { display: 'register', doc: `${register} of a leaf that Xen keeps in no policy.` };
  const found = known[register];
  const text = typeof found === 'function' ? found(before) : found;
  return { display: 'register', ...(text ?? { doc: 'Reserved.' }) };
}
