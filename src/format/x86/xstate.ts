/** The extended state as CPUID leaf 0xd describes it. Source: Intel SDM vol. 1 ch. 13, AMD APM vol. 2 § 11.5. */
import type { XstateComponent } from '../guest';
import { fixedSize } from '../kit/layout';
import { parse } from '../kit/parse';
import { CPUID_LEAF } from '../libxc/policy';

const XSTATE_LEAF = 0xd;
const LEAF_SIZE = fixedSize(CPUID_LEAF) ?? 24;

/**
 * Components that leaf 0xd of a CPUID policy places, from the body of an X86_CPUID_POLICY record. Subleaf n ≥ 2 gives
 * the size (eax) and the offset (ebx) of component n, bytes; components of size 0 do not exist.
 */
export function xstateOf(policy: Uint8Array, littleEndian: boolean): XstateComponent[] {
  const found: XstateComponent[] = [];
  for (let at = 0; at + LEAF_SIZE <= policy.length; at += LEAF_SIZE) {
    const { leaf, subleaf, eax, ebx } = parse(CPUID_LEAF, policy, littleEndian, at);
    if (leaf !== XSTATE_LEAF || subleaf < 2 || subleaf > 62 || eax === 0) continue;
    found.push({ component: subleaf, size: eax, offset: ebx });
  }
  return found;
}
