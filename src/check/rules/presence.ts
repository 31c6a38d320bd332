/** What no reader misses, and the guest does: memory that a vCPU stands on. */
import { hex0x } from '../../lib/text';
import { type Rule, ADVICE } from '../kit/rule';

/** Where the walk from a vCPU's registers to its next instruction ended. */
export interface NextInstruction {
  readonly vcpu: number;
  readonly address: bigint;
  /** PFN of the page that the stream has no content for, −1 if there is none such on the way. */
  readonly lost: number;
  /** What that page is. */
  readonly what: 'page table' | 'code';
}

export const MEMORY_RULES: readonly Rule<NextInstruction>[] = [
  {
    id: 'HM-01',
    layer: 'spec',
    severity: 'warning',
    title: 'the next instruction of a vCPU lies in memory that the stream does not have',
    explain: 'libxc does not notice missing pages. The guest finds zeros or nothing there, and fails at once.',
    advice: ADVICE.resave,
    source: 'docs/specs/libxc-migration-stream.pandoc: Layout',
    when: ({ vcpu, address, lost, what }) =>
      lost >= 0 && {
        message: `vCPU ${vcpu} at ${hex0x(address)}: ${what === 'code' ? 'its code' : 'a page table on the way to its code'}, PFN ${hex0x(lost)}, is not in the stream`,
      },
  },
];
