/** Symbols by what is typed of their names. */
import { useEffect, useMemo, useState } from 'react';
import { hex } from '../../lib/text';
import { type NamedDestination, parseNamed } from '../../state/goto';
import { useFile, useSymbols } from './use-file';

/** Symbols offered for one text, and letters that there must be of it. */
const OFFERED = 20;
const LEAST = 2;

export interface FoundSymbol {
  /** As it can be typed: `jiffies+0x10`. */
  readonly title: string;
  /** The name is all that was typed of it. */
  readonly exact: boolean;
  readonly va: bigint;
  readonly vcpu?: number;
}

interface Found {
  readonly text: string;
  readonly known: unknown;
  readonly symbols: readonly FoundSymbol[];
}

const NONE: readonly FoundSymbol[] = [];

interface Named {
  readonly symbols: readonly FoundSymbol[];
  /** The answer is on its way. */
  readonly isLooking: boolean;
}

const shown = ({ name: typed, plus, vcpu }: NamedDestination, name: string, va: bigint): FoundSymbol => ({
  title: plus === 0n ? name : `${name}+0x${hex(plus)}`,
  exact: name === typed,
  va: BigInt.asUintN(64, va + plus),
  ...(vcpu === undefined ? {} : { vcpu }),
});

/** Symbols whose names start as the text does, the shortest first; of none while there are no symbols. */
export function useSymbolsNamed(text: string): Named {
  const file = useFile();
  const known = useSymbols();
  const [found, setFound] = useState<Found>();
  const wanted = useMemo(() => {
    const named = known === undefined ? undefined : parseNamed(text);
    return named && named.name.length >= LEAST ? named : undefined;
  }, [text, known]);
  useEffect(() => {
    if (!wanted) return undefined;
    let isWanted = true;
    file.request('symbols', { prefix: wanted.name, limit: OFFERED }).then(
      (answer) => {
        // A distance is of one symbol: the whole name is typed then.
        const fitting = answer.found.filter(({ name }) => wanted.plus === 0n || name === wanted.name);
        if (isWanted) setFound({ text, known, symbols: fitting.map(({ name, va }) => shown(wanted, name, va)) });
      },
      // The file was closed.
      () => isWanted && setFound({ text, known, symbols: NONE }),
    );
    return () => {
      isWanted = false;
    };
  }, [text, known, wanted]);
  const isFound = found?.text === text && found.known === known;
  return { symbols: isFound ? found.symbols : NONE, isLooking: wanted !== undefined && !isFound };
}
