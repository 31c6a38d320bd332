/** Which layer the map shows: the ones asked for most as buttons, the others behind them. */
import { ToggleGroup } from 'radix-ui';
import type { MapLayer } from '../../memory/map/layer';
import { isLayer, LAYERS } from '../../memory/map/layers';
import { showLayer } from '../../state/actions';
import styles from './memory.module.css';

const BUTTONS = 4;

const choose = (value: string): void => {
  if (isLayer(value)) showLayer(value);
};

export function LayerSwitch({ layer }: { readonly layer: MapLayer }): React.ReactNode {
  const others = LAYERS.slice(BUTTONS);
  const isOther = others.includes(layer);
  return (
    <div className={styles['layers']}>
      <ToggleGroup.Root
        type="single"
        aria-label="What the map shows"
        value={isOther ? '' : layer.id}
        onValueChange={choose}
      >
        {LAYERS.slice(0, BUTTONS).map(({ id, label, doc }) => (
          <ToggleGroup.Item key={id} value={id} title={doc}>
            {label}
          </ToggleGroup.Item>
        ))}
      </ToggleGroup.Root>
      <select
        aria-label="Other layers"
        value={isOther ? layer.id : ''}
        data-state={isOther ? 'on' : 'off'}
        onChange={(event) => choose(event.target.value)}
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
    </div>
  );
}
