/**
 * Reading the text of `xen-cpuid -p`: the policies of a host (Raw, Host, PV Max, …) or of one domain. Source:
 * tools/misc/xen-cpuid.c. Leaves of which all four registers are 0 are not printed, though they count in the heading.
 */
import type { CpuidLeaf } from './leaf';

interface PolicyMsr {
  readonly idx: number;
  readonly val: bigint;
}

/** A policy as `xen-cpuid -p` prints it. */
export interface PolicyText {
  /** Name as printed: `Raw`, `HVM Max`, `Domain 5`. */
  readonly name: string;
  /** Numbers of the heading, leaves of zeros included. */
  readonly leafCount: number;
  readonly msrCount: number;
  readonly leaves: readonly CpuidLeaf[];
  readonly msrs: readonly PolicyMsr[];
}

/** More lines than any xen-cpuid prints; a file of another kind is not read to its end. */
const LINE_LIMIT = 20_000;

const HEADING = /^(?<name>\S.{0,60}?) policy: (?<leaves>\d{1,6}) leaves, (?<msrs>\d{1,6}) MSRs\s*$/u;
const LEAF =
  /^\s+(?<leaf>[\da-f]{8}):(?<subleaf>[\da-f]{8}) -> (?<eax>[\da-f]{8}):(?<ebx>[\da-f]{8}):(?<ecx>[\da-f]{8}):(?<edx>[\da-f]{8})\s*$/iu;
const MSR = /^\s+(?<idx>[\da-f]{8}) -> (?<val>[\da-f]{16})\s*$/iu;

const number = (digits: string | undefined): number => Number.parseInt(digits ?? '', 16);

/** Reads the policies in the text, in order; none where the text is another. Lines of other kinds are passed over. */
export function parsePolicyText(text: string): PolicyText[] {
  const found: (PolicyText & { leaves: CpuidLeaf[]; msrs: PolicyMsr[] })[] = [];
  for (const line of text.split('\n', LINE_LIMIT)) {
    const heading = HEADING.exec(line)?.groups;
    if (heading) {
      const { name = '', leaves, msrs } = heading;
      found.push({ name, leafCount: Number(leaves), msrCount: Number(msrs), leaves: [], msrs: [] });
      continue;
    }
    const policy = found.at(-1);
    const leaf = policy && LEAF.exec(line)?.groups;
    if (leaf) {
      policy.leaves.push({
        leaf: number(leaf['leaf']),
        subleaf: number(leaf['subleaf']),
        eax: number(leaf['eax']),
        ebx: number(leaf['ebx']),
        ecx: number(leaf['ecx']),
        edx: number(leaf['edx']),
      });
    }
    const msr = policy && MSR.exec(line)?.groups;
    if (msr) policy.msrs.push({ idx: number(msr['idx']), val: BigInt(`0x${msr['val'] ?? '0'}`) });
  }
  return found;
}
