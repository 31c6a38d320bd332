/** What the bytes at the start of a match can be. */
import type { ByteSet } from '../kit/probe';
import type { Program } from './program';

const LIMIT = 32;

/** Returns, for each of the first bytes of a match, which bytes it can be: one set at least, and 32 at most. */
export function headOf({ steps, start }: Program): ByteSet[] {
  const head: ByteSet[] = [];
  let first = [start];
  while (head.length < LIMIT) {
    const sets = new Set<ByteSet>();
    const here = new Set(first);
    const next = new Set<number>();
    // Goes over what is added meanwhile, too.
    for (const at of here) {
      const step = steps[at];
      if (step?.kind === 'match') return head;
      if (step?.kind === 'fork') here.add(step.next).add(step.other);
      if (step?.kind !== 'byte') continue;
      sets.add(step.set);
      next.add(step.next);
    }
    const of = [...sets];
    head.push(Uint8Array.from({ length: 256 }, (_, byte) => (of.some((set) => set[byte] === 1) ? 1 : 0)));
    first = [...next];
  }
  return head;
}
