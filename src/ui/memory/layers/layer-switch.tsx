/** Which layer the map shows: the ones asked for most as buttons, the others behind them. */
import { memo } from 'react';
import type { MapLayer } from '../../../memory/map/layer';
import { isLayer, LAYERS } from '../../../memory/map/layers';
import { showLayer } from '../../../state/actions';
import { Switch } from '../../shared/switch';
import { useFile } from '../../shared/use-file';
import styles from '../memory.module.css';

const BUTTONS = 4;
const CHOICES = LAYERS.slice(0, BUTTONS).map(({ id, label, doc }) => [id, label, doc] as const);

export const LayerSwitch = memo(function LayerSwitch({ layer }: { readonly layer: MapLayer }): React.ReactNode {
  const file = useFile();
  const others = LAYERS.slice(BUTTONS);
  const isOther = others.includes(layer);
  return (
    <div className={styles['layers']}>
      <Switch
        label="What the map shows"
        value={isOther ? undefined : layer.id}
        choices={CHOICES}
        onChange={(id) => showLayer(file, id)}
      >
        <select
          aria-label="Other layers"
          value={isOther ? layer.id : ''}
          data-state={isOther ? 'on' : 'off'}
          onChange={({ target: { value } }) => isLayer(value) && showLayer(file, value)}
        >
          <option value="" disabled hidden>
            More
          </option>
          {others.map(({ id, label }) => (
            <option key={id} value={id}>
              {label}
            </option>
          ))}
        </select>
      </Switch>
    </div>
  );
});
