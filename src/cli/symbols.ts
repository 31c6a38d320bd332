/** The symbols that an option names, held against the guest. */
import { reasonOf } from '../lib/reason';
import { GuestMemory } from '../memory/guest-memory';
import type { VcpuPoint } from '../memory/vcpus/point';
import { NO_OWN_SYMBOLS, ownSymbols } from '../memory/linux/own-symbols';
import { readPoint, savedVcpus } from '../memory/vcpus/saved';
import { fitSymbols, type Fitted } from '../memory/kernel/fit';
import { readSymbols } from '../memory/symbols/read-symbols';
import type { SymbolTable } from '../memory/symbols/table';
import type { ScanResult } from '../scan/scan';
import type { NodeFileSource } from '../source/node-file';
import { CliError } from './error';
import { open } from './open';
import type { Given, SYMBOL_OPTIONS } from './option';

type SymbolOptions = Given<typeof SYMBOL_OPTIONS>;

export interface Guest {
  readonly memory: GuestMemory;
  readonly vcpus: readonly { readonly id: number; readonly point: VcpuPoint }[];
  readonly symbols: Fitted | undefined;
}

/** Reads the memory and vCPUs of a guest, and the symbols that the options ask for. Throws `CliError`. */
export async function readGuest(
  scan: ScanResult,
  source: NodeFileSource,
  { symbols, ownSymbols: own }: SymbolOptions,
): Promise<Guest> {
  const memory = new GuestMemory(source, scan.pages, scan.image);
  const vcpus: { id: number; point: VcpuPoint }[] = [];
  const saved = { records: scan.records, image: scan.image, source };
  for (const vcpu of savedVcpus(saved)) {
    const point = await readPoint(saved, vcpu);
    if (point) vcpus.push({ id: vcpu.id, point });
  }
  const points = vcpus.map(({ point }) => point);
  if (symbols !== undefined) return { memory, vcpus, symbols: await fitted(memory, points, symbols) };
  if (!own) return { memory, vcpus, symbols: undefined };
  const table = await ownSymbols({ memory, source, roots: points.map(({ vcpu }) => vcpu.registers) });
  if (!table) throw new CliError(NO_OWN_SYMBOLS);
  return { memory, vcpus, symbols: await fitSymbols(memory, points, table) };
}

/** Reads the symbols that the options ask for; undefined where they ask for none. Throws `CliError`. */
export async function symbolTable(
  scan: ScanResult,
  source: NodeFileSource,
  options: SymbolOptions,
): Promise<SymbolTable | undefined> {
  if (options.symbols === undefined && !options.ownSymbols) return undefined;
  const { symbols } = await readGuest(scan, source, options);
  return symbols?.table;
}

async function fitted(memory: GuestMemory, points: readonly VcpuPoint[], path: string): Promise<Fitted> {
  const source = open(path);
  try {
    return await fitSymbols(memory, points, await readSymbols(source));
  } catch (error) {
    throw new CliError(`${path}: ${reasonOf(error, 'it cannot be read')}`);
  } finally {
    source.close();
  }
}
