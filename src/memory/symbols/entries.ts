/** The entry points of a VCPU's kernel: those in its registers, and the gates of its IDT. */
import { gateOf } from '../../format/x86/gate';
import type { CodePoint, Entry } from '../code/point';
import type { GuestMemory } from '../guest-memory';
import { readVirtual } from '../walk/virtual';

/** Vectors of exceptions. */
const EXCEPTIONS = 32;

export async function entriesOf(memory: GuestMemory, { vcpu, entries }: CodePoint): Promise<Entry[]> {
  const { tables, longMode, registers } = vcpu;
  if (tables.kind !== 'hvm') return [...entries];
  const size = longMode ? 16 : 8;
  const gates: Entry[] = [];
  for (let vector = 0; vector < EXCEPTIONS && (vector + 1) * size <= tables.idtSize; vector++) {
    const read = await readVirtual(memory, registers, tables.idtBase + BigInt(vector * size), size);
    if ('reason' in read) break;
    const va = gateOf(read.bytes).offset;
    if (va !== 0n) gates.push({ from: vector, va });
  }
  return [...entries, ...gates];
}
