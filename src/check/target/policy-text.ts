/** The output of `xen-cpuid -p`: the policies that a host has for its guests. */
import { parsePolicyText } from '../../format/x86/cpuid/policy-text';
import { policyOf } from './policy';
import type { CpuTarget } from './target';

/** Reads the policies of a host; undefined where the text is no such output. */
export function parseTarget(text: string): CpuTarget | undefined {
  const policies = new Map(
    parsePolicyText(text).map(({ name, leaves, msrs }) => [name.toLowerCase(), policyOf(leaves, msrs)]),
  );
  const host = policies.get('host') ?? policies.get('raw');
  const pvMax = policies.get('pv max') ?? policies.get('pv') ?? host;
  const hvmMax = policies.get('hvm max') ?? policies.get('hvm') ?? host;
  return host && pvMax && hvmMax ? { host, pvMax, hvmMax } : undefined;
}
