/**
 * The guest as an ELF core file in the layout of `xl dump-core`, which crash and Volatility read, with program headers
 * for gdb besides. Source: docs/misc/dump-core-format.txt, xc_core.c of libxc.
 *
 * Traps: Volatility prefers program headers to sections where size in file and in memory agree, and would then see
 * mapped pages only: in these they never do. crash takes a core with program headers near its start for one of kdump:
 * these are at the end.
 */
import { ElfSectionType, PROGRAM_HEADER_SIZE } from '../../../format/dump-core/elf';
import { DomainType } from '../../../format/libxc/headers';
import { PAGE_SIZE } from '../../../format/page';
import { GUEST_CONTEXT_64_SIZE } from '../../../format/pv/guest-context-64';
import { RECORD_HEADER_SIZE } from '../../../format/framing';
import { keptRecords } from '../../../scan/restored/records';
import { baseName, type Exportable, type ExportPlan, ExportRefused, type Part } from '../kit/plan';
import { memoryNotes } from '../kit/memory-notes';
import { PfnRanks, stretches } from '../kit/stretches';
import { savedCpus } from './cpus';
import { MachineFrames } from './machine-frames';
import type { MappingOptions } from './mappings';
import { P2M_ENTRY, p2mParts, pageParts, PFN_ENTRY, pfnParts } from './pages';
import { placementOf } from './placement';
import { pvNotes } from './pv-notes';
import { concat, threadNotes, xenNotes } from './notes';
import { elfHead, FIRST_SECTIONS, laidOut, programHeaders, type Section, sectionParts } from './sections';
import { segmentsOf } from './segments';

/**
 * Plans an export of the guest as a core file. Rejects with `ExportRefused`, `ReadError`, or the reason of the signal.
 */
export async function elfPlan(file: Exportable, options: ElfOptions = {}): Promise<ExportPlan> {
  const { image } = file;
  elfRefusal(file);
  const isPv = image.domainType === DomainType.X86_PV;
  const ranks = new PfnRanks(stretches(file));
  if (ranks.count === 0) throw new ExportRefused('the image holds no page of the guest');
  const frames = options.machineFrames === true ? await machineFrames(file, options) : undefined;
  const cpus = await savedCpus(file, frames);
  const placement = placementOf(image, ranks);
  const info = isPv ? sharedInfo(file) : [];
  if (isPv && info.length === 0)
    throw new ExportRefused('the image has no whole SHARED_INFO record, which a PV guest needs');
  const contexts = concat(cpus.map(({ registers }) => registers.context));
  const { count, holes, place } = placement;
  const pv = { holes: holes > 0, frames };
  const notes = xenNotes(image, cpus.length, count);
  const sections: Section[] = [
    ...FIRST_SECTIONS,
    { name: '.note.Xen', type: ElfSectionType.NOTE, size: notes.length, align: 0, each: 0, parts: made(notes) },
    array('.xen_prstatus', GUEST_CONTEXT_64_SIZE, cpus.length, 8, made(contexts)),
    ...info,
    array('.xen_pages', PAGE_SIZE, count, PAGE_SIZE, () => pageParts(file, pv)),
    isPv
      ? array('.xen_p2m', P2M_ENTRY, count, 8, () => p2mParts(file, pv))
      : array('.xen_pfn', PFN_ENTRY, count, 8, () => pfnParts(file)),
  ];
  const layout = laidOut(sections);
  const pagesAt = layout.offsets[sections.findIndex(({ name }) => name === '.xen_pages')] ?? 0;
  const threads = threadNotes(cpus.map(({ registers }) => registers));
  const { segments, notes: about } = await segmentsOf(
    file,
    cpus,
    ranks,
    (page) => pagesAt + place(page) * PAGE_SIZE,
    options,
  );
  const threadsAt = layout.end;
  const headersAt = Math.ceil((threadsAt + threads.length) / 8) * 8;
  const headers = programHeaders(segments, threadsAt, threads.length);
  const start = elfHead(sections, layout, headersAt, headers.length / PROGRAM_HEADER_SIZE);
  const gap = new Uint8Array(headersAt - threadsAt - threads.length);
  const size = headersAt + headers.length;
  return {
    name: `${baseName(file)}.core`,
    size,
    content: size - holes * PAGE_SIZE,
    notes: [
      ...memoryNotes(file, ranks.count),
      ...(isPv ? pvNotes(frames !== undefined, ranks, placement) : []),
      ...about,
    ],
    parts: function* () {
      yield { kind: 'made', bytes: start };
      yield* sectionParts(sections, layout, start.length);
      yield { kind: 'made', bytes: concat([threads, gap, headers]) };
    },
  };
}

export interface ElfOptions extends MappingOptions {
  /** A PV guest with the frames of the host that saved it, where PFNs stand in the image. */
  readonly machineFrames?: boolean;
}

const made =
  (bytes: Uint8Array): (() => Part[]) =>
  () => [{ kind: 'made', bytes }];

const array = (name: string, each: number, count: number, align: number, parts: () => Iterable<Part>): Section => ({
  name,
  type: ElfSectionType.PROGBITS,
  size: each * count,
  align,
  each,
  parts,
});

/** Only a PV guest knows of machine frames: to others Xen shows their PFNs as such. */
async function machineFrames(file: Exportable, options: MappingOptions): Promise<MachineFrames> {
  if (file.image.domainType !== DomainType.X86_PV)
    throw new ExportRefused('only the page tables of PV guests hold machine frames');
  return MachineFrames.of(file, options);
}

/** What is missing for a core file, apart from what only reading tells. */
function elfRefusal({ image }: Exportable): void {
  if (image.domainType !== DomainType.X86_PV && image.domainType !== DomainType.X86_HVM)
    throw new ExportRefused('the image does not say what kind of guest it holds');
  if (image.bigEndian === true) throw new ExportRefused('the stream is big-endian, and a core file of x86 is not');
  if (image.blanked?.registers === true)
    throw new ExportRefused('the registers of this image were scrubbed before it was shared');
}

/** The SHARED_INFO that a restore takes: a page, copied as it stands. */
function sharedInfo(file: Exportable): Section[] {
  const index = keptRecords(file).sharedInfo;
  if (index === undefined || file.records.lengthAt(index) !== PAGE_SIZE) return [];
  const offset = file.records.offsetAt(index) + RECORD_HEADER_SIZE;
  if (offset + PAGE_SIZE > file.source.size) return [];
  return [array('.xen_shared_info', PAGE_SIZE, 1, 8, () => [{ kind: 'image', offset, length: PAGE_SIZE }])];
}
