/** One box for going places and running commands. */
import { Command } from 'cmdk';
import { useState } from 'react';
import { app } from '../../state/app';
import type { OpenFile } from '../../state/open-file';
import { useApp } from '../shared/use-app';
import { useFile } from '../shared/use-file';
import { COMMANDS } from '../commands/commands';
import { KeyCap } from '../commands/key-cap';
import { Modal } from '../shared/modal';
import styles from './palette.module.css';
import { useEnter } from '../shared/use-enter';
import { type FoundSymbol, useSymbolsNamed } from '../shared/use-symbols-named';
import { isNarrow, narrowProblem, useIsNarrow } from '../space/use-space';
import { linksIn, placesFor, type Suggestion, symbolPlace } from './places';

/** Shows the command palette while it is open: one box for going to places and running commands. */
export function Palette(): React.ReactNode {
  const open = useApp((state) => state.dialog === 'palette');
  const file = useApp((state) => state.file);
  return (
    <Modal open={open} label="Command palette">
      {file ? <FileBox key={file.id} /> : <EmptyBox />}
    </Modal>
  );
}

/** Runs what was chosen, with the box out of the way. */
function run(action: (() => void) | undefined): void {
  if (!action) return;
  app.setState({ dialog: undefined });
  action();
}

const keyOf = ({ title, key = title }: Suggestion): string => key;

/** A name that is typed in full comes first, as what else the text may mean is a guess then. */
function withSymbols(
  file: OpenFile,
  places: readonly Suggestion[],
  symbols: readonly FoundSymbol[],
): readonly Suggestion[] {
  // Static functions of one name are told apart by their address.
  const found = symbols.map((symbol) => ({
    ...symbolPlace(file, symbol),
    key: `symbol ${symbol.va} ${symbol.title}`,
  }));
  return symbols.some(({ exact }) => exact) ? [...found, ...places] : [...places, ...found];
}

/** The box while no file is open. */
function EmptyBox(): React.ReactNode {
  const [text, setText] = useState('');
  return <Box text={text} onText={setText} places={linksIn(text)} isLooking={false} />;
}

/** The box over an open file. */
function FileBox(): React.ReactNode {
  const file = useFile();
  const [text, setText] = useState('');
  const { symbols, isLooking, problem } = useSymbolsNamed(text);
  const narrow = useIsNarrow();
  const places = withSymbols(file, placesFor(file, text, isNarrow(narrow)), symbols);
  return (
    <Box
      text={text}
      onText={setText}
      places={places}
      isLooking={isLooking || narrow.state === 'loading'}
      problem={problem ?? narrowProblem(narrow)}
    />
  );
}

interface Props {
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly places: readonly Suggestion[];
  /** What the text leads to is not known yet. */
  readonly isLooking: boolean;
  /** What could not be found out about it. */
  readonly problem?: string | undefined;
}

function Box({ text, onText, places, isLooking, problem }: Props): React.ReactNode {
  const [chosen, setChosen] = useState('');
  const wanted = text.trim().toLowerCase();
  const commands = COMMANDS.filter(
    ({ id, title, when }) => id !== 'palette' && when?.() !== false && title.toLowerCase().includes(wanted),
  );
  // Items come and go with every letter: one that can be run is always chosen.
  const items = [...places.filter(({ go }) => go !== undefined).map(keyOf), ...commands.map(({ title }) => title)];
  const value = items.includes(chosen) ? chosen : (items[0] ?? '');
  const enter = useEnter(text, isLooking, () => {
    run(places.find((place) => keyOf(place) === value)?.go ?? commands.find(({ title }) => title === value)?.run);
  });
  return (
    <Command
      className={styles['command']}
      label="Go to, or run"
      loop
      shouldFilter={false}
      value={value}
      onValueChange={setChosen}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
        event.preventDefault();
        enter(undefined);
      }}
    >
      <Command.Input
        className={styles['input']}
        value={text}
        onValueChange={onText}
        placeholder="0x1f00, rec:36, pfn:0x2a10, va:0xffff…, a symbol, a record’s name, or a command"
      />
      <Command.List className={styles['results']}>
        {problem !== undefined && (
          <p className={styles['none']} role="alert">
            {problem}
          </p>
        )}
        {places.length + commands.length === 0 && <p className={styles['none']}>No matches</p>}
        {places.map((place) => (
          <Command.Item
            key={keyOf(place)}
            value={keyOf(place)}
            disabled={place.go === undefined}
            onSelect={() => run(place.go)}
            className={styles['item']}
          >
            <span>{place.title}</span>
            <span className={styles['detail']}>{place.detail}</span>
          </Command.Item>
        ))}
        {commands.map(({ id, title, run: action }) => (
          <Command.Item key={id} value={title} onSelect={() => run(action)} className={styles['item']}>
            <span>{title}</span>
            <KeyCap of={id} />
          </Command.Item>
        ))}
      </Command.List>
      <p className={styles['hint']}>
        <KeyCap of="palette-go" /> go <KeyCap of="palette-choose" />
        <KeyCap of="palette-choose" at={1} /> choose <KeyCap of="palette-close" /> close
      </p>
    </Command>
  );
}
