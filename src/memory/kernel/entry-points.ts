/** The entry points of a vCPU's kernel: those in its registers, and the gates of its IDT. */
import type { VcpuPoint, EntryPoint } from '../vcpus/point';
import { interruptTable } from '../descriptors/tables';
import type { GuestMemory } from '../guest-memory';

/** Vectors of exceptions. */
const EXCEPTIONS = 32;

/** Lists the entry points of a vCPU's kernel. Vectors of real mode are none of a kernel. Rejects with `ReadError`. */
export async function entriesOf(
  memory: GuestMemory,
  { vcpu, entries, protectedMode }: VcpuPoint,
): Promise<EntryPoint[]> {
  if (vcpu.tables.kind !== 'hvm' || !protectedMode) return [...entries];
  const { rows } = await interruptTable(memory, vcpu, EXCEPTIONS);
  const gates = rows.flatMap((row): EntryPoint[] =>
    row.kind === 'gate' && row.handler !== undefined && row.handler !== 0n
      ? [{ from: row.index, va: row.handler }]
      : [],
  );
  return [...entries, ...gates];
}
