/** The registers of a vCPU by name, whatever kind of context they stand in. */
import type { NamedFields } from '../../format/kit/named';
import { GUEST_CONTEXT_32_SIZE } from '../../format/pv/guest-context-32';
import { VCPU_HEADER_SIZE } from '../../format/libxc/vcpu-header';
import type { RestoredVcpu } from '../../scan/restored/vcpus';
import type { RegisterName } from './part-fields';
import { type Part, type Parts, REGISTERS } from './parts';

/** What the bytes are: registers of a kind, or why there are none to show. */
type Form = 'hvm' | 'pv64' | 'pv32' | 'offline' | 'empty' | 'unknown';

/** The registers of a vCPU, and where they stand. */
export interface VcpuFields {
  readonly form: Form;
  readonly record: number;
  /** Bytes of the registers in the file. */
  readonly offset: number;
  readonly length: number;
  /** Bytes that should be there: more than `length` where the file ends before. */
  readonly claimed: number;
  readonly fields: NamedFields<RegisterName>;
}

/** Registers with a selector, as HVM contexts name them; a PV context has the first six. */
export const SEGMENT_REGISTERS = ['cs', 'ss', 'ds', 'es', 'fs', 'gs', 'tr', 'ldtr'] as const;

const NO_FIELDS: VcpuFields['fields'] = new Map();

function pvFields(part: Part): VcpuFields {
  const context = part.nodes.find(({ name }) => name === 'vcpu_guest_context');
  const claimed = Math.max(0, part.claimed - VCPU_HEADER_SIZE);
  const length = Math.max(0, part.length - VCPU_HEADER_SIZE);
  const { record } = part;
  const base = { record, offset: context?.offset ?? part.offset, length, claimed };
  if (!context) return { ...base, form: 'empty', fields: NO_FIELDS };
  if (!context.children) return { ...base, form: 'unknown', fields: NO_FIELDS };
  return { ...base, form: claimed === GUEST_CONTEXT_32_SIZE ? 'pv32' : 'pv64', fields: part.fields };
}

/** Picks the registers out of the parts of a vCPU; an HVM vCPU without a CPU entry was not up when it was saved. */
export function registersOf(vcpu: RestoredVcpu, parts: Parts): VcpuFields {
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

/** Tells whether there are registers to show. */
export const hasRegisters = ({ form }: VcpuFields): boolean => form === 'hvm' || form === 'pv64' || form === 'pv32';
