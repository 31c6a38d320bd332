/** The comparison of two loaded vCPUs. */
import { type Comparison, countDifferences, pairFields, type Pairs } from './compare';
import { hasRegisters, type VcpuFields } from '../../memory/vcpus/registers';
import type { LoadedVcpu } from './use-state';

/** An HVM vCPU that was not up has an APIC all the same. */
const kindOf = ({ form }: VcpuFields): string => (form === 'offline' ? 'hvm' : form);

/** Compares two vCPUs. Undefined while one of them is not there, and for contexts that are not of one kind. */
export function comparisonOf(id: number, ours: LoadedVcpu, theirs: LoadedVcpu): Comparison | undefined {
  if (ours.state !== 'ready' || theirs.state !== 'ready' || kindOf(ours.vcpu) !== kindOf(theirs.vcpu)) return undefined;
  const pairs: Pairs = new WeakMap();
  const theirsByName = new Map(Array.from(theirs.parts.values(), (part) => [part.name, part]));
  for (const part of ours.parts.values()) {
    const other = theirsByName.get(part.name);
    // What both have in common is not compared.
    if (other && other.offset !== part.offset) pairFields(part.nodes, other.nodes, pairs);
  }
  return { id, pairs, parts: theirs.parts };
}

/** Returns how many registers differ, if both have any. */
export function registerDifferences(
  comparison: Comparison | undefined,
  ours: LoadedVcpu,
  theirs: LoadedVcpu,
): number | undefined {
  if (!comparison || ours.state !== 'ready' || theirs.state !== 'ready') return undefined;
  const both = hasRegisters(ours.vcpu) && hasRegisters(theirs.vcpu);
  return both ? countDifferences(ours.vcpu.fields.values(), comparison.pairs) : undefined;
}
