/** What a view of a vCPU's state is given. */
import type { VcpuFields } from '../../memory/vcpus/registers';
import type { Parts } from '../../memory/vcpus/parts';

export interface ViewProps {
  readonly id: number;
  readonly vcpu: VcpuFields;
  readonly parts: Parts;
}
