/** Where matches of a regular expression can be, found many times faster than the automaton goes over bytes. */
import { FixedMatcher } from '../fixed/matcher';
import { type ByteSet, chanceOf, fitsProbe, type Probe, probeOf } from '../kit/probe';
import { PROBES } from '../wasm/find';
import type { Wasm } from '../wasm/wasm';
import { needleOf } from './needle';
import type { Node } from './parse';

export interface Places {
  /** Most bytes from the start of a match to its place: to the first, if it has several. */
  readonly back: number;
  /** The first place from `from` on, of a match that ends within `bytes`; −1 for none. */
  readonly next: (bytes: Uint8Array, from: number) => number;
}

/** Share of places above which a look at each of them costs more than it saves. */
const WORTH = 1 / 64;

/**
 * Finds out where to look for matches: by what every match has somewhere in it, or else by what the bytes at its start
 * can be (`head`). Undefined where neither is rare enough.
 */
export function placesOf(tree: Node, head: readonly ByteSet[], wasm: Wasm | undefined): Places | undefined {
  const needle = needleOf(tree);
  if (needle) {
    const matcher = new FixedMatcher(needle.pattern, wasm);
    return { back: needle.back, next: (bytes, from) => matcher.find(bytes, from, bytes.length)?.start ?? -1 };
  }
  const probes = wasm && probesOf(head);
  if (!probes) return undefined;
  return {
    back: 0,
    next: (bytes, from) => {
      const end = bytes.length - head.length + 1;
      const at = wasm.has(bytes) ? wasm.find(bytes, from, end, probes) : from;
      return at < end ? at : -1;
    },
  };
}

/** The likeliest to fail first. */
function probesOf(head: readonly ByteSet[]): readonly Probe[] | undefined {
  const probes = head
    .map((set, at) => probeOf(set, at))
    .map((probe) => ({ probe, chance: chanceOf((byte) => fitsProbe(probe, byte)) }))
    .toSorted((one, other) => one.chance - other.chance)
    .slice(0, PROBES);
  const rate = probes.reduce((product, { chance }) => product * chance, 1);
  return rate > WORTH ? undefined : probes.map(({ probe }) => probe);
}
