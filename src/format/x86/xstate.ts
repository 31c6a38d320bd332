/** The extended state as CPUID leaf 0xd describes it. Source: Intel SDM vol. 1 ch. 13, AMD APM vol. 2 § 11.5. */
import type { XstateComponent } from '../guest';
import { readU32 } from '../kit/bytes';

const XSTATE_LEAF = 0xd;
/** xen_cpuid_leaf_t: leaf, subleaf, eax, ebx, ecx, edx. Read plainly, lest the scan carry the tables of all leaves. */
const LEAF_SIZE = 24;

/**
 * Components that leaf 0xd of a CPUID policy places, from the body of an X86_CPUID_POLICY record. Subleaf n ≥ 2 gives
 * the size (eax) and the offset (ebx) of component n, bytes, and whether compaction aligns it (ecx bit 1); components of size 0 do not exist.
 */
export function xstateOf(policy: Uint8Array, littleEndian: boolean): XstateComponent[] {
  const found: XstateComponent[] = [];
  for (let at = 0; at + LEAF_SIZE <= policy.length; at += LEAF_SIZE) {
    const [leaf = 0, subleaf = 0, eax = 0, ebx = 0, ecx = 0] = [0, 4, 8, 12, 16].map((part) =>
      readU32(policy, at + part, littleEndian),
    );
    if (leaf !== XSTATE_LEAF || subleaf < 2 || subleaf > 62 || eax === 0) continue;
    found.push({ component: subleaf, size: eax, offset: ebx, aligned: (ecx & 2) !== 0 });
  }
  return found;
}
