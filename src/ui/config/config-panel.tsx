/** What the toolstack knew of the domain: its configuration, and what the device model left of its devices. */
import { FileText, LoaderCircle } from 'lucide-react';
import { useState } from 'react';
import { LAYER_SPECS } from '../../format/layers';
import { useLandmarks } from '../shared/use-landmarks';
import type { Answer } from '../shared/use-answer';
import { PanelMessage } from '../shared/panel-message';
import { useDecoded } from '../shared/use-decoded';
import { ConfigView } from './config-view';
import { DevicesView } from './devices-view';
import { Frame } from './frame';
import { Switch } from '../shared/switch';
import { useConfig } from './use-config';
import { XenstoreView } from './xenstore-view';
import { useImage, useIsScanning, useUnreached } from '../shared/use-file';

type Part = 'config' | 'devices' | 'xenstore';
const TITLES: Readonly<Record<Part, string>> = {
  config: 'Configuration',
  devices: 'Devices',
  xenstore: 'Xenstore',
};

/**
 * Shows the Config tab: the configuration, the devices or the xenstore entries, with a switch where there are several.
 */
export function ConfigPanel(): React.ReactNode {
  const { config, loaded } = useConfig();
  const { emulatorContext, emulatorXenstore } = useLandmarks().libxl;
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
    return <ConfigView key={config.offset} parts={choice} config={config} loaded={loaded.value} />;
  if (part === 'devices' && devices.state === 'ready')
    return <DevicesView key={devices.value.row.index} parts={choice} decoded={devices.value} />;
  if (part === 'xenstore' && xenstore.state === 'ready')
    return <XenstoreView key={xenstore.value.row.index} parts={choice} decoded={xenstore.value} />;
  const waiting = { config: loaded, devices, xenstore }[part];
  return (
    <Frame parts={choice} title={TITLES[part]} tools={undefined}>
      <Waiting state={waiting} />
    </Frame>
  );
}

function Waiting({ state }: { readonly state: Answer<unknown> }): React.ReactNode {
  if (state.state === 'failed')
    return <PanelMessage icon={FileText} title="It could not be read" text={state.reason} alert />;
  return <PanelMessage icon={LoaderCircle} title="Reading" />;
}

function Nothing(): React.ReactNode {
  const container = useImage((image) => image.container);
  const unreached = useUnreached();
  const scanning = useIsScanning();
  const why =
    container !== undefined && !LAYER_SPECS[container].hasConfig
      ? 'A bare stream carries none: the toolstack that sent it keeps the configuration.'
      : 'The header of the file holds none, or the file ends before it.';
  return (
    <PanelMessage
      icon={FileText}
      title={scanning ? 'No configuration yet' : 'No configuration'}
      text={unreached ?? why}
    />
  );
}
