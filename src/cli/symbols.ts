/** The symbols that an option names, held against the guest. */
import { GuestMemory } from '../memory/guest-memory';
import type { CodePoint } from '../memory/code/point';
import { readPoint, savedVcpus } from '../memory/code/saved-points';
import { fitSymbols, type Fitted } from '../memory/symbols/fit';
import { readSymbols } from '../memory/symbols/read-symbols';
import type { ScanResult } from '../scan/scan';
import type { NodeFileSource } from '../source/node-file';
import { CliError } from './error';
import { open } from './open';

export interface Guest {
  readonly memory: GuestMemory;
  readonly vcpus: readonly { readonly id: number; readonly point: CodePoint }[];
  readonly symbols: Fitted | undefined;
}

export async function readGuest(scan: ScanResult, source: NodeFileSource, symbols: string | undefined): Promise<Guest> {
  const memory = new GuestMemory(source, scan.pages, scan.image);
  const vcpus: { id: number; point: CodePoint }[] = [];
  const saved = { records: scan.records, image: scan.image, source };
  for (const vcpu of savedVcpus(saved)) {
    const point = await readPoint(saved, vcpu);
    if (point) vcpus.push({ id: vcpu.id, point });
  }
  const points = vcpus.map(({ point }) => point);
  return { memory, vcpus, symbols: symbols === undefined ? undefined : await fitted(memory, points, symbols) };
}

async function fitted(memory: GuestMemory, points: readonly CodePoint[], path: string): Promise<Fitted> {
  const source = open(path);
  try {
    return await fitSymbols(memory, points, await readSymbols(source));
  } catch (error) {
    throw new CliError(`${path}: ${error instanceof Error ? error.message : 'it cannot be read'}`);
  } finally {
    source.close();
  }
}
