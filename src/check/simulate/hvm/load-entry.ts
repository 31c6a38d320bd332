/** Loads one entry of the HVM context: holds the rules of every type and those of its own against it, in Xen's order. */
import { lengthChecks } from '../../../format/hvm/bodies';
import { HVM_DESCRIPTOR_SIZE } from '../../../format/hvm/entries';
import { loadedFields } from '../../../format/hvm/loaded';
import { HVM_XSAVE } from '../../../format/x86/xsave-layouts';
import type { Rule } from '../../kit/rule';
import { RULES_BY_TYPE } from '../../rules/hvm/context/by-type';
import { EVERY_TYPE_RULES } from '../../rules/hvm/context/every-type';
import type { HvmEntrySubject } from '../../rules/hvm/context/state';
import type { Simulation } from '../simulation';
import { bodyOf, type HvmContext, type HvmEntryAt, placeOf } from './entry-at';
import { hasPage } from './has-page';
import { entryRefused, type Pass } from './refusal';

/** Loads the entries of one context after each other. */
export class EntryLoader {
  /** How this Xen looks at the length of entries, by type. */
  readonly checks;
  readonly #sim: Simulation;
  readonly #context: HvmContext;
  readonly #domain;
  /** XCR0_accum of the vCPUs whose extended state was loaded. */
  readonly #accum = new Map<number, bigint>();

  constructor(sim: Simulation, context: HvmContext) {
    this.#sim = sim;
    this.#context = context;
    this.checks = lengthChecks(sim.xen);
    this.#domain = {
      xen: sim.xen,
      kind: sim.config?.type ?? 'hvm',
      maxVcpus: sim.config?.maxVcpus ?? Number.POSITIVE_INFINITY,
      nestedHvm: sim.config?.nestedHvm ?? false,
      cpu: sim.guestCpu,
      isPopulated: (pfn: bigint) => hasPage(sim, pfn),
      target: sim.target,
    } as const;
  }

  /** Loads an entry, or looks at it; false where Xen refuses it. */
  load(entry: HvmEntryAt, pass: Pass): boolean {
    const { type, instance, length, at } = entry;
    const body = bodyOf(this.#context, entry);
    const { xen, kind, maxVcpus, nestedHvm, cpu, isPopulated, target } = this.#domain;
    // Written out, as a hostile context has a million entries and a spread costs more than all rules.
    const subject: HvmEntrySubject = {
      xen,
      kind,
      maxVcpus,
      nestedHvm,
      cpu,
      isPopulated,
      target,
      type,
      instance,
      length,
      remaining: this.#context.bytes.length - at - HVM_DESCRIPTOR_SIZE,
      lengthCheck: this.checks[type],
      accum: this.#accum.get(instance) ?? 0n,
    };
    const place = placeOf(this.#context, entry);
    const refused = entryRefused(this.#sim, entry, pass);
    const apply = <S>(rules: readonly Rule<S>[], seen: S): boolean => this.#sim.apply(rules, seen, place, refused);
    const own = RULES_BY_TYPE[type];
    if (own?.first(apply, subject) === true || apply(EVERY_TYPE_RULES, subject)) return false;
    if (own?.last(apply, subject, body) === true) return false;
    if (type === 'CPU_XSAVE') this.#accum.set(instance, loadedFields(HVM_XSAVE, body).xcr0_accum);
    return true;
  }
}
