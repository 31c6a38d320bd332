/** The domain configuration that the image carries. */
import { FileText } from 'lucide-react';
import { PanelMessage } from '../shared/panel-message';

export function ConfigPanel(): React.ReactNode {
  return <PanelMessage icon={FileText} title="Config" />;
}
