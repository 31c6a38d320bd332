/** The domain configuration that the image carries: xl's JSON, its older text, or libvirt's XML. */
import { FileText, LoaderCircle } from 'lucide-react';
import { useApp } from '../../state/store';
import { PanelMessage } from '../shared/panel-message';
import { ConfigView } from './config-view';
import { useConfig } from './use-config';

export function ConfigPanel(): React.ReactNode {
  const { config, loaded } = useConfig();
  const container = useApp((state) => state.image.container);
  const scanning = useApp((state) => state.phase === 'scanning');
  if (!config) {
    const why =
      container === 'libxl' || container === 'libxc'
        ? 'A bare stream carries none: the toolstack that sent it keeps the configuration.'
        : 'The header of the file holds none, or the file ends before it.';
    return <PanelMessage icon={FileText} title={scanning ? 'No configuration yet' : 'No configuration'} text={why} />;
  }
  if (loaded.state === 'failed') {
    return <PanelMessage icon={FileText} title="The configuration could not be read" text={loaded.reason} alert />;
  }
  if (loaded.state === 'loading') return <PanelMessage icon={LoaderCircle} title="Reading the configuration" />;
  return <ConfigView key={config.offset} config={config} text={loaded.text} cut={loaded.cut} />;
}
