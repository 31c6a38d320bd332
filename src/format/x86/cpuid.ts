/** What CPUID leaves are about, and the few words that they spell. Source: Intel SDM vol. 2A (CPUID), AMD APM vol. 3 app. E. */
import type { Names } from '../kit/layout';
import { cString } from '../kit/parse';

export const CPUID_NAMES: Names = {
  0x0000_0000: 'Highest leaf, vendor',
  0x0000_0001: 'Model, features',
  0x0000_0002: 'Cache descriptors',
  0x0000_0003: 'Serial number',
  0x0000_0004: 'Caches',
  0x0000_0005: 'MONITOR and MWAIT',
  0x0000_0006: 'Thermal and power',
  0x0000_0007: 'More features',
  0x0000_0009: 'Direct cache access',
  0x0000_000a: 'Performance monitoring',
  0x0000_000b: 'Topology',
  0x0000_000d: 'Extended state (XSAVE)',
  0x0000_000f: 'Resource monitoring',
  0x0000_0010: 'Resource allocation',
  0x0000_0012: 'SGX',
  0x0000_0014: 'Processor trace',
  0x0000_0015: 'TSC and crystal clock',
  0x0000_0016: 'Frequencies',
  0x4000_0000: 'Hypervisor',
  0x8000_0000: 'Highest extended leaf, vendor',
  0x8000_0001: 'Extended features',
  0x8000_0002: 'Brand string, first third',
  0x8000_0003: 'Brand string, second third',
  0x8000_0004: 'Brand string, last third',
  0x8000_0005: 'L1 caches and TLBs',
  0x8000_0006: 'L2 and L3 caches',
  0x8000_0007: 'Power management, RAS',
  0x8000_0008: 'Address sizes, more features',
  0x8000_000a: 'SVM',
  0x8000_0019: 'TLBs of 1 GiB pages',
  0x8000_001a: 'Performance hints',
  0x8000_001b: 'Instruction-based sampling',
  0x8000_001c: 'Lightweight profiling',
  0x8000_001d: 'Caches',
  0x8000_001e: 'Topology',
  0x8000_001f: 'Memory encryption',
  0x8000_0021: 'Extended features 2',
  0x8000_0022: 'Performance monitoring 2',
};

export interface CpuidLeaf {
  readonly leaf: number;
  readonly subleaf: number;
  readonly eax: number;
  readonly ebx: number;
  readonly ecx: number;
  readonly edx: number;
}

function text(words: readonly number[]): string {
  const bytes = words.flatMap((word) => [word & 0xff, (word >> 8) & 0xff, (word >> 16) & 0xff, word >>> 24]);
  return cString(Uint8Array.from(bytes)).trim();
}

export interface CpuidSummary {
  readonly vendor?: string;
  readonly brand?: string;
  readonly family?: number;
  readonly model?: number;
  readonly stepping?: number;
  readonly highest?: number;
  readonly highestExtended?: number;
}

/** Family, model and stepping as they are spoken of: the extended parts added in. */
export function signature(eax: number): { readonly family: number; readonly model: number; readonly stepping: number } {
  const baseFamily = (eax >> 8) & 0xf;
  const baseModel = (eax >> 4) & 0xf;
  return {
    family: baseFamily === 0xf ? baseFamily + ((eax >> 20) & 0xff) : baseFamily,
    model: baseFamily === 0x6 || baseFamily === 0xf ? baseModel + ((eax >> 12) & 0xf0) : baseModel,
    stepping: eax & 0xf,
  };
}

export function summarise(leaves: readonly CpuidLeaf[]): CpuidSummary {
  const find = (leaf: number): CpuidLeaf | undefined => leaves.find((entry) => entry.leaf === leaf);
  const basic = find(0);
  const version = find(1);
  const extended = find(0x8000_0000);
  const brand = [0x8000_0002, 0x8000_0003, 0x8000_0004].map(find);
  const words = brand.flatMap((entry) => (entry ? [entry.eax, entry.ebx, entry.ecx, entry.edx] : []));
  return {
    ...(basic ? { vendor: text([basic.ebx, basic.edx, basic.ecx]), highest: basic.eax } : {}),
    ...(words.length > 0 ? { brand: text(words) } : {}),
    ...(version ? signature(version.eax) : {}),
    ...(extended ? { highestExtended: extended.eax } : {}),
  };
}
