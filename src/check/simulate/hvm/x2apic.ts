/** Notes how local APICs in x2APIC mode come up, once the context is loaded. Source: xen/arch/x86/hvm/vlapic.c. */
import { HVM_LAPIC, isApicOn, isX2apic } from '../../../format/hvm/apic';
import { HVM_LAPIC_REGS_X2APIC } from '../../../format/hvm/apic-regs';
import { loadedFields } from '../../../format/hvm/loaded';
import { fieldsOf } from '../../../format/kit/fields';
import { parse } from '../../../format/kit/parse';
import { X2APIC_RULES } from '../../rules/hvm/context/x2apic';
import type { Simulation } from '../simulation';
import { bodyOf, type HvmContext, type HvmEntryAt, placeOf } from './entry-at';

const { ID, LDR } = HVM_LAPIC_REGS_X2APIC.fields;
const idAt = fieldsOf(HVM_LAPIC_REGS_X2APIC)('ID').offset;
const ldrAt = fieldsOf(HVM_LAPIC_REGS_X2APIC)('LDR').offset;

/** Notes for each LAPIC entry in x2APIC mode what Xen makes of its registers: the last that the context has of them. */
export function noteX2apics(sim: Simulation, context: HvmContext, entries: readonly HvmEntryAt[]): void {
  const registers = new Map<number, HvmEntryAt>();
  for (const entry of entries) if (entry.type === 'LAPIC_REGS') registers.set(entry.instance, entry);
  for (const entry of entries) {
    const regs = entry.type === 'LAPIC' ? registers.get(entry.instance) : undefined;
    if (!regs) continue;
    const { apic_base_msr: base } = loadedFields(HVM_LAPIC, bodyOf(context, entry));
    if (!isApicOn(base) || !isX2apic(base)) continue;
    const page = bodyOf(context, regs);
    const apic = { vcpu: entry.instance, id: parse(ID, page, true, idAt), ldr: parse(LDR, page, true, ldrAt) };
    sim.apply(X2APIC_RULES, apic, placeOf(context, regs));
  }
}
