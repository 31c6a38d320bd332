/** The virtual CPUs: registers, flags, segments, MSRs. */
import { Cpu } from 'lucide-react';
import { PanelMessage } from '../shared/panel-message';

export function CpusPanel(): React.ReactNode {
  return <PanelMessage icon={Cpu} title="Cpus" />;
}
