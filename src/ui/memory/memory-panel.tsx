/** Guest memory: the page map, one page in detail, the passes of a live migration. */
import { LayoutGrid } from 'lucide-react';
import { PanelMessage } from '../shared/panel-message';

export function MemoryPanel(): React.ReactNode {
  return <PanelMessage icon={LayoutGrid} title="Memory" />;
}
