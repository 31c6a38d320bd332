/** Answers about code, symbols and Linux: loaded when one of them is first asked for. */
import { frameNumber, offsetInPage } from '../format/page';
import { codeLines, codeView, type CodeView, type NamedLine, type Shown } from '../memory/code/code-view';
import type { VcpuPoint } from '../memory/vcpus/point';
import { findLinux, type FindTools, type Linux } from '../memory/linux/find-linux';
import { loadIced } from '../memory/code/decoder';
import { type Anchor, pageCode, type PageCodeLine } from '../memory/code/page-code';
import { NO_OWN_SYMBOLS, ownSymbols } from '../memory/linux/own-symbols';
import { readPoint, type Saved, type SavedVcpu, savedVcpus } from '../memory/vcpus/saved';
import { absenceText } from '../memory/absence';
import { translate } from '../memory/walk/virtual';
import { fitSymbols, moveSymbols, type SymbolsInfo } from '../memory/kernel/fit';
import { readSymbols } from '../memory/symbols/read-symbols';
import { kernelAddress, type KernelAddress } from '../memory/kernel/kernel-address';
import type { PageByte } from '../memory/guest-memory';
import { pageAddresses } from '../memory/kernel/page-addresses';
import { namedText, type SymbolTable } from '../memory/symbols/table';
import { blobSource } from '../source/blob';
import { breathe } from './breathe';
import type { WorkerFile } from './worker-file';

/** Reads the instructions, the stack and the call trace at which a vCPU stands. */
export async function codeOf(
  { scan, source, memory, symbols }: WorkerFile,
  vcpu: SavedVcpu,
  shown: Shown,
): Promise<CodeView | { readonly reason: string }> {
  const point = await readPoint(savedIn(scan, source), vcpu);
  return point ? codeView(memory, point, shown, symbols) : { reason: 'its registers cannot be read' };
}

/** Reads the instructions around an address, in the mode of a vCPU. */
export async function disassemblyOf(
  { scan, source, memory, symbols }: WorkerFile,
  vcpu: SavedVcpu,
  at: bigint,
  shown: Shown,
): Promise<{ readonly lines: readonly NamedLine[] } | { readonly reason: string }> {
  const point = await readPoint(savedIn(scan, source), vcpu);
  if (!point) return { reason: 'its registers cannot be read' };
  const lines = await codeLines(memory, point, at, shown, symbols);
  return 'reason' in lines ? lines : { lines };
}

interface PageCode {
  readonly lines: readonly PageCodeLine[];
  readonly bits: 16 | 32 | 64;
  /** Where the kernel has the page, where symbols are known. */
  readonly va?: bigint;
}

/** Disassembles a page, in the mode of the first vCPU. Throws where a read fails. */
export async function pageCodeOf(file: WorkerFile, pfn: number): Promise<PageCode | { readonly reason: string }> {
  const page = file.memory.page(pfn);
  if (page.state === 'absent') return { reason: absenceText(page) };
  const bytes = await file.memory.pageBytes(page);
  const vcpus = savedVcpus(savedIn(file.scan, file.source)).slice(0, ASKED);
  const points = await Promise.all(vcpus.map((vcpu) => readPoint(savedIn(file.scan, file.source), vcpu)));
  const anchors: Anchor[] = [];
  for (const [index, point] of points.entries()) {
    const found = point && (await translate(file.memory, point.vcpu.registers, point.ip));
    if (found?.gpa !== undefined && frameNumber(found.gpa) === BigInt(pfn))
      anchors.push({ at: offsetInPage(found.gpa), vcpu: vcpus[index]?.id ?? index });
  }
  const bits = points.find((point) => point !== undefined)?.bits ?? 64;
  const va = (await addressesOf(file))?.get(pfn);
  const named = va !== undefined && file.symbols ? { va, symbols: file.symbols } : undefined;
  const lines = pageCode(await loadIced(), bytes, { pfn, bits, anchors, ...(named ? { named } : {}) });
  return { bits, lines, ...(va === undefined ? {} : { va }) };
}

/** Pages of the kernel by the symbols that they were found with; those of replaced symbols are dropped with them. */
const kernelPages = new WeakMap<SymbolTable, Promise<ReadonlyMap<number, bigint>>>();

/** Where the kernel has its pages; undefined without symbols. */
async function addressesOf(file: WorkerFile): Promise<ReadonlyMap<number, bigint> | undefined> {
  const { symbols, memory } = file;
  if (!symbols) return undefined;
  const known = kernelPages.get(symbols);
  if (known) return known;
  const roots = (await pointsOf(file)).map(({ vcpu }) => vcpu.registers);
  const found = pageAddresses(memory, roots, symbols, breathe);
  kernelPages.set(symbols, found);
  // A read that failed may go well another time.
  found.catch(() => kernelPages.delete(symbols));
  return found;
}

/** vCPUs whose registers are asked: any of them may have the kernel's page tables. */
const ASKED = 32;

const savedIn = ({ records, image }: WorkerFile['scan'], source: WorkerFile['source']): Saved => ({
  records,
  image,
  source,
});

async function pointsOf({ scan, source }: WorkerFile): Promise<VcpuPoint[]> {
  const saved = savedIn(scan, source);
  const points = await Promise.all(
    savedVcpus(saved)
      .slice(0, ASKED)
      .map((vcpu) => readPoint(saved, vcpu)),
  );
  return points.filter((point) => point !== undefined);
}

/** Names the addresses that the kernel's symbols cover; undefined for all others. */
export const namesOf = ({ symbols }: WorkerFile, addresses: readonly bigint[]) => ({
  names: addresses.map((va) => {
    const found = symbols?.find(va);
    return found && namedText(found);
  }),
});

/** Finds where the kernel has bytes of pages; undefined for pages that it does not map, and without symbols. */
export async function kernelAddressesOf(
  file: WorkerFile,
  points: readonly PageByte[],
): Promise<{ readonly places: readonly (KernelAddress | undefined)[] }> {
  const { symbols } = file;
  const pages = await addressesOf(file);
  return { places: points.map((point) => (symbols && pages ? kernelAddress(pages, symbols, point) : undefined)) };
}

/** Reads a System.map or an ELF file, fits it to where the guest's kernel is, and keeps it for names. */
export async function takeSymbols(file: WorkerFile, given: Blob): Promise<SymbolsInfo> {
  const table = await readSymbols(blobSource(given, 'symbols'));
  const { table: fitted, info } = await fitSymbols(file.memory, await pointsOf(file), table);
  file.symbols = fitted;
  return info;
}

/** Takes the symbols that a Linux kernel carries with it. Throws where there are none. */
export async function takeOwnSymbols(file: WorkerFile, tools: FindTools): Promise<SymbolsInfo> {
  const { memory, source } = file;
  const points = await pointsOf(file);
  const table = await ownSymbols({ memory, source, roots: points.map(({ vcpu }) => vcpu.registers) }, tools);
  if (!table) throw new Error(NO_OWN_SYMBOLS);
  const { table: fitted, info } = await fitSymbols(memory, points, table);
  file.symbols = fitted;
  return info;
}

/** Moves the symbols by a slide that the user chose, in bytes. Throws where there are none. */
export function slideTo(file: WorkerFile, slide: bigint): SymbolsInfo {
  if (!file.symbols) throw new Error('there are no symbols');
  const { table, info } = moveSymbols(file.symbols, slide);
  file.symbols = table;
  return info;
}

/** Looks for Linux in the guest: its banner and its log. */
export async function linuxOf(file: WorkerFile, tools: FindTools): Promise<Linux> {
  const { memory, source, symbols } = file;
  const roots = (await pointsOf(file)).map(({ vcpu }) => vcpu.registers);
  return findLinux({ memory, source, roots, ...(symbols ? { symbols } : {}) }, tools);
}
