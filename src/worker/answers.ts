/** The short questions, each with its answer. What not every file needs is loaded when first asked for. */
import { historyOf, holdersOf } from '../memory/history';
import { breathe } from './breathe';
import { exportableOf, type WorkerFile } from './worker-file';
import type { RequestName, Requests } from './protocol';

type Answers = {
  readonly [N in RequestName]: (
    file: WorkerFile,
    given: Requests[N]['in'],
  ) => Requests[N]['out'] | Promise<Requests[N]['out']>;
};

/** Answers each question of the protocol. */
export const ANSWERS: Answers = {
  map: ({ map }, query) => map.cells(query),
  totals: ({ map }) => map.index.totals(breathe),
  summary: ({ map }, { start, pages }) => map.index.summary(start, pages),
  twin: async ({ memory, map }, { pfn }) => {
    const { twinOf } = await import('../memory/content/twin-of');
    const twin = await twinOf(memory, map.content.twins, pfn);
    return twin === undefined ? {} : { pfn: twin };
  },
  counts: async ({ map }, { layer }) => ({ counts: await map.counts(layer, breathe) }),
  roles: ({ map }, { pfn }) => map.roles?.of(pfn) ?? [],
  history: ({ scan: { pages, image } }, { pfn }) => historyOf(pages, image, pfn),
  holders: ({ scan: { pages } }, { pfn }) => ({ records: holdersOf(pages, pfn) }),
  page: ({ memory }, { pfn }) => memory.page(pfn),
  log: async ({ findings, scan, source }, { text }) => {
    const { matchedLog } = await import('../check/log/matched');
    return matchedLog(text, findings, scan, (offset, length) => source.read(offset, length));
  },
  translate: async ({ memory }, { registers, va }) =>
    (await import('../memory/walk/virtual')).translate(memory, registers, va),
  window: async ({ memory }, { registers, start, pages, limits }) => {
    const { byTables, windowOf } = await import('../memory/space/extents');
    return windowOf(byTables(memory, registers), start, pages, limits);
  },
  offer: async (file, choice) => (await import('../memory/export/choice')).offerOf(exportableOf(file), choice),
  descriptor: async ({ memory }, { vcpu, selector }) =>
    (await import('../memory/descriptors/selector')).descriptorOf(memory, vcpu, selector),
  tables: async (file, { vcpu }) => (await import('./table-answers')).tablesOf(file, vcpu),
  code: async (file, { vcpu, shown }) => (await import('./code-answers')).codeOf(file, vcpu, shown),
  disassembly: async (file, { vcpu, at, shown }) =>
    (await import('./code-answers')).disassemblyOf(file, vcpu, at, shown),
  pageCode: async (file, { pfn }) => (await import('./code-answers')).pageCodeOf(file, pfn),
  names: async (file, { addresses }) => (await import('./code-answers')).namesOf(file, addresses),
  kernelAddresses: async (file, { points }) => (await import('./code-answers')).kernelAddressesOf(file, points),
  symbols: ({ symbols }, { prefix, limit }) => ({ found: symbols?.startingWith(prefix, limit) ?? [] }),
  slide: async (file, { slide }) => (await import('./code-answers')).slideTo(file, slide),
};
