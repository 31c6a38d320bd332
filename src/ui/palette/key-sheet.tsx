/** All keys on one sheet. */
import { useApp } from '../shared/use-app';
import { keysOf } from '../../lib/keys-of';
import { keyNames } from '../commands/key-text';
import { COMMAND_KEYS, type KeyId, keyEntry, PANE_KEYS } from '../commands/keys';
import { Modal } from '../shared/modal';
import styles from './palette.module.css';

const EVERYWHERE = keysOf(COMMAND_KEYS).filter((id) => COMMAND_KEYS[id].keys.length > 0);
const PANES = new Set(Object.values(PANE_KEYS).map(({ pane }) => pane));

/** Shows which keys there are, and what they do. */
export function KeySheet(): React.ReactNode {
  const open = useApp((state) => state.dialog === 'keys');
  return (
    <Modal open={open} label="Keys" wide>
      <div className={styles['sheet']}>
        <h2>Keys</h2>
        <KeyList title="Everywhere" ids={EVERYWHERE} />
        <div className={styles['local']}>
          {[...PANES].map((pane) => (
            <KeyList key={pane} title={pane} ids={keysOf(PANE_KEYS).filter((id) => PANE_KEYS[id].pane === pane)} />
          ))}
        </div>
      </div>
    </Modal>
  );
}

function KeyList({ title, ids }: { readonly title: string; readonly ids: readonly KeyId[] }): React.ReactNode {
  return (
    <section>
      <h3>{title}</h3>
      <dl>
        {ids.map((id) => (
          <div key={id}>
            <dt>
              {keyNames(id).map((name) => (
                <kbd key={name}>{name}</kbd>
              ))}
            </dt>
            <dd>{keyEntry(id).title}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
