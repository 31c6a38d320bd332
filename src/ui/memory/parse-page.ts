/** A PFN or guest physical address as it is typed: hex with or without 0x; what is beyond the last PFN is an address. */
const PAGE_SIZE = 4096;

export type ParsedPage = { readonly pfn: number; readonly isAddress: boolean } | { readonly problem: string };

export function parsePage(text: string, pfns: number): ParsedPage {
  const digits = /^(?:pfn[:\s]*)?(?:0x)?([\da-f]{1,13})$/iu.exec(text.trim())?.[1];
  if (digits === undefined) return { problem: 'not a hex number' };
  const value = Number.parseInt(digits, 16);
  if (value < pfns) return { pfn: value, isAddress: false };
  const pfn = Math.floor(value / PAGE_SIZE);
  return pfn < pfns ? { pfn, isAddress: true } : { problem: 'beyond the last page' };
}
