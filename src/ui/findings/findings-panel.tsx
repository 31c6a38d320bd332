/** What is damaged, or not as the specification has it. */
import { ShieldCheck } from 'lucide-react';
import { PanelMessage } from '../shared/panel-message';

export function FindingsPanel(): React.ReactNode {
  return <PanelMessage icon={ShieldCheck} title="Findings" />;
}
