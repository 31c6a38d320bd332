/** The shape of a severity: octagon, triangle, circle, tick. Never colour alone. */
import { Check, CircleAlert, OctagonX, TriangleAlert } from 'lucide-react';
import type { Severity } from '../../scan/finding';

const ICONS = { fatal: OctagonX, warning: TriangleAlert, note: CircleAlert, ok: Check } as const;

/** Shows a severity by its shape, so that it is never told by colour alone; `size` is in pixels. */
export function SeverityIcon({
  severity,
  size = 14,
}: {
  readonly severity: Severity | 'ok';
  readonly size?: number;
}): React.ReactNode {
  const Icon = ICONS[severity];
  return <Icon size={size} strokeWidth={1.75} aria-hidden />;
}
