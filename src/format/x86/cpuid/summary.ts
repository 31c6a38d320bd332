/** A CPUID policy as a whole. Source: Intel SDM vol. 2A (CPUID), AMD APM vol. 3 app. E. */
import { given } from '../../../lib/given';
import { xstateName } from '../xcr0';
import { type Cache, cacheOf, l1Cache, outerCache } from './caches';
import { bitsOf, type CpuidLeaf } from './leaf';
import { lettersOf } from './letters';
import { type Signature, signature } from './signature';

interface Component {
  readonly number: number;
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Offset in the uncompacted area, bytes; 0 for supervisor state. */
  readonly offset: number;
  readonly supervisor: boolean;
}

interface Topology {
  /** Logical processors of the package; undefined where no leaf says. */
  readonly processors?: number;
  readonly threadsPerCore?: number;
}

/** What a CPUID policy says of the CPU as a whole. */
export interface CpuidSummary {
  readonly vendor?: string;
  readonly brand?: string;
  readonly signature?: Signature;
  readonly highest?: number;
  readonly highestExtended?: number;
  readonly topology: Topology;
  readonly caches: readonly Cache[];
  /** Components beyond x87 and SSE. */
  readonly xstate: readonly Component[];
  /** Bytes of the uncompacted area for all that XCR0 can enable. */
  readonly xstateSize?: number;
  /** Limits of the leaves at 0x40000000 and 0x40000100; 0 for none. */
  readonly hypervisorLimit?: number;
  readonly viridianXenLimit?: number;
  readonly physicalBits?: number;
  readonly linearBits?: number;
}

type Find = (leaf: number, subleaf?: number) => CpuidLeaf | undefined;

/** Makes the finder of leaves. Where a leaf is there twice the last one counts, as Xen overwrites. */
const finder =
  (leaves: readonly CpuidLeaf[]): Find =>
  (leaf, subleaf) =>
    leaves.findLast((entry) => entry.leaf === leaf && (subleaf === undefined || entry.subleaf === subleaf));

const AMD_VENDORS = new Set(['AuthenticAMD', 'HygonGenuine']);

/** Returns the caches: from leaf 4 for Intel, from leaves 0x80000005 and 6 for AMD, as a policy holds one subleaf of 0x8000001d only. */
function cachesOf(find: Find): Cache[] {
  const listed: Cache[] = [];
  for (let subleaf = 0; subleaf < 6; subleaf++) {
    const entry = find(0x4, subleaf);
    const cache = entry && cacheOf(entry);
    if (!cache) break;
    listed.push(cache);
  }
  if (listed.length > 0) return listed;
  const inner = find(0x8000_0005);
  const outer = find(0x8000_0006);
  const found = [
    inner && l1Cache('data', inner.ecx),
    inner && l1Cache('instruction', inner.edx),
    outer && outerCache(2, outer.ecx),
    outer && outerCache(3, outer.edx),
  ];
  return found.filter((cache) => cache !== undefined);
}

/** Returns the logical processors of the package. HTT says that the count of leaf 1 holds, CMP_LEGACY that the wider one of 0x80000008 does. */
function processorsOf(find: Find): number | undefined {
  const one = find(0x1);
  if (!one) return undefined;
  if (bitsOf(one.edx, 28, 1) === 0) return 1;
  const sizes = find(0x8000_0008);
  const isLegacy = bitsOf(find(0x8000_0001)?.ecx ?? 0, 1, 1) === 1;
  return sizes && isLegacy ? bitsOf(sizes.ecx, 0, 8) + 1 : bitsOf(one.ebx, 16, 8);
}

function topologyOf(find: Find, vendor: string | undefined): Topology {
  const isAmd = vendor !== undefined && AMD_VENDORS.has(vendor);
  const processors = processorsOf(find);
  const threads = find(0xb, 0);
  const units = find(0x8000_001e);
  const extended = find(0x8000_0001);
  const hasUnits = isAmd && extended !== undefined && bitsOf(extended.ecx, 22, 1) === 1;
  const perCore =
    threads && bitsOf(threads.ecx, 8, 8) === 1
      ? bitsOf(threads.ebx, 0, 16)
      : units && hasUnits
        ? bitsOf(units.ebx, 8, 8) + 1
        : undefined;
  return given({ processors, threadsPerCore: perCore });
}

function xstateOf(leaves: readonly CpuidLeaf[], find: Find): Component[] {
  const numbers = leaves.filter(({ leaf, subleaf }) => leaf === 0xd && subleaf >= 2 && subleaf <= 62);
  return [...new Set(numbers.map(({ subleaf }) => subleaf))].flatMap((number) => {
    const entry = find(0xd, number);
    if (!entry || entry.eax === 0) return [];
    const { eax: size, ebx: offset, ecx } = entry;
    return [{ number, name: xstateName(number), size, offset, supervisor: bitsOf(ecx, 0, 1) === 1 }];
  });
}

/** Sums up the leaves of a CPUID policy. */
export function summarise(leaves: readonly CpuidLeaf[]): CpuidSummary {
  const find = finder(leaves);
  const basic = find(0);
  const version = find(1);
  const area = find(0xd, 0);
  const extended = find(0x8000_0000);
  const widths = find(0x8000_0008);
  const limit = find(0x4000_0000);
  const limit2 = find(0x4000_0100);
  const words = [0x8000_0002, 0x8000_0003, 0x8000_0004]
    .map((leaf) => find(leaf))
    .flatMap((entry) => (entry ? [entry.eax, entry.ebx, entry.ecx, entry.edx] : []));
  const hasWidths = widths !== undefined && widths.eax !== 0;
  const vendor = basic && lettersOf([basic.ebx, basic.edx, basic.ecx]);
  return {
    ...given({
      vendor,
      brand: words.length > 0 ? lettersOf(words) : undefined,
      signature: version && signature(version.eax),
      highest: basic?.eax,
      highestExtended: extended?.eax,
      xstateSize: area && area.eax !== 0 ? area.ecx : undefined,
      hypervisorLimit: limit && limit.eax & 0xff,
      viridianXenLimit: limit2 && limit2.eax & 0xff,
      physicalBits: hasWidths ? bitsOf(widths.eax, 0, 8) : undefined,
      linearBits: hasWidths ? bitsOf(widths.eax, 8, 8) : undefined,
    }),
    topology: topologyOf(find, vendor),
    caches: cachesOf(find),
    xstate: xstateOf(leaves, find),
  };
}
