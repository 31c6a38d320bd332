/** The output of `xen-cpuid -p`: the policies that Xen has for its guests. Source: tools/misc/xen-cpuid.c. */
import { CpuPolicy, type Leaf } from './policy';
import type { CpuTarget } from './target';

const TITLE = /^(.+?) policy: \d+ leaves, \d+ MSRs$/u;
const LEAF = /^\s*([\da-f]{8}):([\da-f]{8}) -> ([\da-f]{8}):([\da-f]{8}):([\da-f]{8}):([\da-f]{8})$/u;
const MSR = /^\s*([\da-f]{8}) -> ([\da-f]{16})$/u;

const word = (text: string | undefined): number => Number.parseInt(text ?? '', 16);

function policiesIn(text: string): Map<string, CpuPolicy> {
  const found = new Map<string, { leaves: Leaf[]; msrs: Map<number, bigint> }>();
  let current: { leaves: Leaf[]; msrs: Map<number, bigint> } | undefined;
  for (const line of text.split(/\r?\n/u)) {
    const title = TITLE.exec(line);
    if (title) {
      current = { leaves: [], msrs: new Map() };
      found.set((title[1] ?? '').toLowerCase(), current);
      continue;
    }
    const leaf = LEAF.exec(line);
    if (leaf) {
      const [, at, sub, eax, ebx, ecx, edx] = leaf;
      current?.leaves.push({
        leaf: word(at),
        subleaf: word(sub),
        eax: word(eax),
        ebx: word(ebx),
        ecx: word(ecx),
        edx: word(edx),
      });
      continue;
    }
    const msr = MSR.exec(line);
    if (msr) current?.msrs.set(word(msr[1]), BigInt(`0x${msr[2] ?? '0'}`));
  }
  return new Map(Array.from(found, ([name, { leaves, msrs }]) => [name, new CpuPolicy(leaves, msrs)]));
}

/** The host's policies; undefined where the text is not such an output. */
export function parseTarget(text: string): CpuTarget | undefined {
  const policies = policiesIn(text);
  const host = policies.get('host') ?? policies.get('raw');
  const pvMax = policies.get('pv max') ?? policies.get('pv') ?? host;
  const hvmMax = policies.get('hvm max') ?? policies.get('hvm') ?? host;
  return host && pvMax && hvmMax ? { host, pvMax, hvmMax } : undefined;
}
