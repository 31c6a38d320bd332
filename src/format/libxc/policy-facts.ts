/**
 * What the CPUID policy of a guest says of it as a whole: the width of its addresses, the parts of its extended state.
 * Source: AMD APM vol. 3 app. E.4.7; Intel SDM vol. 1 ch. 13, AMD APM vol. 2 § 11.5.
 */
import type { XstateComponent } from '../guest';
import { leavesIn } from './cpuid-leaf';

const ADDRESS_SIZES = 0x8000_0008;
const XSTATE = 0xd;
/** Subleaves that stand for components: the highest has bit 62 of XCR0. */
const FIRST_COMPONENT = 2;
const LAST_COMPONENT = 62;

/** Returns the bits of a guest-physical address, from the body of an X86_CPUID_POLICY record; undefined where it says nothing sane. */
export function addressBitsOf(policy: Uint8Array, littleEndian: boolean): number | undefined {
  for (const { leaf, eax } of leavesIn(policy, littleEndian)) {
    const bits = eax & 0xff;
    if (leaf === ADDRESS_SIZES) return bits >= 32 && bits <= 52 ? bits : undefined;
  }
  return undefined;
}

/**
 * Returns the components that leaf 0xd of a CPUID policy places, from the body of an X86_CPUID_POLICY record. Subleaf
 * n ≥ 2 gives the size (eax) and the offset (ebx) of component n, bytes, and whether compaction aligns it (ecx bit 1);
 * components of size 0 do not exist.
 */
export function xstateOf(policy: Uint8Array, littleEndian: boolean): XstateComponent[] {
  const found: XstateComponent[] = [];
  for (const { leaf, subleaf, eax, ebx, ecx } of leavesIn(policy, littleEndian)) {
    if (leaf !== XSTATE || subleaf < FIRST_COMPONENT || subleaf > LAST_COMPONENT || eax === 0) continue;
    found.push({ component: subleaf, size: eax, offset: ebx, aligned: (ecx & 2) !== 0 });
  }
  return found;
}
