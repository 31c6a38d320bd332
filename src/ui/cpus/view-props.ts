/** What a view of a VCPU's state is given. */
import type { VcpuFields } from './registers';
import type { Parts } from './state';

export interface ViewProps {
  readonly id: number;
  readonly vcpu: VcpuFields;
  readonly parts: Parts;
}
