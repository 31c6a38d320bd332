/** Width of physical addresses, as CPUID leaf 0x80000008 gives it. Source: AMD APM vol. 3 app. E.4.7. */
import { fixedSize } from '../kit/layout';
import { parse } from '../kit/parse';
import { CPUID_LEAF } from '../libxc/policy';

const ADDRESS_SIZES = 0x8000_0008;
const LEAF_SIZE = fixedSize(CPUID_LEAF) ?? 24;

/** Bits of a guest-physical address, from the body of an X86_CPUID_POLICY record; undefined where it says nothing sane. */
export function addressBitsOf(policy: Uint8Array, littleEndian: boolean): number | undefined {
  for (let at = 0; at + LEAF_SIZE <= policy.length; at += LEAF_SIZE) {
    const { leaf, eax } = parse(CPUID_LEAF, policy, littleEndian, at);
    const bits = eax & 0xff;
    if (leaf === ADDRESS_SIZES) return bits >= 32 && bits <= 52 ? bits : undefined;
  }
  return undefined;
}
