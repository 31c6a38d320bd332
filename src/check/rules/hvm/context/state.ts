/** An entry of the HVM context as Xen's load functions see it, and how the rules of one type are held against it. */
import { HVM_BODIES, hvmBodyOf, type HvmLaidOut, type HvmLayout } from '../../../../format/hvm/bodies';
import type { LengthCheck } from '../../../../format/hvm/length';
import { loadedFields } from '../../../../format/hvm/loaded';
import type { HvmTypeName } from '../../../../format/hvm/types';
import type { StructField, ValueOf } from '../../../../format/kit/layout';
import type { DomainKind } from '../../../kit/domain';
import type { Rule, RuleText } from '../../../kit/rule';
import type { XenVersion } from '../../../kit/xen-version';
import type { GuestCpu } from '../../../target/guest-cpu';
import type { CpuTarget } from '../../../target/target';

/** What Xen knows of an entry before it looks into the body, and of the domain that the entry is for. */
export interface HvmEntrySubject {
  readonly type: HvmTypeName;
  readonly instance: number;
  /** Bytes of the body by the descriptor, and bytes that the context has behind the descriptor. */
  readonly length: number;
  readonly remaining: number;
  /** How this Xen looks at the length. */
  readonly lengthCheck: LengthCheck;
  readonly xen: XenVersion;
  readonly kind: DomainKind;
  readonly maxVcpus: number;
  readonly nestedHvm: boolean;
  readonly cpu: GuestCpu | undefined;
  /** Whether the stream has the page. */
  readonly isPopulated: (pfn: bigint) => boolean;
  readonly target: CpuTarget | undefined;
  /** XCR0_accum that a CPU_XSAVE entry has set for this vCPU before. */
  readonly accum: bigint;
}

/** An entry with its body, parsed once for all rules of its type. */
export interface HvmStateSubject<F extends StructField> extends HvmEntrySubject {
  /** Fields of the body, zeros where it stops before them. */
  readonly state: ValueOf<F>;
  /** The body as it is in the context. */
  readonly body: Uint8Array;
}

/** A rule that looks at any entry, whatever is in it. */
export type EntryRule = Rule<HvmEntrySubject>;
/** A rule that looks at the fields of entries of one type. */
export type StateRule<F extends StructField> = Rule<HvmStateSubject<F>>;

/** Holds rules against what they look at; true where Xen stops at one. */
type Apply = <S>(rules: readonly Rule<S>[], subject: S) => boolean;

/** The rules of one type, in the order in which Xen tests: before and after those of every type. */
export interface TypeRules {
  readonly before: readonly RuleText[];
  readonly after: readonly RuleText[];
  /** Holds the rules before. */
  readonly first: (apply: Apply, entry: HvmEntrySubject) => boolean;
  /** Holds the rules after. `body`: as it is in the context. */
  readonly last: (apply: Apply, entry: HvmEntrySubject, body: Uint8Array) => boolean;
}

/** Makes the rules of a type whose own tests come before those that all load functions make. */
export const rulesBefore = (rules: readonly EntryRule[]): TypeRules => ({
  before: rules,
  after: [],
  first: (apply, entry) => apply(rules, entry),
  last: () => false,
});

/** Bytes of a body that are parsed: the MSRs of a hostile file could be millions, Xen sends ten. */
const PARSE_LIMIT = 64 * 1024;

/** The bodies that have a layout: seen so, the compiler knows the layout of a name that is not known yet. */
const LAID_OUT: { readonly [N in HvmLaidOut]: { readonly layout: HvmLayout<N> } } = HVM_BODIES;

/** Makes the rules of a type from those over its fields, which come after those that all load functions make. */
export const rulesOver = <N extends HvmLaidOut>(name: N, rules: readonly StateRule<HvmLayout<N>>[]): TypeRules =>
  rulesOverStart(LAID_OUT[name].layout, rules);

/** Makes the rules of a type whose body is described by no layout from those over what it starts with. */
export const rulesOverStart = <F extends StructField>(layout: F, rules: readonly StateRule<F>[]): TypeRules => ({
  before: [],
  after: rules,
  first: () => false,
  last: (apply, entry, body) => {
    const known = hvmBodyOf(entry.type);
    const compat = known.rule === 'zeroextended' ? known.compat : undefined;
    const state = loadedFields(layout, body.subarray(0, PARSE_LIMIT), { compat });
    return apply(rules, { ...entry, body, state });
  },
});
