/** The pages that a kernel's tables map where Linux has its kernel, with their bytes. */
import { PAGE_SIZE } from '../../format/page';
import type { ByteSource } from '../../source/source';
import type { GuestMemory } from '../guest-memory';
import type { PagingRegisters } from '../../format/paging/paging';
import { type Looks, type MappedPage, mappedPages } from './mapped';

/** The kernel's image and, of a 32-bit one, all that it maps. Source: Documentation/arch/x86/x86_64/mm.rst of Linux. */
const IMAGE_64 = { from: 0xffff_ffff_8000_0000n, to: 0xffff_ffff_c000_0000n };
const IMAGE_32 = { from: 0xc000_0000n, to: 0xf800_0000n };

/** Tells whether a vCPU runs a 64-bit kernel. */
export const is64 = (registers: PagingRegisters): boolean =>
  registers.kind === 'pv64' || (registers.kind === 'hvm' && (registers.efer & 0x400n) !== 0n);

/** A program under page-table isolation runs on tables that lack the kernel, whose own stand in the page before. */
function withIsolated(roots: readonly PagingRegisters[]): PagingRegisters[] {
  const isolated = roots.flatMap((registers) =>
    registers.kind === 'hvm' && is64(registers) && (registers.cr3 & 0x1000n) !== 0n
      ? [{ ...registers, cr3: registers.cr3 & ~0x1000n }]
      : [],
  );
  return [...roots, ...isolated];
}

/** Lists the tables to look into: each once, and only where paging is on. */
export function kernelRoots(roots: readonly PagingRegisters[]): PagingRegisters[] {
  const known = new Map<string, PagingRegisters>();
  for (const registers of withIsolated(roots)) {
    if (registers.kind === 'hvm' && (registers.cr0 & 0x8000_0000n) === 0n) continue;
    known.set(`${registers.kind}:${registers.cr3}`, registers);
  }
  return [...known.values()];
}

/** Returns the addresses at which Linux has its image. */
export const imageOf = (registers: PagingRegisters): typeof IMAGE_64 => (is64(registers) ? IMAGE_64 : IMAGE_32);

/** Pages read at once where they follow each other in the file. */
const BATCH = 64;

/** A page of the kernel, with its bytes. */
export type KernelPage = MappedPage & { readonly bytes: Uint8Array };

/** Yields what the page tables map where Linux has its image: each page once, whatever maps it again. */
export async function* kernelPages(
  memory: GuestMemory,
  source: ByteSource,
  registers: PagingRegisters,
  seen: Set<number>,
  looks: Looks,
): AsyncGenerator<KernelPage> {
  let batch: MappedPage[] = [];
  async function* read(): AsyncGenerator<KernelPage> {
    const bytes = await source.read(batch[0]?.offset ?? 0, batch.length * PAGE_SIZE);
    for (const [index, page] of batch.entries())
      yield { ...page, bytes: bytes.subarray(index * PAGE_SIZE, (index + 1) * PAGE_SIZE) };
    batch = [];
  }
  const { from, to } = imageOf(registers);
  for await (const page of mappedPages(memory, registers, from, to, looks)) {
    if (seen.has(page.offset)) continue;
    seen.add(page.offset);
    const last = batch.at(-1);
    if (last && (last.offset + PAGE_SIZE !== page.offset || batch.length === BATCH)) yield* read();
    batch.push(page);
  }
  if (batch.length > 0) yield* read();
}
