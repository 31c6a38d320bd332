/**
 * A place in the guest's memory as it is typed, in hex with or without 0x: `pfn:`, `gpa:` or `va:` before it says what it
 * is. A bare number is a PFN up to the last one; beyond that an address, of which the range tells whose.
 */
import { hex0x } from '../../../lib/text';

const PAGE_BITS = 12n;

/** Kernels map themselves into the upper half of the address space. With 64 bits no physical address reaches it. */
const UPPER_HALF = { narrow: 0x8000_0000n, wide: 0xffff_8000_0000_0000n } as const;
const NARROW_END = 0x1_0000_0000n;

/** `reading` says how the text was understood. */
export type ParsedPage =
  | { readonly pfn: number; readonly isAddress: boolean; readonly reading: string }
  /** A virtual address, which no page of the map can be. */
  | { readonly va: bigint; readonly reading: string }
  | { readonly problem: string };

/**
 * Returns what place in a guest with `pfns` pages the text means, or what is wrong with it; `narrow` says that virtual
 * addresses have 32 bits.
 */
export function parsePage(text: string, pfns: number, narrow = false): ParsedPage {
  const [, prefix, digits] = /^(?:(pfn|gpa|va)[:\s]\s*)?(?:0x)?([\da-f_]+)$/iu.exec(text.trim()) ?? [];
  const bare = digits?.replaceAll('_', '').replace(/^0+(?=.)/u, '') ?? '';
  if (bare === '') return { problem: 'Not a hex number' };
  if (bare.length > 16) return { problem: 'Longer than 64 bits' };
  const value = BigInt(`0x${bare}`);
  switch (prefix?.toLowerCase()) {
    case 'va':
      return { va: value, reading: 'A virtual address' };
    case 'gpa':
      return asAddress(value, pfns) ?? { problem: `Beyond the last page, PFN ${lastOf(pfns)}` };
    case 'pfn':
      return asPfn(value, pfns) ?? { problem: beyond(value, pfns) };
    default:
      return asPfn(value, pfns) ?? beyondLast(value, pfns, narrow);
  }
}

const lastOf = (pfns: number): string => hex0x(Math.max(0, pfns - 1));
const beyond = (value: bigint, pfns: number): string => `PFN ${hex0x(value)} is beyond the last, ${lastOf(pfns)}`;

const asPfn = (value: bigint, pfns: number): ParsedPage | undefined =>
  value < BigInt(pfns)
    ? { pfn: Number(value), isAddress: false, reading: `PFN ${hex0x(value)}, guest ${hex0x(value << PAGE_BITS)}` }
    : undefined;

function asAddress(value: bigint, pfns: number): Extract<ParsedPage, { pfn: number }> | undefined {
  const pfn = value >> PAGE_BITS;
  return pfn < BigInt(pfns)
    ? { pfn: Number(pfn), isAddress: true, reading: `Guest address ${hex0x(value)}: PFN ${hex0x(pfn)}` }
    : undefined;
}

/** Reads a number beyond the last PFN as an address: virtual goes before physical in the upper half, after it below. */
function beyondLast(value: bigint, pfns: number, narrow: boolean): ParsedPage {
  if (!narrow && value >= UPPER_HALF.wide) return { va: value, reading: 'A virtual address' };
  const physical = asAddress(value, pfns);
  if (narrow && value < NARROW_END && (!physical || value >= UPPER_HALF.narrow))
    return { va: value, reading: `${beyond(value, pfns)}: taken for a virtual address` };
  if (!physical) return { problem: `Beyond the last page, PFN ${lastOf(pfns)}, both as PFN and as address` };
  const other = narrow ? '; va: for a virtual one' : '';
  return { ...physical, reading: `${beyond(value, pfns)}; as a guest address: PFN ${hex0x(physical.pfn)}${other}` };
}
