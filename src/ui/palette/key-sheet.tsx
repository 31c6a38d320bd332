/** All keys on one sheet. */
import { useApp } from '../../state/store';
import { COMMANDS, keyName } from '../app/commands';
import { Modal } from '../shared/modal';
import styles from './palette.module.css';

/** Keys that belong to one pane, and do not run a command. */
const LOCAL: readonly { readonly where: string; readonly keys: readonly (readonly [string, string])[] }[] = [
  {
    where: 'Records',
    keys: [
      ['↑ ↓', 'previous, next row'],
      ['← →', 'fold, unfold'],
      ['Home End', 'first, last row'],
      ['PgUp PgDn', 'a page up, down'],
    ],
  },
  {
    where: 'Fields',
    keys: [
      ['↑ ↓', 'previous, next field'],
      ['← →', 'fold, unfold'],
      ['M', 'to the memory that the field names'],
    ],
  },
  { where: 'Trap table', keys: [['M', 'to the handler']] },
  {
    where: 'Bytes',
    keys: [
      ['← → ↑ ↓', 'move the cursor'],
      ['Shift + arrows', 'select'],
      ['Home End', 'start, end of the line'],
      ['Ctrl Home, Ctrl End', 'first, last byte'],
      ['Ctrl C', 'copy as hex'],
    ],
  },
  {
    where: 'Page map',
    keys: [
      ['arrows', 'move between PFNs'],
      ['+ −', 'zoom'],
      ['Enter', 'show the page’s bytes'],
    ],
  },
];

export function KeySheet(): React.ReactNode {
  const open = useApp((state) => state.dialog === 'keys');
  const withKeys = COMMANDS.filter(({ keys }) => keys.length > 0);
  return (
    <Modal open={open} label="Keys" wide>
      <div className={styles['sheet']}>
        <h2>Keys</h2>
        <section>
          <h3>Everywhere</h3>
          <dl>
            {withKeys.map(({ id, title, keys }) => (
              <div key={id}>
                <dt>
                  {[...new Set(keys.map(keyName))].map((key) => (
                    <kbd key={key}>{key}</kbd>
                  ))}
                </dt>
                <dd>{title}</dd>
              </div>
            ))}
          </dl>
        </section>
        <div className={styles['local']}>
          {LOCAL.map(({ where, keys }) => (
            <section key={where}>
              <h3>{where}</h3>
              <dl>
                {keys.map(([key, what]) => (
                  <div key={key}>
                    <dt>
                      <kbd>{key}</kbd>
                    </dt>
                    <dd>{what}</dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
        </div>
      </div>
    </Modal>
  );
}
