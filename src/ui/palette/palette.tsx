/** One box for going places and running commands. */
import { Command } from 'cmdk';
import { useState } from 'react';
import { useApp } from '../../state/store';
import { COMMANDS, keyName } from '../app/commands';
import { Modal } from '../shared/modal';
import styles from './palette.module.css';
import { placesFor } from './places';

export function Palette(): React.ReactNode {
  const open = useApp((state) => state.dialog === 'palette');
  return (
    <Modal open={open} label="Command palette">
      <Box />
    </Modal>
  );
}

/** Runs what was chosen, with the box out of the way. */
function run(action: (() => void) | undefined): void {
  if (!action) return;
  useApp.setState({ dialog: undefined });
  action();
}

function Box(): React.ReactNode {
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState('');
  const state = useApp();
  const wanted = text.trim().toLowerCase();
  const places = placesFor(text);
  const commands = COMMANDS.filter(
    ({ id, title, when }) => id !== 'palette' && when?.(state) !== false && title.toLowerCase().includes(wanted),
  );
  // Items come and go with every letter: one that can be run is always chosen.
  const titles = [...places.filter(({ go }) => go !== undefined), ...commands].map(({ title }) => title);
  const value = titles.includes(chosen) ? chosen : (titles[0] ?? '');
  return (
    <Command
      className={styles['command']}
      label="Go to, or run"
      loop
      shouldFilter={false}
      value={value}
      onValueChange={setChosen}
    >
      <Command.Input
        className={styles['input']}
        value={text}
        onValueChange={setText}
        placeholder="0x1f00, rec:36, pfn:0x2a10, va:0xffff…, +0x40, a record’s name, or a command"
      />
      <Command.List className={styles['results']}>
        {places.length + commands.length === 0 && <p className={styles['none']}>Nothing of that name</p>}
        {places.map(({ title, detail, go }) => (
          <Command.Item
            key={title}
            value={title}
            disabled={go === undefined}
            onSelect={() => run(go)}
            className={styles['item']}
          >
            <span>{title}</span>
            <span className={styles['detail']}>{detail}</span>
          </Command.Item>
        ))}
        {commands.map(({ id, title, keys, run: action }) => (
          <Command.Item key={id} value={title} onSelect={() => run(action)} className={styles['item']}>
            <span>{title}</span>
            {keys[0] !== undefined && <kbd>{keyName(keys[0])}</kbd>}
          </Command.Item>
        ))}
      </Command.List>
      <p className={styles['hint']}>
        <kbd>↵</kbd> go <kbd>↑↓</kbd> choose <kbd>Esc</kbd> close
      </p>
    </Command>
  );
}
