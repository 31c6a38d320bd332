/** Symbols by what is typed of their names. */
import { useMemo } from 'react';
import { given } from '../../lib/given';
import { hex } from '../../lib/text';
import { type NamedDestination, parseNamed } from '../../state/goto';
import type { OpenFile } from '../../state/open-file';
import { useAnswer } from './use-answer';
import { useFile, useSymbols } from './use-file';

/** Symbols offered for one text, and letters that there must be of it. */
const OFFERED = 20;
const LEAST = 2;

export interface FoundSymbol {
  /** Text by which it can be typed: `jiffies+0x10`. */
  readonly title: string;
  /** The name is all that was typed of it. */
  readonly exact: boolean;
  readonly va: bigint;
  readonly vcpu?: number;
}

const NONE: readonly FoundSymbol[] = [];

interface Named {
  readonly symbols: readonly FoundSymbol[];
  /** The answer is on its way. */
  readonly isLooking: boolean;
  /** Why there is none. */
  readonly problem: string | undefined;
}

const shown = ({ name: typed, plus, vcpu }: NamedDestination, name: string, va: bigint): FoundSymbol => ({
  title: plus === 0n ? name : `${name}+0x${hex(plus)}`,
  exact: name === typed,
  va: BigInt.asUintN(64, va + plus),
  ...given({ vcpu }),
});

async function find(file: OpenFile, wanted: NamedDestination): Promise<readonly FoundSymbol[]> {
  const { found } = await file.request('symbols', { prefix: wanted.name, limit: OFFERED });
  // A distance is of one symbol: the whole name is typed then.
  const fitting = found.filter(({ name }) => wanted.plus === 0n || name === wanted.name);
  return fitting.map(({ name, va }) => shown(wanted, name, va));
}

/** Finds the symbols whose names start as the text does, the shortest first; none while there are no symbols. */
export function useSymbolsNamed(text: string): Named {
  const file = useFile();
  const known = useSymbols();
  const wanted = useMemo(() => {
    const named = known === undefined ? undefined : parseNamed(text);
    return named && named.name.length >= LEAST ? named : undefined;
  }, [text, known]);
  const asked = useAnswer(wanted, wanted && (() => find(file, wanted)));
  return {
    symbols: wanted && asked.state === 'ready' ? asked.value : NONE,
    isLooking: wanted !== undefined && asked.state === 'loading',
    problem: asked.state === 'failed' ? `The symbols could not be looked up: ${asked.reason}` : undefined,
  };
}
