/** FPU and vector registers. */
import type { ViewProps } from './views';

export function FpuView({ id }: ViewProps): React.ReactNode {
  return id;
}
