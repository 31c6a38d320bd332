/** CPUID and MSR policy of the domain. */
import { ListChecks } from 'lucide-react';
import { PanelMessage } from '../shared/panel-message';

export function PolicyPanel(): React.ReactNode {
  return <PanelMessage icon={ListChecks} title="Policy" />;
}
