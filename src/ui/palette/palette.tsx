/** One box for going places and running commands. */
import { Command } from 'cmdk';
import { useState } from 'react';
import { counted, hex0x } from '../../lib/text';
import { goToOffset, goToPageBytes, goToRecord, notify, recordAt, selectPfn } from '../../state/actions';
import { parseTarget, type Target } from '../../state/goto';
import { fileData } from '../../state/session';
import { useApp } from '../../state/store';
import { readHistory } from '../../state/url/history';
import { COMMANDS, keyName } from '../app/commands';
import { Modal } from './modal';
import styles from './palette.module.css';

/** Runs what was chosen, with the box out of the way. */
function run(action: () => void): void {
  useApp.setState({ dialog: undefined });
  action();
}

export function Palette(): React.ReactNode {
  const open = useApp((state) => state.dialog === 'palette');
  return (
    <Modal open={open} label="Command palette">
      <Box />
    </Modal>
  );
}

interface Place {
  readonly title: string;
  readonly detail: string;
  readonly go: () => void;
}

/** What the typed text leads to, if it names a place. */
function places(target: Target | undefined): Place[] {
  if (!target) return [];
  if (target.kind === 'link') {
    const go = (): void => {
      history.pushState(null, '', target.hash);
      readHistory();
    };
    return [{ title: 'Follow the link', detail: target.hash.slice(0, 60), go }];
  }
  const { records, source } = fileData();
  if (records.count === 0) return [];
  if (target.kind === 'record') {
    const row = records.row(target.record);
    if (!row)
      return [
        { title: `No record ${target.record}`, detail: `the last one is ${records.count - 1}`, go: () => undefined },
      ];
    return [
      {
        title: `Record ${target.record}`,
        detail: `${row.name} at ${hex0x(row.offset)}`,
        go: () => goToRecord(target.record),
      },
    ];
  }
  if (target.kind === 'pfn') {
    return [
      { title: `PFN ${hex0x(target.pfn)} on the map`, detail: 'Memory', go: () => selectPfn(target.pfn) },
      {
        title: `Bytes of PFN ${hex0x(target.pfn)}`,
        detail: 'last copy in the stream',
        go: () =>
          void goToPageBytes(target.pfn).then((found) => {
            if (!found) notify(`PFN ${hex0x(target.pfn)} has no bytes in the stream`);
          }),
      },
    ];
  }
  const { range } = useApp.getState().place;
  const offset = target.kind === 'offset' ? target.offset : (range?.start ?? 0) + target.delta;
  if (offset < 0 || offset >= source.size) {
    return [
      {
        title: `No offset ${offset < 0 ? offset : hex0x(offset)}`,
        detail: `the file has ${counted(source.size, 'byte')}`,
        go: () => undefined,
      },
    ];
  }
  const row = records.row(recordAt(offset));
  return [
    {
      title: `Offset ${hex0x(offset)}`,
      detail: row ? `in #${row.index} ${row.name}` : '',
      go: () => goToOffset(offset),
    },
  ];
}

function Box(): React.ReactNode {
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState('');
  const state = useApp();
  const found = places(parseTarget(text));
  const commands = COMMANDS.filter(({ id, when }) => id !== 'palette' && when?.(state) !== false);
  // Places come and go with every letter: while one is offered, one of them is chosen.
  const [first] = found;
  const value = first && !found.some(({ title }) => title === chosen) ? first.title : chosen;
  return (
    <Command
      className={styles['command']}
      label="Go to, or run"
      loop
      shouldFilter={found.length === 0}
      value={value}
      onValueChange={setChosen}
    >
      <Command.Input
        className={styles['input']}
        value={text}
        onValueChange={setText}
        placeholder="0x1f00, rec:36, pfn:0x2a10, +0x40, or a command"
      />
      <Command.List className={styles['results']}>
        <Command.Empty className={styles['none']}>Nothing of that name</Command.Empty>
        {found.map(({ title, detail, go }) => (
          <Command.Item key={title} value={title} onSelect={() => run(go)} className={styles['item']}>
            <span>{title}</span>
            <span className={styles['detail']}>{detail}</span>
          </Command.Item>
        ))}
        {found.length === 0 &&
          commands.map(({ id, title, keys, run: action }) => (
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
