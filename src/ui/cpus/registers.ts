/** The registers of a VCPU as the panels ask for them: by name, whatever kind of context they stand in. */
import type { FieldNode } from '../../format/kit/node';
import { GUEST_CONTEXT_32_SIZE } from '../../format/pv/guest-context-32';
import { type Part, type Parts, REGISTERS } from './state';
import type { Vcpu } from './vcpus';

/** What the bytes are: registers of a kind, or why there are none to show. */
type Form = 'hvm' | 'pv64' | 'pv32' | 'offline' | 'empty' | 'unknown';

export interface VcpuFields {
  readonly form: Form;
  readonly record: number;
  /** Bytes of the registers in the file. */
  readonly offset: number;
  readonly length: number;
  /** Bytes that should be there: more than `length` where the file ends before. */
  readonly claimed: number;
  readonly fields: ReadonlyMap<string, FieldNode>;
}

/** Registers with a selector, as HVM contexts name them; a PV context has the first six. */
export const SEGMENT_REGISTERS = ['cs', 'ss', 'ds', 'es', 'fs', 'gs', 'tr', 'ldtr'] as const;

/** VCPU number and reserved bytes. */
const PV_HEADER_SIZE = 8;
const NO_FIELDS: VcpuFields['fields'] = new Map();

function pvFields(part: Part): VcpuFields {
  const context = part.nodes.find(({ name }) => name === 'vcpu_guest_context');
  const claimed = Math.max(0, part.claimed - PV_HEADER_SIZE);
  const length = Math.max(0, part.length - PV_HEADER_SIZE);
  const { record } = part;
  const base = { record, offset: context?.offset ?? part.offset, length, claimed };
  if (!context) return { ...base, form: 'empty', fields: NO_FIELDS };
  if (!context.children) return { ...base, form: 'unknown', fields: NO_FIELDS };
  return { ...base, form: claimed === GUEST_CONTEXT_32_SIZE ? 'pv32' : 'pv64', fields: part.fields };
}

/** The registers among the parts loaded; an HVM VCPU without a CPU entry was not up when it was saved. */
export function registersOf(vcpu: Vcpu, parts: Parts): VcpuFields {
  const part = REGISTERS.map((name) => parts.get(name)).find((found) => found !== undefined);
  if (!part) {
    const [first] = vcpu.entries ?? [];
    const offset = first?.offset ?? 0;
    return { form: 'offline', record: vcpu.record, offset, length: 0, claimed: 0, fields: NO_FIELDS };
  }
  if (vcpu.entries === undefined) return pvFields(part);
  const { record, offset, length, claimed, fields } = part;
  return { form: 'hvm', record, offset, length, claimed, fields };
}

export const hasRegisters = ({ form }: VcpuFields): boolean => form === 'hvm' || form === 'pv64' || form === 'pv32';
