/** Images that were blanked before they were shared. */
import { pages, PV_PAGES, pvParts, vcpu } from '../../../fixtures/built/restorable';
import { latin1, XC } from '../../../fixtures/built/stream';
import type { RuleCase } from './case';

/** As `xenscope export --blank` fills in: 32 bytes, over and over. */
const blank = (length: number): Uint8Array =>
  latin1('Blanked for sharing by Xenscope\n'.repeat(Math.ceil(length / 32))).subarray(0, length);
const otherwise = (bytes: Uint8Array): Uint8Array => Uint8Array.from(bytes, (byte, at) => (at === 31 ? 0 : byte));

const all = PV_PAGES.map(([pfn, type]) => [pfn, type, blank(4096)] as const);
const first = PV_PAGES.map(
  ([pfn, type, content], at) => [pfn, type, at === 0 ? otherwise(blank(4096)) : content] as const,
);

export const BLANKED_CASES: readonly RuleCase[] = [
  { key: 'SH-01', base: pvParts, bad: { pages: pages(all) }, near: { pages: pages(first) } },
  {
    key: 'SH-02',
    base: pvParts,
    bad: { basic: vcpu(XC.VCPU_BASIC, 0, blank(5168)) },
    near: { basic: vcpu(XC.VCPU_BASIC, 0, otherwise(blank(5168))) },
  },
];
