/** The symbols that a Linux kernel carries with it, found where its page tables map it. */
import { PAGE_SIZE } from '../../format/page';
import type { SymbolTable } from '../symbols/table';
import type { FindTools, Where } from './find-linux';
import { imageOf, is64, type KernelPage, kernelPages, kernelRoots } from './kernel-image';
import { type Budget, readKallsyms, someBudget } from './kallsyms';
import { someLooks } from './mapped';

export const NO_OWN_SYMBOLS =
  'no table of symbols is where Linux has its kernel: it is no 64-bit Linux since 4.6, or has none';

/** Pages that are joined at most: kernels have some ten thousand. */
const PAGES_LIMIT = 1 << 16;
const SLICE = 256;

/** Reads the symbols that a Linux kernel carries with it; undefined where none are found. Rejects with `ReadError`. */
export async function ownSymbols(
  { memory, source, roots }: Where,
  tools: FindTools = {},
): Promise<SymbolTable | undefined> {
  const seen = new Set<number>();
  const budget = someBudget();
  const looks = someLooks(async () => {
    await tools.breathe?.();
    tools.signal?.throwIfAborted();
  });
  for (const registers of kernelRoots(roots).filter(is64)) {
    const { from, to } = imageOf(registers);
    let run: KernelPage[] = [];
    let count = 0;
    for await (const page of kernelPages(memory, source, registers, seen, looks)) {
      const last = run.at(-1);
      if (last && (last.va + BigInt(PAGE_SIZE) !== page.va || run.length === PAGES_LIMIT)) {
        const found = symbolsOf(run, budget);
        if (found) return found;
        run = [];
      }
      run.push(page);
      count++;
      if (count % SLICE !== 0) continue;
      tools.onProgress?.(Number(page.va - from), Number(to - from));
      await tools.breathe?.();
      tools.signal?.throwIfAborted();
    }
    const found = symbolsOf(run, budget);
    if (found) return found;
  }
  return undefined;
}

function symbolsOf(run: readonly KernelPage[], budget: Budget): SymbolTable | undefined {
  const [first] = run;
  if (!first) return undefined;
  const bytes = new Uint8Array(run.length * PAGE_SIZE);
  for (const [index, page] of run.entries()) bytes.set(page.bytes, index * PAGE_SIZE);
  return readKallsyms({ va: first.va, bytes }, budget);
}
