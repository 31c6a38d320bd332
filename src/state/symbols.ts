/** The symbols of the guest's kernel: taken from a file, and moved by hand where their place was not found. */
import { reasonOf } from '../lib/reason';
import type { SymbolsInfo } from '../memory/symbols/fit';
import { fileData, request, startJob } from './session';
import { type Symbols, useApp } from './store';

async function take(name: string, read: () => Promise<SymbolsInfo>): Promise<void> {
  const opened = fileData();
  // What a file closed by then still says is not shown.
  const show = (symbols: Symbols): void => {
    if (fileData() === opened) useApp.setState({ symbols });
  };
  show({ state: 'reading', name });
  try {
    show({ state: 'ready', name, info: await read() });
  } catch (error) {
    show({ state: 'failed', name, reason: reasonOf(error, 'the file cannot be read') });
  }
}

export const takeSymbols = (file: File): Promise<void> => take(file.name, () => startJob('symbols', { file }));

/** Those that a Linux kernel carries with it. */
export const takeOwnSymbols = (): Promise<void> => take('The guest’s own', () => startJob('ownSymbols', {}));

/** Says what the kernel was moved by. */
export async function moveSymbols(slide: bigint): Promise<void> {
  const { symbols } = useApp.getState();
  if (symbols.state !== 'ready') return;
  useApp.setState({ symbols: { ...symbols, info: await request('slide', { slide }) } });
}

/** Whether a file is one of symbols, told from how it starts. */
export async function isSymbolFile(file: Blob): Promise<boolean> {
  const { symbolKind } = await import('../memory/symbols/read-symbols');
  const head = new Uint8Array(await file.slice(0, 4096).arrayBuffer());
  return symbolKind(head) !== undefined;
}
