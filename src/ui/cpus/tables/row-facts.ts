/** What the page adds to an entry of a descriptor table: where it leads, and which registers have its selector. */
import { EXCEPTION_NAMES } from '../../../format/x86/exceptions';
import { isPresent, type TableRow } from '../../../memory/descriptors/rows';
import type { TableName } from '../../../memory/descriptors/table-source';
import type { TableMode } from '../../../memory/descriptors/tables';
import type { Leading } from '../../../state/follow';
import { SEGMENT_REGISTERS, type VcpuFields } from '../../../memory/vcpus/registers';
import { has, wide } from '../summary';

/** Returns the handler of a gate, or the base of a segment that does not start at 0. */
export function leadingOf(row: TableRow, { offset }: VcpuFields): Leading | undefined {
  const lead = (name: string, at: bigint): Leading => ({ name, offset, leadsTo: { space: 'va', at } });
  switch (row.kind) {
    case 'gate':
      return row.handler === undefined ? undefined : lead('handler', row.handler);
    case 'segment':
      return row.segment.base === 0n || !isPresent(row) ? undefined : lead('base', row.segment.base);
    case 'lost':
      return undefined;
  }
}

/** Selectors of a PV context; it has no tr, and its LDT comes by address. */
const PV_NAMES = ['cs', 'ss', 'ds', 'es', 'fs', 'gs'] as const;

/** Returns the registers by the selector that they hold, without the ring in its lowest bits. */
export function usesOf(vcpu: VcpuFields): ReadonlyMap<number, readonly string[]> {
  const uses = new Map<number, string[]>();
  for (const register of SEGMENT_REGISTERS) {
    const field = vcpu.form === 'hvm' ? (`${register}_sel` as const) : PV_NAMES.find((name) => name === register);
    if (!field || !has(vcpu, field)) continue;
    const selector = Number(wide(vcpu, field)) & 0xfffc;
    // The null selector names no entry.
    if (selector !== 0) uses.set(selector, [...(uses.get(selector) ?? []), register]);
  }
  return uses;
}

/** Vectors of exceptions. */
const EXCEPTIONS = 32;
/** Firmware has those from here on for devices and its own calls, in spite of what CPUs came to use them for. */
const FIRMWARES = 8;

/** Names an exception: `#PF page fault`. */
export const exceptionName = (vector: number, mode: TableMode): string | undefined =>
  vector < (mode === 'real' ? FIRMWARES : EXCEPTIONS) ? EXCEPTION_NAMES[vector] : undefined;

/** Returns the selector of an entry of GDT or LDT, for ring 0. */
export const selectorOf = (index: number, table: TableName): number => index * 8 + (table === 'LDT' ? 4 : 0);
