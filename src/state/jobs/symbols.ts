/** The symbols of the guest's kernel: out of a file, or those that a Linux kernel carries with it. */
import type { SymbolsInfo } from '../../memory/kernel/fit';
import type { WorkerClient } from '../../worker/client';
import { Job, type JobState } from './job';

/** Where symbols are taken from. */
export type SymbolsSource = { readonly kind: 'file'; readonly file: File } | { readonly kind: 'own' };

/** What the reading of symbols is at; `known` is what their source is called. */
export type SymbolsState = JobState<SymbolsInfo, string>;

/** Makes the job that reads symbols into a file's worker, where they then name addresses. */
export const symbolsJob = (worker: WorkerClient): Job<SymbolsSource, SymbolsInfo, never, string> =>
  new Job<SymbolsSource, SymbolsInfo, never, string>({
    run: (source, tools) =>
      source.kind === 'file'
        ? worker.job('symbols', { file: source.file }, tools)
        : worker.job('ownSymbols', {}, tools),
    nothing: '',
    begin: (source) => (source.kind === 'file' ? source.file.name : 'The guest’s own'),
    failure: 'the file cannot be read',
  });

/** Returns the symbols that are at hand; undefined while there are none. */
export const symbolsOf = (state: SymbolsState): SymbolsInfo | undefined =>
  state.state === 'done' ? state.out : undefined;

/** Tells whether a file is one of symbols, from how it starts. Rejects where it cannot be read. */
export async function isSymbolFile(file: Blob): Promise<boolean> {
  const { symbolKind } = await import('../../memory/symbols/read-symbols');
  const head = new Uint8Array(await file.slice(0, 4096).arrayBuffer());
  return symbolKind(head) !== undefined;
}
