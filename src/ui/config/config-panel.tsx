/** What the toolstack knew of the domain: its configuration, and what the device model left of its devices. */
import { FileText, LoaderCircle } from 'lucide-react';
import { useState } from 'react';
import { LAYER_SPECS } from '../../format/layers';
import { useApp } from '../../state/store';
import { useLandmarks } from '../shared/landmarks';
import { PanelMessage } from '../shared/panel-message';
import { type Decoded, useDecoded } from '../shared/use-decoded';
import { ConfigView } from './config-view';
import { DevicesView } from './devices-view';
import { Frame } from './frame';
import { Switch } from '../shared/switch';
import { useConfig } from './use-config';
import { XenstoreView } from './xenstore-view';

type Part = 'config' | 'devices' | 'xenstore';
const TITLES: Readonly<Record<Part, string>> = {
  config: 'Configuration',
  devices: 'Devices',
  xenstore: 'Xenstore',
};

export function ConfigPanel(): React.ReactNode {
  const { config, loaded } = useConfig();
  const { emulatorContext, emulatorXenstore } = useLandmarks();
  const devices = useDecoded(emulatorContext);
  const xenstore = useDecoded(emulatorXenstore);
  const [picked, setPicked] = useState<Part>('config');
  const there: Readonly<Record<Part, boolean>> = {
    config: config !== undefined,
    devices: emulatorContext !== undefined,
    xenstore: emulatorXenstore !== undefined,
  };
  const parts = (['config', 'devices', 'xenstore'] as const).filter((part) => there[part]);
  const part = there[picked] ? picked : parts[0];
  if (part === undefined) return <Nothing />;
  const choice = parts.length > 1 && (
    <Switch
      label="What of the toolstack is shown"
      value={part}
      choices={parts.map((one) => [one, TITLES[one]] as const)}
      onChange={setPicked}
    />
  );
  if (part === 'config' && config && loaded.state === 'ready')
    return <ConfigView key={config.offset} parts={choice} config={config} loaded={loaded} />;
  if (part === 'devices' && devices.state === 'ready')
    return <DevicesView key={devices.row.index} parts={choice} record={devices.row.index} nodes={devices.nodes} />;
  if (part === 'xenstore' && xenstore.state === 'ready')
    return <XenstoreView key={xenstore.row.index} parts={choice} record={xenstore.row.index} nodes={xenstore.nodes} />;
  const waiting = { config: loaded, devices, xenstore }[part];
  return (
    <Frame parts={choice} title={TITLES[part]} tools={undefined}>
      <Waiting state={waiting} />
    </Frame>
  );
}

function Waiting({
  state,
}: {
  readonly state: Pick<Decoded, 'state'> & { readonly reason?: string };
}): React.ReactNode {
  if (state.state === 'failed')
    return <PanelMessage icon={FileText} title="It could not be read" text={state.reason} alert />;
  return <PanelMessage icon={LoaderCircle} title="Reading" />;
}

function Nothing(): React.ReactNode {
  const container = useApp((state) => state.image.container);
  const scanning = useApp((state) => state.phase === 'scanning');
  const why =
    container !== undefined && !LAYER_SPECS[container].hasConfig
      ? 'A bare stream carries none: the toolstack that sent it keeps the configuration.'
      : 'The header of the file holds none, or the file ends before it.';
  return <PanelMessage icon={FileText} title={scanning ? 'No configuration yet' : 'No configuration'} text={why} />;
}
